import { describe, expect, test } from 'vitest'
import {
  askForCode,
  byPhone,
  go,
  headingOf,
  INBOX,
  noticeOf,
  PASSWORD,
  PHONE,
  pathOf,
  ready,
  TYPED,
  wrongFor,
} from '../testing/visitor.ts'

const usersOf = async (server: Awaited<ReturnType<typeof ready>>) =>
  (await (await server.manage('GET', '/api/users')).json()) as Record<string, unknown>[]

describe('without script a visitor', () => {
  test('with a new number gets a code, is offered an account and registers with it', async () => {
    const server = await ready()
    const visitor = await server.visit()
    const asked = await askForCode(visitor)
    expect(pathOf(asked)).toBe('/sign-in/code')
    expect(noticeOf(asked)).toBe('The code is on its way.')
    expect(asked.text).toContain('+86 138****8000')
    const offered = await visitor.submit(asked, { code: server.codeFor(INBOX) })
    expect(headingOf(offered)).toBe('Create an account?')
    expect(offered.text).toContain('+86 138 0013 8000')
    await visitor.submit(offered, {})
    expect(visitor.leftTo?.searchParams.get('code')).toBeTruthy()
    expect(await usersOf(server)).toMatchObject([
      { primaryPhone: PHONE, applicationId: visitor.applicationId, lastSignInAt: expect.any(Number) },
    ])
    expect(server.clouds.inbox.messages()).toHaveLength(1)
  })

  test('with a known number signs in', async () => {
    const server = await ready()
    await server.manage('POST', '/api/users', { primaryPhone: PHONE })
    const visitor = await server.visit()
    await visitor.submit(await askForCode(visitor), { code: server.codeFor(INBOX) })
    expect(visitor.leftTo?.searchParams.get('code')).toBeTruthy()
    expect(await usersOf(server)).toHaveLength(1)
  })

  test('who wants to register a known number is offered to sign in', async () => {
    const server = await ready()
    await server.manage('POST', '/api/users', { primaryPhone: PHONE })
    const visitor = await server.visit()
    const offered = await visitor.submit(await askForCode(visitor, '/register'), {
      code: server.codeFor(INBOX),
    })
    expect(headingOf(offered)).toBe('Sign in instead?')
    await visitor.submit(offered, {})
    expect(visitor.leftTo?.searchParams.get('code')).toBeTruthy()
    expect(await usersOf(server)).toHaveLength(1)
  })

  test('signs in with the password, or uses a code instead', async () => {
    const methods = [{ identifier: 'phone', password: true, verificationCode: true, isPasswordPrimary: true }]
    const server = await ready({ signIn: { methods } })
    await server.manage('POST', '/api/users', { primaryPhone: PHONE, password: PASSWORD })
    const one = await server.visit()
    const asked = await askForCode(one)
    expect(headingOf(asked)).toBe('Enter your password')
    const wrong = await one.submit(asked, { password: 'wrong' })
    expect(noticeOf(wrong)).toMatch('The account or the password is not right')
    expect(noticeOf(await one.submit(wrong, { password: '' }))).toBe('Enter a password.')
    await one.submit(wrong, { password: PASSWORD })
    expect(one.leftTo?.searchParams.get('code')).toBeTruthy()

    const two = await server.visit()
    const code = await two.submit(await askForCode(two), {}, 1)
    expect(pathOf(code)).toBe('/sign-in/code')
    await two.submit(code, { code: server.codeFor(INBOX) })
    expect(two.leftTo?.searchParams.get('code')).toBeTruthy()
  })

  test('who forgot the password sets a new one after a code', async () => {
    const server = await ready()
    await server.manage('POST', '/api/users', { primaryPhone: PHONE, password: 'the old passphrase' })
    const visitor = await server.visit()
    const asked = await askForCode(visitor, '/forgot-password')
    await expect.poll(() => server.clouds.inbox.messages().length).toBe(1)
    const choose = await visitor.submit(asked, { code: server.codeFor(INBOX) })
    expect(pathOf(choose)).toBe('/reset-password/new')
    const differ = await visitor.submit(choose, { password: PASSWORD, repeat: 'x' })
    expect(noticeOf(differ)).toMatch('not the same')
    const weak = await visitor.submit(differ, { password: 'aaaa', repeat: 'aaaa' })
    expect(weak.text).toContain('Use at least 8 characters')
    expect(weak.text).not.toContain('not the same')
    const done = await visitor.submit(weak, { password: PASSWORD, repeat: PASSWORD })
    expect(headingOf(done)).toBe('Password changed')

    const again = await server.visit()
    const page = await again.submit(await askForCode(again), { code: '' })
    const byPassword = await go(again, '/sign-in/password')
    expect(pathOf(page)).toBe('/sign-in/code')
    await again.submit(byPassword, { password: PASSWORD })
    expect(again.leftTo?.searchParams.get('code')).toBeTruthy()
  })

  test('registers with username and password', async () => {
    const server = await ready({
      signUp: { identifiers: ['username'], password: true, verify: false },
      signIn: {
        methods: [
          { identifier: 'username', password: true, verificationCode: false, isPasswordPrimary: true },
        ],
      },
    })
    const visitor = await server.visit()
    const named = await visitor.submit(await go(visitor, '/register'), { value: 'ada' })
    expect(pathOf(named)).toBe('/register/password')
    await visitor.submit(named, { password: PASSWORD, repeat: PASSWORD })
    expect(visitor.leftTo?.searchParams.get('code')).toBeTruthy()
    const other = await server.visit()
    const taken = await other.submit(await other.submit(await go(other, '/register'), { value: 'ada' }), {
      password: PASSWORD,
      repeat: PASSWORD,
    })
    expect(noticeOf(taken)).toBe('This username is taken. Choose another one.')
    const back = await server.visit()
    await back.submit(await back.submit(await go(back, '/sign-in'), { value: 'ada' }), { password: PASSWORD })
    expect(back.leftTo?.searchParams.get('code')).toBeTruthy()
  })

  test('is asked for everything that the settings require before the account is made', async () => {
    const server = await ready({
      signUp: {
        identifiers: ['phone'],
        password: true,
        verify: true,
        secondaryIdentifiers: [{ identifier: 'username' }, { identifier: 'email', verify: true }].map(
          item => ({
            verify: true,
            ...item,
          }),
        ),
      },
    })
    const visitor = await server.visit()
    const first = await visitor.submit(await askForCode(visitor, '/register'), {
      code: server.codeFor(INBOX),
    })
    expect(headingOf(first)).toBe('Choose a username')
    const bad = await visitor.submit(first, { value: '1ada' })
    expect(noticeOf(bad)).toMatch('A username has letters')
    const second = await visitor.submit(bad, { value: 'ada' })
    expect(headingOf(second)).toBe('Add your email address')
    const asked = await visitor.submit(second, { value: 'ada@example.com' })
    expect(pathOf(asked)).toBe('/continue/code')
    const third = await visitor.submit(asked, { code: server.codeFor('ada@example.com') })
    expect(headingOf(third)).toBe('Choose a password')
    expect(await usersOf(server)).toEqual([])
    await visitor.submit(third, { password: PASSWORD, repeat: PASSWORD })
    expect(visitor.leftTo?.searchParams.get('code')).toBeTruthy()
    expect(await usersOf(server)).toMatchObject([
      { primaryPhone: PHONE, primaryEmail: 'ada@example.com', username: 'ada', hasPassword: true },
    ])
  })

  test('who lacks what is required by now adds it while signing in', async () => {
    const server = await ready({ signUp: { ...byPhone.signUp, password: true } })
    await server.manage('POST', '/api/users', { primaryPhone: PHONE })
    const visitor = await server.visit()
    const asked = await visitor.submit(await askForCode(visitor), { code: server.codeFor(INBOX) })
    expect(pathOf(asked)).toBe('/continue')
    expect(headingOf(asked)).toBe('Choose a password')
    await visitor.submit(asked, { password: PASSWORD, repeat: PASSWORD })
    expect(await usersOf(server)).toMatchObject([{ hasPassword: true }])
  })
})

