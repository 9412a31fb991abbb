import { describe, expect, test } from 'vitest'
import { DEFAULT_EXPERIENCE } from '../experience/defaults.ts'
import { passwordProblems } from './password-policy.ts'
import { hashPassword, verifyPassword } from './passwords.ts'
import { usernameProblem } from './username-policy.ts'

describe('the password policy', () => {
  const codesOf = (...input: Parameters<typeof passwordProblems>) =>
    passwordProblems(...input).map(({ code }) => code.replace('password_rejected.', ''))

  test.each([
    ['a good passphrase', {}, []],
    ['sh0rt', {}, ['too_short']],
    ['x'.repeat(5), { length: { max: 4 } }, ['too_short', 'too_long', 'restricted.repetition']],
    ['pässwörter', {}, ['unsupported_characters']],
    ['密码密码密码密码', {}, ['unsupported_characters']],
    ['onlyletters', { characterTypes: { min: 2 } }, ['character_types']],
    ['Letters1 ', { characterTypes: { min: 4 } }, []],
    ['iloveyou', {}, ['pwned']],
    ['ILoveYou', {}, ['pwned']],
    ['iloveyou', { rejects: { pwned: false } }, []],
    ['trustno1', {}, ['pwned']],
    ['PassWord123', {}, ['pwned']],
    ['woaini520', {}, ['pwned']],
    ['aaaaaaaa', {}, ['restricted.repetition']],
    ['abcdefgh', {}, ['restricted.sequence']],
    ['hgfedcba', {}, ['restricted.sequence']],
    ['ASDFGHJK', {}, ['pwned', 'restricted.sequence']],
    ['1qaz2wsx', {}, ['pwned', 'restricted.sequence']],
    ['aaaa1234', {}, ['restricted.repetition', 'restricted.sequence']],
    ['aaaa1234', { rejects: { repetitionAndSequence: false } }, []],
    ['12345-table', {}, []],
    ['countersign', { rejects: { words: ['Counter', 'sign'] } }, ['restricted.words']],
    ['my countersign ok', { rejects: { words: ['counter', 'sign'] } }, []],
  ])('finds in %s under %o: %o', (password, policy, codes) => {
    expect(codesOf(password, policy)).toEqual(codes)
  })

  test.each([
    [{ username: 'lovelace' }, 'lovelace1'],
    [{ email: 'lovelace@example.com' }, 'Lovelace!'],
    [{ phone: '8613800138000' }, '8613800138000'],
    [{ name: 'Ada Lovelace' }, 'adalovelace'],
    [{ name: 'Ada Lovelace' }, 'lovelace99'],
  ])('refuses what %o makes easy to guess: %s', (personal, password) => {
    expect(codesOf(password, {}, personal)).toContain('restricted.user_info')
    expect(codesOf(password, { rejects: { userInfo: false } }, personal)).not.toContain(
      'restricted.user_info',
    )
  })

  const CHINESE = { phone: '8613800138000' }
  const BRITISH = { phone: '447911123456' }
  const AMERICAN = { phone: '13055552671' }
  const ADA = { email: 'Ada.Lovelace+shop@bücher.example' }
  test.each([
    [CHINESE, '13800138000'],
    [CHINESE, '+8613800138000'],
    [CHINESE, '008613800138000'],
    [CHINESE, '+86 138 0013 8000'],
    [CHINESE, '138-0013-8000'],
    [CHINESE, '(0)138.0013.8000'],
    [CHINESE, '１３８００１３８０００'],
    [CHINESE, '86 0138 0013 8000!'],
    [CHINESE, '1380013800012'],
    [BRITISH, '07911 123456'],
    [BRITISH, '+44 (0)7911 123456'],
    [BRITISH, '0011447911123456'],
    [AMERICAN, '(305) 555-2671'],
    [AMERICAN, '+1 305 555 2671'],
    [AMERICAN, '0113055552671'],
    [{ phone: '79123456789' }, '8 912 345-67-89'],
    [{ phone: [null, '8613800138000'] }, '13800138000'],
    [ADA, 'ada.lovelace+shop@bücher.example'],
    [ADA, 'ADA.LOVELACE@bücher.example'],
    [ADA, 'adalovelace@xn--bcher-kva.example'],
    [ADA, 'ada.lovelace+other@BÜCHER.example'],
    [ADA, 'ada_lovelace'],
    [ADA, 'ada.lovelace+shop'],
    [{ email: 'lovelace@example.com' }, 'lovelace+x1@example.com'],
  ])('knows %o again, however it is written: %s', (personal, password) => {
    const plain = { length: { min: 1 }, rejects: { pwned: false, repetitionAndSequence: false } }
    for (const policy of [{}, plain])
      expect(codesOf(password, policy, personal)).toContain('restricted.user_info')
    expect(codesOf(password, { rejects: { userInfo: false } }, personal)).not.toContain(
      'restricted.user_info',
    )
  })

  test.each([
    [CHINESE, '13800138001 is another'],
    [CHINESE, 'my number is 13800138000'],
    [CHINESE, '15900138000'],
    [ADA, 'ada.lovelace wrote the first one'],
    [ADA, 'babbage@bücher-of-mine.example'],
    [{ email: 'a@b.cn' }, 'quartz@b.cn'],
  ])('does not take for %o what is something else: %s', (personal, password) => {
    expect(codesOf(password, {}, personal)).not.toContain('restricted.user_info')
  })

  test('judges what is endless by its beginning', () => {
    const endless = { length: { max: 9_999_999 } }
    expect(codesOf('a'.repeat(1_000_000), endless)).toEqual(['restricted.repetition'])
    expect(codesOf('lovelace'.repeat(100_000), endless, { name: 'lovelace' })).toEqual([
      'restricted.user_info',
    ])
    expect(codesOf('a good passphrase '.repeat(50_000), {})).toEqual(['too_long'])
  })

  test('tells the figures that a sentence needs', () => {
    expect(passwordProblems('a', { length: { min: 12 }, characterTypes: { min: 3 } })).toEqual([
      { code: 'password_rejected.too_short', interpolation: { min: 12 } },
      { code: 'password_rejected.character_types', interpolation: { min: 3 } },
    ])
  })
})

