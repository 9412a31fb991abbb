import { type ConnectionWindows, EVERYWHERE } from '@countersign/api'
import type { Connector, Destination } from '@countersign/kit'
import type { Keys } from '../crypto/keys.ts'
import { open, seal } from '../crypto/seal.ts'
import type { World } from '../world.ts'
import { reachOf } from './configuration.ts'
import type { Registry } from './registry.ts'
import type { ConnectionRow, connectionStore } from './store.ts'
import { readWindows } from './windows.ts'

export type Channel = Connector['channel']

/** A connection without what it holds sealed. */
export interface KeptConnection {
  id: string
  connector: Connector
  channel: Channel
  /** What operators call it. */
  name: string | null
  /** Messages of its channel may go over it. Those that are off are only kept. */
  enabled: boolean
  /** Where its text messages may go. */
  destinations: readonly string[]
  /** What its messages cost, where an operator wrote that; a JSON list. */
  prices: string | null
  /** The ids of the applications whose messages may go over it; null for all. */
  applications: readonly string[] | null
  /** The percent of messages that go over it first, when that is less than 100; it stands behind others for the rest. */
  share: number
  /** Changes whenever its configuration is written, and tells nothing of it. */
  settingsMark: string
  /** Its provider is to be told whether codes were used. */
  feedback: boolean
  /** How many messages its provider takes for one number, where an operator said so. */
  windows: ConnectionWindows | null
  createdAt: number
  updatedAt: number
}

/** A connector with the configuration that an operator saved. */
export interface Connection extends KeptConnection {
  config: Record<string, unknown>
  /** Overrides of name and logo. */
  metadata: Record<string, unknown>
  /** Where its text messages can go with its configuration; undefined when that is not whole. */
  reach(): readonly Destination[] | undefined
}

/** The room that every use case of connections takes first. */
export interface ConnectionsRoom {
  store: ReturnType<typeof connectionStore>
  keys: Keys
  world: World
  /** The connectors that connections can be made with. */
  registry: Registry
}

/** So many characters at the end of a sealed text are no two times the same. */
const MARK = 22

/** What a sealed configuration is bound to: `context(row.id)`. */
export const context = (id: string) => `connection/${id}`

/** Seals a configuration for the connection with an id: `config: sealed(room, id, config)`. */
export const sealed = ({ keys }: ConnectionsRoom, id: string, config: Record<string, unknown>): string =>
  seal(keys.seal, JSON.stringify(config), context(id))

/** Opens what `sealed` has sealed: `const config = opened(room, row)`. */
export const opened = ({ keys }: ConnectionsRoom, row: ConnectionRow): Record<string, unknown> =>
  JSON.parse(open(keys.seal, row.config, context(row.id)))

/** A row without what it holds sealed; undefined while its connector is not here: `keptFrom(room, row)?.enabled`. */
export function keptFrom({ registry }: ConnectionsRoom, row: ConnectionRow): KeptConnection | undefined {
  const connector = registry.byId(row.connector)
  return (
    connector && {
      id: row.id,
      connector,
      channel: connector.channel,
      name: row.name,
      enabled: row.enabled === 1,
      destinations: row.destinations === null ? EVERYWHERE : JSON.parse(row.destinations),
      prices: row.prices,
      applications: row.applications === null ? null : JSON.parse(row.applications),
      share: row.share,
      settingsMark: row.config.slice(-MARK),
      feedback: row.feedback === 1,
      windows: readWindows(row.windows),
      createdAt: row.created_at,
      updatedAt: row.updated_at,
    }
  )
}

/** A row as a connection; undefined while its connector is not here: `rows.flatMap(row => fromRow(room, row) ?? [])`. */
export function fromRow(room: ConnectionsRoom, row: ConnectionRow): Connection | undefined {
  const kept = keptFrom(room, row)
  if (!kept) return undefined
  const config = opened(room, row)
  return {
    ...kept,
    config,
    metadata: JSON.parse(row.metadata),
    reach: () => reachOf(kept.connector, config),
  }
}
