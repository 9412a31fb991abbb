import { expect, test } from 'vitest'
import { DAY, dayNumber, zoneOf } from '../ledger/days.ts'
import type { SumsFilter, SumsRow } from '../ledger/sums.ts'
import { MOST_GROUPS, sumCosts } from './sums.ts'

const row = (key: string | null, change: Partial<SumsRow> = {}): SumsRow => ({
  key,
  currency: 'CNY',
  sent: 1,
  delivered: 0,
  undelivered: 0,
  verified: 0,
  unpriced: 0,
  amount: 10,
  estimated: 0,
  ...change,
})

test('a year is summed up in short spans that meet, days of 23 and 25 hours among them', async () => {
  const spans: SumsFilter[] = []
  const zone = zoneOf('Europe/Berlin')!
  const [first, last] = [dayNumber('2025-11-01'), dayNumber('2026-11-30')]
  await sumCosts(
    async (_, span) => {
      spans.push(span)
      return []
    },
    { by: 'day', zone, first, last },
  )
  expect(spans[0]!.begin).toBe(Date.parse('2025-10-31T23:00:00Z'))
  expect(spans.at(-1)!.end).toBe(Date.parse('2026-11-30T23:00:00Z'))
  for (const [index, { begin, end }] of spans.entries()) {
    expect(end - begin).toBeLessThan(11 * DAY)
    expect(begin).toBe(spans[index - 1]?.end ?? begin)
  }
  expect(spans.filter(({ offsets }) => offsets.length === 2)).toHaveLength(2)
})

test('of very many groups those with the most are told, and the total has all of them', async () => {
  const rows = Array.from({ length: MOST_GROUPS + 20 }, (_, index) => row(`app${index}`, { sent: index + 1 }))
  const span = { zone: zoneOf('UTC')!, first: 20_000, last: 20_000 }
  const sums = await sumCosts(async () => rows, { by: 'application', ...span })
  expect(sums.isCut).toBe(true)
  expect(sums.groups).toHaveLength(MOST_GROUPS)
  expect(sums.groups[0]).toMatchObject({ key: `app${MOST_GROUPS + 19}`, sent: MOST_GROUPS + 20 })
  expect(sums.total.costs).toEqual([{ currency: 'CNY', amount: rows.length * 10, estimated: 0 }])
})

test('currencies of one group are added up apart, and what has none is counted all the same', async () => {
  const rows = [
    row('CN', { amount: 30, estimated: 5 }),
    row('CN', { currency: 'USD', amount: 7 }),
    row('CN', { currency: null, unpriced: 1, amount: 0 }),
  ]
  const span = { zone: zoneOf('UTC')!, first: 20_000, last: 20_010 }
  const { groups } = await sumCosts(async () => rows, { by: 'country', ...span })
  // Eleven days are two spans.
  expect(groups).toEqual([
    expect.objectContaining({
      key: 'CN',
      sent: 6,
      unpriced: 2,
      costs: [
        { currency: 'CNY', amount: 60, estimated: 10 },
        { currency: 'USD', amount: 14, estimated: 0 },
      ],
    }),
  ])
})
