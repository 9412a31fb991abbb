import { describe, expect, test } from 'vitest'
import { eachServerDatabase } from './db/testing.ts'
import { Browser } from './testing/browser.ts'
import type { Launched } from './testing/launch.ts'
import { go, INBOX, PASSWORD, PHONE, ready, wrongFor } from './testing/visitor.ts'

const CALLBACK = 'https://app.example.com/callback'
const BLOCKED = 'session.verification_blocked_too_many_attempts'
const MISSING = '8613800138099'
const MINUTE = 60_000
const phone = (value = PHONE) => ({ type: 'phone', value })

/** A server behind a proxy, its owner's account, and visitors who come from where they say. */
async function guarded(env: Record<string, string> = {}, settings: object = {}) {
  const server = await ready(settings, { TRUST_PROXY: 'true', ...env })
  const user = await server.manage('POST', '/api/users', { primaryPhone: PHONE, password: PASSWORD })
  if (user.status !== 200) throw new Error(await user.text())
  const application = (await (
    await server.manage('POST', '/api/applications', {
      name: 'Test application',
      type: 'SPA',
      oidcClientMetadata: { redirectUris: [CALLBACK], postLogoutRedirectUris: [] },
    })
  ).json()) as { id: string }

  let last = 0
  /** A new address with each call. */
  const elsewhere = () => {
    last += 1
    return `198.51.${last >> 8}.${last & 255}`
  }
  async function come(address = elsewhere(), browser = new Browser(server.endpoint)) {
    browser.address = address
    await browser.authorize(application.id, CALLBACK, {})
    await browser.experience('PUT', '', { interactionEvent: 'SignIn' })
    return browser
  }
  return { server, come, elsewhere }
}

type Guarded = Awaited<ReturnType<typeof guarded>>

const enterPassword = (visitor: Browser, password: string, value = PHONE) =>
  visitor.experience('POST', '/verification/password', { identifier: phone(value), password })

async function askForCode(visitor: Browser, value = PHONE, interactionEvent = 'SignIn') {
  const body = { identifier: phone(value), interactionEvent }
  return (await visitor.experience('POST', '/verification/verification-code', body)).json
    .verificationId as string
}

const enterCode = async (visitor: Browser, verificationId: string, code: string, value = PHONE) =>
  (
    await visitor.experience('POST', '/verification/verification-code/verify', {
      identifier: phone(value),
      verificationId,
      code,
    })
  ).json.code as string | undefined

/** Signs in; whether it worked. */
async function signIn(server: Launched, visitor: Browser, by: 'password' | 'code'): Promise<boolean> {
  let verificationId: string
  if (by === 'password') verificationId = (await enterPassword(visitor, PASSWORD)).json.verificationId
  else {
    verificationId = await askForCode(visitor)
    if ((await enterCode(visitor, verificationId, server.codeFor(INBOX))) !== undefined) return false
  }
  await visitor.experience('POST', '/identification', { verificationId })
  const { status } = await visitor.experience('POST', '/submit')
  return status === 200
}

/** Wrong passwords in ever new visits, until they are no longer heard; how many were. */
async function flood({ server, elsewhere }: Guarded, { value = PHONE, from = elsewhere } = {}) {
  for (let heard = 0; ; heard += 1) {
    const client = { address: from(), visit: `visit ${heard}` }
    const attempt = { kind: 'password', succeeded: false, client } as const
    const refused = await server.app.limits.report('visitor', value, attempt, {}).catch(error => error)
    if (refused.code === BLOCKED) return heard
  }
}

