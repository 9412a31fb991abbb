import type { CostSums } from '@countersign/api'
import { expect, test } from 'vitest'
import { share, shownGroups } from './bars.ts'

const group = (index: number): CostSums['groups'][number] => ({
  key: `k${index}`,
  sent: 2,
  delivered: 1,
  undelivered: 0,
  verified: 1,
  unpriced: 0,
  costs: [{ currency: index % 2 === 0 ? 'CNY' : 'USD', amount: 10, estimated: 5 }],
})
const groups = (count: number) => Array.from({ length: count }, (_, index) => group(index))

test('many days are shown by weeks, the last of which may be short, and nothing is lost', () => {
  expect(shownGroups({ by: 'day', groups: groups(62) })).toEqual({ groups: groups(62), weeks: false })
  const { groups: weeks, weeks: isWeeks } = shownGroups({ by: 'day', groups: groups(64) })
  expect(isWeeks).toBe(true)
  expect(weeks).toHaveLength(10)
  expect(weeks[0]).toEqual({
    ...group(0),
    sent: 14,
    delivered: 7,
    verified: 7,
    costs: [
      { currency: 'CNY', amount: 40, estimated: 20 },
      { currency: 'USD', amount: 30, estimated: 15 },
    ],
  })
  expect(weeks.at(-1)?.sent).toBe(2)
})

test('of countries, connections and applications those with the most are shown', () => {
  const { groups: shown } = shownGroups({ by: 'country', groups: groups(30) })
  expect(shown).toEqual(groups(12))
})

test('the least can be seen, and nothing cannot', () => {
  expect([share(0, 100), share(1, 100_000), share(50, 100), share(100, 100), share(0, 0)]).toEqual([
    0, 1, 50, 100, 0,
  ])
})
