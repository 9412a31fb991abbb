import { expect, test } from 'vitest'
import { daysProblem, readCostFilter, toCostQuery } from './filter.ts'

const NOON = new Date(2026, 2, 10, 12).getTime()
const read = (text: string) => readCostFilter(new URLSearchParams(text), NOON)

test('an address without days asks for the thirty that end today, by the operator’s clocks', () => {
  expect(read('')).toMatchObject({ from: '2026-02-09', to: '2026-03-10', by: 'day', country: '' })
  expect(read('to=2026-01-31&by=country&country=HK')).toMatchObject({
    from: '2026-01-02',
    to: '2026-01-31',
    by: 'country',
    country: 'HK',
  })
})

test('what the server would refuse is not asked for', () => {
  expect(read('from=yesterday&to=2026-13-40&by=moon&country=XX')).toEqual(read(''))
  const [backwards, long] = [read('from=2026-02-02&to=2026-02-01'), read('from=2025-01-01&to=2026-02-05')]
  expect([backwards, long, read('from=2025-01-01&to=2026-02-04')].map(daysProblem)).toEqual([
    'backwards',
    'long',
    undefined,
  ])
  expect(toCostQuery(backwards)).toMatchObject({ from: '2026-01-03', to: '2026-02-01' })
  expect(toCostQuery(long)).toMatchObject({ from: '2026-01-07', to: '2026-02-05' })
})
