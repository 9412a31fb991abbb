import type { SendScope } from '@countersign/api'
import { type Allowance, type Full, lastOf, type Taken, take } from '../counters/counters.ts'
import { recipientKey } from '../crypto/recipient-key.ts'
import type { Recipient } from '../identifiers/recipient.ts'
import { ApiError } from '../refusals/refusal.ts'
import { forSeconds, secondsUntil } from '../refusals/waiting.ts'
import { boundsOf, chosenLimits, DEFAULT_LIMITS, freedBy, NO_LIMITS } from './policy.ts'
import type { LimitsRoom } from './room.ts'
import { keysOfRecipient, type Origin, type Scoped, scopedBy, type UnusedOf } from './scopes.ts'
import { type Counted, countedBy, isOfProvider, type ProviderTurn, type Turns, turnsOf } from './turns.ts'

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
  /** The places at the providers that the message may go over. */
  turns: Turns
}

/** Something else that a message is counted under, in the same statement: the money that it may cost. */
export interface AlsoCounted {
  /** As they are at the moment at which the message is counted, so that their windows end when they should. */
  allowances(now: number): Allowance[]
  /** Hears that the message is counted. What is counted so is not given back with the place. */
  taken(by: Taken): Promise<void>
  /** Looks whether there is room in those that are full after all; else says how the message is refused. */
  makeRoom(full: readonly Full[]): Promise<ApiError | undefined>
}

/** How a send is counted. */
export interface SendOptions {
  /** What it is counted under besides. Where that cannot be counted, nothing is sent. */
  also?: AlsoCounted | undefined
  /** Where it was asked for. */
  from?: Origin
  /** It may go over a connector of ours, so the limits hold that nobody has set. */
  hasDefaults?: boolean
  /** How many of some messages were used that were asked for since a moment; they do not count. */
  used?(of: UnusedOf, since: number): Promise<number>
  /** The message will not leave, for the recipient is a test identity. */
  unsent?: boolean
  /** Milliseconds that must have passed since something was last sent to the recipient, whoever asked for it. */
  pause?: number | undefined
  /** The connections that it may go over, the first of them first: of one at least the provider must take it. */
  turns?: readonly ProviderTurn[]
}

/** Refuses a send because there were too many, and says in how many seconds there is a place again. */
export class Limited extends ApiError {
  /** By what they were counted; of the ten in ten minutes the recipient. Or no provider would take it. */
  readonly scope: SendScope | 'provider'

  constructor(seconds: number, scope: SendScope | 'provider') {
    super('request.message_rate_limited', forSeconds(seconds))
    this.scope = scope
  }
}

