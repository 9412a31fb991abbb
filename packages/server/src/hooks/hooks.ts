import type { Hook, HookConfig, HookEvent, HookLog } from '@countersign/api'
import type { Fetch } from '@countersign/kit'
import { newId, newSecret } from '../crypto/chance.ts'
import type { Keys } from '../crypto/keys.ts'
import { open, seal } from '../crypto/seal.ts'
import type { Database } from '../db/database.ts'
import { ApiError } from '../http/errors.ts'
import type { Page } from '../http/pagination.ts'
import type { World } from '../world.ts'
import { attempt } from './attempt.ts'
import { toLog } from './log.ts'
import { createOutbox, type Target } from './outbox.ts'
import { sample } from './samples.ts'
import { deliveryStore, type HookRow, hookStore, type LogFilter } from './store.ts'

const DAY = 24 * 60 * 60_000

/** How long what was delivered or failed is kept, for operators. */
const KEEP = 30 * DAY

/** Counting further is not worth its time. */
const MOST_COUNTED = 10_000

/** What may be said of a webhook; the rest is ours. */
export interface HookInput {
  name?: string | undefined
  event?: HookEvent | null | undefined
  events?: HookEvent[] | undefined
  config?: HookConfig | undefined
  enabled?: boolean | undefined
}

export interface LogQuery extends LogFilter {
  /** Count no further than is worth it. */
  capped: boolean
}

/** Tells webhooks of an event; `fields` is asked only when one of them wants to know. Never throws. */
export type Emit = (
  event: HookEvent,
  fields: () => Record<string, unknown> | Promise<Record<string, unknown>>,
) => Promise<void>

const configContext = (id: string) => `hook-config/${id}`
const keyContext = (id: string) => `hook-key/${id}`

/** Which events fire a webhook: those of the list, else the single one. */
const wants = ({ events, event }: Pick<HookRow, 'events' | 'event'>, happened: HookEvent) => {
  const list = JSON.parse(events) as HookEvent[]
  return list.length > 0 ? list.includes(happened) : event === happened
}

