import { newId } from '../crypto/chance.ts'
import { recipientKey } from '../crypto/recipient-key.ts'
import type { Recipient } from '../identifiers/recipient.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { LimitsRoom } from './room.ts'
import * as store from './store.ts'

const MINUTE = 60_000

/** Sends to one recipient within the window, whoever asks, as in Logto. */
const SENDS = { most: 10, window: 10 * MINUTE } as const

/**
 * The same for a test identity: nobody gets these messages, so automatic tests may ask often, but not so often that
 * the sentinel alone stands before a guesser.
 */
const UNSENT = 100

/**
 * Tries within the same window. A send that the provider refuses gives its place back, but has reached the provider;
 * so that nobody can have one number asked for without end, it remains a try.
 */
const TRIES = 20

/** A place taken in a recipient's allowance; given back when nothing was sent. */
export interface Reservation {
  /** @param how `tried`: the provider was asked and refused, which counts as a try all the same */
  release(how?: { tried: boolean }): Promise<void>
}

/** How a send is counted. */
export interface SendOptions {
  /** The message will not leave, for the recipient is a test identity. */
  unsent?: boolean
  /** Milliseconds that must have passed since something was last sent to the recipient, whoever asked for it. */
  pause?: number | undefined
}

/** Refuses a send because there were too many, and says in how many seconds there is a place again. */
const limited = (seconds: number) =>
  new ApiError('request.message_rate_limited', { data: { retryAfter: seconds }, values: { seconds } })

/** Refuses a send because another one went to the same recipient just before. */
export class Paused extends ApiError {
  constructor(seconds: number) {
    super('request.message_rate_limited', { data: { retryAfter: seconds }, values: { seconds } })
  }
}

/** Whole seconds from `now` until `moment`, one at least. */
const until = (moment: number, now: number) => Math.max(1, Math.ceil((moment - now) / 1000))

/** A send that is to be counted. */
interface Counted {
  id: string
  recipientKey: string
  at: number
  since: number
  unsent: boolean
  /** Milliseconds of the pause; 0 for a test identity, for nothing is sent to it. */
  pause: number
}

/** The pause, which is taken with the place of a send. @throws Paused */
async function beginPause({ db }: LimitsRoom, { pause, ...send }: Counted): Promise<void> {
  if (await store.beginPause(db, { ...send, since: send.at - pause })) return
  throw new Paused(until((await store.lastSend(db, send.recipientKey)) + pause, send.at))
}

/** Takes a place; undefined when the places cannot be counted. @throws ApiError `request.message_rate_limited` */
async function takePlace(room: LimitsRoom, send: Counted): Promise<number | undefined> {
  const { db, world } = room
  const { id, recipientKey: key, at, since, pause } = send
  let first: number | undefined
  try {
    if (pause > 0) await beginPause(room, send)
    const place = await store.takePlace(
      db,
      send,
      send.unsent ? { places: UNSENT, tries: UNSENT } : { places: SENDS.most, tries: TRIES },
    )
    if (place !== undefined) return place
    if (pause > 0) await store.endPause(db, id, key)
    first = await store.firstPlace(db, key, since)
  } catch (error) {
    if (error instanceof Paused) throw error
    world.log('error', 'messages not counted', { error: String((error as Error).stack) })
    return undefined
  }
  throw limited(until((first ?? at) + SENDS.window, at))
}

/**
 * Takes a place in the recipient's allowance before a send; parallel requests, also on nodes whose clocks
 * differ, can never take more places than there are. Of tries those that PostgreSQL begins in the same moment may
 * pass the last one together, by less than a send's places.
 *
 * When the places cannot be counted, the send is allowed, as in Logto: somebody waits to be let in, and the code
 * itself must still be stored, so a database that is down sends nothing.
 *
 * @example
 * const place = await takeReservation(room, recipient, { pause: 60_000 })
 * await place.release({ tried: true }) // The provider refused.
 *
 * @throws ApiError `request.message_rate_limited` (429), which says in how many seconds there is a place again;
 *   `Paused` within the pause after another send
 */
export async function takeReservation(
  room: LimitsRoom,
  { canonical }: Recipient,
  { unsent = false, pause = 0 }: SendOptions = {},
): Promise<Reservation> {
  const { db, keys, world } = room
  const id = newId(world.random)
  const key = recipientKey(keys, canonical)
  const at = world.now()
  const paused = unsent ? 0 : pause
  const send = { id, recipientKey: key, at, since: at - SENDS.window, unsent, pause: paused }
  const place = await takePlace(room, send)
  if (place === undefined) return { release: async () => undefined }
  return {
    async release({ tried } = { tried: false }) {
      if (paused > 0) await store.endPause(db, id, key)
      if (!tried) return void (await store.freePlace(db, id, key, place))
      // One of so many that no two meet.
      const aside = store.TRIED + (Buffer.from(world.random(4)).readUInt32BE() >>> 2)
      await store.movePlace(db, id, key, place, aside)
    },
  }
}

/**
 * Says how many seconds are left of the pause after the last send to a recipient; 0 when it is over.
 *
 * @example await secondsOfPause(room, recipient, 60_000) // 34
 */
export async function secondsOfPause(
  { db, keys, world }: LimitsRoom,
  { canonical }: Recipient,
  pause: number,
): Promise<number> {
  const last = await store.lastSend(db, recipientKey(keys, canonical))
  return Math.max(0, Math.ceil((last + pause - world.now()) / 1000))
}
