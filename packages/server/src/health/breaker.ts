import type { Failure } from '@countersign/kit'
import type { Rest } from '../routing/routing.ts'

const SECOND = 1000

/** Why a connection rests. */
export type Reason = 'failing' | 'balance_exhausted' | 'credentials_rejected'

/** How a connection works, as all nodes know it. */
export interface Health {
  /** `held`: an operator holds it back until somebody lets it go. */
  state: 'healthy' | 'resting' | 'held'
  /** Why it rests. */
  reason: Reason | null
  since: number
  /** When one message tries it, although others can carry that. */
  retryAt: number | null
  /** When a message tried it last; at first when it began to rest. */
  triedAt: number | null
  /** How many messages have tried it since it rests. */
  tries: number
  /** The failure with which it began, and the provider's code for it. */
  failure: Failure | null
  code: string | null
}

/** A connection of which nothing bad is known. */
export const HEALTHY: Health = {
  state: 'healthy',
  reason: null,
  since: 0,
  retryAt: null,
  triedAt: null,
  tries: 0,
  failure: null,
  code: null,
}

/** How an attempt ended. */
export interface Ended {
  /** Null when the provider took the message. */
  failure: Failure | null
  endedAt: number
}

/** How an attempt over a connection ended, to be judged. */
export interface Outcome {
  failure: Failure | null
  code?: string | undefined
  /** When it began. */
  at: number
}

/**
 * What a failure says of the connection.
 *
 * - `counts`: the provider is not there, is at fault, or takes no more just now. Some of that happens to every provider.
 * - What the account lacks stops every message, and only its owner can mend it: the connection rests at once.
 * - `answers`: the provider works and says no. What is wrong with a recipient is wrong with every provider, and a stranger
 *   who names such recipients must not switch anything off. A refused template or signature, or a destination, concerns some
 *   messages, and others still go out. A code that nobody knows may mean any of it. All of these come at once, and the
 *   message goes over the next connection: without a rest they cost nobody time.
 */
const SAYS: Readonly<
  Record<Failure, 'counts' | 'answers' | Extract<Reason, 'balance_exhausted' | 'credentials_rejected'>>
> = {
  unreachable: 'counts',
  provider_fault: 'counts',
  throttled: 'counts',
  balance_exhausted: 'balance_exhausted',
  credentials_rejected: 'credentials_rejected',
  recipient_invalid: 'answers',
  recipient_blocked: 'answers',
  rate_limited: 'answers',
  message_rejected: 'answers',
  region_unsupported: 'answers',
  unrecognized: 'answers',
}

/** Whether a failure is one of those of which some make a connection rest: `counts('unreachable')`. */
export const counts = (failure: Failure | null): boolean => failure !== null && SAYS[failure] === 'counts'

/** So many failures in a row make a connection rest. */
const IN_A_ROW = 5

/** Failures go on for so long at least: at a hundred messages a second five in a row mean little. */
const LEAST_TIME = 2 * SECOND

/** So much of what ended within a while fails, where something still goes out: at least so many, and three of four. */
const SHARE = { within: 30 * SECOND, least: 20, part: 0.75 }

/** How far back failures count: where messages are rare, five in a row take a while. */
export const COUNTED_FOR = 10 * 60 * SECOND

/**
 * Whether attempts over a connection fail so that it had better rest: the last ones in a row, or most of those of the last
 * half a minute.
 *
 * @example isFailing(await ledger.ended(connectionId, world.now() - COUNTED_FOR), world.now())
 */
export function isFailing(ended: readonly Ended[], now: number): boolean {
  const newestFirst = ended.toSorted((one, other) => other.endedAt - one.endedAt)
  const isLong = (failures: readonly Ended[]) =>
    failures.length > 0 && now - failures.at(-1)!.endedAt >= LEAST_TIME
  const end = newestFirst.findIndex(({ failure }) => !counts(failure))
  const row = newestFirst.slice(0, end === -1 ? newestFirst.length : end)
  if (row.length >= IN_A_ROW && isLong(row)) return true
  const recent = newestFirst.filter(({ endedAt }) => now - endedAt <= SHARE.within)
  const failures = recent.filter(({ failure }) => counts(failure))
  return failures.length >= SHARE.least && failures.length >= recent.length * SHARE.part && isLong(failures)
}

