import { MOVE_STEPS } from '@countersign/api'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decide, type Evidence, figuresOf, type Sample, shareAfter, shareBefore } from './decide.ts'

const HOUR = 60 * 60_000

const sample = (counted: number, verified: number, change: Partial<Sample> = {}): Sample => ({
  country: 'CN',
  sent: counted,
  failed: 0,
  counted,
  verified,
  ...change,
})

const evidence = (to: Sample, change: Partial<Evidence> = {}): Evidence => ({
  lasted: 2 * HOUR,
  rests: false,
  to: [to],
  from: [sample(1000, 800)],
  expected: null,
  falls: 0,
  ...change,
})

describe('a step of a move', () => {
  test.each([
    ['as many codes are used', 5, evidence(sample(60, 48)), { do: 'go', share: 25, because: 'as_good' }],
    ['hardly fewer are', 25, evidence(sample(60, 47)), { do: 'go', share: 50, because: 'as_good' }],
    ['more are', 50, evidence(sample(60, 60)), { do: 'go', share: 100, because: 'as_good' }],
  ])('is followed by the next when %s', (_, share, known, decision) => {
    expect(decide(share, known)).toEqual(decision)
  })

  test.each([
    ['it has not lasted an hour', evidence(sample(60, 48), { lasted: HOUR - 1 }), 'time'],
    ['too few messages were sent', evidence(sample(49, 49)), 'numbers'],
    ['too few went over the others', evidence(sample(60, 60), { from: [sample(49, 30)] }), 'others'],
    ['the others send to other countries', evidence(sample(60, 60, { country: 'DE' })), 'others'],
    ['fewer codes are used, which may be chance', evidence(sample(60, 45)), 'behind'],
    ['more fail than over the others', evidence(sample(60, 52, { failed: 4 })), 'failing'],
  ])('stays while %s', (_, known, reason) => {
    expect(decide(25, known)).toEqual({ do: 'wait', for: reason })
  })

  test.each([
    ['a breaker holds the connection back', evidence(sample(0, 0), { rests: true, lasted: 0 }), 'resting'],
    ['one in five cannot be sent', evidence(sample(25, 20, { failed: 5 }), { lasted: 0 }), 'failing'],
    ['certainly fewer codes are used', evidence(sample(60, 30)), 'worse'],
  ])('is taken back at once when %s', (_, known, because) => {
    expect(decide(50, known)).toEqual({ do: 'fall', share: 25, because })
    expect(decide(5, known)).toEqual({ do: 'fall', share: 0, because })
    // The third time there is no other try.
    expect(decide(50, { ...known, falls: 2 })).toEqual({ do: 'fall', share: 0, because })
  })

  test('is the last one until it has gone well for a day by what was expected before', () => {
    const last = (change: Partial<Evidence>) =>
      decide(100, evidence(sample(60, 48), { from: [], expected: 0.8, ...change }))
    expect(last({ lasted: 23 * HOUR })).toEqual({ do: 'wait', for: 'time' })
    expect(last({ lasted: 24 * HOUR })).toEqual({ do: 'end' })
    expect(last({ to: [sample(60, 30)] })).toEqual({ do: 'fall', share: 50, because: 'worse' })
  })

  test('is measured by the countries that the connection had', () => {
    const from = [sample(1000, 900), sample(1000, 300, { country: 'DE' })]
    const known = { to: [sample(10, 9), sample(90, 27, { country: 'DE' })], from, expected: null }
    expect(figuresOf(known)).toEqual({ sent: 100, failed: 0, counted: 100, verified: 36, expected: 0.36 })
    expect(decide(5, { ...evidence(sample(0, 0)), ...known })).toMatchObject({ do: 'go' })
  })
})

const anySample = fc
  .tuple(fc.constantFrom('CN', 'DE', null), fc.nat({ max: 500 }), fc.nat({ max: 100 }), fc.nat({ max: 100 }))
  .map(([country, sent, failed, verified]) =>
    sample(sent, Math.floor((sent * verified) / 100), {
      country,
      failed: Math.floor((sent * failed) / 100),
    }),
  )
const anyEvidence = fc.record({
  lasted: fc.nat({ max: 100 * HOUR }),
  rests: fc.boolean(),
  to: fc.uniqueArray(anySample, { selector: ({ country }) => country, maxLength: 3 }),
  from: fc.uniqueArray(anySample, { selector: ({ country }) => country, maxLength: 3 }),
  expected: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
  falls: fc.nat({ max: 4 }),
})
const anyShare = fc.constantFrom(...MOVE_STEPS)

describe('whatever is known', () => {
  test('a move goes up by one step at most, and never with a breaker open, in haste or on few numbers', () => {
    fc.assert(
      fc.property(anyShare, anyEvidence, (share, known) => {
        const decision = decide(share, known)
        if (decision.do !== 'go' && decision.do !== 'end') return
        expect(decision.do === 'go' ? decision.share : undefined).toBe(shareAfter(share))
        const { counted, verified, expected } = figuresOf(known)
        expect([known.rests, counted >= 50, known.lasted >= HOUR]).toEqual([false, true, true])
        expect(verified / counted).toBeGreaterThanOrEqual(expected! - 0.02)
      }),
    )
  })

  test('a move falls to the step before or to its start, and always when the breaker is open', () => {
    fc.assert(
      fc.property(anyShare, anyEvidence, (share, known) => {
        const decision = decide(share, known)
        if (known.rests) expect(decision.do).toBe('fall')
        if (decision.do === 'fall') expect([0, shareBefore(share)]).toContain(decision.share)
      }),
    )
  })

  test('more used codes never take a step back that fewer would leave', () => {
    fc.assert(
      fc.property(anyShare, anyEvidence, fc.nat({ max: 2 }), (share, known, at) => {
        const better = known.to.map((each, index) =>
          index === at ? { ...each, verified: each.counted } : each,
        )
        if (decide(share, known).do === 'fall') return
        expect(decide(share, { ...known, to: better }).do).not.toBe('fall')
      }),
    )
  })
})
