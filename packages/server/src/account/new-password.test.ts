import { describe, expect, test } from 'vitest'
import { receiver } from '../hooks/testing.ts'
import type { Launched } from '../testing/launch.ts'
import { callWith, newUser, OPEN, PASSWORD, PHONE, ready, type SignedIn, signIn, token } from './testing.ts'

const NEW = 'another good passphrase'
const SCOPE = { scope: 'openid profile offline_access' }
const phone = { type: 'phone', value: PHONE }

/** A server with a user who is signed in twice. */
async function signedInTwice(): Promise<[Launched, SignedIn, SignedIn]> {
  const server = await ready(OPEN, { forgotPasswordMethods: ['PhoneVerificationCode'] })
  await newUser(server, { primaryPhone: PHONE })
  return [server, await signIn(server, SCOPE), await signIn(server, SCOPE)]
}

/** Whether the session, the access token and the refresh token of a sign-in go on. */
async function goesOn(server: Launched, { browser, token: access, applicationId, refreshToken }: SignedIn) {
  browser.leftTo = undefined
  const prompt = { scope: 'openid', prompt: 'none' }
  await browser.authorize(applicationId, 'https://app.example.com/callback', prompt)
  const refreshed = await token(server, applicationId, {
    grant_type: 'refresh_token',
    refresh_token: refreshToken!,
  })
  return [
    browser.leftTo!.searchParams.get('error') !== 'login_required',
    (await callWith(server, `Bearer ${access}`, 'GET', '/api/my-account')).status === 200,
    'access_token' in refreshed,
  ]
}

const ON = [true, true, true]
const OVER = [false, false, false]

/** What the audit log tells of sessions that ended. */
async function audited(server: Launched): Promise<Record<string, unknown>[]> {
  const answer = await server.manage('GET', '/api/logs?logKey=EndSessions')
  return ((await answer.json()) as { payload: Record<string, unknown> }[]).map(({ payload }) => payload)
}

async function listening(server: Launched) {
  const listener = await receiver()
  const events = ['User.Data.Updated', 'PostResetPassword']
  await server.manage('POST', '/api/hooks', { events, config: { url: listener.url } })
  return async () => {
    await server.app.hooks.deliverDue()
    const bodies = listener.arrived.splice(0).map(({ body }) => body as Record<string, unknown>)
    return bodies.toSorted((a, b) => String(a.event).localeCompare(String(b.event)))
  }
}