describe('the code page', () => {
  test('says in one sentence what is wrong with a code', async () => {
    const server = await ready({
      verificationCodePolicy: { resendInterval: 0, expirationDuration: 60, maxRetryAttempts: 2 },
    })
    const visitor = await server.visit()
    const page = await askForCode(visitor)
    const code = server.codeFor(INBOX)
    const say = async (typed: string) => noticeOf(await visitor.submit(page, { code: typed }))
    expect(await say('')).toBe('Enter the code from the message.')
    expect(await say('letters')).toBe('Enter the code from the message.')
    expect(await say(wrongFor(code))).toBe('That code is not right. Check it and try again. Tries left: 1.')
    expect(await say(wrongFor(code))).toMatch('Too many wrong tries')
    expect(await say(code)).toMatch('Too many wrong tries')
    await visitor.submit(page, {}, 1)
    server.wait(60_000)
    expect(await say(server.codeFor(INBOX))).toBe('That code has expired. Ask for a new one.')
  })

  test('takes a code however it was typed', async () => {
    const server = await ready()
    await server.manage('POST', '/api/users', { primaryPhone: PHONE })
    const visitor = await server.visit()
    const page = await askForCode(visitor)
    const [a, b] = [server.codeFor(INBOX).slice(0, 3), server.codeFor(INBOX).slice(3)]
    const wide = [...b].map(digit => String.fromCodePoint(0xff10 + Number(digit))).join('')
    await visitor.submit(page, { code: ` ${a}-${wide} ` })
    expect(visitor.leftTo?.searchParams.get('code')).toBeTruthy()
  })

  test('sends another code, and only that one counts', async () => {
    const server = await ready()
    await server.manage('POST', '/api/users', { primaryPhone: PHONE })
    const visitor = await server.visit()
    const page = await askForCode(visitor)
    const first = server.codeFor(INBOX)
    const again = await visitor.submit(page, {}, 1)
    expect(noticeOf(again)).toMatch('A new code is on its way')
    const second = server.codeFor(INBOX)
    if (first !== second)
      expect(noticeOf(await visitor.submit(again, { code: first }))).toMatch('That code is not right')
    await visitor.submit(again, { code: second })
    expect(visitor.leftTo?.searchParams.get('code')).toBeTruthy()
  })

  test('sends nothing when it is loaded again', async () => {
    const server = await ready()
    const visitor = await server.visit()
    await askForCode(visitor)
    for (let time = 0; time < 3; time += 1) await go(visitor, '/sign-in/code')
    expect(server.clouds.inbox.messages()).toHaveLength(1)
  })

  test('says to whoever owns it that their number or their address cannot receive messages', async () => {
    const method = { password: false, verificationCode: true, isPasswordPrimary: false }
    const server = await ready({
      signUp: { identifiers: ['phone', 'email'], password: false, verify: true },
      signIn: {
        methods: [
          { identifier: 'phone', ...method },
          { identifier: 'email', ...method },
        ],
      },
    })
    const visitor = await server.visit()
    const told = async (from: string, typed: Record<string, string>) =>
      noticeOf(await visitor.submit(await go(visitor, from), typed))
    expect(await told('/sign-in?with=email', { value: 'spam@example.com' })).toMatch(
      'This address cannot receive our messages.',
    )
    expect(await told('/sign-in?with=email', { value: 'notfound@example.com' })).toMatch(
      'No message can be delivered to this address.',
    )
    expect(await told('/sign-in?with=phone', { ...TYPED, value: '13900000001' })).toMatch(
      'This number cannot receive our messages.',
    )
  })

  test('says one clear sentence when the cloud is down, refuses or limits', async () => {
    const server = await ready()
    const visitor = await server.visit()
    server.clouds.control.setFault({ kind: 'drop-before' })
    const down = await askForCode(visitor)
    expect([down.status, pathOf(down)]).toEqual([200, '/sign-in'])
    expect(noticeOf(down)).toBe(
      'We could not send the message. Try again later, or use another way to continue.',
    )
    server.clouds.control.setFault({ code: 'isv.BLACK_KEY_CONTROL_LIMIT' })
    expect(noticeOf(await askForCode(visitor))).toMatch('This number cannot receive our messages.')
    server.clouds.control.setFault({ code: 'isv.BUSINESS_LIMIT_CONTROL' })
    // The cloud's window ends with the clock's minute; in the middle of one there are seconds left, and not a minute.
    server.wait(80_000 - (Date.now() % 60_000))
    expect(noticeOf(await askForCode(visitor))).toMatch(/^That was too often\. Try again in \d+ seconds\./)
    server.clouds.control.setFault({ kind: 'drop-after' })
    const unsure = await askForCode(visitor)
    expect(noticeOf(unsure)).toMatch('We are not sure the message got out')
    expect(headingOf(await visitor.submit(unsure, { code: server.codeFor(INBOX) }))).toBe(
      'Create an account?',
    )
  })

  test('says so when too many codes were asked for', async () => {
    const server = await ready()
    const visitor = await server.visit()
    let page = await askForCode(visitor, '/sign-in', TYPED)
    // The same form again would send nothing while the first code is on its way.
    for (let time = 1; time < 10; time += 1) page = await visitor.submit(page, {}, 1)
    expect(noticeOf(await visitor.submit(page, {}, 1))).toBe(
      'Too many messages were asked for. Try again in 10 minutes.',
    )
  })
})
