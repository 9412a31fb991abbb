import { FAILURES, type Failure } from '@countersign/kit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Failed, next, type Step, type Tried } from './course.ts'
import { createPatience } from './patience.ts'
import { type Earlier, reconsidered } from './resend.ts'

const FAILED = Object.keys(FAILURES) as Failure[]
const anyFailed = fc.record({ failure: fc.constantFrom(...FAILED), maybeSent: fc.boolean() })

describe('whatever becomes of a message', () => {
  /** A message's whole way: attempts end, or stay silent and end later or never, as it happens to come. */
  const anyCourse = fc
    .tuple(
      fc.uniqueArray(fc.uuid(), { minLength: 1, maxLength: 5 }),
      fc.infiniteStream(fc.option(anyFailed, { nil: undefined })),
      fc.infiniteStream(fc.option(anyFailed, { nil: undefined })),
    )
    .map(([ways, atOnce, later]) => {
      const tried: Tried<string>[] = []
      const before: { failed: (Failed | undefined)[]; step: Step<string> }[] = []
      for (let step = next(ways, tried); step; step = next(ways, tried)) {
        before.push({ failed: tried.map(({ failed }) => failed), step })
        tried.push({ ...step, failed: atOnce.next().value })
        for (const each of tried) each.failed ??= later.next().value
      }
      return { ways, tried, before }
    })
  const STOP: readonly Failure[] = ['recipient_invalid', 'recipient_blocked', 'rate_limited']
  const mayHaveLeft = (failed: Failed | undefined) => !failed || failed.maybeSent

  test('nobody is asked after a provider that refused the recipient', () => {
    fc.assert(
      fc.property(anyCourse, ({ before }) => {
        for (const { failed } of before)
          expect(failed.some(each => each && STOP.includes(each.failure))).toBe(false)
      }),
    )
  })

  test('no code goes out again that may have left, and there is one second code at most', () => {
    fc.assert(
      fc.property(anyCourse, ({ tried, before }) => {
        for (const [at, { failed, step }] of before.entries())
          for (const [earlier, each] of failed.entries())
            if (mayHaveLeft(each))
              expect([at, tried[earlier]!.code, step.code]).toEqual([at, 'first', 'second'])
        expect(tried.filter(({ failed }) => mayHaveLeft(failed)).length).toBeLessThanOrEqual(2)
        expect(tried.map(({ code }) => code)).toEqual(tried.map(({ code }) => code).toSorted())
      }),
    )
  })

  test('each is asked once in their order, and the last once more where nothing left and it may go well', () => {
    fc.assert(
      fc.property(anyCourse, ({ ways, tried, before }) => {
        const asked = tried.map(({ way }) => way)
        expect([...new Set(asked)]).toEqual(ways.slice(0, new Set(asked).size))
        const again = asked.findIndex((way, at) => asked.indexOf(way) < at)
        if (again === -1) return
        expect([again, asked[again]]).toEqual([asked.length - 1, asked[again - 1]])
        expect(before[again]!.failed[again - 1]).toMatchObject({ maybeSent: false })
        expect(['unreachable', 'provider_fault']).toContain(before[again]!.failed[again - 1]!.failure)
      }),
    )
  })

  test('the only one is never asked again after a message that may have left', () => {
    for (const failed of [undefined, { failure: 'unreachable', maybeSent: true } as const])
      expect(next(['a'], [{ way: 'a', code: 'first', failed }])).toBeUndefined()
  })
})

const anyEarlier: fc.Arbitrary<Earlier> = fc.record({
  connectionId: fc.option(fc.constantFrom('a', 'b', 'c', 'gone')),
  state: fc.constantFrom('sending', 'accepted', 'failed', 'unconfirmed'),
  failure: fc.option(fc.constantFrom(...FAILED)),
  receipt: fc.option(fc.constantFrom('delivered', 'undelivered', 'none')),
  age: fc.nat({ max: 60_000 }),
  othersArrive: fc.boolean(),
})