/**
 * Whether an outcome changes nothing about a connection that works like this.
 *
 * @example isOldNews(HEALTHY, { failure: null, at }) // true: it goes on to work
 */
export function isOldNews(
  { state, reason }: Pick<Health, 'state' | 'reason'>,
  { failure }: Outcome,
): boolean {
  if (state === 'held') return true
  const says = failure === null ? 'works' : SAYS[failure]
  if (says === 'works' || says === 'answers') return state === 'healthy'
  return says === 'counts' ? state === 'resting' : reason === says
}

const FIRST_PAUSE = 10 * SECOND
const LONGEST_PAUSE = 300 * SECOND

/** How long nobody tries a connection again. Never shorter than one send: so no two messages try it at once. */
const pauseAfter = (tries: number, timeout: number): number =>
  Math.max(timeout, Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(tries, 10)))

function resting(reason: Reason, { failure, code }: Outcome, now: number, timeout: number): Health {
  const retryAt = now + pauseAfter(0, timeout)
  return {
    state: 'resting',
    reason,
    since: now,
    retryAt,
    triedAt: now,
    tries: 0,
    failure,
    code: code ?? null,
  }
}

/** The clock, and the milliseconds that one send takes at most. */
export interface Moment {
  now: number
  timeout: number
}

/**
 * What becomes of a connection when an attempt over it has ended. It gives the same object back when nothing changes.
 *
 * @example judgeOutcome(HEALTHY, { failure: 'balance_exhausted', at }, [], { now, timeout }).state // 'resting'
 *
 * @param ended how attempts over it ended of late; needed for a failure that counts, of one that does not rest
 */
export function judgeOutcome(
  before: Health,
  outcome: Outcome,
  ended: readonly Ended[],
  { now, timeout }: Moment,
): Health {
  // Only operators end what operators have begun; and what was under way when it began or ended to rest says nothing new.
  if (before.state === 'held' || (before.state === 'healthy' && outcome.at < before.since)) return before
  const says = outcome.failure === null ? 'works' : SAYS[outcome.failure]
  if (says === 'counts')
    return before.state === 'resting' || !isFailing(ended, now)
      ? before
      : resting('failing', outcome, now, timeout)
  if (says === 'balance_exhausted' || says === 'credentials_rejected')
    return before.reason === says ? before : resting(says, outcome, now, timeout)
  if (before.state === 'healthy') return before
  // However late it comes, an answer shows that the provider is there: a slow one is not gone.
  if (before.reason === 'failing') return { ...HEALTHY, since: now }
  // Providers look at the balance last, and at the keys first: an answer about a recipient tells of neither. And a quota
  // may be used up for some messages alone: where others go out beside them, nobody is told of each.
  return says === 'answers' || outcome.at < before.since + FIRST_PAUSE ? before : { ...HEALTHY, since: now }
}

/**
 * What becomes of a connection that rests when a message begins to try it: should that fail too, or never end, the next one
 * waits longer.
 *
 * @example tried(health, { now, timeout }).retryAt
 */
export const tried = (before: Health, { now, timeout }: Moment): Health => ({
  ...before,
  triedAt: now,
  tries: before.tries + 1,
  retryAt: now + pauseAfter(before.tries + 1, timeout),
})

/**
 * How a connection rests, as far as it matters for where messages go; undefined while it works.
 *
 * @example const way = { ...connection, rest: restOf(health, { now, timeout }) }
 */
export function restOf(
  { state, reason, retryAt, triedAt }: Health,
  { now, timeout }: Moment,
): Rest | undefined {
  if (state === 'healthy') return undefined
  const isPrompt = state === 'held' || reason !== 'failing'
  return {
    isPrompt,
    isDue: retryAt !== null && retryAt <= now,
    isDueAlone: !isPrompt && triedAt !== null && triedAt <= now - timeout,
  }
}
