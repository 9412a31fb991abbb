import { type Allowance, type Full, lastOf, type Taken, take } from '../counters/counters.ts'
import { recipientKey } from '../crypto/recipient-key.ts'
import type { Recipient } from '../identifiers/recipient.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { LimitsRoom } from './room.ts'

/** The window of a recipient's allowance, as in Logto. */
const TEN_MINUTES = 10 * 60_000

/** Sends to one recipient within it, whoever asks, as in Logto. */
const SENDS = 10

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

/** The keys under which the messages to a recipient are counted. */
const keysOf = (recipient: string) => ({
  sends: `sends/${recipient}`,
  tries: `tries/${recipient}`,
  unsent: `unsent/${recipient}`,
})

/**
 * All keys under which the messages to a recipient are counted, for whoever forgives them.
 *
 * @example await forget(db, countersOf(recipientKey(keys, canonical)))
 */
export const countersOf = (recipient: string): string[] => Object.values(keysOf(recipient))

/** What a message to a recipient is counted under. */
function allowancesOf(recipient: string, { unsent = false, pause = 0 }: SendOptions): Allowance[] {
  const keys = keysOf(recipient)
  const within = { lasts: TEN_MINUTES, window: 'rolling' } as const
  if (unsent) return [{ key: keys.unsent, most: UNSENT, ...within }]
  return [
    { key: keys.sends, most: SENDS, gap: pause, ...within },
    { key: keys.tries, most: TRIES, ...within },
  ]
}

/** The refusal that says how long to wait until all of them have room. */
function refusalOf(full: readonly Full[], now: number): ApiError {
  const seconds = Math.max(1, Math.ceil((Math.max(...full.map(({ until }) => until)) - now) / 1000))
  return full.every(({ why }) => why === 'gap') ? new Paused(seconds) : limited(seconds)
}

/** Counts a message; undefined when it cannot be counted. @throws ApiError `request.message_rate_limited` */
async function count(
  { db, world }: LimitsRoom,
  allowances: readonly Allowance[],
  now: number,
): Promise<Taken | undefined> {
  let taken: Awaited<ReturnType<typeof take>>
  try {
    taken = await take(db, allowances, now)
  } catch (error) {
    world.log('error', 'messages not counted', { error: String((error as Error).stack) })
    return undefined
  }
  if ('full' in taken) throw refusalOf(taken.full, now)
  return taken
}

/**
 * Takes a place in the recipient's allowance before a send; parallel requests, also on nodes whose clocks
 * differ, can never take more places than there are.
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
  options: SendOptions = {},
): Promise<Reservation> {
  const recipient = recipientKey(room.keys, canonical)
  const taken = await count(room, allowancesOf(recipient, options), room.world.now())
  return {
    async release({ tried } = { tried: false }) {
      await taken?.giveBack(tried ? [keysOf(recipient).tries] : [])
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
  const last = await lastOf(db, keysOf(recipientKey(keys, canonical)).sends)
  return Math.max(0, Math.ceil((last + pause - world.now()) / 1000))
}
