import type { HookLog } from '@countersign/api'
import type { Keys } from '../crypto/keys.ts'
import { masked } from './masking.ts'
import { openDelivery } from './outbox.ts'
import type { DeliveryRow } from './store.ts'

const PREFIX = 'TriggerHook.'

/** The event of a log key; what is no such key stands for an event that never happens. */
export const eventOf = (logKey: string) => (logKey.startsWith(PREFIX) ? logKey.slice(PREFIX.length) : '-')

/** A settled delivery as an entry of the log. */
export function toLog(keys: Keys, row: DeliveryRow): HookLog {
  const { body, outcome } = openDelivery(keys, row)
  const key = PREFIX + row.event
  return {
    id: row.id,
    key,
    payload: {
      key,
      result: row.state === 'delivered' ? 'Success' : 'Error',
      hookId: row.hook_id,
      hookRequest: { body: masked(JSON.parse(body)) as Record<string, unknown> },
      ...(row.status !== null && { response: { statusCode: row.status, body: outcome.body ?? '' } }),
      ...(outcome.error !== undefined && { error: outcome.error }),
    },
    createdAt: row.settled_at ?? row.created_at,
  }
}
