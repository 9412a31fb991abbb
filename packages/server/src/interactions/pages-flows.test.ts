import { describe, expect, test } from 'vitest'
import type { Browser } from '../testing/browser.ts'
import {
  askForCode,
  fieldOf,
  go,
  headingOf,
  INBOX,
  noticeOf,
  PASSWORD,
  PHONE,
  pathOf,
  ready,
  TYPED,
} from '../testing/visitor.ts'

type Server = Awaited<ReturnType<typeof ready>>

const EMAIL = 'ada@example.com'
const MAIL = { kind: 'email', value: EMAIL }
const isIn = (visitor: Browser) => visitor.leftTo?.searchParams.get('code') != null
const sentTo = (server: Server) => server.clouds.inbox.messages().map(message => message.to)
const usersOf = async (server: Server) =>
  (await (await server.manage('GET', '/api/users')).json()) as Record<string, unknown>[]

const method = (
  identifier: string,
  password: boolean,
  verificationCode: boolean,
  isPasswordPrimary = false,
) => ({
  identifier,
  password,
  verificationCode,
  isPasswordPrimary,
})
const everyWay = {
  signUp: { identifiers: ['email', 'phone'], password: false, verify: true },
  signIn: {
    methods: [
      method('phone', true, true),
      method('email', true, true),
      method('username', true, false, true),
    ],
  },
  forgotPasswordMethods: ['PhoneVerificationCode', 'EmailVerificationCode'],
}

describe('signing in', () => {
  test.each([
    ['phone', TYPED, INBOX],
    ['email', MAIL, EMAIL],
  ])(
    'by %s: first the identifier, then a code or the password, and each leads to the other',
    async (kind, typed, inbox) => {
      const server = await ready(everyWay)
      await server.manage('POST', '/api/users', {
        primaryPhone: PHONE,
        primaryEmail: EMAIL,
        password: PASSWORD,
      })
      const byCode = await server.visit()
      const asked = await askForCode(byCode, `/sign-in?with=${kind}`, typed)
      expect(pathOf(asked)).toBe('/sign-in/code')
      await byCode.submit(asked, { code: server.codeFor(inbox) })
      expect(isIn(byCode)).toBe(true)

      const byPassword = await server.visit()
      const choice = await byPassword.submit(await go(byPassword, `/sign-in?with=${kind}`), {
        ...typed,
        use: 'password',
      })
      expect(pathOf(choice)).toBe('/sign-in/password')
      expect(sentTo(server)).toHaveLength(1)
      const code = await byPassword.submit(choice, {}, 1)
      expect(pathOf(code)).toBe('/sign-in/code')
      const back = /<a href="([^"]*\/sign-in\/password[^"]*)"/.exec(code.text)![1]!.replaceAll('&amp;', '&')
      await byPassword.submit(await byPassword.open(back), { password: PASSWORD })
      expect(isIn(byPassword)).toBe(true)
    },
  )

  test('by username: the password', async () => {
    const server = await ready(everyWay)
    await server.manage('POST', '/api/users', { username: 'ada', primaryEmail: EMAIL, password: PASSWORD })
    const visitor = await server.visit()
    const asked = await visitor.submit(await go(visitor, '/sign-in?with=username'), {
      kind: 'username',
      value: 'ada',
    })
    expect(headingOf(asked)).toBe('Enter your password')
    await visitor.submit(asked, { password: PASSWORD })
    expect(isIn(visitor)).toBe(true)
    expect(sentTo(server)).toEqual([])
  })
})

