import { expect, test } from 'vitest'
import { spanOf } from './price-span.ts'

test('prices abroad span from the lowest to the highest in each currency, without mainland China and what is unknown', () => {
  const rates = [
    { to: 'CN', currency: 'CNY', price: 45_000 },
    { to: 'HK', currency: 'USD', price: 57_700 },
    { to: '861', currency: 'CNY', price: 1 },
    { to: 'TH', currency: 'USD', price: null },
    { to: 'ID', currency: 'USD', price: 364_000 },
    { to: '1242', currency: 'EUR', price: 9 },
  ]
  expect(spanOf(rates)).toEqual([
    { currency: 'USD', least: 57_700, most: 364_000 },
    { currency: 'EUR', least: 9, most: 9 },
  ])
  expect(spanOf([])).toEqual([])
})