/** Refuses a send because another one went to the same recipient just before. */
export class Paused extends Limited {
  constructor(seconds: number) {
    super(seconds, 'recipient')
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
 * @example await forget(db, countersOf(recipientKey(keys, recipient.reached)))
 */
export const countersOf = (recipient: string): string[] => [
  ...Object.values(keysOf(recipient)),
  ...keysOfRecipient(recipient),
]

/** What each message to a recipient is counted under, whatever operators have set. */
function alwaysCounted(recipient: string, { unsent = false, pause = 0 }: SendOptions): Allowance[] {
  const keys = keysOf(recipient)
  const within = { lasts: TEN_MINUTES, window: 'rolling' } as const
  if (unsent) return [{ key: keys.unsent, most: UNSENT, ...within }]
  return [
    { key: keys.sends, most: SENDS, gap: pause, ...within },
    { key: keys.tries, most: TRIES, ...within },
  ]
}

/** What a message is counted under by the limits that are set. */
async function limitedBy(
  { db, keys }: LimitsRoom,
  recipient: Recipient,
  { unsent, from = {}, hasDefaults }: SendOptions,
): Promise<Scoped[]> {
  if (unsent) return []
  const limits = (await chosenLimits(db)) ?? (hasDefaults ? DEFAULT_LIMITS : NO_LIMITS)
  return scopedBy(boundsOf(limits, recipient.channel), keys, recipient, from)
}

/** When all of them have room again. */
const untilOf = (full: readonly Full[]) => Math.max(...full.map(({ until }) => until))

/** The refusal by limits of ours that says how long to wait until whatever is full has room. */
function refusalOf(full: readonly Full[], scoped: readonly Scoped[], now: number): ApiError {
  const ours = full.filter(each => !isOfProvider(each))
  const seconds = secondsUntil(untilOf(full), now)
  if (ours.every(({ why }) => why === 'gap')) return new Paused(seconds)
  const longest = ours.reduce((last, each) => (each.until > last.until ? each : last))
  const reached = scoped.find(({ allowance }) => allowance.key === longest.key)
  return new Limited(seconds, reached?.bound.scope ?? 'recipient')
}

/** A limit, and whether it is widened already by the messages that were used. */
interface Limit extends Scoped {
  isWidened?: true
}

/**
 * The limits, those that are full widened by the messages that were used meanwhile; undefined where one of them is full all
 * the same, or was widened before. Only what is full is looked at so, and so whoever sends little never pays for it.
 */
async function widened(
  full: readonly Full[],
  limits: readonly Limit[],
  used: SendOptions['used'],
): Promise<Limit[] | undefined> {
  const isLimit = ({ key }: Full) => limits.some(({ allowance }) => allowance.key === key)
  if (!full.every(isLimit)) return undefined
  const wider: Limit[] = []
  for (const each of limits) {
    const { key, most, lasts } = each.allowance
    const reached = full.find(other => other.key === key)
    const count =
      reached && each.unused && !each.isWidened ? await used?.(each.unused, reached.until - lasts) : 0
    const more = freedBy(each.bound, count ?? 0)
    if (reached && !more) return undefined
    wider.push(
      more ? { ...each, allowance: { ...each.allowance, most: most + more }, isWidened: true } : each,
    )
  }
  return wider
}

/** What was taken, and at whose provider. */
interface Place {
  taken: Taken
  turn: Counted | undefined
  /** The keys of what is not the limits'. */
  others: readonly string[]
}

/**
 * The limits that a message is counted under. Each of them is widened once at most, and each at its own time: while the
 * limit of an hour is widened, parallel messages may have filled that of the day.
 */
interface Bounds {
  always: readonly Allowance[]
  scoped: readonly Limit[]
}

/** More often nobody asks again whether there is room: then others were faster each time. */
const MOST_TRIES = 4

/**
 * Counts a message under all that it is to be counted under, and at one provider; says until when that has no room where
 * it is all that has none.
 */
async function takeAt(
  { db }: LimitsRoom,
  { also, used }: SendOptions,
  bounds: Bounds,
  turn: Counted | undefined,
  now: number,
): Promise<Place | { refusal: ApiError } | { until: number }> {
  for (let tries = 1; ; tries += 1) {
    const others = also?.allowances(now) ?? []
    const limited = bounds.scoped.map(({ allowance }) => allowance)
    const taken = await take(db, [...bounds.always, ...limited, ...(turn?.allowances ?? []), ...others], now)
    if (!('full' in taken)) {
      await also?.taken(taken)
      return { taken, turn, others: others.map(({ key }) => key) }
    }
    const isOther = ({ key }: Full) => others.some(each => each.key === key)
    const limits = taken.full.filter(each => !isOther(each))
    const ours = limits.filter(each => !isOfProvider(each))
    if (ours.length > 0) {
      const wider = await widened(ours, bounds.scoped, used)
      if (!wider) return { refusal: refusalOf(limits, bounds.scoped, now) }
      bounds.scoped = wider
    }
    const full = taken.full.filter(isOther)
    const refusal = full.length > 0 ? await also?.makeRoom(full) : undefined
    if (refusal) return { refusal }
    if (ours.length + full.length === 0) return { until: untilOf(taken.full) }
    if (tries === MOST_TRIES) return { refusal: new Limited(secondsUntil(untilOf(taken.full), now), 'all') }
  }
}

/**
 * Counts a message under all that it is to be counted under, and at the first provider that takes it; of those behind it
 * only where it takes no more.
 */
async function takeAll(
  room: LimitsRoom,
  recipient: Recipient,
  options: SendOptions,
  turns: readonly Counted[],
  now: number,
): Promise<Place | { refusal: ApiError }> {
  const always = alwaysCounted(recipientKey(room.keys, recipient.reached), options)
  const bounds: Bounds = { always, scoped: await limitedBy(room, recipient, options) }
  let soonest = Number.POSITIVE_INFINITY
  for (const turn of turns.length > 0 ? turns : [undefined]) {
    const came = await takeAt(room, options, bounds, turn, now)
    if (!('until' in came)) return came
    soonest = Math.min(soonest, came.until)
  }
  return { refusal: new Limited(secondsUntil(soonest, now), 'provider') }
}

/** Does what counts; undefined when it cannot be done, which is no reason to send nothing. */
async function counting<T>({ world }: LimitsRoom, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    world.log('error', 'messages not counted', { error: String((error as Error).stack) })
    return undefined
  }
}

/**
 * Takes a place in the recipient's allowance, and in those of all limits that are set, before a send; parallel requests,
 * also on nodes whose clocks differ, can never take more places than there are.
 *
 * When the places cannot be counted, the send is allowed, as in Logto: somebody waits to be let in, and the code
 * itself must still be stored, so a database that is down sends nothing. Where money is counted too, it is refused.
 *
 * @example
 * const place = await takeReservation(room, recipient, { pause: 60_000 })
 * await place.release({ tried: true }) // The provider refused.
 *
 * @throws ApiError `request.message_rate_limited` (429), which says in how many seconds there is a place again;
 *   `Limited`, by which limit; `Paused` within the pause after another send
 */
export async function takeReservation(
  room: LimitsRoom,
  recipient: Recipient,
  options: SendOptions = {},
): Promise<Reservation> {
  const { keys, world } = room
  const whose = recipientKey(keys, recipient.reached)
  const turns = options.unsent ? [] : (options.turns ?? []).map(turn => countedBy(keys, whose, turn))
  const takePlace = () => takeAll(room, recipient, options, turns, world.now())
  // Money that nobody counts is not spent.
  const place = await (options.also ? takePlace() : counting(room, takePlace))
  if (place && 'refusal' in place) throw place.refusal
  const first = place?.turn && { id: place.turn.id, taken: place.taken }
  const held = turnsOf(turns, first, ({ allowances }) => takeTurn(room, allowances))
  return {
    turns: held,
    async release({ tried } = { tried: false }) {
      const { tries } = keysOf(whose)
      const isKept = (key: string) =>
        isOfProvider({ key })
          ? first !== undefined && held.isAsked(first.id)
          : (tried && key === tries) || place?.others.includes(key) === true
      await place?.taken.giveBack(key => !isKept(key))
      await held.end()
    },
  }
}

/** Takes a place at one provider more; undefined where it takes no more. What cannot be counted is taken. */
async function takeTurn(room: LimitsRoom, allowances: readonly Allowance[]): Promise<Taken | undefined> {
  const taken = await counting(room, () => take(room.db, allowances, room.world.now()))
  if (!taken) return { used: () => 0, giveBack: async () => undefined }
  return 'full' in taken ? undefined : taken
}

/**
 * Says how many seconds are left of the pause after the last send to a recipient; 0 when it is over.
 *
 * @example await secondsOfPause(room, recipient, 60_000) // 34
 */
export async function secondsOfPause(
  { db, keys, world }: LimitsRoom,
  { reached }: Recipient,
  pause: number,
): Promise<number> {
  const last = await lastOf(db, keysOf(recipientKey(keys, reached)).sends)
  return Math.max(0, Math.ceil((last + pause - world.now()) / 1000))
}
