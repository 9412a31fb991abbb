import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Database } from '../db/database.ts'
import { eachDatabase } from '../db/testing.ts'
import { type Allowance, beginWith, countLess, lastOf, purge, take, usedOf } from './counters.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const NOW = Date.parse('2026-11-30T10:00:30+08:00')
const rolling: Allowance = { key: 'rolling', most: 3, lasts: MINUTE, window: 'rolling' }
const begun: Allowance = { key: 'begun', most: 3, lasts: MINUTE, window: 'begun' }
const clock: Allowance = { key: 'clock', most: 3, lasts: MINUTE, window: 'clock' }
const KINDS = [rolling, begun, clock]

/** What a call came to: granted, or until when it must wait, in seconds from the call. */
async function outcome(db: Database, allowances: Allowance[], now: number) {
  const taken = await take(db, allowances, now)
  return 'full' in taken
    ? taken.full.map(({ key, why, until }) => `${key} ${why} ${(until - now) / 1000}`).sort()
    : 'granted'
}

eachDatabase('counters', openFresh => {
  test.each(KINDS)('grant no more than there are to parallel callers: $key', async allowance => {
    const db = await openFresh()
    const all = await Promise.all(Array.from({ length: 30 }, () => take(db, [allowance], NOW)))
    expect(all.filter(each => !('full' in each))).toHaveLength(3)
  })

  test('count amounts, and never more than there is to parallel callers', async () => {
    const db = await openFresh()
    const amount: Allowance = { ...begun, most: 1_000_000_000_000, n: 300_000_000_000 }
    const all = await Promise.all(Array.from({ length: 10 }, () => take(db, [amount], NOW)))
    const granted = all.flatMap(each => ('full' in each ? [] : each))
    expect(granted.map(each => each.used('begun')).sort()).toEqual([3e11, 6e11, 9e11])
    await granted[0]!.giveBack()
    await countLess(db, [{ key: 'begun', until: NOW + MINUTE, n: 100_000_000_000 }])
    expect(await usedOf(db, ['begun', 'other'], NOW)).toEqual(
      new Map([['begun', { used: 5e11, until: NOW + MINUTE }]]),
    )
    expect(await outcome(db, [{ ...amount, n: 500_000_000_001 }], NOW)).toEqual(['begun most 60'])
    expect(await outcome(db, [{ ...amount, n: 1_000_000_000_001 }], NOW)).toEqual(['begun most 60'])
    expect(await outcome(db, [{ ...amount, n: 500_000_000_000 }], NOW)).toBe('granted')
    await beginWith(db, { key: 'begun', used: 999_999_999_999, until: NOW + MINUTE })
    expect(await outcome(db, [{ ...amount, n: 2 }], NOW)).toEqual(['begun most 60'])
    expect(await usedOf(db, ['begun'], NOW + MINUTE)).toEqual(new Map())
  })

  test('say until when each kind of window has no room', async () => {
    const db = await openFresh()
    for (const wait of [0, 10_000, 20_000]) expect(await outcome(db, KINDS, NOW + wait)).toBe('granted')
    expect(await outcome(db, KINDS, NOW + 25_000)).toEqual([
      'begun most 35',
      'clock most 5',
      'rolling most 35',
    ])
    // Then the minute of the clock is a new one, and the two others have counted nothing.
    expect(await outcome(db, KINDS, NOW + 40_000)).toEqual(['begun most 20', 'rolling most 20'])
    expect(await outcome(db, [clock], NOW + 40_000)).toBe('granted')
    expect(await outcome(db, KINDS, NOW + 60_000)).toBe('granted')
    // The rolling one gives back one after the other, the begun one has begun anew.
    expect(await outcome(db, [rolling], NOW + 61_000)).toEqual(['rolling most 9'])
    expect(await outcome(db, [begun], NOW + 61_000)).toBe('granted')
  })

  test('end the hour and the day of the clock as in Beijing', async () => {
    const db = await openFresh()
    const at = Date.parse('2026-11-30T23:59:00+08:00')
    for (const lasts of [HOUR, 24 * HOUR]) {
      const once: Allowance = { key: `${lasts}`, most: 1, lasts, window: 'clock' }
      expect(await outcome(db, [once], at)).toBe('granted')
      expect(await outcome(db, [once], at)).toEqual([`${lasts} most 60`])
      expect(await outcome(db, [once], at + MINUTE)).toBe('granted')
    }
  })

  test('keep a gap between two, and tell it from an allowance that is used up', async () => {
    const db = await openFresh()
    const paced: Allowance = { ...rolling, most: 2, lasts: HOUR, gap: MINUTE }
    expect(await outcome(db, [paced], NOW)).toBe('granted')
    expect(await outcome(db, [paced], NOW + 18_000)).toEqual(['rolling gap 42'])
    expect(await lastOf(db, 'rolling')).toBe(NOW)
    expect(await outcome(db, [paced], NOW + MINUTE)).toBe('granted')
    expect(await outcome(db, [paced], NOW + MINUTE)).toEqual(['rolling most 3540'])
  })

  test('count under no key when one of them has no room', async () => {
    const db = await openFresh()
    const narrow: Allowance = { ...begun, key: 'narrow', most: 1 }
    expect(await outcome(db, [...KINDS, narrow], NOW)).toBe('granted')
    for (let again = 0; again < 5; again += 1)
      expect(await outcome(db, [...KINDS, narrow], NOW)).toEqual(['narrow most 60'])
    expect(await outcome(db, KINDS, NOW)).toBe('granted')
    expect(await outcome(db, KINDS, NOW)).toBe('granted')
    expect(await outcome(db, KINDS, NOW)).toHaveLength(3)
  })

  test('count nothing even for a moment where one of them has no room, so that a refused flood refuses nobody else', async () => {
    const db = await openFresh()
    const narrow: Allowance = { ...begun, key: 'narrow', most: 1 }
    const last = KINDS.map(each => ({ ...each, key: `last ${each.key}`, most: 1 }))
    await take(db, [narrow], NOW)
    for (let times = 0; times < 3; times += 1) {
      const flood = () => Array.from({ length: 8 }, () => outcome(db, [...last, narrow], NOW))
      const [before, granted, after] = await Promise.all([
        Promise.all(flood()),
        take(db, last, NOW),
        Promise.all(flood()),
      ])
      expect('full' in granted).toBe(false)
      expect(new Set([...before, ...after].flat())).toContain('narrow most 60')
      if (!('full' in granted)) await granted.giveBack()
    }
  })

  test('refuse what nobody may do at all', async () => {
    const db = await openFresh()
    expect(await outcome(db, [rolling, { ...begun, most: 0 }], NOW)).toEqual(['begun most 60'])
    expect(await lastOf(db, 'rolling')).toBe(0)
  })

  test('take back what is given back, once, and not in the next window', async () => {
    const db = await openFresh()
    const all = await Promise.all([0, 1, 2].map(() => take(db, KINDS, NOW)))
    const [first, second] = all as { giveBack(isGiven?: (key: string) => boolean): Promise<void> }[]
    await first!.giveBack()
    await first!.giveBack()
    expect(await outcome(db, KINDS, NOW)).toBe('granted')
    expect(await outcome(db, KINDS, NOW)).toHaveLength(3)
    for (let nth = 0; nth < 3; nth += 1) await outcome(db, [begun, clock], NOW + MINUTE)
    await second!.giveBack(key => key !== 'rolling')
    expect(await outcome(db, [begun], NOW + MINUTE)).toHaveLength(1)
    expect(await outcome(db, [clock], NOW + MINUTE)).toHaveLength(1)
    expect(await outcome(db, [rolling], NOW)).toHaveLength(1)
  })

  test('hold a limit that was lowered at once', async () => {
    const db = await openFresh()
    for (let nth = 0; nth < 3; nth += 1) await outcome(db, KINDS, NOW + nth)
    const lowered = KINDS.map(each => ({ ...each, most: 2 }))
    expect(await outcome(db, lowered, NOW + 10)).toHaveLength(3)
    expect(await outcome(db, [{ ...rolling, most: 2 }], NOW + MINUTE)).toEqual(['rolling most 0.001'])
  })

  test('are kept by a node whose clock is behind', async () => {
    const db = await openFresh()
    for (let nth = 0; nth < 3; nth += 1) await outcome(db, KINDS, NOW)
    expect(await outcome(db, KINDS, NOW - 5_000)).toHaveLength(3)
  })

  test('never lock each other out when they are taken in another order', async () => {
    const db = await openFresh()
    const wide = KINDS.map(each => ({ ...each, most: 100 }))
    const both = [wide, wide.toReversed()]
    const all = await Promise.all(Array.from({ length: 60 }, (_, nth) => take(db, both[nth % 2]!, NOW)))
    expect(all.filter(each => 'full' in each)).toEqual([])
  })

  test('never lock each other out while others give back, in whatever order their rows lie', async () => {
    const db = await openFresh()
    const keys = ['a', 'b', 'c', 'd'].map(key => ({ ...begun, key, most: 1000 }))
    const turn = async (who: number) => {
      for (let nth = 0; nth < 10; nth += 1) {
        const both = await take(db, who % 2 ? keys : [keys[0]!, keys[3]!], NOW)
        // What is written last lies behind the others.
        const single = await take(db, [keys[(who + nth) % 3]!], NOW)
        for (const taken of [both, single]) if (!('full' in taken)) await taken.giveBack()
      }
    }
    await Promise.all(Array.from({ length: 8 }, (_, who) => turn(who)))
    const counts = await usedOf(db, ['a', 'b', 'c', 'd'], NOW)
    expect([...counts.values()].map(({ used }) => used)).toEqual([0, 0, 0, 0])
  })

  test('are forgotten when they count no more', async () => {
    const db = await openFresh()
    await take(db, KINDS, NOW)
    await purge(db, NOW + MINUTE)
    expect(await db.selectFrom('counters').select('key').execute()).toHaveLength(2)
    await purge(db, NOW + MINUTE + 1)
    expect(await db.selectFrom('counters').select('key').execute()).toEqual([])
  })

  test('in no stretch of the length of a rolling window there are more, whenever they come', async () => {
    const db = await openFresh()
    let nth = 0
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(30_000), { maxLength: 14 }), async waits => {
        const key = `fuzz ${nth++}`
        const granted: number[] = []
        let now = NOW
        for (const wait of waits) {
          now += wait
          const isRoom = granted.filter(moment => moment > now - MINUTE).length < 3
          const is = (await outcome(db, [{ ...rolling, key }], now)) === 'granted'
          expect(is).toBe(isRoom)
          // Two within one millisecond are told apart by the next one.
          if (is) granted.push(Math.max(now, (granted.at(-1) ?? 0) + 1))
        }
      }),
      { numRuns: 40 },
    )
  })
})