describe('one code is enough', () => {
  const required = { ...everyWay, signUp: { ...everyWay.signUp, password: true } }

  test('to register with what was meant for signing in, also where more is asked for', async () => {
    const server = await ready(required)
    const visitor = await server.visit()
    const offered = await visitor.submit(await askForCode(visitor, '/sign-in?with=email', MAIL), {
      code: server.codeFor(EMAIL),
    })
    expect(headingOf(offered)).toBe('Create an account?')
    const choose = await visitor.submit(offered, {})
    expect(headingOf(choose)).toBe('Choose a password')
    await visitor.submit(choose, { password: PASSWORD, repeat: PASSWORD })
    expect(isIn(visitor)).toBe(true)
    expect(sentTo(server)).toEqual([EMAIL])
    expect(await usersOf(server)).toMatchObject([{ primaryEmail: EMAIL, hasPassword: true }])
  })

  test('to sign in with what was meant for registering', async () => {
    const server = await ready(required)
    await server.manage('POST', '/api/users', { primaryEmail: 'ADA@example.com', password: PASSWORD })
    const visitor = await server.visit()
    const offered = await visitor.submit(await askForCode(visitor, '/register?with=email', MAIL), {
      code: server.codeFor(EMAIL),
    })
    expect(headingOf(offered)).toBe('Sign in instead?')
    await visitor.submit(offered, {})
    expect(isIn(visitor)).toBe(true)
    expect(sentTo(server)).toEqual([EMAIL])
  })

  test('and where codes do not sign in, the password is asked for', async () => {
    const server = await ready({
      ...everyWay,
      signIn: { methods: [method('email', true, false, true)] },
      signUp: required.signUp,
    })
    await server.manage('POST', '/api/users', { primaryEmail: EMAIL, password: PASSWORD })
    const visitor = await server.visit()
    const offered = await visitor.submit(await askForCode(visitor, '/register?with=email', MAIL), {
      code: server.codeFor(EMAIL),
    })
    const password = await visitor.submit(offered, {})
    expect([pathOf(password), noticeOf(password)]).toEqual(['/sign-in/password', undefined])
    await visitor.submit(password, { password: PASSWORD })
    expect(isIn(visitor)).toBe(true)
    expect(sentTo(server)).toEqual([EMAIL])
  })

  test('with an identifier that accounts have beside their first one too', async () => {
    const server = await ready({
      signUp: {
        identifiers: ['username'],
        password: true,
        verify: true,
        secondaryIdentifiers: [{ identifier: 'emailOrPhone', verify: true }],
      },
      signIn: everyWay.signIn,
    })
    const visitor = await server.visit()
    const offered = await visitor.submit(await askForCode(visitor, '/sign-in?with=email', MAIL), {
      code: server.codeFor(EMAIL),
    })
    expect(headingOf(offered)).toBe('Create an account?')
    const name = await visitor.submit(offered, {})
    expect(headingOf(name)).toBe('Choose a username')
    await visitor.submit(await visitor.submit(name, { value: 'ada' }), {
      password: PASSWORD,
      repeat: PASSWORD,
    })
    expect(isIn(visitor)).toBe(true)
    expect(await usersOf(server)).toMatchObject([
      { username: 'ada', primaryEmail: EMAIL, primaryPhone: null },
    ])
  })
})

describe('a forgotten password', () => {
  test('is replaced after a code by e-mail, under the policy, and not by itself', async () => {
    const server = await ready({ ...everyWay, passwordPolicy: { length: { min: 10 } } })
    await server.manage('POST', '/api/users', {
      username: 'ada',
      primaryEmail: EMAIL,
      password: 'the old passphrase',
    })
    const visitor = await server.visit()
    const asked = await askForCode(visitor, '/reset-password?with=email', MAIL)
    await expect.poll(() => sentTo(server)).toEqual([EMAIL])
    const choose = await visitor.submit(asked, { code: server.codeFor(EMAIL) })
    expect(choose.text).toContain('At least 10 characters.')
    const short = await visitor.submit(choose, { password: 'too short', repeat: 'too short' })
    expect(short.text).toContain('Use at least 10 characters')
    const same = await visitor.submit(short, { password: 'the old passphrase', repeat: 'the old passphrase' })
    expect(noticeOf(same)).toMatch('must differ from the present one')
    const done = await visitor.submit(same, { password: PASSWORD, repeat: PASSWORD })
    expect(headingOf(done)).toBe('Password changed')
    const named = await visitor.submit(await go(visitor, '/sign-in?with=username'), {
      kind: 'username',
      value: 'ada',
    })
    await visitor.submit(named, { password: PASSWORD })
    expect(isIn(visitor)).toBe(true)
  })
})

test('who goes back from a reset signs in with the password, or by a code', async () => {
  const server = await ready(everyWay)
  await server.manage('POST', '/api/users', { primaryPhone: PHONE, password: PASSWORD })
  const visitor = await server.visit()
  const password = await visitor.submit(await go(visitor, '/sign-in?with=phone'), {
    ...TYPED,
    use: 'password',
  })
  await askForCode(visitor, '/reset-password?with=phone')
  const code = await visitor.submit(password, {}, 1)
  expect(pathOf(code)).toBe('/sign-in/code')
  await askForCode(visitor, '/reset-password?with=phone')
  await visitor.submit(password, { password: PASSWORD })
  expect(isIn(visitor)).toBe(true)
})

