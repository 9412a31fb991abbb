import { describe, expect, test } from 'vitest'
import { managementToken } from '../testing/launch.ts'
import { callWith, changed, makeThirdParty, newUser, PASSWORD, ready, signIn, token } from './testing.ts'

const ACCOUNT = '/api/my-account'
const code = (status: number, name: string) => ({ status, body: { code: name, message: expect.any(String) } })

describe('the account API lets in', () => {
  test('nobody without the opaque token of a user', async () => {
    const server = await ready()
    await newUser(server)
    const user = await signIn(server, { scope: 'openid profile offline_access' })
    const jwt = await managementToken(server.endpoint)
    const refusals: [string | undefined, string][] = [
      [undefined, 'auth.authorization_header_missing'],
      ['Basic eDp5', 'auth.authorization_token_type_not_supported'],
      [`bearer ${user.token}`, 'auth.authorization_token_type_not_supported'],
      [`Bearer${user.token}`, 'auth.authorization_token_type_not_supported'],
      ['Bearer unknown', 'auth.unauthorized'],
      [`Bearer ${user.refreshToken}`, 'auth.unauthorized'],
      [`Bearer ${jwt}`, 'auth.unauthorized'],
    ]
    expect(user.refreshToken).toBeTruthy()
    for (const [header, name] of refusals) {
      const answer = await callWith(server, header, 'GET', ACCOUNT)
      expect(answer, header).toMatchObject(code(401, name))
      if (name === 'auth.unauthorized') expect(answer.body).not.toHaveProperty('data')
    }
    expect(await callWith(server, 'Basic eDp5', 'GET', ACCOUNT)).toMatchObject({
      body: { data: { supportedTypes: ['Bearer'] } },
    })
    expect(
      await callWith(server, undefined, 'GET', ACCOUNT, undefined, { 'development-user-id': user.userId }),
    ).toMatchObject(code(401, 'auth.authorization_header_missing'))
  })

  test('no token that has expired, was revoked, or is of a user who is suspended or gone', async () => {
    const server = await ready()
    await newUser(server)
    await newUser(server, { username: 'grace' })
    const refused = code(401, 'auth.unauthorized')

    const revoked = await signIn(server)
    await fetch(`${server.endpoint}/oidc/token/revocation`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: revoked.applicationId, token: revoked.token }),
    })
    expect(await revoked.call('GET', ACCOUNT)).toMatchObject(refused)

    const suspended = await signIn(server)
    const path = `/api/users/${suspended.userId}/is-suspended`
    await server.manage('PATCH', path, { isSuspended: true })
    expect(await suspended.call('GET', ACCOUNT)).toMatchObject(refused)
    await server.manage('PATCH', path, { isSuspended: false })
    expect(await suspended.call('GET', ACCOUNT)).toMatchObject(refused)

    const gone = await signIn(server, { username: 'grace' })
    await server.manage('DELETE', `/api/users/${gone.userId}`)
    expect(await gone.call('GET', ACCOUNT)).toMatchObject(refused)

    const late = await signIn(server)
    server.wait(3_599_000)
    expect((await late.call('GET', ACCOUNT)).status).toBe(200)
    server.wait(2_000)
    expect(await late.call('GET', ACCOUNT)).toMatchObject(refused)
  })

  test('tokens with the scope openid alone', async () => {
    const server = await ready()
    await newUser(server)
    const user = await signIn(server, { scope: 'openid profile offline_access' })
    const narrowed = await token(server, user.applicationId, {
      grant_type: 'refresh_token',
      refresh_token: user.refreshToken!,
      scope: 'profile',
    })
    const answer = await callWith(server, `Bearer ${narrowed.access_token}`, 'GET', ACCOUNT)
    expect(answer).toMatchObject(code(403, 'auth.forbidden'))
  })
})

