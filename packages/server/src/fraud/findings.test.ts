import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Figures, findings, type History, isWell, judge, POLICY, peopleToFind } from './findings.ts'

const SUBJECT = 'sms/prefix/861380013'
const recent = (people: number, used: number, subject = SUBJECT) =>
  ({ subject, window: 'hour', people, used }) as const
const historyOf =
  (own: Figures | undefined, all?: Figures): History =>
  subject =>
    subject === 'sms/all/' ? all : own
const found =
  (...[people, used]: [number, number]) =>
  (history: History) =>
    findings([recent(people, used)], history, POLICY).length

/** Evenly drawn numbers from 0 to below 1: fast-check's own prefer edges, and honest people do not. */
function chance(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** So many people, each of whom uses a code with the same chance. */
const drawn = (people: number, share: number, next: () => number): Figures => ({
  people,
  used: Array.from({ length: people }, next).filter(each => each < share).length,
})

describe('what the guard finds', () => {
  it('leaves an honest steady stream alone, however many or few its people are', () => {
    const share = fc.double({ min: 0.25, max: 1, noNaN: true })
    fc.assert(
      fc.property(share, fc.nat(), fc.nat(400), fc.nat(5000), (share, seed, lately, earlier) => {
        const next = chance(seed)
        const { people, used } = drawn(lately, share, next)
        const before = drawn(earlier, share, next)
        // Where the subject has too short a history, the channel's counts.
        const by = earlier < POLICY.history ? historyOf(drawn(500, share, next)) : historyOf(before)
        return found(people, used)(by) === 0
      }),
      { numRuns: 300 },
    )
  })

  it('finds every flood of which nobody uses a code, within as many people as it says', () => {
    const history = fc
      .record({
        people: fc.integer({ min: 200, max: 100_000 }),
        share: fc.double({ min: 0.3, max: 1, noNaN: true }),
      })
      .map(({ people, share }) => ({ people, used: Math.round(people * share) }))
    fc.assert(
      fc.property(history, fc.boolean(), fc.nat(10_000), (before, isOwn, more) => {
        const by = isOwn ? historyOf(before) : historyOf(undefined, before)
        const { expected } = judge(recent(0, 0), by, POLICY)
        const enough = peopleToFind(expected, POLICY)
        return found(enough + more, 0)(by) === 1 && enough < 90
      }),
    )
  })

  it('never makes anything of fewer than twenty people', () => {
    const figures = fc.record({ people: fc.nat(100_000), used: fc.nat(100_000) })
    fc.assert(
      fc.property(fc.nat(POLICY.people - 1), figures, figures, (few, own, all) => {
        return found(few, 0)(historyOf(own, all)) === 0
      }),
    )
  })

  it('sees a flood through honest people as long as these are fewer than a third', () => {
    const before = historyOf({ people: 5000, used: 4000 })
    expect([found(300, 80)(before), found(300, 200)(before)]).toEqual([1, 0])
  })

  it('goes by the channel where a subject has no history, and by half where nobody has any', () => {
    const all = { people: 1000, used: 900 }
    const judged = (own: Figures | undefined, channel?: Figures, subject = SUBJECT) =>
      judge(recent(50, 0, subject), historyOf(own, channel), POLICY)
    expect(judged({ people: 200, used: 100 }, all)).toMatchObject({ basis: 'own', before: { people: 200 } })
    expect(judged({ people: 20, used: 1 }, all)).toMatchObject({ basis: 'channel', before: all })
    expect(judged(undefined)).toMatchObject({ basis: 'assumed', expected: 0.5 })
  })

  it('takes no fraud of before for a history, except an application’s, which may be its own business', () => {
    const all = { people: 10_000, used: 9000 }
    const own = { people: 3000, used: 30 }
    expect(found(60, 0)(historyOf(own, all))).toBe(1)
    expect(findings([recent(60, 0, 'sms/application/app')], historyOf(own, all), POLICY)).toEqual([])
  })

  it('leaves an office of three hundred people behind one address clean, with typos and second codes', () => {
    const office = recent(300, 285, 'sms/network/hash')
    const by = historyOf(undefined, { people: 4000, used: 3400 })
    expect(findings([office], by, POLICY)).toEqual([])
    expect(isWell(judge(office, by, POLICY), POLICY)).toBe(true)
  })
})