describe('what is missing is collected after signing in:', () => {
  const asking = (...identifiers: string[]) => ({
    ...everyWay,
    signUp: { identifiers, password: false, verify: true },
  })

  test('a phone number', async () => {
    const server = await ready(asking('phone'))
    await server.manage('POST', '/api/users', { primaryEmail: EMAIL })
    const visitor = await server.visit()
    const add = await visitor.submit(await askForCode(visitor, '/sign-in?with=email', MAIL), {
      code: server.codeFor(EMAIL),
    })
    expect(headingOf(add)).toBe('Add your phone number')
    const code = await visitor.submit(add, TYPED)
    expect(pathOf(code)).toBe('/continue/code')
    expect(isIn(visitor)).toBe(false)
    const again = await visitor.submit(code, {}, 1)
    expect(noticeOf(again)).toMatch('A new code is on its way')
    await visitor.submit(again, { code: server.codeFor(INBOX) })
    expect(isIn(visitor)).toBe(true)
    expect(await usersOf(server)).toMatchObject([{ primaryEmail: EMAIL, primaryPhone: PHONE }])
  })

  test('an e-mail address, but neither one of somebody else nor a blocked one', async () => {
    const server = await ready({
      ...asking('email'),
      emailBlocklistPolicy: { customBlocklist: ['@blocked.example'] },
    })
    await server.manage('POST', '/api/users', { primaryEmail: 'grace@example.com' })
    await server.manage('POST', '/api/users', { primaryPhone: PHONE })
    const visitor = await server.visit()
    const add = await visitor.submit(await askForCode(visitor), { code: server.codeFor(INBOX) })
    expect(headingOf(add)).toBe('Add your email address')
    const blocked = await visitor.submit(add, { value: 'ada@blocked.example' })
    expect([pathOf(blocked), noticeOf(blocked)]).toEqual(['/continue', expect.stringContaining('email')])
    expect(sentTo(server)).toEqual([INBOX])
    const code = await visitor.submit(blocked, { value: 'grace@example.com' })
    const taken = await visitor.submit(code, { code: server.codeFor('grace@example.com') })
    expect(noticeOf(taken)).toMatch('already')
    const mine = await visitor.submit(await go(visitor, '/continue'), { value: EMAIL })
    await visitor.submit(mine, { code: server.codeFor(EMAIL) })
    expect(isIn(visitor)).toBe(true)
    expect(await usersOf(server)).toMatchObject([
      { primaryPhone: PHONE, primaryEmail: EMAIL },
      { primaryEmail: 'grace@example.com' },
    ])
  })

  test('a username, then a password', async () => {
    const server = await ready({
      ...everyWay,
      signUp: { identifiers: ['username'], password: true, verify: false },
    })
    await server.manage('POST', '/api/users', { username: 'taken', password: PASSWORD })
    await server.manage('POST', '/api/users', { primaryPhone: PHONE })
    const visitor = await server.visit()
    const name = await visitor.submit(await askForCode(visitor, '/sign-in?with=phone'), {
      code: server.codeFor(INBOX),
    })
    expect(headingOf(name)).toBe('Choose a username')
    const taken = await visitor.submit(name, { value: 'taken' })
    expect(noticeOf(taken)).toBe('This username is taken. Choose another one.')
    const password = await visitor.submit(taken, { value: 'ada' })
    expect(headingOf(password)).toBe('Choose a password')
    await visitor.submit(password, { password: PASSWORD, repeat: PASSWORD })
    expect(isIn(visitor)).toBe(true)
  })

  test('a phone number or an e-mail address, whichever the visitor likes', async () => {
    const server = await ready(asking('email', 'phone'))
    await server.manage('POST', '/api/users', { username: 'ada', password: PASSWORD })
    const visitor = await server.visit()
    const named = await visitor.submit(await go(visitor, '/sign-in?with=username'), {
      kind: 'username',
      value: 'ada',
    })
    const add = await visitor.submit(named, { password: PASSWORD })
    expect(pathOf(add)).toBe('/continue')
    const mail = await go(visitor, '/continue?with=email')
    expect(headingOf(mail)).toBe('Add your email address')
    await visitor.submit(await visitor.submit(mail, MAIL), { code: server.codeFor(EMAIL) })
    expect(isIn(visitor)).toBe(true)
    expect(await usersOf(server)).toMatchObject([
      { username: 'ada', primaryEmail: EMAIL, primaryPhone: null },
    ])
  })
})

