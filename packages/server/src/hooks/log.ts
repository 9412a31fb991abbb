import type { HookLog } from '@countersign/api'
import type { Keys } from '../crypto/keys.ts'
import type { Page } from '../http/pagination.ts'
import { ApiError } from '../refusals/refusal.ts'
import { masked } from './masking.ts'
import { isRobot } from './robots/attempt.ts'
import { type HooksRoom, toTarget } from './room.ts'
import { openDelivery } from './sealing.ts'
import type { DeliveryRow, LogFilter } from './store.ts'
import { requireHook } from './webhooks.ts'

const PREFIX = 'TriggerHook.'

const DAY = 24 * 60 * 60_000

/** Milliseconds for which settled deliveries are kept, for operators. */
const KEEP = 30 * DAY

/** Counting further is not worth its time. */
const MOST_COUNTED = 10_000

export interface LogQuery extends LogFilter {
  /** Count no further than is worth it. */
  capped: boolean
}

/**
 * The event of a log key; what is no such key stands for an event that never happens.
 *
 * @example eventOf('TriggerHook.User.Created')
 */
export const eventOf = (logKey: string) => (logKey.startsWith(PREFIX) ? logKey.slice(PREFIX.length) : '-')

/**
 * A settled delivery as an entry of the log.
 *
 * @example toLog(keys, row)
 */
export function toLog(keys: Keys, row: DeliveryRow): HookLog {
  const { body, outcome } = openDelivery(keys, row)
  const key = PREFIX + row.event
  const sent = outcome.sent === undefined ? masked(JSON.parse(body)) : { text: outcome.sent }
  // What is delivered without an answer was told along with something else.
  const isTold = row.state === 'delivered' && row.status === null
  const note = outcome.note ?? (isTold ? 'together' : undefined)
  return {
    id: row.id,
    key,
    payload: {
      key,
      result: row.state === 'delivered' ? 'Success' : 'Error',
      hookId: row.hook_id,
      hookRequest: { body: sent as Record<string, unknown> },
      ...(row.status !== null && { response: { statusCode: row.status, body: outcome.body ?? '' } }),
      ...(outcome.error !== undefined && { error: outcome.error }),
      ...(outcome.failure && { failure: outcome.failure }),
      ...(note && { note }),
    },
    createdAt: row.settled_at ?? row.created_at,
  }
}

/**
 * A page of what was delivered to a webhook and what failed, newest first; of the last day unless a bound is given.
 *
 * @example await readLog(room, id, query, page)
 */
export async function readLog(
  { deliveries, keys, world }: HooksRoom,
  id: string,
  { capped, ...query }: LogQuery,
  { size, offset }: Page,
) {
  const open = query.from === undefined && query.to === undefined
  const filter = open ? { ...query, from: world.now() - DAY } : query
  const rows = await deliveries.log(id, filter, size, offset)
  // One more tells a count that is complete from one that was cut.
  const count = await deliveries.count(id, filter, capped ? MOST_COUNTED + 1 : undefined)
  const isCapped = capped && count > MOST_COUNTED
  return { entries: rows.map(row => toLog(keys, row)), total: count, isCapped }
}

/**
 * One entry of the log of any webhook.
 *
 * @example await readEntry(room, logId)
 */
export async function readEntry(
  { deliveries, keys }: HooksRoom,
  logId: string,
): Promise<HookLog | undefined> {
  const row = await deliveries.byId(logId)
  return row && toLog(keys, row)
}

/**
 * Delivers an event of the log once more. Returns the new entry's id.
 *
 * @throws ApiError `entity.not_exists_with_id`
 * @example await redeliver(room, id, logId)
 */
export async function redeliver(room: HooksRoom, id: string, logId: string): Promise<string> {
  const hook = await requireHook(room, id)
  const row = await room.deliveries.byId(logId)
  if (row?.hook_id !== id) throw new ApiError('entity.not_exists_with_id')
  return room.outbox.putAgain(row, { isAsked: isRobot(toTarget(room.keys, hook).config) })
}

/**
 * Forgets what was delivered or failed so long ago that no operator looks for it.
 *
 * @example await purgeLog(room)
 */
export const purgeLog = ({ deliveries, world }: HooksRoom) => deliveries.purge(world.now() - KEEP)
