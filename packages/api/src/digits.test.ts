import { expect, test } from 'vitest'
import { asciiDigits, onlyDigits } from './digits.ts'

test('the decimal digits of every script are those of ASCII', () => {
  let scripts = 0
  for (let point = 0; point <= 0x10ffff; point += 1) {
    if (point >= 0xd800 && point <= 0xdfff) continue
    const before = String.fromCodePoint(Math.max(0, point - 1))
    const sign = String.fromCodePoint(point)
    if (!/\p{Nd}/u.test(sign) || (point > 0 && before !== sign && /\p{Nd}/u.test(before))) continue
    scripts += 1
    const ten = Array.from({ length: 10 }, (_, value) => String.fromCodePoint(point + value)).join('')
    expect(asciiDigits(ten), sign).toBe('0123456789')
  }
  expect(scripts).toBeGreaterThan(50)
  expect(asciiDigits('\u{1D7E8}\u{1D7F5}\u{1D7FF}')).toBe('699')
})

test('what nobody sees between digits is left out, and everything else stays', () => {
  expect(asciiDigits('1\uFE0F\u20E3\u200B2\u2060\u202C 3-४')).toBe('12 3-4')
  expect(asciiDigits('a½²')).toBe('a½²')
  expect(onlyDigits('【１２３】 456\u00A0٧')).toBe('1234567')
})
