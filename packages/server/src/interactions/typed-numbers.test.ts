import { describe, expect, test } from 'vitest'
import type { Browser } from '../testing/browser.ts'
import { fieldOf, go, headingOf, INBOX, noticeOf, pathOf, ready } from '../testing/visitor.ts'
import { chosen, type, worldwide } from './testing-numbers.ts'

describe('a number', () => {
  test.each([
    ['138\uFE0F00138000', 'CN', INBOX],
    ['１３８－００１３－８０００', 'CN', INBOX],
    ['١٣٨ ٠٠١٣ ٨٠٠٠', 'CN', INBOX],
    ['\u202D＋８６ 138 0013 8000\u202C', 'US', INBOX],
    ['(0138) 0013 8000', 'CN', INBOX],
    ['0086 138 0013 8000', 'CN', INBOX],
    ['0086 138 0013 8000', 'US', INBOX],
    ['0044 7400 123456', 'US', '+447400123456'],
    ['+1\uFE0D-415-555-2671', 'US', '+14155552671'],
    ['1 55 1234 5678', 'MX', '+525512345678'],
    ['044 55 1234 5678', 'MX', '+525512345678'],
    ['011 15 2345-6789', 'AR', '+5491123456789'],
    ['07400 123456', 'GB', '+447400123456'],
  ])('typed as %s under %s is %s', async (value, country, to) => {
    const server = await ready()
    await worldwide(server)
    const visitor = await server.visit()
    const asked = await type(visitor, value, country)
    expect(pathOf(asked)).toBe('/sign-in/code')
    await visitor.submit(await visitor.submit(asked, { code: server.codeFor(to) }), {})
    expect(visitor.leftTo?.searchParams.get('code')).toBeTruthy()
    const users = (await (await server.manage('GET', '/api/users')).json()) as { primaryPhone: string }[]
    expect(users.map(user => `+${user.primaryPhone}`)).toEqual([to])
  })
})

describe('the country beside a number that names one', () => {
  test.each([
    ['+86 138', 'US', 'CN'],
    ['＋８６１３８', 'US', 'CN'],
    ['0086 138', 'US', 'CN'],
    ['+852 1', 'CN', 'HK'],
    ['+1 604', 'CA', 'CA'],
    ['+1 604', 'CN', 'US'],
    ['138', 'JP', 'JP'],
  ])('of %s under %s is %s on the page that comes back', async (value, country, then) => {
    const server = await ready()
    await worldwide(server)
    const visitor = await server.visit()
    const again = await type(visitor, value, country)
    expect([pathOf(again), fieldOf(again, 'value')]).toEqual(['/sign-in', value])
    expect(noticeOf(again)).toBeTruthy()
    expect(chosen(again)).toBe(then)
  })

  test('stands there after the code as well, on every page with such a field, and beside a hint', async () => {
    const server = await ready({ defaultCountry: 'US' })
    await worldwide(server)
    const visitor = await server.visit({ login_hint: '+8613800138000' })
    expect(chosen(await go(visitor, '/sign-in'))).toBe('CN')
    for (const path of ['/sign-in', '/register', '/reset-password']) {
      const other = await server.visit()
      expect(chosen(await go(other, path))).toBe('US')
      expect(pathOf(await type(other, '+44 7400 123456', 'US', path))).toBe(`${path}/code`)
      expect(chosen(await go(other, path)), path).toBe('GB')
    }
  })

  test('stays where codes cannot go to the country of the number', async () => {
    const server = await ready()
    const visitor = await server.visit()
    expect(chosen(await type(visitor, '+1 415 555 2671', 'CN'))).toBe('CN')
  })
})

test.each([0x660, 0x966, 0xff10])('a code in the digits of the script from U+%i is taken', async zero => {
  const server = await ready()
  const visitor = await server.visit()
  const asked = await type(visitor, '13800138000', 'CN')
  const digit = (each: string) => String.fromCodePoint(zero + Number(each))
  const code = server.codeFor(INBOX).replaceAll(/\d/g, digit)
  await visitor.submit(await visitor.submit(asked, { code: `${code.slice(0, 3)} ${code.slice(3)}` }), {})
  expect(visitor.leftTo?.searchParams.get('code')).toBeTruthy()
})

test('a back end may give a number and its code in any spelling', async () => {
  const server = await ready()
  const arabic = (text: string) => text.replaceAll(/\d/g, each => String.fromCodePoint(0x660 + Number(each)))
  const post = (path: string, body: object) => server.manage('POST', `/api/verification-codes${path}`, body)
  for (const [phone, named] of [
    ['13800138000', '8613800138000'],
    ['008613800138000', '13800138000'],
    [arabic('8613800138000'), '8613800138000'],
  ]) {
    expect((await post('', { phone })).status, phone).toBe(204)
    const verificationCode = arabic(server.codeFor(INBOX))
    expect((await post('/verify', { phone: named, verificationCode })).status, named).toBe(204)
  }
  expect((await post('', { phone: '138 0013 8000' })).status).toBe(400)
})

