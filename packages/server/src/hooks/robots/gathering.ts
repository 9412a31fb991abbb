import type { Keys } from '../../crypto/keys.ts'
import type { World } from '../../world.ts'
import { openDelivery, sealBody, sealOutcome } from '../sealing.ts'
import type { DeliveryRow, DeliveryStore, Kind } from '../store.ts'
import { alertOf, COUNTED_EVENTS, isCounted, messageOf, type Payload, type Voice } from './alerts.ts'
import type { Message } from './message.ts'

/** Events that one message tells of; more are counted. */
const MOST_TOGETHER = 50

/** Those that are counted; what is beyond it waits for the next message. */
const MOST_COUNTED = 10_000

/** So many are settled in one statement. */
const AT_ONCE = 500

/** What a delivery to a robot holds: an event, and those that are told along with it. */
export interface Told extends Payload {
  /** An operator asked for it, whatever was told before. */
  isAsked?: boolean
  together?: { event: string; payload: Payload }[]
  /** How many more there were. */
  more?: number
}

interface GatheringRoom {
  store: DeliveryStore
  keys: Keys
  world: World
}

/**
 * What a delivery says.
 *
 * @example toldIn(keys, row).together?.length
 */
export const toldIn = (keys: Keys, row: DeliveryRow): Told => JSON.parse(openDelivery(keys, row).body)

/** Puts all of a kind into one delivery. What fails in between is told twice, and never lost. */
async function putTogether(room: GatheringRoom, row: DeliveryRow, told: Told, kind: Kind): Promise<Told> {
  const { store, keys, world } = room
  const others = await store.untried(kind, row.id, MOST_TOGETHER)
  if (others.length === 0) return told
  const ids = others.map(({ id }) => id)
  const more = ids.length < MOST_TOGETHER ? [] : await store.moreUntried(kind, [row.id, ...ids], MOST_COUNTED)
  const together = others.map(each => ({ event: each.event, payload: toldIn(keys, each) as Payload }))
  const body: Told = { ...told, together, ...(more.length > 0 && { more: more.length }) }
  if (!(await store.conclude(row, { body: sealBody(keys, row.id, JSON.stringify(body)) }))) return body
  // Those alone that it tells of: what is written meanwhile is told by the next one.
  const settled = [...ids, ...more]
  for (let from = 0; from < settled.length; from += AT_ONCE)
    await store.settleUntried(kind, settled.slice(from, from + AT_ONCE), world.now())
  return body
}

const lastingOf = (keys: Keys, row: DeliveryRow) => alertOf(row.event, [toldIn(keys, row)]).lasting

/** The others about the same subject that have not ended. */
async function othersOf({ store, keys }: GatheringRoom, row: DeliveryRow): Promise<DeliveryRow[]> {
  const subject = lastingOf(keys, row)?.subject
  if (subject === undefined) return []
  const others = await store.unsettled(row.hook_id, row.event, row.id, MOST_TOGETHER)
  return others.filter(each => lastingOf(keys, each)?.subject === subject)
}

const settleOutdated = ({ store, keys, world }: GatheringRoom, row: DeliveryRow) =>
  store.conclude(row, {
    state: 'delivered',
    settled_at: world.now(),
    outcome: sealOutcome(keys, row.id, { note: 'outdated' }),
  })

/**
 * Settles a delivery that nobody has tried yet where something newer about its subject waits, which says more.
 *
 * @example if (await isOutdated(room, row)) continue
 */
export async function isOutdated(room: GatheringRoom, row: DeliveryRow): Promise<boolean> {
  const others = await othersOf(room, row)
  if (!others.some(({ created_at }) => created_at > row.created_at)) return false
  await settleOutdated(room, row)
  return true
}

/**
 * What a robot is to be told with a delivery that was claimed: its event, and what is told along with it, which then
 * counts as delivered. What is older about the same subject is given up.
 *
 * @example await gather(room, row)
 */
export async function gather(room: GatheringRoom, row: DeliveryRow): Promise<Told> {
  const told = toldIn(room.keys, row)
  if (row.tries > 1 || told.isAsked) return told
  const { hook_id: hookId, event } = row
  if (isCounted(event)) return putTogether(room, row, told, { hookId, event })
  for (const older of await othersOf(room, row))
    if (older.created_at < row.created_at) await settleOutdated(room, older)
  const putOffUntil = room.world.now()
  return putTogether(room, row, told, { hookId, putOffUntil, except: [...COUNTED_EVENTS] })
}

/**
 * The message that tells what a delivery holds.
 *
 * @example messageFor(row.event, told, { form: 'wecom', language: 'en' })
 */
export function messageFor(event: string, told: Told, voice: Voice): Message {
  const { together = [], more = 0 } = told
  if (isCounted(event))
    return messageOf([alertOf(event, [told, ...together.map(({ payload }) => payload)], more)], voice)
  const others = together.map(each => alertOf(each.event, [each.payload]))
  return messageOf([alertOf(event, [told]), ...others], voice, more)
}
