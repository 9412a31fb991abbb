import { describe, expect, test } from 'vitest'
import type { Browser } from '../testing/browser.ts'
import type { Launched } from '../testing/launch.ts'
import {
  callWith,
  changed,
  makeThirdParty,
  newUser,
  ready,
  redeem,
  SESSIONS,
  type SignedIn,
  signIn,
  token,
} from './testing.ts'

const code = (status: number, name: string) => ({ status, body: { code: name, message: expect.any(String) } })

const PATH = '/api/my-account/sessions'
const GRANTS = '/api/my-account/grants'
const LASTING = `openid profile ${SESSIONS} offline_access`
const PASSING = `openid profile ${SESSIONS}`
const CALLBACK = 'https://app.example.com/callback'

async function sessionsOf(user: SignedIn, proof: string) {
  const { status, body } = await user.call('GET', PATH, undefined, proof)
  expect(status).toBe(200)
  return body.sessions as { payload: { uid: string; authorizations: object }; isCurrent: boolean }[]
}

const works = async (server: Launched, accessToken: string) =>
  (await callWith(server, `Bearer ${accessToken}`, 'GET', '/api/my-account')).status === 200

const refreshes = async (server: Launched, { applicationId, refreshToken }: SignedIn) =>
  'access_token' in
  (await token(server, applicationId, { grant_type: 'refresh_token', refresh_token: refreshToken! }))

/** Signs the browser's user in with another application, without asking again. */
async function single(server: Launched, browser: Browser, scope: string): Promise<[string, string]> {
  const created = await server.manage('POST', '/api/applications', {
    name: 'Second application',
    type: 'SPA',
    oidcClientMetadata: { redirectUris: [CALLBACK], postLogoutRedirectUris: [] },
  })
  const { id } = (await created.json()) as { id: string }
  browser.leftTo = undefined
  await browser.authorize(id, CALLBACK, { scope })
  return [id, (await redeem(server, browser)).access_token!]
}

/** True when the browser is signed in still. */
async function hasSession(browser: Browser): Promise<boolean> {
  browser.leftTo = undefined
  await browser.authorize(browser.applicationId, CALLBACK, { scope: 'openid', prompt: 'none' })
  return browser.leftTo!.searchParams.get('error') !== 'login_required'
}

