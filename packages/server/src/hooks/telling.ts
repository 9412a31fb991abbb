import type { HookEvent } from '@countersign/api'
import type { Along } from '../db/along.ts'
import { describeError } from '../http/errors.ts'
import type { World } from '../world.ts'
import { isCounted } from './robots/alerts.ts'
import type { HooksRoom } from './room.ts'
import type { HookRow } from './store.ts'

/** The members of an event, made of what a change came to. */
export type Fields<T> = (result: T) => Record<string, unknown>

/**
 * Prepares to tell webhooks of a change: what it returns is handed to whoever makes the change, who writes it in the
 * same transaction. Undefined when no webhook wants to know. `prepare` looks up beforehand what the event needs to
 * hold, and is called only when somebody wants to know. For example:
 *
 *     const along = await telling('User.Created', () => user => ({ data: hookUser(user) }))
 *     await users.create(input, along)
 */
export type Telling = <T>(
  event: HookEvent,
  prepare: () => Fields<T> | Promise<Fields<T>>,
) => Promise<Along<T>>

/**
 * Tells webhooks of what changed nothing, such as a refusal: there is no transaction to be part of. `fields` is asked
 * only when one of them wants to know. Never throws.
 */
export type Emit = (
  event: HookEvent,
  fields: () => Record<string, unknown> | Promise<Record<string, unknown>>,
) => Promise<void>

/** Says whether an event fires a webhook: those of its list do, else its single one. */
const wants = ({ events, event }: Pick<HookRow, 'events' | 'event'>, happened: HookEvent) => {
  const list = JSON.parse(events) as HookEvent[]
  return list.length > 0 ? list.includes(happened) : event === happened
}

/** See `Telling`. */
export async function tellAlong<T>(
  { store, outbox, world }: HooksRoom,
  event: HookEvent,
  prepare: () => Fields<T> | Promise<Fields<T>>,
): Promise<Along<T>> {
  const told = (await store.wishes()).filter(row => wants(row, event)).map(({ id }) => id)
  if (told.length === 0) return undefined
  const fields = await prepare()
  return {
    write(tx, result) {
      // The change is written by now and holds its row, so that the times of one user's events are in their order.
      const payload = { event, createdAt: new Date(world.now()).toISOString(), ...fields(result) }
      return outbox.put(tx, event, told, hookId => JSON.stringify({ ...payload, hookId }))
    },
    written: outbox.wake,
  }
}

const HOUR = 60 * 60_000

/** So many events that strangers cause are written down in an hour, on each node. */
export const MOST_EMITTED = 1000

/**
 * Bounds what strangers have written down by being refused again and again.
 *
 * @example if (!mayEmit('Message.RateLimited')) return
 */
export function createEmitted({ now, log }: Pick<World, 'now' | 'log'>): (event: HookEvent) => boolean {
  let hour = 0
  const emitted = new Map<HookEvent, number>()
  return event => {
    if (!isCounted(event)) return true
    const running = Math.floor(now() / HOUR)
    if (running !== hour) emitted.clear()
    hour = running
    const times = (emitted.get(event) ?? 0) + 1
    emitted.set(event, times)
    if (times === MOST_EMITTED + 1)
      log('warn', `webhook events not told until the hour ends, there are too many: ${event}`)
    return times <= MOST_EMITTED
  }
}

/** See `Emit`. */
export async function emit(room: HooksRoom, ...[event, fields]: Parameters<Emit>): Promise<void> {
  try {
    const along = await tellAlong<void>(room, event, async () => {
      const known = await fields()
      return () => known
    })
    if (!along || !room.mayEmit(event)) return
    await along.write(room.db, undefined)
    along.written?.()
  } catch (error) {
    // Whoever is refused must hear why, and not that a webhook was not told.
    room.world.log('error', 'webhook event lost', { error: describeError(error) })
  }
}