describe('a password that is changed', () => {
  test('by its user ends all other sessions, and leaves that of the caller', async () => {
    const [server, mine, theirs] = await signedInTwice()
    const heard = await listening(server)
    const { status } = await mine.call(
      'POST',
      '/api/my-account/password',
      { password: NEW },
      await mine.proof(),
    )
    expect(status).toBe(204)
    expect(await goesOn(server, theirs)).toEqual(OVER)
    expect(await goesOn(server, mine)).toEqual(ON)
    expect(await heard()).toMatchObject([{ event: 'User.Data.Updated', sessionsEnded: true }])
    expect(await audited(server)).toMatchObject([{ userId: mine.userId, sessions: 1, grants: 1 }])
  })

  test('by its user leaves the others where that is asked for', async () => {
    const [server, mine, theirs] = await signedInTwice()
    const heard = await listening(server)
    const body = { password: NEW, endOtherSessions: false }
    expect((await mine.call('POST', '/api/my-account/password', body, await mine.proof())).status).toBe(204)
    expect([await goesOn(server, theirs), await goesOn(server, mine)]).toEqual([ON, ON])
    const [told] = await heard()
    expect(told).not.toHaveProperty('sessionsEnded')
    expect(await audited(server)).toEqual([])
  })

  test.each([
    [{}, OVER],
    [{ endSessions: false }, ON],
  ])('through the Management API ends all sessions unless asked otherwise: %o', async (choice, expected) => {
    const [server, mine, theirs] = await signedInTwice()
    const heard = await listening(server)
    const path = `/api/users/${mine.userId}/password`
    expect((await server.manage('PATCH', path, { password: NEW, ...choice })).status).toBe(200)
    expect([await goesOn(server, theirs), await goesOn(server, mine)]).toEqual([expected, expected])
    const [told] = await heard()
    expect(told?.sessionsEnded).toBe(expected === OVER ? true : undefined)
    expect(told?.data).not.toHaveProperty('sessionEpoch')
    expect(await audited(server)).toHaveLength(expected === OVER ? 1 : 0)
  })

  test('because it was forgotten ends all sessions, and the next sign-in begins a new one', async () => {
    const [server, mine, theirs] = await signedInTwice()
    const heard = await listening(server)
    const visitor = await server.visit()
    await visitor.experience('PUT', '', { interactionEvent: 'ForgotPassword' })
    const code = { identifier: phone, interactionEvent: 'ForgotPassword' }
    const { json } = await visitor.experience('POST', '/verification/verification-code', code)
    const { verificationId } = json
    await expect.poll(() => server.clouds.inbox.messages().length).toBe(1)
    const entered = { identifier: phone, verificationId, code: server.codeFor(`+${PHONE}`) }
    await visitor.experience('POST', '/verification/verification-code/verify', entered)
    await visitor.experience('POST', '/identification', { verificationId })
    await visitor.experience('PUT', '/profile/password', { password: NEW })
    expect((await visitor.experience('POST', '/submit')).status).toBe(204)
    expect([await goesOn(server, theirs), await goesOn(server, mine)]).toEqual([OVER, OVER])
    expect(await heard()).toMatchObject([
      { event: 'PostResetPassword', sessionsEnded: true },
      { event: 'User.Data.Updated', sessionsEnded: true },
    ])
    expect(await audited(server)).toMatchObject([{ userId: mine.userId, sessions: 2, grants: 2 }])
    const again = await server.visit()
    await again.experience('PUT', '', { interactionEvent: 'SignIn' })
    const proved = await again.experience('POST', '/verification/password', {
      identifier: phone,
      password: NEW,
    })
    await again.experience('POST', '/identification', { verificationId: proved.json.verificationId })
    expect((await again.experience('POST', '/submit')).status).toBe(200)
  })
})

describe('a sign-in that was under way when the password changed', () => {
  const identify = async (server: Launched) => {
    const visitor = await server.visit()
    await visitor.experience('PUT', '', { interactionEvent: 'SignIn' })
    const { json } = await visitor.experience('POST', '/verification/password', {
      identifier: phone,
      password: PASSWORD,
    })
    return { visitor, proof: { verificationId: json.verificationId } }
  }
  const change = (server: Launched, userId: string) =>
    server.manage('PATCH', `/api/users/${userId}/password`, { password: NEW })

  test('goes no further: neither its proof nor what followed from it counts', async () => {
    const [server, { userId }] = await signedInTwice()
    const proved = await identify(server)
    const known = await identify(server)
    await known.visitor.experience('POST', '/identification', known.proof)
    const submitted = await identify(server)
    await submitted.visitor.experience('POST', '/identification', submitted.proof)
    const { json } = await submitted.visitor.experience('POST', '/submit')
    await change(server, userId)
    expect(await proved.visitor.experience('POST', '/identification', proved.proof)).toMatchObject({
      status: 400,
      json: { code: 'session.verification_failed' },
    })
    expect(await known.visitor.experience('POST', '/submit')).toMatchObject({
      status: 404,
      json: { code: 'session.identifier_not_found' },
    })
    await submitted.visitor.open(json.redirectTo)
    expect(submitted.visitor.leftTo?.searchParams.get('code') ?? null).toBeNull()
    const sessions = await server.manage('GET', `/api/users/${userId}/sessions`)
    expect(await sessions.json()).toEqual({ sessions: [] })
  })
})
