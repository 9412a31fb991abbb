import { expect, test } from 'vitest'
import { isRegional, join, split } from './regional.ts'

test('one text becomes the one for the mainland, and back', () => {
  expect(split('SMS_1')).toEqual({ china: 'SMS_1', overseas: '' })
  expect(join(split('SMS_1'))).toBe('SMS_1')
  expect(split(undefined)).toEqual({ china: '', overseas: '' })
})

test('two texts stay as they are, unknown members included', () => {
  const value = { china: 'SMS_1', overseas: 'SMS_2', note: 'kept' }
  expect(split(value)).toBe(value)
})

test.each([
  [{ china: 'SMS_1', overseas: 'SMS_2' }, 'SMS_1'],
  [{ china: '', overseas: 'SMS_2' }, 'SMS_2'],
  [{}, ''],
])('two texts %j become the one text %j', (value, text) => {
  expect(join(value)).toBe(text)
})

test('what the JSON view alone can hold is known', () => {
  for (const value of [undefined, null, '', 'x', 7, {}, { china: 'x' }, { china: 7 }, { overseas: null }])
    expect(isRegional(value)).toBe(true)
  for (const value of [true, [], ['x'], { china: true }]) expect(isRegional(value)).toBe(false)
})