describe('the own sessions', () => {
  test('are listed with the applications that took part, and the one that calls is marked', async () => {
    const server = await ready()
    await newUser(server)
    const user = await signIn(server, { scope: LASTING })
    await signIn(server)
    const [second] = await single(server, user.browser, PASSING)
    const sessions = await sessionsOf(user, await user.proof())
    expect(sessions).toHaveLength(2)
    const current = sessions.find(({ isCurrent }) => isCurrent)!
    expect(sessions.filter(({ isCurrent }) => isCurrent)).toHaveLength(1)
    expect(current.payload).not.toHaveProperty('submission')
    expect(current).toEqual({
      payload: expect.objectContaining({
        uid: expect.any(String),
        jti: expect.any(String),
        kind: 'Session',
        accountId: user.userId,
        exp: expect.any(Number),
        iat: expect.any(Number),
        loginTs: expect.any(Number),
        authorizations: {
          [user.applicationId]: {
            sid: expect.any(String),
            grantId: expect.any(String),
            persistsLogout: true,
          },
          [second]: { sid: expect.any(String), grantId: expect.any(String) },
        },
      }),
      lastSubmission: {
        interactionEvent: 'SignIn',
        userId: user.userId,
        verificationRecords: [
          {
            id: expect.any(String),
            type: 'Password',
            identifier: { type: 'username', value: 'ada' },
            verified: true,
          },
        ],
        signInContext: { ip: expect.any(String), userAgent: expect.any(String) },
      },
      clientId: user.applicationId,
      accountId: user.userId,
      expiresAt: expect.any(Number),
      isCurrent: true,
    })
    const renewed = await token(server, user.applicationId, {
      grant_type: 'refresh_token',
      refresh_token: user.refreshToken!,
    })
    const again = await callWith(server, `Bearer ${renewed.access_token}`, 'GET', PATH, undefined, {
      'logto-verification-id': await user.proof(),
    })
    expect(again.body.sessions.find((each: { isCurrent: boolean }) => each.isCurrent).payload.uid).toBe(
      current.payload.uid,
    )
  })

  test('are ended: what was to last beyond them goes on, the rest dies with them', async () => {
    const server = await ready()
    await newUser(server)
    const user = await signIn(server, { scope: LASTING })
    const [, passing] = await single(server, user.browser, PASSING)
    const proof = await user.proof()
    const [session] = await sessionsOf(user, proof)
    expect([await works(server, user.token), await works(server, passing)]).toEqual([true, true])
    expect((await user.call('DELETE', `${PATH}/${session!.payload.uid}`, undefined, proof)).status).toBe(204)
    expect([await works(server, user.token), await works(server, passing)]).toEqual([true, false])
    expect(await sessionsOf(user, proof)).toEqual([])
    expect(await refreshes(server, user)).toBe(true)
    expect(await hasSession(user.browser)).toBe(false)
  })

  test.each([
    ['all', false],
    ['firstParty', true],
  ])('are ended with the grants of %s', async (target, thirdPartyLives) => {
    const server = await ready()
    await newUser(server)
    const user = await signIn(server, { scope: LASTING })
    const [foreign, foreignToken] = await single(server, user.browser, LASTING)
    await makeThirdParty(server, foreign)
    const proof = await user.proof()
    const [session] = await sessionsOf(user, proof)
    const path = `${PATH}/${session!.payload.uid}?revokeGrantsTarget=${target}`
    expect((await user.call('DELETE', path, undefined, proof)).status).toBe(204)
    expect(await works(server, user.token)).toBe(false)
    expect(await refreshes(server, user)).toBe(false)
    expect(await works(server, foreignToken)).toBe(thirdPartyLives)
  })

  test('are those of the caller alone', async () => {
    const server = await ready()
    await newUser(server)
    await newUser(server, { username: 'grace' })
    const user = await signIn(server)
    const stranger = await signIn(server, { username: 'grace' })
    const [foreign] = await sessionsOf(stranger, await stranger.proof())
    const proof = await user.proof()
    expect(await sessionsOf(user, proof)).toHaveLength(1)
    const end = (id: string) => user.call('DELETE', `${PATH}/${id}`, undefined, proof)
    expect(await end(foreign!.payload.uid)).toMatchObject(code(404, 'oidc.invalid_session_account_id'))
    expect(await end('unknown')).toMatchObject(code(404, 'oidc.session_not_found'))
    expect(await hasSession(stranger.browser)).toBe(true)
    expect(
      await user.call('DELETE', `${PATH}/unknown?revokeGrantsTarget=thirdParty`, undefined, proof),
    ).toMatchObject(code(400, 'guard.invalid_input'))
  })

  test('and grants need a proof, then the control, then the scope, and to end them an application of the house', async () => {
    const server = await ready()
    await newUser(server)
    const narrow = await signIn(server, { scope: 'openid profile' })
    const user = await signIn(server)
    const proof = await user.proof()
    const reading = [PATH, GRANTS].map(path => ['GET', path] as const)
    const ending = [PATH, GRANTS].map(path => ['DELETE', `${path}/x`] as const)
    for (const [method, path] of [...reading, ...ending])
      expect(await narrow.call(method, path)).toMatchObject(
        code(401, 'verification_record.permission_denied'),
      )
    await changed(server, '/api/account-center', { fields: { session: 'Off' } })
    for (const [method, path] of reading)
      expect(await narrow.call(method, path, undefined, proof)).toMatchObject(
        code(400, 'account_center.field_not_enabled'),
      )
    await changed(server, '/api/account-center', { fields: { session: 'ReadOnly' } })
    for (const [method, path] of ending)
      expect(await narrow.call(method, path, undefined, proof)).toMatchObject(
        code(400, 'account_center.field_not_editable'),
      )
    await changed(server, '/api/account-center', { fields: { session: 'Edit' } })
    for (const [method, path] of [...reading, ...ending])
      expect(await narrow.call(method, path, undefined, proof)).toMatchObject(code(401, 'auth.unauthorized'))
    await makeThirdParty(server, user.applicationId)
    for (const [method, path] of reading)
      expect((await user.call(method, path, undefined, proof)).status).toBe(200)
    for (const [method, path] of ending)
      expect(await user.call(method, path, undefined, proof)).toMatchObject(
        code(403, 'auth.third_party_application_forbidden'),
      )
  })
})

