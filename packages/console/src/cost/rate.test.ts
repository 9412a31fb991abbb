import type { Rate } from '@countersign/api'
import { expect, test } from 'vitest'
import { fromRateForm, isOld, rateMistakes, toRateForm, withRate } from './rate.ts'

const TODAY = '2026-11-30'
const rate = (to: string, price: number | null = 45_000): Rate => ({
  to,
  currency: 'CNY',
  price,
  unit: 'segment',
  charged: 'receipt',
  source: 'a list',
  asOf: '2025-11',
})

test('a price goes into the form and out of it exactly, and says that it is of today', () => {
  const form = toRateForm(TODAY, rate('CN'))
  expect(form).toMatchObject({ to: 'CN', price: '0.045', charged: 'receipt', source: '', asOf: TODAY })
  expect(fromRateForm({ ...form, price: '0.041' })).toEqual({
    ...rate('CN', 41_000),
    source: '',
    asOf: TODAY,
  })
  expect(fromRateForm(toRateForm(TODAY, rate('CN', null))).price).toBeNull()
})

test('a form says what is wrong with it', () => {
  const wrong = (change: object) =>
    Object.entries(rateMistakes({ ...toRateForm(TODAY, rate('CN')), ...change }))
      .filter(([, is]) => is)
      .map(([name]) => name)
  expect(wrong({})).toEqual([])
  expect(wrong({ to: '+86', price: '0,05', currency: 'yuan', asOf: 'today' })).toEqual([
    'to',
    'price',
    'currency',
    'asOf',
  ])
  expect(wrong({ to: '*', price: '' })).toEqual([])
})

test('a rate that is written anew takes its own place, and that of another to the same numbers', () => {
  const [china, hongKong] = [rate('CN'), rate('HK')]
  const to = (rates: Rate[]) => rates.map(each => each.to)
  expect(to(withRate([china, hongKong], rate('86'), china))).toEqual(['86', 'HK'])
  expect(to(withRate([china, hongKong], rate('HK')))).toEqual(['CN', 'HK'])
  expect(to(withRate([china, hongKong], rate('HK'), china))).toEqual(['HK'])
  expect(to(withRate([china], rate('*')))).toEqual(['CN', '*'])
})

test('a price is old when all of its day, month or year is more than a year ago', () => {
  const old = (asOf: string) => isOld({ asOf }, TODAY)
  expect(['2025-11-29', '2025-11-30', '2025-10', '2025-11', '2024', '2025'].map(old)).toEqual([
    true,
    false,
    true,
    false,
    true,
    false,
  ])
})