describe('the username policy', () => {
  const policy = DEFAULT_EXPERIENCE.usernamePolicy
  const without = (member: keyof typeof policy.allowedChars) => ({
    ...policy,
    allowedChars: { ...policy.allowedChars, [member]: false },
  })

  test.each([
    ['ada_Lovelace1', policy, undefined],
    ['', policy, 'user.username_required'],
    ['1ada', policy, 'user.username_starts_with_number'],
    ['ada lovelace', policy, 'user.username_invalid_charset_hard'],
    ['阿达', policy, 'user.username_invalid_charset_hard'],
    ['ada', { ...policy, minLength: 4 }, 'user.username_too_short'],
    ['adaada', { ...policy, maxLength: 5 }, 'user.username_too_long'],
    ['Ada', without('uppercase'), 'user.username_uppercase_not_allowed'],
    ['ada', without('lowercase'), 'user.username_lowercase_not_allowed'],
    ['ada1', without('numbers'), 'user.username_numbers_not_allowed'],
    ['ada_', without('underscore'), 'user.username_underscore_not_allowed'],
  ])('says of %s: %o → %s', (username, applied, problem) => {
    expect(usernameProblem(username, applied)).toBe(problem)
  })
})

/** argon2id of "correct horse" with 8 MiB and one pass, as an older installation may have made it. */
const CHEAP =
  '$argon2id$v=19$m=8192,t=1,p=1$YW4gb2xkIHNhbHQgMTIzNA$zzFILjlLzMhU1Xv41moBVhiP8SPMurdJMUR4fC2eTk8'

describe('password hashes', () => {
  test('carry their own cost, so that a later, higher one does not void them', async () => {
    const hash = await hashPassword('correct horse')
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(await verifyPassword('correct horse', hash)).toBe(true)
    const cheap = hash.replace('m=19456,t=2', 'm=8192,t=1')
    expect(await verifyPassword('correct horse', cheap)).toBe(false)
    expect(await verifyPassword('correct horse', CHEAP)).toBe(true)
  })

  test('of one password differ, and what is no hash matches nothing', async () => {
    expect(await hashPassword('same')).not.toBe(await hashPassword('same'))
    expect(await verifyPassword('same', 'not a hash')).toBe(false)
    expect(await verifyPassword('', null)).toBe(false)
  })

  test('take a password however its characters were composed', async () => {
    const hash = await hashPassword('caf\u00E9')
    expect(await verifyPassword('cafe\u0301', hash)).toBe(true)
  })
})
