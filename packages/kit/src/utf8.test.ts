import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromUtf8, isUtf8Form, textOfFile } from './utf8.ts'

const GBK = Uint8Array.of(0xcd, 0xf5, 0xd0, 0xa1, 0xc3, 0xf7)

test('bytes of another encoding are no text, and are not turned into one', () => {
  expect(fromUtf8(GBK)).toBeUndefined()
  expect(textOfFile(GBK)).toBeUndefined()
  expect(fromUtf8(Buffer.from('王小明'))).toBe('王小明')
})

test('a file may be in UTF-8 or UTF-16, with its mark', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }).filter(text => text.isWellFormed() && !/[\0\uFEFF\uFFFD]/.test(text)),
      text => {
        const marked = `\uFEFF${text}`
        const swapped = Buffer.from(marked, 'utf16le').swap16()
        for (const bytes of [Buffer.from(text), Buffer.from(marked), Buffer.from(marked, 'utf16le'), swapped])
          expect(textOfFile(bytes)).toBe(text)
      },
    ),
  )
  expect(textOfFile(Buffer.from('{"a": "b"}', 'utf16le')), 'without its mark').toBeUndefined()
  expect(textOfFile(Uint8Array.of(0xff, 0xfe, 0x41))).toBeUndefined()
})

test('percent signs of a form hide no other encoding', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }).filter(text => text.isWellFormed()),
      text => {
        expect(isUtf8Form(new URLSearchParams({ text }).toString())).toBe(true)
      },
    ),
  )
  expect(isUtf8Form('name=%CD%F5%D0%A1%C3%F7')).toBe(false)
  expect(isUtf8Form('search=100%&a=%zz')).toBe(true)
})
