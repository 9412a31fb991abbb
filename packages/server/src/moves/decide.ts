import { MOVE_STEPS, type MoveReason, type MoveWait } from '@countersign/api'

/** The messages of one country that went over a connection first. */
export interface Sample {
  /** Null for e-mail, and for numbers of which nobody can tell. */
  country: string | null
  sent: number
  /** Those that the connection could not send, but for what was wrong with their recipients. */
  failed: number
  /** Those that were sent long enough ago for their codes to be used. */
  counted: number
  verified: number
}

/** What is known of a step. */
export interface Evidence {
  /** Milliseconds since it began. */
  lasted: number
  /** A circuit breaker holds the connection back. */
  rests: boolean
  /** Over the connection that messages are moved to. */
  to: readonly Sample[]
  /** Over all others of its channel. */
  from: readonly Sample[]
  /** What was expected when the step before ended: at the last one the others have no messages of their own. */
  expected: number | null
  /** How often the move has fallen back already. */
  falls: number
}

/** What has come of a step so far. */
export interface Figures {
  sent: number
  failed: number
  counted: number
  verified: number
  /** The part of `counted` that would have been verified over the others; null while that cannot be told. */
  expected: number | null
}

/** What is to be done. */
export type Decision =
  | { do: 'wait'; for: MoveWait }
  | { do: 'go'; share: number; because: 'as_good' }
  | { do: 'fall'; share: number; because: MoveReason & ('worse' | 'failing' | 'resting') }
  | { do: 'end' }

const HOUR = 60 * 60_000

/** A step lasts so long at least: one good hour of the day says nothing of the others, but many bad minutes are few. */
const LEAST = HOUR
/** At the last step nothing is compared side by side, so it must go well for a day. */
const LEAST_OF_LAST = 24 * HOUR

/** So many messages say whether a connection is as good. */
const ENOUGH = 50
/** So many say that it is worse, when the difference is large. */
const ENOUGH_TO_FALL = 20
/** So much less may be verified: people differ from one day to the next. */
const TOLERATED = 0.02
/** From so much less on it is worse, unless that may be chance: at so many standard deviations it is not. */
const WORSE = 0.05
const NO_CHANCE = 2.33
/** So many messages that could not be sent, of which they are such a part, end a step at once. */
const FAILURES = 5
const FAILING = 0.2
/** With so many more failures than the others have, the next step waits. */
const FAILS_MORE = 0.05
/** A move that falls back so often goes back to its start. */
const MOST_FALLS = 3

const sum = (samples: readonly Sample[], of: 'sent' | 'failed' | 'counted' | 'verified') =>
  samples.reduce((total, sample) => total + sample[of], 0)

const part = (some: number, all: number) => (all === 0 ? 0 : some / all)

/**
 * Compares what came of the messages of a step: codes are used more seldom in one country than in another, so what is to
 * be expected is what the others would have come to with the countries that the connection had.
 *
 * @example figuresOf(evidence).expected // 0.83
 */
export function figuresOf({ to, from, expected }: Pick<Evidence, 'to' | 'from' | 'expected'>): Figures {
  const pairs = to.flatMap(sample => {
    const other = from.find(({ country }) => country === sample.country)
    return other && other.counted > 0 ? [{ sample, other }] : []
  })
  const comparable = sum(
    pairs.map(({ other }) => other),
    'counted',
  )
  const all = { sent: sum(to, 'sent'), failed: sum(to, 'failed') }
  if (comparable < ENOUGH)
    return { ...all, counted: sum(to, 'counted'), verified: sum(to, 'verified'), expected }
  const compared = pairs.map(({ sample }) => sample)
  const counted = sum(compared, 'counted')
  const wanted = pairs.reduce(
    (total, { sample, other }) => total + sample.counted * part(other.verified, other.counted),
    0,
  )
  return {
    ...all,
    counted,
    verified: sum(compared, 'verified'),
    expected: counted === 0 ? expected : wanted / counted,
  }
}

/**
 * The share before one, or behind all others.
 *
 * @example shareBefore(25) // 5
 */
export const shareBefore = (share: number): number => MOVE_STEPS.findLast(step => step < share) ?? 0

/**
 * The share after one; undefined after the last.
 *
 * @example shareAfter(25) // 50
 */
export const shareAfter = (share: number): number | undefined => MOVE_STEPS.find(step => step > share)

/** Why a step cannot stay; undefined while it can. */
function fault({ rests, to }: Evidence, { sent, failed, counted, verified, expected }: Figures) {
  if (rests) return 'resting'
  if (failed >= FAILURES && part(failed, sum(to, 'sent')) >= FAILING) return 'failing'
  if (expected === null || counted < ENOUGH_TO_FALL || sent === 0) return undefined
  const behind = expected - part(verified, counted)
  const deviation = Math.sqrt((expected * (1 - expected)) / counted)
  return behind > WORSE && behind > NO_CHANCE * deviation ? 'worse' : undefined
}

/**
 * Decides what comes after a step of a move. It is a pure function of what is known.
 *
 * @example decide(5, { lasted: 7_200_000, rests: false, to, from, expected: null, falls: 0 })
 */
export function decide(share: number, evidence: Evidence): Decision {
  const figures = figuresOf(evidence)
  const { counted, verified, expected } = figures
  const because = fault(evidence, figures)
  if (because) {
    const last = evidence.falls + 1 >= MOST_FALLS
    return { do: 'fall', share: last ? 0 : shareBefore(share), because }
  }
  const after = shareAfter(share)
  if (evidence.lasted < (after === undefined ? LEAST_OF_LAST : LEAST)) return { do: 'wait', for: 'time' }
  if (counted < ENOUGH) return { do: 'wait', for: 'numbers' }
  if (expected === null) return { do: 'wait', for: 'others' }
  if (part(verified, counted) < expected - TOLERATED) return { do: 'wait', for: 'behind' }
  const others = part(sum(evidence.from, 'failed'), sum(evidence.from, 'sent'))
  if (part(figures.failed, figures.sent) > others + FAILS_MORE) return { do: 'wait', for: 'failing' }
  return after === undefined ? { do: 'end' } : { do: 'go', share: after, because: 'as_good' }
}