describe('candidates for a recipient who asks again', () => {
  const [a, b, c] = ['a', 'b', 'c'].map(id => ({ id })) as [{ id: string }, { id: string }, { id: string }]
  const plain: Earlier = {
    connectionId: 'a',
    state: 'accepted',
    failure: null,
    receipt: null,
    age: 30_000,
    othersArrive: false,
  }

  test.each<[string, Partial<Earlier>, boolean]>([
    ['was accepted', {}, false],
    ['was accepted, and others have arrived since', { othersArrive: true }, true],
    ['was accepted just now, while others arrive', { othersArrive: true, age: 3_000 }, false],
    ['has no receipt and never gets one, while others arrive', { receipt: 'none', othersArrive: true }, true],
    ['was delivered', { receipt: 'delivered', othersArrive: true }, false],
    ['got no answer and was delivered', { state: 'unconfirmed', receipt: 'delivered' }, false],
    ['was not delivered', { receipt: 'undelivered' }, true],
    ['got no answer', { state: 'unconfirmed', failure: 'unreachable' }, true],
    ['failed', { state: 'failed', failure: 'balance_exhausted' }, true],
    ['failed because of the number', { state: 'failed', failure: 'rate_limited' }, false],
  ])('have the first one last when its message %s: %#', (_, change, isLast) => {
    const expected = isLast ? ['b', 'c', 'a'] : ['a', 'b', 'c']
    expect(reconsidered([a, b, c], [{ ...plain, ...change }]).map(({ id }) => id)).toEqual(expected)
  })

  test('are the same ones, and those that have not disappointed lately keep their order', () => {
    fc.assert(
      fc.property(fc.array(anyEarlier, { maxLength: 6 }), earlier => {
        const order = reconsidered([a, b, c], earlier).map(({ id }) => id)
        expect(order.toSorted()).toEqual(['a', 'b', 'c'])
        const unheard = ['a', 'b', 'c'].filter(id => earlier.every(each => each.connectionId !== id))
        expect(order.filter(id => unheard.includes(id))).toEqual(unheard)
        // Only the newest attempt over a connection counts.
        const newest = ['a', 'b', 'c'].flatMap(id => earlier.find(each => each.connectionId === id) ?? [])
        expect(reconsidered([a, b, c], newest).map(({ id }) => id)).toEqual(order)
      }),
    )
  })
})

describe('the patience with a silent connection', () => {
  test('is what its provider usually takes, within bounds, and always less than half of the time that is left', () => {
    const patience = createPatience()
    expect(patience.with('new', 8000)).toBe(3000)
    for (let time = 0; time < 19; time += 1) patience.note('slow', 1500)
    expect(patience.with('slow', 8000)).toBe(3000)
    for (let time = 0; time < 300; time += 1) patience.note('slow', time === 200 ? 5000 : 1500 + (time % 10))
    // One of a hundred and more is no measure.
    expect(patience.with('slow', 8000)).toBe(1509)
    for (let time = 0; time < 20; time += 1) patience.note('quick', 80)
    expect(patience.with('quick', 8000)).toBe(1000)
    expect(patience.with('quick', 1000)).toBe(375)
    fc.assert(
      fc.property(fc.array(fc.nat(20_000)), fc.integer({ min: 1, max: 60_000 }), (took, left) => {
        const any = createPatience()
        for (const each of took) any.note('any', each)
        expect(any.with('any', left)).toBeLessThan(left / 2)
        expect(any.with('any', left)).toBeLessThanOrEqual(3000)
      }),
    )
  })

  test('is forgotten for connections that nobody uses any more', () => {
    const patience = createPatience()
    for (let time = 0; time < 20; time += 1) patience.note('old', 80)
    for (let other = 0; other < 100; other += 1) patience.note(`other ${other}`, 80)
    expect(patience.with('old', 8000)).toBe(3000)
  })
})