eachServerDatabase('a guesser with as many addresses, visits and messages as there are', fresh => {
  test('has 99 guesses in an hour, and the owner gets in all the while', async () => {
    const here = await guarded(await fresh(), {
      verificationCodePolicy: { resendInterval: 0, expirationDuration: 3600 },
    })
    const { server, come } = here
    const known = await come()
    expect(await signIn(server, known, 'password')).toBe(true)
    // Cookies that were stolen from three browsers of the owner.
    const stolen: Browser[] = []
    for (let nth = 0; nth < 3; nth += 1) {
      const browser = await come()
      expect(await signIn(server, browser, 'password')).toBe(true)
      stolen.push(browser)
    }

    /** How often something was learned of a password or a code: it was said to be wrong, or a block began with it. */
    let guesses = 0
    const heard = (code: string | undefined) => {
      const told = code === 'session.invalid_credentials' || code === 'verification_code.code_mismatch'
      if (told) guesses += 1
      return told
    }
    async function guessPasswords(visitor: Browser, isStranger = true) {
      do if (isStranger) visitor.address = here.elsewhere()
      while (heard((await enterPassword(visitor, 'wrong')).json.code))
      // That one was refused, but as the first; right, it would have been taken.
      if (isStranger) guesses += 1
    }
    async function guessCodes() {
      for (let before = -1; before < guesses; ) {
        before = guesses
        const visitor = await come()
        const id = await askForCode(visitor)
        // Ten messages in ten minutes, and no more.
        if (id === undefined) return
        while (heard(await enterCode(visitor, id, wrongFor(server.codeFor(INBOX)))));
      }
    }
    // Once in a visit that goes from address to address, then in a new one.
    await guessPasswords(await come())
    await guessPasswords(await come())
    const [first, ...others] = stolen
    await guessPasswords(await come(first!.address, first), false)
    for (let round = 0; round < 5; round += 1) {
      await guessCodes()
      server.wait(11 * MINUTE)
    }
    expect(await signIn(server, await come('192.0.2.1', known), 'password')).toBe(true)
    for (const thief of others) await guessPasswords(await come(thief.address, thief), false)
    // 74 and 13 and 8, and those with which the two blocks began.
    expect(guesses).toBe(97)
  }, 240_000)
})

