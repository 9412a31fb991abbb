import { createHash } from 'node:crypto'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { eachDatabase } from '../db/testing.ts'
import { MANAGEMENT_API } from './oidc.ts'
import { startProvider, type TestProvider } from './testing.ts'
import {
  CALLBACK,
  headerOf,
  payloadOf,
  post,
  redeem,
  refresh,
  register,
  signIn,
  type TestClient,
  tokensOf,
  userInfo,
  VERIFIER,
} from './testing-client.ts'

const DAY = 86_400_000

eachDatabase('the token endpoint', openFresh => {
  let server: TestProvider
  let shop: TestClient
  let page: TestClient

  beforeEach(async () => {
    server = await startProvider(await openFresh())
    await server.users.create({ username: 'alice' })
    shop = await register(server, 'Traditional')
    page = await register(server, 'SPA')
  })
  afterEach(async () => {
    vi.useRealTimers()
    await server.close()
  })

  it('gives an opaque access token, an ID token and a refresh token for a code', async () => {
    const { status, headers, body } = await redeem(server, shop, await signIn(server, shop))
    expect(status).toBe(200)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(body).toEqual({
      access_token: expect.stringMatching(/^[\w-]{43}$/),
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'openid offline_access profile',
      id_token: expect.any(String),
      refresh_token: expect.any(String),
    })
    const id = payloadOf(body.id_token as string)
    expect(headerOf(body.id_token as string)).toEqual({ alg: 'ES384', kid: expect.any(String) })
    expect(id).toMatchObject({ iss: server.oidc.issuer, aud: shop.id, username: 'alice' })
    for (const name of ['name', 'picture', 'auth_time', 'sid', 'custom_data'])
      expect(id).not.toHaveProperty(name)
  })

  it('ties each access token to the ID token that comes with it', async () => {
    const api = { resource: MANAGEMENT_API }
    const first = await tokensOf(server, shop, { ...api, nonce: 'n' })
    const second = (await refresh(server, shop, first.refresh_token!)).body
    const third = (await refresh(server, shop, first.refresh_token!, api)).body
    for (const { access_token, id_token } of [first, second, third] as Record<string, string>[]) {
      const half = createHash('sha384').update(access_token!).digest().subarray(0, 24)
      expect(payloadOf(id_token!).at_hash).toBe(half.toString('base64url'))
    }
  })

  it('takes JSON where OAuth has forms', async () => {
    const response = await fetch(`${server.oidc.issuer}/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        client_id: page.id,
        grant_type: 'authorization_code',
        code: await signIn(server, page),
        redirect_uri: CALLBACK,
        code_verifier: 'v'.repeat(43),
      }),
    })
    expect(response.status).toBe(200)
  })

  it('drops offline_access, and with it the refresh token, without prompt=consent', async () => {
    const tokens = await tokensOf(server, page, { prompt: undefined })
    expect(tokens.scope).toBe('openid profile')
    expect(tokens).not.toHaveProperty('refresh_token')
  })

  it.each([
    ['Traditional', true],
    ['SPA', true],
    ['Native', false],
  ] as const)('always gives a refresh token to an application that wants it: %s, %s', async (type, given) => {
    const client = await register(server, type, { customClientMetadata: { alwaysIssueRefreshToken: true } })
    const tokens = await tokensOf(server, client, { scope: 'openid', prompt: undefined })
    expect('refresh_token' in tokens).toBe(given)
  })

  it('ignores scopes that do not exist', async () => {
    expect(await tokensOf(server, page, { scope: 'openid read:everything' })).toMatchObject({
      scope: 'openid',
    })
  })

  it('gives an ID token the lifetime that the application has chosen', async () => {
    const client = await register(server, 'SPA', { customClientMetadata: { idTokenTtl: 600 } })
    const { iat, exp } = payloadOf((await tokensOf(server, client)).id_token!) as Record<string, number>
    expect(exp! - iat!).toBe(600)
  })

  it('tells the time of the sign-in when max_age was asked', async () => {
    const tokens = await tokensOf(server, page, { max_age: '600' })
    expect(payloadOf(tokens.id_token!)).toHaveProperty('auth_time')
  })

  it.each<[string, Record<string, string>]>([
    ['a wrong verifier', { code_verifier: 'x'.repeat(43) }],
    ['another redirect address', { redirect_uri: `${CALLBACK}/` }],
    ['an unknown code', { code: 'unknown' }],
  ])('refuses %s without saying why', async (_what, change) => {
    const answer = await redeem(server, shop, await signIn(server, shop), change)
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject({
      code: 'oidc.invalid_grant',
      message: expect.any(String),
      error: 'invalid_grant',
      error_description: 'grant request is invalid',
    })
  })

  it('refuses a code without its verifier, after a minute, and from another application', async () => {
    const bare = { grant_type: 'authorization_code', redirect_uri: CALLBACK }
    const invalid = { status: 400, body: { error: 'invalid_grant' } }
    const code = await signIn(server, shop)
    expect(await post(server, '/token', { ...bare, code }, shop)).toMatchObject(invalid)
    const other = await register(server, 'SPA')
    expect(await redeem(server, other, code)).toMatchObject(invalid)
    server.pass(60_000)
    expect(await redeem(server, shop, code)).toMatchObject(invalid)
  })

  it('takes all back when a code comes a second time', async () => {
    const code = await signIn(server, shop)
    const { body } = await redeem(server, shop, code)
    expect(await redeem(server, shop, code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect((await userInfo(server, body.access_token as string)).status).toBe(401)
    expect(await refresh(server, shop, body.refresh_token as string)).toMatchObject({ status: 400 })
  })

  it('lets one of many parallel uses of a code win at most, and takes its tokens back', async () => {
    const code = await signIn(server, shop)
    const answers = await Promise.all(Array.from({ length: 8 }, () => redeem(server, shop, code)))
    const winners = answers.filter(({ status }) => status === 200)
    expect(winners.length).toBeLessThanOrEqual(1)
    for (const { body } of winners)
      expect((await userInfo(server, body.access_token as string)).status).toBe(401)
  })

  it('gives a public client another refresh token each time', async () => {
    const first = (await tokensOf(server, page)).refresh_token!
    const second = (await refresh(server, page, first)).body.refresh_token as string
    expect(second).not.toBe(first)
    expect((await refresh(server, page, second)).status).toBe(200)
  })

  it('keeps the refresh token of a confidential client until most of its time has passed', async () => {
    const { refresh_token } = await tokensOf(server, shop)
    const { status, body } = await refresh(server, shop, refresh_token!)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      refresh_token,
      id_token: expect.any(String),
      scope: 'openid offline_access profile',
    })
  })

  it('gives a confidential client a new one, with a new life, when 70 % of its time has passed', async () => {
    const { refresh_token } = await tokensOf(server, shop)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 10 * DAY })
    const { body } = await refresh(server, shop, refresh_token!)
    expect(body.refresh_token).not.toBe(refresh_token)
    vi.setSystemTime(Date.now() + 9 * DAY)
    expect((await refresh(server, shop, body.refresh_token as string)).status).toBe(200)
  })

  it('ends the chain of a public client when its first token would have ended', async () => {
    const { refresh_token } = await tokensOf(server, page)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 10 * DAY })
    const { body } = await refresh(server, page, refresh_token!)
    vi.setSystemTime(Date.now() + 4 * DAY)
    expect((await refresh(server, page, body.refresh_token as string)).status).toBe(400)
  })

  it('keeps the refresh token where the application wants no rotation', async () => {
    const client = await register(server, 'SPA', { customClientMetadata: { rotateRefreshToken: false } })
    const { refresh_token } = await tokensOf(server, client)
    expect((await refresh(server, client, refresh_token!)).body).toMatchObject({ refresh_token })
  })

  it('ends refresh tokens after 14 days, or when the application says', async () => {
    const brief = await register(server, 'Traditional', {
      customClientMetadata: { refreshTokenTtlInDays: 1 },
    })
    const [usual, short] = [await tokensOf(server, shop), await tokensOf(server, brief)]
    server.pass(DAY)
    expect((await refresh(server, brief, short.refresh_token!)).status).toBe(400)
    expect((await refresh(server, shop, usual.refresh_token!)).status).toBe(200)
    server.pass(13 * DAY)
    expect((await refresh(server, shop, usual.refresh_token!)).status).toBe(400)
  })

  it('narrows the scopes of one token, but never widens them', async () => {
    const { refresh_token } = await tokensOf(server, shop)
    expect((await refresh(server, shop, refresh_token!, { scope: 'openid' })).body.scope).toBe('openid')
    expect((await refresh(server, shop, refresh_token!, { scope: 'openid email' })).body.error).toBe(
      'invalid_scope',
    )
  })

  it('gives a JWT for a resource that was asked for, in which a user may do nothing', async () => {
    const tokens = await tokensOf(server, shop, {
      resource: MANAGEMENT_API,
      scope: 'openid offline_access all',
    })
    expect(tokens.access_token).toMatch(/^[\w-]{43}$/)
    const { body } = await refresh(server, shop, tokens.refresh_token!, { resource: MANAGEMENT_API })
    expect(body.scope).toBe('')
    expect(headerOf(body.access_token as string)).toEqual({
      alg: 'ES384',
      typ: 'at+jwt',
      kid: expect.any(String),
    })
    expect(payloadOf(body.access_token as string)).toEqual({
      jti: expect.any(String),
      sub: payloadOf(tokens.id_token!).sub,
      iat: expect.any(Number),
      exp: expect.any(Number),
      scope: '',
      client_id: shop.id,
      iss: server.oidc.issuer,
      aud: MANAGEMENT_API,
    })
    await expect(server.oidc.verifyManagementToken(`Bearer ${body.access_token}`)).rejects.toThrow(
      'auth.forbidden',
    )
    expect((await userInfo(server, body.access_token as string)).status).toBe(401)
  })

  it('refuses a resource that the sign-in did not name, and says so', async () => {
    const { refresh_token } = await tokensOf(server, shop)
    const refused = (description: RegExp) => ({
      status: 400,
      body: { error: 'invalid_target', error_description: expect.stringMatching(description) },
    })
    const ungranted = { resource: MANAGEMENT_API }
    expect(await refresh(server, shop, refresh_token!, ungranted)).toMatchObject(refused(/was not granted/))
    expect(await redeem(server, shop, await signIn(server, shop), ungranted)).toMatchObject(
      refused(/was not granted/),
    )
    const unknown = { resource: 'https://unknown.example.com' }
    expect(await refresh(server, shop, refresh_token!, unknown)).toMatchObject(refused(/unknown/))
  })

  it('gives a token for an API straight from the code where both requests name it', async () => {
    const code = await signIn(server, shop, { resource: MANAGEMENT_API })
    const { body } = await redeem(server, shop, code, { resource: MANAGEMENT_API })
    expect(payloadOf(body.access_token as string)).toMatchObject({ aud: MANAGEMENT_API, client_id: shop.id })
    expect(body.id_token).toEqual(expect.any(String))
    const form = { grant_type: 'refresh_token', refresh_token: body.refresh_token as string }
    const inAddress = await post(server, `/token?resource=${encodeURIComponent(MANAGEMENT_API)}`, form, shop)
    expect(payloadOf(inAddress.body.access_token as string).aud).toBe(MANAGEMENT_API)
  })

  it('takes a public application by its id in a Basic header without a secret, as by an empty client_secret', async () => {
    const code = () => signIn(server, page)
    const form = {
      grant_type: 'authorization_code',
      redirect_uri: CALLBACK,
      code_verifier: VERIFIER,
    }
    const header = (id: string) => ({ authorization: `Basic ${Buffer.from(`${id}:`).toString('base64')}` })
    const byBody = { ...form, client_secret: '', code: await code() }
    expect((await post(server, '/token', byBody, page)).status).toBe(200)
    const byHeader = async (client: Partial<TestClient>, id = page.id) =>
      post(server, '/token', { ...form, code: await code() }, client, header(id))
    expect((await byHeader({})).status).toBe(200)
    expect((await byHeader({ id: page.id })).status).toBe(200)
    expect((await byHeader({ id: shop.id })).body.error).toBe('invalid_request')
    // Nobody gets past a secret so.
    expect((await byHeader({}, shop.id)).body.error).toBe('invalid_client')
    const { access_token } = await tokensOf(server, page)
    await post(server, '/token/revocation', { token: access_token! }, {}, header(page.id))
    expect((await userInfo(server, access_token!)).status).toBe(401)
  })

  it('refuses a suspended user, and a deleted one', async () => {
    const tokens = await tokensOf(server, shop)
    const user = (await server.users.find({ type: 'username', value: 'alice' }))!
    await server.users.update(user.id, { isSuspended: true })
    expect(await refresh(server, shop, tokens.refresh_token!)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    })
    expect((await userInfo(server, tokens.access_token!)).status).toBe(401)
    await server.users.update(user.id, { isSuspended: false })
    // The suspension ended what was issued before it.
    expect((await userInfo(server, tokens.access_token!)).status).toBe(401)
    const again = await tokensOf(server, shop)
    expect((await userInfo(server, again.access_token!)).status).toBe(200)
    await server.users.delete(user.id)
    expect((await userInfo(server, again.access_token!)).status).toBe(401)
  })

  it('revokes all that a user has', async () => {
    const tokens = await tokensOf(server, shop)
    await server.oidc.revokeUser(payloadOf(tokens.id_token!).sub as string)
    expect((await refresh(server, shop, tokens.refresh_token!)).status).toBe(400)
    expect((await userInfo(server, tokens.access_token!)).status).toBe(401)
  })

  it('follows a changed application at once', async () => {
    const { refresh_token } = await tokensOf(server, page)
    await server.applications.update(page.id, { customClientMetadata: { rotateRefreshToken: false } })
    expect((await refresh(server, page, refresh_token!)).body).toMatchObject({ refresh_token })
    await server.applications.delete(page.id)
    expect((await refresh(server, page, refresh_token!)).body).toMatchObject({ error: 'invalid_client' })
  })

  it('deletes what has expired, and nothing else', async () => {
    const tokens = await tokensOf(server, shop)
    server.pass(3_600_000)
    await server.oidc.purge()
    expect((await refresh(server, shop, tokens.refresh_token!)).status).toBe(200)
  })

  it.each<[string, number, string, Record<string, string>, Partial<TestClient>]>([
    ['an unknown application', 400, 'invalid_client', { grant_type: 'refresh_token' }, { id: 'nobody' }],
    ['an unknown application with a secret', 400, 'invalid_client', {}, { id: 'nobody', secret: 'x' }],
    ['nobody', 400, 'invalid_request', { grant_type: 'refresh_token' }, {}],
  ])('refuses %s', async (_what, status, error, form, client) => {
    expect(await post(server, '/token', form, client)).toMatchObject({
      status,
      body: {
        code: `oidc.${error}`,
        error,
        message: expect.any(String),
        error_description: expect.any(String),
      },
    })
  })

  it.each<[string, number, string, Record<string, string>]>([
    ['no grant type', 400, 'invalid_request', {}],
    ['an unknown grant type', 400, 'unsupported_grant_type', { grant_type: 'password' }],
    ['a grant type of other applications', 400, 'invalid_request', { grant_type: 'client_credentials' }],
    ['no code', 400, 'invalid_request', { grant_type: 'authorization_code', redirect_uri: CALLBACK }],
    ['an unknown refresh token', 400, 'invalid_grant', { grant_type: 'refresh_token', refresh_token: 'x' }],
    ['a NUL byte', 400, 'invalid_request', { grant_type: 'refresh_token', refresh_token: 'a\0' }],
  ])('refuses %s', async (_what, status, error, form) => {
    expect(await post(server, '/token', form, page)).toMatchObject({ status, body: { error } })
  })

  it('refuses a form that is not UTF-8, as bytes and behind percent signs', async () => {
    const send = (body: string | Buffer) =>
      fetch(`${server.oidc.issuer}/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body,
      })
    for (const body of [
      'grant_type=refresh_token&refresh_token=%CD%F5',
      Buffer.from([0x61, 0x3d, 0xcd, 0xf5]),
    ]) {
      const answer = await send(body)
      expect(answer.status).toBe(400)
      expect(JSON.stringify(await answer.json())).toContain('not UTF-8')
    }
  })

  it.each([
    ['utf-16le', (text: string) => Buffer.from(text, 'utf16le')],
    ['UTF-16LE', (text: string) => Buffer.from(text, 'utf16le')],
    ['latin1', (text: string) => Buffer.from(text, 'latin1')],
    ['"iso-8859-1"', (text: string) => Buffer.from(text, 'latin1')],
    ['utf-8', (text: string) => Buffer.from(text)],
  ])('reads a body in the charset that it declares: %s', async (charset, encode) => {
    const { refresh_token } = await tokensOf(server, page)
    const form = { grant_type: 'refresh_token', client_id: page.id, refresh_token: refresh_token!, x: 'é' }
    for (const [type, text] of [
      ['application/x-www-form-urlencoded', `${new URLSearchParams(form)}&y=é`],
      ['application/json', JSON.stringify(form)],
    ]) {
      const answer = await fetch(`${server.oidc.issuer}/token`, {
        method: 'POST',
        headers: { 'content-type': `${type}; charset=${charset}` },
        body: encode(text!),
      })
      expect(answer.status).toBe(200)
    }
  })

  it('refuses a body whose charset nobody knows, or that is not in it', async () => {
    const send = async (charset: string, body: Buffer) => {
      const headers = { 'content-type': `application/json;charset=${charset}` }
      const answer = await fetch(`${server.oidc.issuer}/token`, { method: 'POST', headers, body })
      return [answer.status, ((await answer.json()) as Record<string, string>).error_description]
    }
    const unknown = 'the charset of the request body is unknown: send UTF-8'
    expect(await send('klingon', Buffer.from('{}'))).toEqual([400, unknown])
    const other = 'the request body is not in the charset that it declares'
    expect(await send('utf-16le', Buffer.from([0x7b, 0, 0x7d]))).toEqual([400, other])
  })

  it('refuses other content types, broken JSON and giant forms', async () => {
    const send = (type: string, body: string) =>
      post(server, '/token', {}, page, { 'content-type': type }).then(() =>
        fetch(`${server.oidc.issuer}/token`, { method: 'POST', headers: { 'content-type': type }, body }),
      )
    expect((await send('text/plain', 'grant_type=refresh_token')).status).toBe(400)
    expect((await send('application/json', '{')).status).toBe(400)
    expect((await send('application/json', '[]')).status).toBe(400)
    expect((await send('application/x-www-form-urlencoded', `a=${'x'.repeat(60_000)}`)).status).toBe(413)
  })

  it('answers in the words of OAuth alone with parse_error=false', async () => {
    const { body } = await post(server, '/token?parse_error=false', { grant_type: 'password' }, page)
    expect(Object.keys(body)).toEqual(['error', 'error_description'])
  })
})
