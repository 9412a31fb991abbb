import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Email, emailComplaint, readEmail } from './email.ts'

const isEmail = (text: string) => Email.safeParse(text).success

test('an e-mail address has something before the at sign, and on both sides of a dot after it', () => {
  for (const right of ['a@b.c', 'a.b+c@d.e.f', 'ä@ö.ü', 'a@b.c.']) expect(isEmail(right), right).toBe(true)
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
    'a@..b',
    'a@b..',
    `${'a'.repeat(256)}@b.c`,
  ])
    expect(isEmail(wrong), wrong).toBe(false)
})

test('a text that is endless and no e-mail address is refused all the same', () => {
  expect(isEmail(`a@${'.'.repeat(1_000_000)} `)).toBe(false)
})

const form = (text: string) => readEmail(text).address

describe('an address has one form', () => {
  test.each([
    ['ida@bücher.example.com', 'ida@xn--bcher-kva.example.com'],
    ['ida@BÜCHER.Example.COM.', 'ida@xn--bcher-kva.example.com'],
    ['ida@XN--BCHER-KVA.example.com', 'ida@xn--bcher-kva.example.com'],
    ['ida@bu\u0308cher.example.com', 'ida@xn--bcher-kva.example.com'],
    ['ida@例子.测试', 'ida@xn--fsqu00a.xn--0zwm56d'],
    ['ida@例子。测试', 'ida@xn--fsqu00a.xn--0zwm56d'],
    ['ivo＠example.com', 'ivo@example.com'],
    ['ivo﹫example．com', 'ivo@example.com'],
    ['ｉｖｏ＋１＠ｅｘａｍｐｌｅ．ｃｏｍ', 'ivo+1@example.com'],
    ['v1\u200B@example.com', 'v1@example.com'],
    ['v\u00AD1@exam\u00ADple.com', 'v1@example.com'],
    ['\u2066v1@example.com\u2069', 'v1@example.com'],
    ['\uFEFFv1\u2060@example\uFE0F.com\u202C', 'v1@example.com'],
    ['v1@exam\u200Dple.com', 'v1@example.com'],
    ['rene\u0301@example.com', 'ren\u00E9@example.com'],
    ['\u212Aim@example.com', 'Kim@example.com'],
    ['"ida"@example.com', 'ida@example.com'],
    ['Ida.Lee+shop@Example.com', 'Ida.Lee+shop@example.com'],
    // A domain of Persian words, in which the joiner that nobody sees parts two of them.
    ['a@نامه\u200Cای.com', 'a@xn--mgba3gch31f060k.com'],
    ['a..b.@docomo.ne.jp', 'a..b.@docomo.ne.jp'],
    ['a@sub_domain.example.com', 'a@sub_domain.example.com'],
  ])('%s', (given, address) => {
    expect(form(given)).toBe(address)
    expect(Email.parse(given)).toBe(address)
  })
})

describe('what no mail server could take is refused, with what is wrong', () => {
  test.each([
    ['a@exa mple.com', 'shape'],
    ['a@example', 'shape'],
    ['a@-example.com', 'domain'],
    ['a@example-.com', 'domain'],
    ['a@exam,ple.com', 'domain'],
    ['a@exam/ple.com', 'domain'],
    ['a@example.com:25', 'domain'],
    ['a@[127.0.0.1]', 'domain'],
    ['a@127.0.0.1', 'domain'],
    ['a@example.123', 'domain'],
    ['a@example..com', 'domain'],
    ['a@%65xample.com', 'domain'],
    ['a@xn--0.example', 'domain'],
    ['a@xn--example-.com', 'domain'],
    [`a@${'b'.repeat(64)}.com`, 'domain'],
    ['a,b@example.com', 'sign'],
    ['<a>@example.com', 'sign'],
    ['"a,b"@example.com', 'sign'],
    ['a\u0007b@example.com', 'sign'],
    ['a\uD800b@example.com', 'sign'],
    ['.a@example.com', 'dots'],
    ['a..b@example.com', 'dots'],
    ['a.@example.com', 'dots'],
    [`${'a'.repeat(65)}@example.com`, 'long'],
    [`${'ü'.repeat(33)}@example.com`, 'long'],
    [`a@${'b.'.repeat(125)}com`, 'long'],
  ])('%j is refused: %s', (given, problem) => {
    const reading = readEmail(given)
    expect(reading.problem).toBe(problem)
    const messages = Email.safeParse(given).error?.issues.map(issue => issue.message)
    expect(messages).toContain(emailComplaint(reading as { problem: 'shape' }))
  })
})

const signs = fc.oneof(
  fc.constantFrom(
    ...'abzKß\u212Aİéüñ例子０Ａ．。@＠﹫.-_+"例\u0301\u200B\u200C\u200D\u00AD\u2060\u2066\u2069\uFE0F',
  ),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
)
const text = (most: number) => fc.array(signs, { minLength: 1, maxLength: most }).map(all => all.join(''))

test('the one form of any address is its own form, of bytes that can be stored', () => {
  const address = fc.oneof(
    fc
      .tuple(text(8), text(8), fc.constantFrom('com', '测试', 'xn--0zwm56d'))
      .map(([a, b, c]) => `${a}@${b}.${c}`),
    text(30),
  )
  fc.assert(
    fc.property(address, given => {
      const once = form(given)
      if (once === undefined) return
      expect(form(once)).toBe(once)
      expect(once).toMatch(/^[^\s@]+@(?:[\w-]+\.)+[\w-]+$/)
      expect(once.normalize('NFC')).toBe(once)
      expect(once.isWellFormed()).toBe(true)
    }),
    { numRuns: 5000 },
  )
})

test('however an address is spelled, it is the same', () => {
  const local = fc.stringMatching(/^[a-zé][a-z\d_+-]{0,9}$/)
  const label = fc.constantFrom('example', 'bücher', '例子', 'пример', 'خط', 'ภาษา')
  const top = fc.constantFrom('com', '测试', 'рф')
  const invisible = fc.constantFrom('', '\u200B', '\u00AD', '\u2060', '\u2066', '\u2069', '\uFE0F', '\uFEFF')
  const wide = (given: string) =>
    given.replaceAll(/[!-~]/g, sign => String.fromCharCode(sign.charCodeAt(0) + 0xfee0))
  fc.assert(
    fc.property(local, label, top, invisible, fc.boolean(), (name, first, last, mark, capital) => {
      const domain = capital ? `${first}.${last}`.toUpperCase() : `${first}.${last}`
      const one = form(`${name}@${first}.${last}`)
      expect(one).toBeDefined()
      const ascii = new URL(`http://${first}.${last}`).hostname
      for (const spelling of [
        `${name}@${domain}`,
        `${name}@${ascii.toUpperCase()}`,
        `${name}@${domain}.`,
        `${name}＠${domain.replace('.', '。')}`,
        wide(`${name}@${domain}`),
        `${mark}${name}${mark}@${mark}${domain}${mark}`,
        `${name}@${domain}`.normalize('NFD'),
      ])
        expect(form(spelling), JSON.stringify(spelling)).toBe(one)
    }),
    { numRuns: 1000 },
  )
})
