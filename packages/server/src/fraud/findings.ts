import type { FraudBasis, FraudKind } from '@countersign/api'

/** How many people were sent codes, and how many of them used one. */
export interface Figures {
  people: number
  used: number
}

/** What the messages to some people have in common, e.g. `sms/prefix/861380013`. */
export type Subject = string

/** What came of the messages of a subject lately: within an hour, or within a day. */
export interface Recent extends Figures {
  subject: Subject
  window: 'hour' | 'day'
}

/** What is held against recent figures: those of before, or undefined where there are none. */
export type History = (subject: Subject, window: Recent['window']) => Figures | undefined

/** Recent figures beside what was to be expected. */
export interface Judged extends Recent {
  /** The share of people who use a code, of which nobody doubts that it was reached before, from 0 to 1. */
  expected: number
  basis: FraudBasis
  /** What it was expected by; nobody where it was assumed. */
  before: Figures
}

/** How strict the guard is. */
export interface Policy {
  /** Fewer people than that prove nothing, whoever they are. */
  people: number
  /** So many standard deviations are left to chance, on either side. */
  deviations: number
  /** A share below that part of the expected one is far below. */
  part: number
  /** From that part of the expected share on, all is well again. */
  wellPart: number
  /** A history of fewer people is none. */
  history: number
  /** What is expected where nobody has any history. */
  assumed: number
  /** A share below that part of the channel's is no history to go by: it may be the fraud of before. */
  credible: number
  /** For so many people one known browser may ask for codes that nobody uses; for more it counts as a stranger's. */
  ownPeople: number
}

/**
 * At a look twenty people are enough where eight in ten used their codes before, and none of them does now: then nine
 * in thirty are the most that chance explains, and four in ten were the least that is half of what was.
 */
export const POLICY: Policy = {
  people: 20,
  deviations: 3,
  part: 0.5,
  wellPart: 0.75,
  history: 100,
  assumed: 0.5,
  credible: 0.1,
  ownPeople: 3,
}

/** A subject by its parts. */
export interface SubjectParts {
  channel: 'sms' | 'email'
  /** `all`: the whole channel. */
  kind: FraudKind | 'all'
  value: string
}

/** Writes a subject: `subjectOf({ channel: 'sms', kind: 'country', value: 'CN' }) // 'sms/country/CN'`. */
export const subjectOf = ({ channel, kind, value }: SubjectParts): Subject => `${channel}/${kind}/${value}`

/** Reads a subject: `partsOf('sms/country/CN').value // 'CN'`. */
export function partsOf(subject: Subject): SubjectParts {
  const [channel, kind, ...rest] = subject.split('/')
  return { channel, kind, value: rest.join('/') } as SubjectParts
}

/** Whether a subject is one of few: `isNarrow('sms/country/CN') // false`. */
export const isNarrow = (subject: Subject): boolean => ['network', 'prefix'].includes(partsOf(subject).kind)

/**
 * Between which shares the true one lies, by what is seen of it (Wilson's interval): for few people far apart, for many
 * close together.
 *
 * @example boundsOf({ people: 20, used: 0 }, 3) // { low: 0, high: 0.31 }
 */
export function boundsOf({ people, used }: Figures, deviations: number): { low: number; high: number } {
  if (people === 0) return { low: 0, high: 1 }
  const square = deviations ** 2
  const share = used / people
  const middle = share + square / (2 * people)
  const reach = deviations * Math.sqrt((share * (1 - share)) / people + square / (4 * people ** 2))
  const scale = 1 + square / people
  return { low: Math.max(0, (middle - reach) / scale), high: Math.min(1, (middle + reach) / scale) }
}

const shareOf = ({ people, used }: Figures) => (people === 0 ? 0 : used / people)

/** By what a subject is judged: its own history, else that of its channel, else what is assumed. */
function expectation(
  { subject, window }: Recent,
  history: History,
  policy: Policy,
): Pick<Judged, 'expected' | 'basis' | 'before'> {
  const { channel, kind } = partsOf(subject)
  const enough = (figures: Figures | undefined) =>
    figures && figures.people >= policy.history ? figures : undefined
  const own = enough(history(subject, window))
  const all = enough(history(subjectOf({ channel, kind: 'all', value: '' }), window))
  // An application's codes may be ones that nobody gives back, which is its own business.
  const isCredible = kind === 'application' || !own || !all || shareOf(own) >= policy.credible * shareOf(all)
  const by = (before: Figures, basis: FraudBasis) => ({
    expected: boundsOf(before, policy.deviations).low,
    basis,
    before,
  })
  if (own && isCredible) return by(own, 'own')
  if (all) return by(all, 'channel')
  return { expected: policy.assumed, basis: 'assumed', before: { people: 0, used: 0 } }
}

/**
 * Says what was to be expected of recent figures.
 *
 * @example judge({ subject: 'sms/country/CN', window: 'hour', people: 40, used: 1 }, () => undefined, POLICY).expected // 0.5
 */
export const judge = (recent: Recent, history: History, policy: Policy): Judged => ({
  ...recent,
  ...expectation(recent, history, policy),
})

/** Whether so few people used their codes that chance does not explain it, and honest people do not either. */
export const isFraud = (judged: Judged, policy: Policy): boolean =>
  judged.people >= policy.people && boundsOf(judged, policy.deviations).high < policy.part * judged.expected

/** Whether people use their codes as they did before. */
export const isWell = (judged: Judged, policy: Policy): boolean =>
  judged.people >= policy.people && shareOf(judged) >= policy.wellPart * judged.expected

/**
 * The subjects whose codes are used far less than they were before, those with the most people first.
 *
 * A subject is one when three things hold: enough people were sent codes that have had their time; the share of them who
 * used one is below half of what was to be expected, even at the upper end of what chance allows; and what was to be
 * expected is taken at the lower end of what its own 14 days allow, or those of its channel where it has none.
 *
 * @example findings([{ subject: 'sms/prefix/88213', window: 'hour', people: 60, used: 0 }], history, POLICY)
 */
export const findings = (recent: readonly Recent[], history: History, policy: Policy): Judged[] =>
  recent
    .map(each => judge(each, history, policy))
    .filter(each => isFraud(each, policy))
    .sort((a, b) => b.people - a.people || (a.subject < b.subject ? -1 : 1))

/**
 * How many people are enough to find a flood of which nobody uses a code.
 *
 * @example peopleToFind(0.8, POLICY) // 20
 */
export const peopleToFind = (expected: number, { people, deviations, part }: Policy): number =>
  Math.max(people, Math.floor(deviations ** 2 * (1 / (part * expected) - 1)) + 1)
