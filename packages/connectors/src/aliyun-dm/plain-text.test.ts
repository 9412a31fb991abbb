import fc from 'fast-check'
import { expect, test } from 'vitest'
import { escapeHtml, plainText } from './plain-text.ts'

test.each([
  ['<p>One</p><p>Two</p>', 'One\nTwo'],
  ['One<br>Two<br/>Three', 'One\nTwo\nThree'],
  ['<td>Your</td>\n  <td>code</td>', 'Your code'],
  ['<head><title>T</title></head><STYLE>p { color: red }</STYLE ><b>x</b>', 'x'],
  ['a &amp;lt; b&nbsp;&quot;c&quot; &#39;d&#39; &copy;', `a &lt; b "c" 'd' &copy;`],
  ['<style>never closed', 'never closed'],
  ['1 < 2', '1 < 2'],
  ['', ''],
])('the text of %s is %s', (html, text) => {
  expect(plainText(html)).toBe(text)
})

test('a value that was escaped is read as it was', () => {
  const value = fc.string({ unit: 'binary' }).map(text => text.replace(/\s+/g, ' ').trim())
  fc.assert(
    fc.property(value, text => {
      expect(
        plainText(`<p>${escapeHtml(text)}</p>`)
          .replace(/\s+/g, ' ')
          .trim(),
      ).toBe(text)
    }),
  )
})

test('texts made to be slow are not', () => {
  for (const piece of ['<', '<style', '<p', '&amp', ' ', '\n', '<br '])
    expect(typeof plainText(piece.repeat(20_000))).toBe('string')
})