describe('the own grants', () => {
  test('are listed by application, and revoked with their tokens; the session goes on', async () => {
    const server = await ready()
    await newUser(server)
    const user = await signIn(server)
    const [second, secondToken] = await single(server, user.browser, LASTING)
    await makeThirdParty(server, second)
    const proof = await user.proof()
    const list = async (query = '') => {
      const { body } = await user.call('GET', `${GRANTS}${query}`, undefined, proof)
      return body.grants as { id: string; application: object }[]
    }
    expect(await list()).toHaveLength(2)
    const [foreign] = await list('?appType=thirdParty')
    expect(foreign).toEqual({
      id: expect.any(String),
      payload: expect.objectContaining({
        jti: foreign!.id,
        kind: 'Grant',
        clientId: second,
        accountId: user.userId,
        exp: expect.any(Number),
        iat: expect.any(Number),
        openid: { scope: expect.stringContaining('openid') },
      }),
      expiresAt: expect.any(Number),
      application: { id: second, name: 'Second application' },
    })
    expect((await list('?appType=firstParty')).map(({ application }) => application)).toEqual([
      { id: user.applicationId, name: 'Test application' },
    ])
    expect(await user.call('GET', `${GRANTS}?appType=other`, undefined, proof)).toMatchObject(
      code(400, 'guard.invalid_input'),
    )
    expect((await user.call('DELETE', `${GRANTS}/${foreign!.id}`, undefined, proof)).status).toBe(204)
    expect([await works(server, secondToken), await works(server, user.token)]).toEqual([false, true])
    const [session] = await sessionsOf(user, proof)
    expect(Object.keys(session!.payload.authorizations)).toEqual([user.applicationId])
    expect(await user.call('DELETE', `${GRANTS}/${foreign!.id}`, undefined, proof)).toMatchObject(
      code(404, 'oidc.invalid_grant'),
    )
  })

  test('of others are not found', async () => {
    const server = await ready()
    await newUser(server)
    await newUser(server, { username: 'grace' })
    const user = await signIn(server)
    const stranger = await signIn(server, { username: 'grace' })
    const [grant] = await server.app.oidc.sessions.grants(stranger.userId, undefined)
    expect(await user.call('DELETE', `${GRANTS}/${grant!.id}`, undefined, await user.proof())).toMatchObject(
      code(404, 'oidc.invalid_grant'),
    )
    expect(await works(server, stranger.token)).toBe(true)
  })
})

describe('who manages users', () => {
  const json = async (answer: Response) => ({
    status: answer.status,
    body: answer.status === 204 ? '' : await answer.json(),
  })

  test('reads and ends their sessions', async () => {
    const server = await ready()
    await newUser(server)
    await newUser(server, { username: 'grace' })
    const user = await signIn(server)
    const stranger = await signIn(server, { username: 'grace' })
    const path = `/api/users/${user.userId}/sessions`
    const call = async (method: string, address: string) => json(await server.manage(method, address))
    const { body } = (await call('GET', path)) as { body: { sessions: { payload: { uid: string } }[] } }
    expect(body.sessions).toHaveLength(1)
    const [session] = body.sessions
    expect(session).not.toHaveProperty('isCurrent')
    const { uid } = session!.payload
    expect(await call('GET', `${path}/${uid}`)).toEqual({ status: 200, body: session })
    expect(await call('GET', `${path}/unknown`)).toMatchObject(code(404, 'oidc.session_not_found'))
    const foreign = `/api/users/${stranger.userId}/sessions/${uid}`
    expect(await call('GET', foreign)).toMatchObject(code(404, 'oidc.session_not_found'))
    expect(await call('DELETE', foreign)).toMatchObject(code(404, 'oidc.invalid_session_account_id'))
    expect(await call('DELETE', `${path}/${uid}?revokeGrantsTarget=some`)).toMatchObject(
      code(400, 'guard.invalid_input'),
    )
    expect((await call('DELETE', `${path}/${uid}`)).status).toBe(204)
    expect(await call('DELETE', `${path}/${uid}`)).toMatchObject(code(404, 'oidc.session_not_found'))
    expect(await works(server, user.token)).toBe(false)
    expect(await call('GET', '/api/users/nobody/sessions')).toEqual({ status: 200, body: { sessions: [] } })
  })

  test('reads and revokes their grants', async () => {
    const server = await ready()
    await newUser(server)
    const user = await signIn(server, { scope: LASTING })
    const path = `/api/users/${user.userId}/grants`
    const { body } = await json(await server.manage('GET', `${path}?appType=firstParty`))
    const [grant] = (body as { grants: { id: string }[] }).grants
    const other = await json(await server.manage('DELETE', `/api/users/nobody/grants/${grant!.id}`))
    expect(other).toMatchObject(code(404, 'oidc.invalid_grant'))
    expect((await server.manage('DELETE', `${path}/${grant!.id}`)).status).toBe(204)
    expect([await works(server, user.token), await refreshes(server, user)]).toEqual([false, false])
    expect(await json(await server.manage('GET', path))).toEqual({ status: 200, body: { grants: [] } })
  })
})