describe('an application', () => {
  const CALLBACK = 'https://app.example.com/callback'
  const firstPage = async (server: Server, extra: Record<string, string>) => {
    const visitor = await server.visit()
    return { visitor, page: await visitor.authorize(visitor.applicationId, CALLBACK, extra) }
  }
  const kindsOn = (text: string) => [...text.matchAll(/href="[^"]*with=(\w+)/g)].map(([, kind]) => kind)

  test('chooses page, kind, prefilled identifier and language', async () => {
    const server = await ready(everyWay)
    const register = await firstPage(server, {
      first_screen: 'register',
      login_hint: EMAIL,
      ui_locales: 'zh-CN',
    })
    expect(pathOf(register.page)).toBe('/register')
    expect(register.page.text).toContain('<html lang="zh-CN"')
    expect(fieldOf(register.page, 'kind')).toBe('email')
    expect(fieldOf(register.page, 'value')).toBe(EMAIL)
    const code = await register.visitor.submit(register.page, {})
    expect(pathOf(code)).toBe('/register/code')
    expect(server.clouds.inbox.messages()[0]).toMatchObject({ to: EMAIL })

    const reset = await firstPage(server, { first_screen: 'reset_password', login_hint: `+${PHONE}` })
    expect(pathOf(reset.page)).toBe('/reset-password')
    expect([fieldOf(reset.page, 'kind'), fieldOf(reset.page, 'value')]).toEqual(['phone', `+${PHONE}`])
    const named = await firstPage(server, { identifier: 'username' })
    expect(fieldOf(named.page, 'kind')).toBe('username')
    const hinted = await firstPage(server, { login_hint: 'ada' })
    expect([fieldOf(hinted.page, 'kind'), fieldOf(hinted.page, 'value')]).toEqual(['username', 'ada'])
  })

  test('narrows a first page down to identifiers, as far as they are allowed', async () => {
    const server = await ready(everyWay)
    const named = { identifier: 'email username' }
    const signIn = await firstPage(server, { first_screen: 'identifier:sign_in', ...named })
    expect(pathOf(signIn.page)).toBe('/identifier-sign-in')
    expect(kindsOn(signIn.page.text)).toEqual(['email', 'username'])
    const register = await firstPage(server, { first_screen: 'identifier:register', ...named })
    expect(kindsOn(register.page.text)).toEqual([])
    expect(fieldOf(register.page, 'kind')).toBe('email')
    const reset = await firstPage(server, { first_screen: 'reset_password', ...named })
    expect(fieldOf(reset.page, 'kind')).toBe('email')
    const none = await firstPage(server, { first_screen: 'identifier:register', identifier: 'username' })
    expect(kindsOn(none.page.text)).toEqual(['phone', 'email'])
    const plain = await firstPage(server, named)
    expect(kindsOn(plain.page.text)).toEqual(['phone', 'email', 'username'])
  })

  test('that asks for a page of Logto that is none here gets the one that begins the same', async () => {
    const server = await ready(everyWay)
    const { visitor, page } = await firstPage(server, { first_screen: 'single_sign_on' })
    expect(pathOf(page)).toBe('/sign-in')
    for (const [path, expected] of [
      ['/single-sign-on/email', '/sign-in'],
      ['/social/register/x', '/register'],
      ['/forgot-password/email', '/reset-password'],
      ['/sign-in/resend', '/sign-in'],
      ['/register/nowhere', '/register'],
    ] as const)
      expect(pathOf(await go(visitor, path)), path).toBe(expected)
    visitor.cookies.clear()
    for (const path of ['/sign-in/nowhere', '/register/nowhere', '/single-sign-on', '/forgot-password/x'])
      expect(pathOf(await go(visitor, path)), path).toBe('/unknown-session')
  })
})

test('the pages can be looked at without an interaction, and do nothing then', async () => {
  const server = await ready(everyWay)
  const visitor = await server.visit()
  visitor.cookies.clear()
  const page = await visitor.open('/sign-in?preview=true&with=email')
  expect([page.status, headingOf(page), fieldOf(page, 'kind')]).toEqual([200, 'Sign in', 'email'])
  expect(pathOf(await visitor.open('/sign-in/code?preview=true'))).toBe('/sign-in')
  expect(pathOf(await visitor.submit(page, MAIL))).toBe('/unknown-session')
  expect(sentTo(server)).toEqual([])
})
