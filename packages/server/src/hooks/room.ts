import type { Hook, HookEvent } from '@countersign/api'
import type { Fetch } from '@countersign/kit'
import type { Keys } from '../crypto/keys.ts'
import { open, seal } from '../crypto/seal.ts'
import type { Database } from '../db/database.ts'
import type { World } from '../world.ts'
import { openConfig, shownConfig } from './config.ts'
import type { Target } from './delivering.ts'
import type { Outbox } from './outbox.ts'
import type { DeliveryLog, HookRow, HookStore } from './store.ts'

/** The room that every use case of webhooks takes first. */
export interface HooksRoom {
  db: Database
  keys: Keys
  world: World
  store: HookStore
  deliveries: DeliveryLog
  outbox: Outbox
  outside: Outside
  /** Whether one more of an event that a refusal caused is written down in this hour. */
  mayEmit(event: HookEvent): boolean
}

/** The way that calls leave by, and the milliseconds that one may take. */
export interface Outside {
  fetch: Fetch
  /** The way to chat services' robots, where it is another one. */
  robots?: Fetch
  deadline?: number
  /** The console's address for links in messages, where others than this machine know it. */
  console?: string | undefined
}

/** What a sealed signing key is bound to: `keyContext(row.id)`. */
export const keyContext = (id: string) => `hook-key/${id}`

/** Seals the key that a webhook's calls are signed with. */
export const sealSigningKey = (keys: Keys, id: string, signingKey: string): string =>
  seal(keys.seal, signingKey, keyContext(id))

/** Opens what a delivery needs to know of a webhook. */
export const toTarget = (keys: Keys, { id, enabled, config, signing_key }: HookRow): Target => ({
  enabled: enabled === 1,
  config: openConfig(keys, id, config),
  signingKey: open(keys.seal, signing_key, keyContext(id)),
})

/** A webhook on the wire. */
export function toHook(keys: Keys, row: HookRow): Hook {
  const { enabled, config, signingKey } = toTarget(keys, row)
  return {
    tenantId: 'default',
    id: row.id,
    name: row.name,
    event: row.event as HookEvent | null,
    events: JSON.parse(row.events),
    enabled,
    config: shownConfig(config),
    signingKey,
    createdAt: row.created_at,
  }
}
