import { FAILURES, type Failure } from '@countersign/kit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Ended,
  HEALTHY,
  type Health,
  isFailing,
  isOldNews,
  judgeOutcome,
  type Outcome,
  restOf,
  tried,
} from './breaker.ts'

const T = Date.UTC(2026, 0, 1)
const TIMEOUT = 8000
const at = (now: number) => ({ now, timeout: TIMEOUT })

/** Attempts that ended so many milliseconds before `T`. */
const ended = (failure: Failure | null, ...before: number[]): Ended[] =>
  before.map(each => ({ failure, endedAt: T - each }))
const five = (failure: Failure) => ended(failure, 0, 500, 1000, 1500, 2000)

describe('a connection fails', () => {
  test.each(['unreachable', 'provider_fault', 'throttled'] as const)('when the last five are %s', failure => {
    expect(isFailing(five(failure), T)).toBe(true)
    expect(isFailing(five(failure).slice(0, 4), T)).toBe(false)
    expect(isFailing(five(failure).toReversed(), T)).toBe(true)
  })

  test('not by five that end at once, as they do at a hundred messages a second', () => {
    expect(isFailing(ended('unreachable', 0, 1, 2, 3, 4, 5, 6, 7), T)).toBe(false)
  })

  test('not once an answer came after them, be it a refusal', () => {
    for (const failure of [null, 'recipient_blocked', 'message_rejected'] as const)
      expect(isFailing([...five('unreachable'), { failure, endedAt: T + 1 }], T)).toBe(false)
  })

  test('when three of four of at least twenty do, although some still go out', () => {
    const often = Array.from({ length: 40 }, (_, index) => index * 100)
    const mixed = (every: number) =>
      often.flatMap((before, index) => ended(index % every === 0 ? null : 'provider_fault', before))
    expect(isFailing(mixed(4), T)).toBe(true)
    expect(isFailing(mixed(3), T)).toBe(false)
    // A while ago is not of late.
    expect(isFailing(mixed(4), T + 31_000)).toBe(false)
  })
})

const FAILED = Object.keys(FAILURES) as Failure[]
const anyOutcome: fc.Arbitrary<Outcome> = fc.record({
  failure: fc.option(fc.constantFrom(...FAILED)),
  at: fc.integer({ min: T - 20_000, max: T }),
})
const anyEnded = fc.array(
  fc.record({
    failure: fc.option(fc.constantFrom(...FAILED)),
    endedAt: fc.integer({ min: T - 60_000, max: T }),
  }),
  { maxLength: 30 },
)
const anyHealth: fc.Arbitrary<Health> = fc.oneof(
  fc.constant(HEALTHY),
  fc.constant({ ...HEALTHY, since: T - 10_000 }),
  fc.constant({ ...HEALTHY, state: 'held' as const, since: T - 10_000 }),
  fc
    .record({
      reason: fc.constantFrom(
        'failing' as const,
        'balance_exhausted' as const,
        'credentials_rejected' as const,
      ),
      tries: fc.nat({ max: 40 }),
    })
    .map(({ reason, tries }) => ({
      ...HEALTHY,
      state: 'resting' as const,
      reason,
      tries,
      since: T - 15_000,
      triedAt: T - 15_000,
      retryAt: T,
    })),
)

const anyOfRecipient = fc.constantFrom(
  'recipient_invalid' as const,
  'recipient_blocked' as const,
  'rate_limited' as const,
)

describe('whatever happened before', () => {
  test('what is wrong with a recipient makes no connection rest, however often it comes', () => {
    fc.assert(
      fc.property(anyHealth, anyOutcome, anyOfRecipient, (before, outcome, failure) => {
        const many = Array.from({ length: 50 }, (_, index) => ended(failure, index * 100)).flat()
        const after = judgeOutcome(before, { ...outcome, failure }, many, at(T))
        if (before.state === 'resting') expect(after.state).toMatch(/resting|healthy/)
        else expect(after).toBe(before)
        expect(isFailing(many, T)).toBe(false)
      }),
    )
  })

  test('an empty balance and refused keys make it rest at once, each as a state of its own', () => {
    fc.assert(
      fc.property(anyHealth, anyEnded, (before, recent) => {
        for (const failure of ['balance_exhausted', 'credentials_rejected'] as const) {
          const after = judgeOutcome(before, { failure, code: 'X', at: T }, recent, at(T))
          if (before.state === 'held') expect(after).toBe(before)
          else expect(after).toMatchObject({ state: 'resting', reason: failure })
          if (before.reason === failure) expect(after).toBe(before)
          else if (before.state !== 'held') expect(after).toMatchObject({ since: T, tries: 0, code: 'X' })
        }
      }),
    )
  })

  test('a success lets it work again; without money or keys one of a message that began ten seconds later does', () => {
    fc.assert(
      fc.property(anyHealth, anyOutcome, (before, outcome) => {
        const after = judgeOutcome(before, { ...outcome, failure: null }, [], at(T))
        const from = before.reason === 'failing' ? 0 : before.since + 10_000
        if (before.state !== 'resting' || outcome.at < from) expect(after).toBe(before)
        else expect(after).toEqual({ ...HEALTHY, since: T })
      }),
    )
  })

  test('what only operators may end, no outcome ends, and what was under way at a recovery begins no new rest', () => {
    fc.assert(
      fc.property(anyHealth, anyOutcome, anyEnded, (before, outcome, recent) => {
        const after = judgeOutcome(before, outcome, recent, at(T))
        if (before.state === 'held') expect(after).toBe(before)
        if (before.state === 'healthy' && outcome.at < before.since) expect(after).toBe(before)
      }),
    )
  })

  test('what is taken for old news changes nothing', () => {
    fc.assert(
      fc.property(anyHealth, anyOutcome, anyEnded, (before, outcome, recent) => {
        if (isOldNews(before, outcome)) expect(judgeOutcome(before, outcome, recent, at(T))).toBe(before)
      }),
    )
  })

  test('a try puts the next one off, longer each time, within bounds, and never by less than one send takes', () => {
    fc.assert(
      fc.property(anyHealth, fc.integer({ min: 500, max: 60_000 }), (before, timeout) => {
        const one = tried(before, { now: T, timeout })
        const two = tried(one, { now: T, timeout })
        expect(one.retryAt! - T).toBeGreaterThanOrEqual(timeout)
        expect(two.retryAt).toBeGreaterThanOrEqual(one.retryAt!)
        expect(two.retryAt! - T).toBeLessThanOrEqual(300_000)
        expect(restOf(one, { now: T, timeout })?.isDue ?? false).toBe(false)
        expect(restOf(one, { now: T, timeout })?.isDueAlone ?? false).toBe(false)
      }),
    )
  })
})

test('an answer about a recipient ends a rest for failing, and says nothing of the balance or the keys', () => {
  const rests = (reason: Health['reason']): Health => ({
    ...HEALTHY,
    state: 'resting',
    reason,
    since: T - 1000,
  })
  const answer = { failure: 'recipient_blocked', at: T } as const
  expect(judgeOutcome(rests('failing'), answer, [], at(T)).state).toBe('healthy')
  for (const reason of ['balance_exhausted', 'credentials_rejected'] as const)
    expect(judgeOutcome(rests(reason), answer, [], at(T)).reason).toBe(reason)
})