describe('a call is checked', () => {
  test('for its path and method, then its token, then whether the account center is open, then its form', async () => {
    const server = await ready()
    await newUser(server)
    const user = await signIn(server)
    expect(await callWith(server, undefined, 'GET', `${ACCOUNT}/nothing`)).toMatchObject({
      status: 404,
      body: 'Not Found',
    })
    const other = await callWith(server, undefined, 'PUT', ACCOUNT)
    expect(other).toMatchObject({ status: 405, body: 'Method Not Allowed' })
    expect(other.headers.get('allow')).toBe('GET, HEAD, PATCH')
    await changed(server, '/api/account-center', { enabled: false })
    for (const [method, path] of [
      ['PATCH', ACCOUNT],
      ['POST', '/api/verifications/password'],
    ] as const) {
      expect(await callWith(server, 'Bearer x', method, path, { name: 1 })).toMatchObject(
        code(401, 'auth.unauthorized'),
      )
      expect(await user.call(method, path, { name: 1, password: 1 })).toMatchObject(
        code(400, 'account_center.not_enabled'),
      )
    }
    await changed(server, '/api/account-center', { enabled: true, fields: {} })
    expect(await user.call('PATCH', ACCOUNT, { name: 1 })).toMatchObject(code(400, 'guard.invalid_input'))
    expect(await user.call('PATCH', ACCOUNT, { name: 'x' })).toMatchObject(
      code(400, 'account_center.field_not_editable'),
    )
  })

  test('for its application: foreign and deleted ones may read, but neither change nor prove', async () => {
    const server = await ready()
    await newUser(server)
    const foreign = await signIn(server)
    const deleted = await signIn(server)
    await makeThirdParty(server, foreign.applicationId)
    await server.manage('DELETE', `/api/applications/${deleted.applicationId}`)
    const identifier = { type: 'email', value: 'x@example.com' }
    const calls: [string, string, object][] = [
      ['PATCH', ACCOUNT, { name: 'x' }],
      ['PATCH', `${ACCOUNT}/profile`, {}],
      ['POST', `${ACCOUNT}/password`, { password: 'x' }],
      ['POST', '/api/verifications/password', { password: PASSWORD }],
      ['POST', '/api/verifications/verification-code', { identifier }],
      ['POST', '/api/verifications/verification-code/verify', { identifier, verificationId: 'x', code: 'x' }],
    ]
    for (const user of [foreign, deleted]) {
      expect((await user.call('GET', ACCOUNT)).status).toBe(200)
      for (const [method, path, body] of calls)
        expect(await user.call(method, path, body), path).toMatchObject(
          code(403, 'auth.third_party_application_forbidden'),
        )
    }
    expect(server.clouds.inbox.messages()).toEqual([])
  })
})

describe('pages of every origin', () => {
  test('read answers and refusals of the account API, and of nothing else', async () => {
    const server = await ready()
    await newUser(server)
    const user = await signIn(server)
    const origin = 'https://app.example.org'
    const paths = [ACCOUNT, `${ACCOUNT}/nothing`, '/api/verifications/password', '/api/verifications']
    for (const authorization of [`Bearer ${user.token}`, undefined])
      for (const path of paths) {
        const { headers } = await callWith(server, authorization, 'GET', path, undefined, { origin })
        expect(headers.get('access-control-allow-origin'), path).toBe(origin)
        expect(headers.get('access-control-expose-headers'), path).toBe('*')
        expect(headers.get('access-control-allow-credentials'), path).toBeNull()
        expect(headers.get('vary'), path).toContain('Origin')
      }
    const plain = await callWith(server, undefined, 'GET', ACCOUNT)
    expect(plain.headers.get('access-control-allow-origin')).toBe('*')
    const elsewhere = await callWith(server, undefined, 'GET', '/api/users', undefined, { origin })
    expect(elsewhere.headers.get('access-control-allow-origin')).toBeNull()
  })

  test('are told beforehand that they may ask', async () => {
    const server = await ready()
    const origin = 'https://app.example.org'
    for (const path of [ACCOUNT, `${ACCOUNT}/primary-email`, '/api/verifications/verification-code']) {
      const answer = await fetch(`${server.endpoint}${path}`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'PATCH',
          'access-control-request-headers': 'authorization,logto-verification-id',
        },
      })
      expect(answer.status).toBe(204)
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin)
      expect(answer.headers.get('access-control-allow-methods')).toBe('GET,HEAD,PUT,POST,DELETE,PATCH')
      expect(answer.headers.get('access-control-allow-headers')).toBe('authorization,logto-verification-id')
      expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
    }
    const bare = await fetch(`${server.endpoint}${ACCOUNT}`, { method: 'OPTIONS' })
    expect([bare.status, bare.headers.get('allow')]).toEqual([200, 'GET, HEAD, PATCH'])
  })
})