test('the pages of an application offer the countries that its connections are to send to, and refuse the others', async () => {
  const server = await ready()
  await worldwide(server)
  const visitor = await server.visit()
  type Row = { id: string; channel: string }
  const rows = (await (await server.manage('GET', '/api/connections')).json()) as Row[]
  const { id } = rows.find(({ channel }) => channel === 'sms')!
  const set = (body: object) => server.manage('PATCH', `/api/connections/${id}`, body)
  await set({ destinations: ['DE', 'HK'] })
  const page = await go(visitor, '/sign-in')
  const offered = [...page.text.matchAll(/<option value="(\w\w)"/g)].map(([, country]) => country)
  expect(new Set(offered)).toEqual(new Set(['DE', 'HK']))
  expect(chosen(page)).toBe('DE')
  expect(noticeOf(await type(visitor, '+1 415 555 2671', 'HK'))).toContain('We do not send messages to this')
  expect(noticeOf(await type(visitor, '138 0013 8000', 'CN'))).toContain('We do not send messages to this')
  expect(pathOf(await type(visitor, '5123 4567', 'HK'))).toBe('/sign-in/code')
  await set({ destinations: ['CN'] })
  expect(noticeOf(await type(visitor, '+1 415 555 2671', 'CN'))).toContain('mainland China (+86) only')
  // No connection is for this application, so nobody is asked for a code where a password does.
  const other = await server.visit()
  await set({ applications: [other.applicationId] })
  expect(headingOf(await type(visitor, '+49 1511 2345678', 'DE'))).toBe('Enter your password')
  expect(pathOf(await type(other, '138 0013 8000', 'CN'))).toBe('/sign-in/code')
})

describe('the country that the phone field begins with', () => {
  const open = async (visitor: Browser, languages: string) =>
    chosen(
      await visitor.open(`/sign-in?app_id=${visitor.applicationId}`, {
        headers: { 'accept-language': languages },
      }),
    )

  test('is the one that the operator set, else that of the browser, and always one that is offered', async () => {
    const server = await ready()
    await worldwide(server)
    const visitor = await server.visit()
    expect(await open(visitor, 'en-US,en;q=0.9')).toBe('US')
    for (const [languages, country] of [
      ['de-DE', 'DE'],
      ['ja,en-US;q=0.7,en;q=0.3', 'JP'],
      ['de,en-US;q=0.7', 'DE'],
      ['th,en;q=0.9', 'TH'],
      ['en,th;q=0.9', 'TH'],
      ['zh-Hant', 'TW'],
      ['zh', 'CN'],
      ['en', 'CN'],
    ] as const)
      expect(await open(visitor, languages), languages).toBe(country)
    expect((await server.manage('PATCH', '/api/sign-in-exp', { defaultCountry: 'CN' })).status).toBe(200)
    expect(await open(visitor, 'en-US,en;q=0.9,zh-CN;q=0.8')).toBe('CN')
    await server.manage('PATCH', '/api/sign-in-exp', { defaultCountry: 'JP' })
    expect(await open(visitor, 'en-US')).toBe('JP')
    const chinaOnly = await ready({ defaultCountry: 'JP' })
    expect(await open(await chinaOnly.visit(), 'en-US')).toBe('CN')
  })

  test('is a setting that is in answers only when it is set, and that can be cleared', async () => {
    const server = await ready()
    const read = async (path = '/api/sign-in-exp') =>
      (await (await server.manage('GET', path)).json()) as Record<string, unknown>
    const set = (defaultCountry: unknown) => server.manage('PATCH', '/api/sign-in-exp', { defaultCountry })
    expect(await read()).not.toHaveProperty('defaultCountry')
    expect(await read('/api/.well-known/sign-in-exp')).not.toHaveProperty('defaultCountry')
    await set('CN')
    expect(await read()).toMatchObject({ defaultCountry: 'CN' })
    for (const nothing of [null, '']) {
      await set('CN')
      expect(await (await set(nothing)).json()).not.toHaveProperty('defaultCountry')
      expect(await read()).not.toHaveProperty('defaultCountry')
    }
    for (const wrong of ['cn', 'China', 'XX', 'AQ', 86]) {
      const answer = await set(wrong)
      expect([answer.status, ((await answer.json()) as { code: string }).code], String(wrong)).toEqual([
        400,
        'guard.invalid_input',
      ])
    }
  })

  test('is China in a new development world, unless somebody set or cleared it', async () => {
    const server = await ready()
    const country = async () => (await server.app.experience.read()).defaultCountry
    await server.app.experience.ensureDefaultCountry('CN')
    expect(await country()).toBe('CN')
    await server.manage('PATCH', '/api/sign-in-exp', { defaultCountry: null })
    await server.app.experience.ensureDefaultCountry('CN')
    expect(await country()).toBe(undefined)
    await server.manage('PATCH', '/api/sign-in-exp', { defaultCountry: 'SG' })
    await server.app.experience.ensureDefaultCountry('CN')
    expect(await country()).toBe('SG')
  })
})
