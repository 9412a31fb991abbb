import { expect, test } from 'vitest'
import { Email, WebAddress } from './common.ts'

const isEmail = (text: string) => Email.safeParse(text).success

test('an e-mail address has something before the at sign, and on both sides of a dot after it', () => {
  for (const right of ['a@b.c', 'a.b+c@d.e.f', 'ä@ö.ü', 'a@..b', 'a@b..'])
    expect(isEmail(right), right).toBe(true)
  for (const wrong of [
    '',
    'a',
    'a@b',
    '@b.c',
    'a@.c',
    'a@b.',
    'a @b.c',
    'a@b.c d',
    'a@b@c.d',
    `${'a'.repeat(256)}@b.c`,
  ])
    expect(isEmail(wrong), wrong).toBe(false)
})

test('a text that is endless and no e-mail address is refused all the same', () => {
  expect(isEmail(`a@${'.'.repeat(1_000_000)} `)).toBe(false)
})

test('an address of the web is one of http or https, however it is written', () => {
  const isWeb = (text: string) => WebAddress.safeParse(text).success
  for (const right of ['https://a.example/x', 'http://localhost:3000', 'HTTPS://A.EXAMPLE'])
    expect(isWeb(right), right).toBe(true)
  for (const wrong of [
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    'java\nscript:alert(1)',
    '\u0001javascript:alert(1)',
    ' javascript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:https://a.example/1',
    '//a.example',
    '/x',
    `https://a.example/${'x'.repeat(2048)}`,
  ])
    expect(isWeb(wrong), wrong).toBe(false)
})
