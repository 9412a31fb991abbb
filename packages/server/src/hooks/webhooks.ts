import type { Hook, HookConfigInput, HookEvent } from '@countersign/api'
import { newId, newSecret } from '../crypto/chance.ts'
import { ApiError } from '../refusals/refusal.ts'
import { sealConfig, storedConfig } from './config.ts'
import { type HooksRoom, sealSigningKey, toHook, toTarget } from './room.ts'
import type { HookRow } from './store.ts'

const DAY = 24 * 60 * 60_000

/** The members of a webhook that callers may set; the rest is ours. */
export interface HookInput {
  name?: string | undefined
  event?: HookEvent | null | undefined
  events?: HookEvent[] | undefined
  config?: HookConfigInput | undefined
  enabled?: boolean | undefined
}

/**
 * The row of a webhook.
 *
 * @throws ApiError `entity.not_exists_with_id`
 * @example await requireHook(room, id)
 */
export async function requireHook({ store }: HooksRoom, id: string): Promise<HookRow> {
  const row = await store.byId(id)
  if (!row) throw new ApiError('entity.not_exists_with_id')
  return row
}

/** Adds how the last day went. */
async function withStatistics({ deliveries, world }: HooksRoom, hooks: Hook[]): Promise<Hook[]> {
  const rows = await deliveries.statistics(
    hooks.map(({ id }) => id),
    world.now() - DAY,
  )
  const count = (id: string, states: string[]) =>
    rows.reduce((sum, row) => sum + (row.hook_id === id && states.includes(row.state) ? row.count : 0), 0)
  return hooks.map(hook => ({
    ...hook,
    executionStats: {
      successCount: count(hook.id, ['delivered']),
      requestCount: count(hook.id, ['delivered', 'failed']),
    },
  }))
}

/**
 * All webhooks, newest first; with `statistics` how their last day went.
 *
 * @example await listHooks(room, true)
 */
export async function listHooks(room: HooksRoom, statistics = false): Promise<Hook[]> {
  const hooks = (await room.store.list()).map(row => toHook(room.keys, row))
  return statistics ? withStatistics(room, hooks) : hooks
}

/**
 * One webhook.
 *
 * @throws ApiError `entity.not_exists_with_id`
 * @example await getHook(room, id)
 */
export async function getHook(room: HooksRoom, id: string, statistics = false): Promise<Hook> {
  const hook = toHook(room.keys, await requireHook(room, id))
  return statistics ? (await withStatistics(room, [hook]))[0]! : hook
}

/**
 * Makes a webhook with a signing key of its own.
 *
 * @throws ApiError `hook.missing_events`
 * @example await createHook(room, { events: ['User.Created'], config: { url } })
 */
export async function createHook(
  { store, keys, world }: HooksRoom,
  input: HookInput & { config: HookConfigInput },
): Promise<Hook> {
  if (!input.event && !input.events) throw new ApiError('hook.missing_events')
  const id = newId(world.random)
  const row: HookRow = {
    id,
    name: input.name ?? '',
    event: input.event ?? null,
    events: JSON.stringify([...new Set(input.events ?? [])]),
    config: sealConfig(keys, id, storedConfig(input.config, undefined)),
    signing_key: sealSigningKey(keys, id, newSecret(world.random)),
    enabled: input.enabled === false ? 0 : 1,
    created_at: world.now(),
  }
  await store.insert(row)
  return toHook(keys, row)
}

/**
 * Changes a webhook.
 *
 * @throws ApiError `entity.invalid_input`, `entity.not_exists`
 * @example await updateHook(room, id, { enabled: false })
 */
export async function updateHook(
  { store, keys }: HooksRoom,
  id: string,
  { name, event, events, config, enabled }: HookInput,
): Promise<Hook> {
  // A secret that is left out is the one that is stored.
  const known = config?.robot && (await store.byId(id))
  const change: Partial<HookRow> = {
    ...(name !== undefined && { name }),
    ...(event !== undefined && { event }),
    ...(events && { events: JSON.stringify([...new Set(events)]) }),
    ...(config && {
      config: sealConfig(keys, id, storedConfig(config, known && toTarget(keys, known).config)),
    }),
    ...(enabled !== undefined && { enabled: enabled ? 1 : 0 }),
  }
  if (Object.keys(change).length === 0) throw new ApiError('entity.invalid_input')
  const row = await store.update(id, change)
  if (!row) throw new ApiError('entity.not_exists')
  return toHook(keys, row)
}

/**
 * Gives a webhook a fresh signing key, in force at once.
 *
 * @throws ApiError `entity.not_exists`
 * @example await rotateKey(room, id)
 */
export async function rotateKey({ store, keys, world }: HooksRoom, id: string): Promise<Hook> {
  const row = await store.update(id, { signing_key: sealSigningKey(keys, id, newSecret(world.random)) })
  if (!row) throw new ApiError('entity.not_exists')
  return toHook(keys, row)
}

/**
 * Deletes a webhook.
 *
 * @throws ApiError `entity.not_found`
 * @example await deleteHook(room, id)
 */
export async function deleteHook({ store }: HooksRoom, id: string): Promise<void> {
  if (!(await store.delete(id))) throw new ApiError('entity.not_found')
}