/** Rules of webhooks: who is told of what, where to, signed with which key. */
export function createHooks(
  db: Database,
  keys: Keys,
  world: World,
  outside: { fetch: Fetch; deadline?: number },
) {
  const store = hookStore(db)
  const deliveries = deliveryStore(db)

  const sealedConfig = (id: string, config: HookConfig) =>
    seal(keys.seal, JSON.stringify(config), configContext(id))
  const sealedKey = (id: string) => seal(keys.seal, newSecret(world.random), keyContext(id))

  const toTarget = ({ id, enabled, config, signing_key }: HookRow): Target => ({
    enabled: enabled === 1,
    config: JSON.parse(open(keys.seal, config, configContext(id))),
    signingKey: open(keys.seal, signing_key, keyContext(id)),
  })

  const toHook = (row: HookRow): Hook => ({
    tenantId: 'default',
    id: row.id,
    name: row.name,
    event: row.event as HookEvent | null,
    events: JSON.parse(row.events),
    ...toTarget(row),
    createdAt: row.created_at,
  })

  const outbox = createOutbox(db, keys, world, {
    ...outside,
    async targetOf(hookId) {
      const row = await store.byId(hookId)
      return row && toTarget(row)
    },
  })

  async function get(id: string): Promise<HookRow> {
    const row = await store.byId(id)
    if (!row) throw new ApiError('entity.not_exists_with_id')
    return row
  }

  /** Adds how the last day went. */
  async function withStatistics(hooks: Hook[]): Promise<Hook[]> {
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

  const emit: Emit = async (event, fields) => {
    try {
      const told = (await store.wishes()).filter(row => wants(row, event)).map(({ id }) => id)
      if (told.length === 0) return
      const payload = { event, createdAt: new Date(world.now()).toISOString(), ...(await fields()) }
      await outbox.put(event, told, hookId => JSON.stringify({ ...payload, hookId }))
    } catch (error) {
      // The change has been made: who asked for it must not be told that it failed.
      world.log('error', 'webhook event lost', { error: String((error as Error).stack ?? error) })
    }
  }

  return {
    emit,
    deliverDue: outbox.deliverDue,
    start: outbox.start,
    stop: outbox.stop,
    /** All webhooks, newest first. */
    async list(statistics = false): Promise<Hook[]> {
      const hooks = (await store.list()).map(toHook)
      return statistics ? withStatistics(hooks) : hooks
    },
    /** @throws ApiError `entity.not_exists_with_id` */
    async get(id: string, statistics = false): Promise<Hook> {
      const hook = toHook(await get(id))
      return statistics ? (await withStatistics([hook]))[0]! : hook
    },
    /** @throws ApiError `hook.missing_events` */
    async create(input: HookInput & { config: HookConfig }): Promise<Hook> {
      if (!input.event && !input.events) throw new ApiError('hook.missing_events')
      const id = newId(world.random)
      const row: HookRow = {
        id,
        name: input.name ?? '',
        event: input.event ?? null,
        events: JSON.stringify([...new Set(input.events ?? [])]),
        config: sealedConfig(id, input.config),
        signing_key: sealedKey(id),
        enabled: input.enabled === false ? 0 : 1,
        created_at: world.now(),
      }
      await store.insert(row)
      return toHook(row)
    },
    /** @throws ApiError `entity.invalid_input`, `entity.not_exists` */
    async update(id: string, { name, event, events, config, enabled }: HookInput): Promise<Hook> {
      const change: Partial<HookRow> = {
        ...(name !== undefined && { name }),
        ...(event !== undefined && { event }),
        ...(events && { events: JSON.stringify([...new Set(events)]) }),
        ...(config && { config: sealedConfig(id, config) }),
        ...(enabled !== undefined && { enabled: enabled ? 1 : 0 }),
      }
      if (Object.keys(change).length === 0) throw new ApiError('entity.invalid_input')
      const row = await store.update(id, change)
      if (!row) throw new ApiError('entity.not_exists')
      return toHook(row)
    },
    /** A fresh signing key, in force at once. @throws ApiError `entity.not_exists` */
    async rotateKey(id: string): Promise<Hook> {
      const row = await store.update(id, { signing_key: sealedKey(id) })
      if (!row) throw new ApiError('entity.not_exists')
      return toHook(row)
    },
    /** @throws ApiError `entity.not_found` */
    async delete(id: string): Promise<void> {
      if (!(await store.delete(id))) throw new ApiError('entity.not_found')
    },
    /**
     * Sends samples to a configuration that need not be saved, signed with the webhook's key, and waits.
     *
     * @throws ApiError `entity.not_exists_with_id`, `hook.endpoint_responded_with_error`, `hook.send_test_payload_failed`
     */
    async test(id: string, events: HookEvent[], config: HookConfig): Promise<void> {
      const { signingKey } = toTarget(await get(id))
      const createdAt = new Date(world.now()).toISOString()
      const endings = await Promise.all(
        [...new Set(events)].map(event => {
          const body = JSON.stringify({ event, createdAt, ...sample(event), hookId: id })
          return attempt(
            outside.fetch,
            { config, signingKey, body, eventId: newId(world.random) },
            { ...(outside.deadline !== undefined && { deadline: outside.deadline }) },
          )
        }),
      )
      const answered = endings.find(({ delivered, response }) => !delivered && response)?.response
      if (answered) {
        const { status, body } = answered
        throw new ApiError('hook.endpoint_responded_with_error', {
          data: {
            responseStatus: status,
            responseBody: typeof body === 'string' ? body : JSON.stringify(body),
          },
          values: { status },
        })
      }
      const reason = endings.find(({ delivered }) => !delivered)?.error
      if (reason !== undefined) throw new ApiError('hook.send_test_payload_failed', { values: { reason } })
    },
    /** What was delivered to a webhook and what failed, newest first; of the last day unless a bound is given. */
    async log(id: string, { capped, ...query }: LogQuery, { size, offset }: Page) {
      const open = query.from === undefined && query.to === undefined
      const filter = open ? { ...query, from: world.now() - DAY } : query
      const rows = await deliveries.log(id, filter, size, offset)
      // One more tells a count that is complete from one that was cut.
      const count = await deliveries.count(id, filter, capped ? MOST_COUNTED + 1 : undefined)
      const isCapped = capped && count > MOST_COUNTED
      return {
        entries: rows.map(row => toLog(keys, row)),
        total: count,
        isCapped,
      }
    },
    /** One log entry of any webhook. */
    async logEntry(id: string): Promise<HookLog | undefined> {
      const row = await deliveries.byId(id)
      return row && toLog(keys, row)
    },
    /** Delivers an event of the log once more. Returns the new entry's id. @throws ApiError `entity.not_exists_with_id` */
    async redeliver(id: string, logId: string): Promise<string> {
      await get(id)
      const row = await deliveries.byId(logId)
      if (row?.hook_id !== id) throw new ApiError('entity.not_exists_with_id')
      return outbox.putAgain(row)
    },
    purge: () => deliveries.purge(world.now() - KEEP),
  }
}

export type Hooks = ReturnType<typeof createHooks>
