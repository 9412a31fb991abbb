import { expect, test } from 'vitest'
import { plainText } from './plain-text.ts'

test.each([
  ['<p>One</p><p>Two</p>', 'One\n\nTwo'],
  ['One<br>Two<br/>Three', 'One\nTwo\nThree'],
  ['<table><tr><td>Your</td>\n  <td>code</td></tr><tr><td>is</td></tr></table>', 'Your code\nis'],
  ['<head><title>T</title></head><STYLE>p { color: red }</STYLE ><b>x</b>', 'x'],
  ['a &amp;lt; b &quot;c&quot; &#39;d&#39; &copy;', `a &lt; b "c" 'd' ©`],
  ['<h1>Your code</h1>{{ code }}', 'Your code\n\n{{ code }}'],
  ['<a href="{{link}}">Sign in</a>', 'Sign in [{{link}}]'],
  ['<a href="https://example.com">https://example.com</a>', 'https://example.com'],
  ['<img src="logo.png" alt="Logo">x', 'x'],
  ['1 < 2', '1 < 2'],
  ['', ''],
])('the text of %s is %s', async (html, text) => {
  expect(await plainText(html)).toBe(text)
})

test('a template that is read again and again has the same text', async () => {
  for (let index = 0; index < 200; index++)
    expect(await plainText(`<p>${index % 70}</p>`)).toBe(String(index % 70))
})

test('texts made to be slow are read all the same', async () => {
  for (const piece of ['<', '<style', '<p', '&amp', ' ', '\n', '<br ', '<div>', '<b>', '<table><tr><td>'])
    expect(typeof (await plainText(piece.repeat(5_000)))).toBe('string')
})