describe('while strangers have used up the guesses at passwords', () => {
  test('the owner signs in with a browser that did before', async () => {
    const here = await guarded()
    const { server, come } = here
    const known = await come()
    expect(await signIn(server, known, 'password')).toBe(true)
    expect(await flood(here)).toBe(74)
    expect(await signIn(server, await come(), 'password')).toBe(false)
    expect(await signIn(server, await come('192.0.2.1', known), 'password')).toBe(true)
  })

  test('the owner does too at the very address of the guesser, by that browser or by a delivered code', async () => {
    const here = await guarded()
    const { server, come } = here
    const known = await come()
    expect(await signIn(server, known, 'password')).toBe(true)
    expect(await flood(here, { from: () => '192.0.2.66' })).toBe(74)
    expect(await signIn(server, await come('192.0.2.66'), 'password')).toBe(false)
    expect(await signIn(server, await come('192.0.2.66', known), 'password')).toBe(true)
    expect(await signIn(server, await come('192.0.2.66'), 'code')).toBe(true)
  })

  test('a browser that is known has four wrong guesses and no more, and one of another account none', async () => {
    const here = await guarded()
    const { server, come } = here
    const [known, other] = [await come(), await come()]
    expect(await signIn(server, known, 'password')).toBe(true)
    await server.manage('POST', '/api/users', { primaryPhone: MISSING, password: PASSWORD })
    const verificationId = (await enterPassword(other, PASSWORD, MISSING)).json.verificationId
    await other.experience('POST', '/identification', { verificationId })
    expect((await other.experience('POST', '/submit')).status).toBe(200)
    await flood(here)
    expect((await enterPassword(await come('192.0.2.2', other), PASSWORD)).json.code).toBe(BLOCKED)
    const again = await come('192.0.2.1', known)
    for (let guess = 0; guess < 4; guess += 1)
      expect((await enterPassword(again, 'wrong')).json.code).toBe('session.invalid_credentials')
    expect((await enterPassword(again, PASSWORD)).json.code).toBe(BLOCKED)
    // Signing in makes no new browser of it, and none is known for ever.
    server.wait(180 * 24 * 60 * MINUTE)
    await flood(here)
    expect(await signIn(server, await come('192.0.2.1', known), 'password')).toBe(false)
  })

  test('a code that was delivered works, with two tries, and the code of a guesser has no more', async () => {
    const here = await guarded()
    const { server, come } = here
    await flood(here)
    expect(await signIn(server, await come(), 'code')).toBe(true)
    const visitor = await come()
    const first = await askForCode(visitor)
    const code = server.codeFor(INBOX)
    expect(await enterCode(visitor, first, wrongFor(code))).toBe('verification_code.code_mismatch')
    expect(await enterCode(visitor, first, wrongFor(code))).toBe('verification_code.code_mismatch')
    expect(await enterCode(visitor, first, code)).toBe('verification_code.exceed_max_try')
    expect(await signIn(server, visitor, 'code')).toBe(true)
  })

  test('a password can be forgotten and set anew on the pages, and then the browser is known', async () => {
    const here = await guarded()
    const { server, come } = here
    await flood(here)
    const visitor = await come()
    const page = await visitor.submit(await go(visitor, '/reset-password'), {
      kind: 'phone',
      value: `+${PHONE}`,
      country: 'CN',
    })
    // It leaves after the answer.
    await expect.poll(() => server.clouds.inbox.messages().length).toBe(1)
    const chosen = await visitor.submit(page, { code: server.codeFor(INBOX) })
    await visitor.submit(chosen, { password: 'another passphrase', repeat: 'another passphrase' })
    // The page says how many tries are left in truth.
    const asked = await visitor.submit(await go(visitor, '/sign-in'), {
      kind: 'phone',
      value: `+${PHONE}`,
      country: 'CN',
    })
    const right = server.codeFor(INBOX)
    const wrong = await visitor.submit(asked, { code: wrongFor(right) })
    expect(wrong.text).toMatch(/\b1\b/)
    await visitor.submit(wrong, { code: right })
    expect(visitor.leftTo?.searchParams.get('code')).toBeTruthy()
    // Later, when its session is over.
    for (const key of visitor.cookies.keys())
      if (!key.endsWith(' _known_browser')) visitor.cookies.delete(key)
    const again = await come(undefined, visitor)
    expect((await enterPassword(again, 'another passphrase')).status).toBe(200)
  })

  test('nobody learns whether an account exists', async () => {
    const here = await guarded({}, { signInMode: 'SignIn' })
    const { server, come } = here
    const told = []
    for (const value of [PHONE, MISSING]) {
      expect(await flood(here, { value })).toBe(74)
      const visitor = await come()
      const codes: unknown[] = [(await enterPassword(visitor, PASSWORD, value)).json.code]
      for (const event of ['SignIn', 'ForgotPassword']) {
        const id = await askForCode(visitor, value, event)
        for (let guess = 0; guess < 3; guess += 1) codes.push(await enterCode(visitor, id, '000000', value))
      }
      told.push(codes)
    }
    expect(told[0]).toEqual(told[1])
    expect(server.log.join()).not.toContain(MISSING)
  })

  test('an operator lifts all of it, and the audit log says whose failures a refusal was for', async () => {
    const here = await guarded()
    const { server, come } = here
    await flood(here)
    const visitor = await come()
    expect((await enterPassword(visitor, PASSWORD)).json.code).toBe(BLOCKED)
    const logs = await server.manage(
      'GET',
      '/api/logs?logKey=Interaction.SignIn.Verification.Password.Submit',
    )
    const [entry] = (await logs.json()) as { payload: { blockedBy?: string } }[]
    expect(entry?.payload.blockedBy).toBe('passwords')
    const body = { targetType: 'User', targets: [`+${PHONE}`] }
    expect((await server.manage('POST', '/api/sentinel-activities/delete', body)).status).toBe(204)
    expect(await signIn(server, visitor, 'password')).toBe(true)
    expect(await flood(here)).toBe(74)
  })
})

test('one client that fails is blocked, and nobody else is', async () => {
  const here = await guarded()
  const { server, come } = here
  const guesser = await come('192.0.2.66')
  await flood(here, { from: () => '192.0.2.66' })
  expect((await enterPassword(guesser, PASSWORD)).json.code).toBe(BLOCKED)
  expect(await signIn(server, await come(), 'password')).toBe(true)
})
