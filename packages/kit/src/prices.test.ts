import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rateFor, readMillionths, writeMillionths } from './prices.ts'

const rates = ['*', 'US', '1', '1242', '7', '77', 'CN', '86'].map(to => ({ to }))

test.each([
  ['12125550100', 'US', '1'],
  ['12425550100', 'BS', '1242'],
  ['79161234567', 'RU', '7'],
  ['77011234567', 'KZ', '77'],
  ['8613800138000', 'CN', '86'],
  ['4915112345678', 'DE', '*'],
])('the rate of %s in %s is that of the longest digits it begins with, %s', (digits, country, to) => {
  expect(rateFor(rates, { digits, country })?.to).toBe(to)
})

test('a rate of a country counts where none of digits does, and none at all is none', () => {
  expect(rateFor([{ to: 'US' }, { to: '*' }], { digits: '12125550100', country: 'US' })?.to).toBe('US')
  expect(rateFor([{ to: 'US' }], { digits: '14165550100', country: 'CA' })).toBeUndefined()
  expect(rateFor([{ to: '*' }], {})?.to).toBe('*')
  expect(rateFor([{ to: '86' }, { to: 'CN' }], {})).toBeUndefined()
})

test('prices are read and written exactly', () => {
  expect(readMillionths('0.04843')).toBe(48_430)
  expect(readMillionths('12')).toBe(12_000_000)
  for (const text of ['', '-1', '1e3', '0.0000001', '1,5', ' 1', '.5', '1234567'])
    expect(readMillionths(text), text).toBeUndefined()
  expect([0, 1, 45_000, 1_000_000, -2_500_000].map(writeMillionths)).toEqual([
    '0',
    '0.000001',
    '0.045',
    '1',
    '-2.5',
  ])
  fc.assert(
    fc.property(fc.nat({ max: 999_999_999_999 }), price => {
      expect(readMillionths(writeMillionths(price))).toBe(price)
    }),
  )
})
