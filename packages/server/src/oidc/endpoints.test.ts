import { afterEach, beforeEach, expect, it } from 'vitest'
import { eachDatabase } from '../db/testing.ts'
import { startProvider, type TestProvider } from './testing.ts'
import {
  get,
  payloadOf,
  post,
  refresh,
  register,
  type TestClient,
  tokensOf,
  userInfo,
} from './testing-client.ts'

eachDatabase('the provider', openFresh => {
  let server: TestProvider
  let shop: TestClient
  let page: TestClient

  beforeEach(async () => {
    server = await startProvider(await openFresh())
    await server.users.create({ username: 'alice' })
    shop = await register(server, 'Traditional')
    page = await register(server, 'SPA')
  })
  afterEach(() => server.close())

  it.each(['openid-configuration', 'oauth-authorization-server'])('describes itself at %s', async name => {
    const { status, headers, body } = await get(server, `/.well-known/${name}`, {
      origin: 'https://anybody.example',
    })
    const { issuer } = server.oidc
    expect(status).toBe(200)
    expect(headers.get('access-control-allow-origin')).toBe('*')
    expect(body).toMatchObject({
      issuer,
      authorization_endpoint: `${issuer}/auth`,
      token_endpoint: `${issuer}/token`,
      userinfo_endpoint: `${issuer}/me`,
      jwks_uri: `${issuer}/jwks`,
      introspection_endpoint: `${issuer}/token/introspection`,
      revocation_endpoint: `${issuer}/token/revocation`,
      end_session_endpoint: `${issuer}/session/end`,
      pushed_authorization_request_endpoint: `${issuer}/request`,
      response_types_supported: ['code'],
      response_modes_supported: ['form_post', 'fragment', 'query'],
      grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
      id_token_signing_alg_values_supported: ['ES384'],
      subject_types_supported: ['public'],
      claim_types_supported: ['normal'],
      claims_parameter_supported: false,
      request_uri_parameter_supported: false,
      authorization_response_iss_parameter_supported: true,
    })
    expect(body).toMatchObject({
      backchannel_logout_supported: true,
      backchannel_logout_session_supported: true,
    })
    // Nothing beside what Logto names.
    expect(Object.keys(body)).toHaveLength(24)
    expect(body.scopes_supported).toEqual([
      'openid',
      'offline_access',
      'profile',
      'email',
      'phone',
      'address',
      'custom_data',
      'identities',
      'roles',
      'urn:logto:scope:sessions',
    ])
    expect(body.claims_supported).toEqual(
      expect.arrayContaining(['sub', 'phone_number', 'custom_data', 'sid']),
    )
  })

  it('publishes its one key and keeps it', async () => {
    const { headers, body } = await get(server, '/jwks')
    expect(headers.get('content-type')).toMatch(/^application\/jwk-set\+json/)
    expect(headers.get('cache-control')).toBe('no-cache, max-age=0, must-revalidate')
    expect(body.keys).toEqual([
      {
        kty: 'EC',
        crv: 'P-384',
        use: 'sig',
        alg: 'ES384',
        kid: expect.any(String),
        x: expect.any(String),
        y: expect.any(String),
      },
    ])
  })

  it('goes by its public address whatever the request says', async () => {
    const forged = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', host: 'evil.example' }
    const { body } = await get(server, '/.well-known/openid-configuration', forged)
    expect(body.token_endpoint).toBe(`${server.oidc.issuer}/token`)
  })

  it('sends the security headers and an id with every answer, and logs it without the query', async () => {
    for (const path of ['/jwks', '/nothing', '/auth?client_id=x&state=secret']) {
      const { headers } = await get(server, path)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('strict-transport-security')).toBe('max-age=15552000; includeSubDomains')
      expect(headers.get('vary')).toBe('Accept-Encoding, Origin')
      expect(headers.get('logto-core-request-id')).toMatch(/^[\w-]{16}$/)
    }
    expect(server.log.at(-1)).toMatchObject({ event: 'request', fields: { path: '/oidc/auth', status: 400 } })
    expect(server.log.at(-1)!.fields.code).toBe('oidc.invalid_client')
    expect(JSON.stringify(server.log)).not.toContain('secret')
    for (const path of ['ada@example.com', 'to/8613800138000', 'x'.repeat(60), 'auth/someones-interaction'])
      await get(server, `/${path}`)
    expect(JSON.stringify(server.log)).not.toMatch(/ada|13800138|xxxx|someones/)
  })

  it.each([
    ['GET', '/nothing'],
    ['GET', '/'],
    ['DELETE', '/token'],
    ['PUT', '/auth'],
  ])('does not know %s %s', async (method, path) => {
    const response = await fetch(`${server.oidc.issuer}${path}`, { method })
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({
      code: 'oidc.invalid_request',
      error: 'invalid_request',
      error_description: expect.stringContaining('unrecognized route or not allowed method'),
    })
  })

  it('tells everything about a user that the scopes open', async () => {
    const scope = 'openid profile email phone address custom_data identities roles'
    const user = (await server.users.find({ type: 'username', value: 'alice' }))!
    const { access_token } = await tokensOf(server, page, { scope })
    const { status, body } = await userInfo(server, access_token!)
    expect(status).toBe(200)
    expect(body).toEqual({
      sub: user.id,
      username: 'alice',
      preferred_username: 'alice',
      created_at: user.createdAt,
      updated_at: expect.any(Number),
      email_verified: false,
      phone_number_verified: false,
      custom_data: {},
      identities: {},
      sso_identities: [],
      roles: [],
    })
    await server.users.update(user.id, {
      name: 'Alice',
      primaryPhone: '8613812345678',
      customData: { plan: 'gold' },
      profile: { givenName: 'Alice', preferredUsername: 'al', address: { streetAddress: 'Main St 1' } },
    })
    expect((await userInfo(server, access_token!)).body).toMatchObject({
      name: 'Alice',
      given_name: 'Alice',
      preferred_username: 'al',
      phone_number: '8613812345678',
      phone_number_verified: true,
      address: { streetAddress: 'Main St 1' },
      custom_data: { plan: 'gold' },
    })
  })

  it.each<[string, number, string, Record<string, string>]>([
    ['no token', 401, 'invalid_token', {}],
    ['an unknown token', 401, 'invalid_token', { authorization: 'Bearer abc' }],
    ['another scheme', 400, 'invalid_request', { authorization: 'Basic abc' }],
  ])('tells nothing about a user for %s', async (_what, status, error, headers) => {
    const answer = await get(server, '/me', headers)
    expect(answer).toMatchObject({ status, body: { code: `oidc.${error}`, error } })
    if (status === 401)
      expect(answer.headers.get('www-authenticate')).toContain(`Bearer realm="${server.oidc.issuer}"`)
  })

  it('tells nothing with a token that is an hour old, or that lacks openid', async () => {
    const { access_token } = await tokensOf(server, page, { scope: 'openid' })
    server.pass(3_600_000)
    expect((await userInfo(server, access_token!)).status).toBe(401)
    const bare = await tokensOf(server, page, { scope: 'profile' })
    expect(await userInfo(server, bare.access_token!)).toMatchObject({
      status: 403,
      body: { code: 'oidc.insufficient_scope' },
    })
  })

  it('answers pages of the application, and of no other origin', async () => {
    const tokens = await tokensOf(server, page)
    const own = { origin: 'https://app.example.com' }
    const ask = (headers: Record<string, string>) =>
      post(
        server,
        '/token',
        { grant_type: 'refresh_token', refresh_token: tokens.refresh_token! },
        page,
        headers,
      )
    const allowed = await ask(own)
    expect(allowed.status).toBe(200)
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://app.example.com')
    const refused = await ask({ origin: 'https://evil.example' })
    expect(refused.status).toBe(400)
    expect(refused.headers.get('access-control-allow-origin')).toBeNull()
    expect(refused.body.error_description).toBe(
      `origin https://evil.example not allowed for client: ${page.id}`,
    )
    const bearer = { authorization: `Bearer ${tokens.access_token}` }
    expect((await get(server, '/me', { ...bearer, ...own })).status).toBe(200)
    expect((await get(server, '/me', { ...bearer, origin: 'https://evil.example' })).status).toBe(400)
    await server.applications.update(page.id, {
      customClientMetadata: { corsAllowedOrigins: ['https://evil.example'] },
    })
    expect((await get(server, '/me', { ...bearer, origin: 'https://evil.example' })).status).toBe(200)
  })

  it('answers preflights', async () => {
    const response = await fetch(`${server.oidc.issuer}/token`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://app.example.com',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization',
      },
    })
    expect(response.status).toBe(204)
    expect(response.headers.get('access-control-allow-headers')).toBe('authorization')
    expect(response.headers.get('access-control-max-age')).toBe('3600')
  })

  it('keeps what went wrong inside to itself and its log', async () => {
    const tokens = await tokensOf(server, page)
    server.users.byId = async () => {
      throw new Error('the database is gone')
    }
    const { status, body } = await userInfo(server, tokens.access_token!)
    expect(status).toBe(500)
    expect(body).toMatchObject({ code: 'oidc.server_error', error: 'server_error' })
    expect(JSON.stringify(body)).not.toContain('database')
    expect(server.log.at(-1)!.fields.error).toContain('the database is gone')
  })

  it('introspects tokens: public applications only their own', async () => {
    const tokens = await tokensOf(server, page)
    const ask = (token: string, client: TestClient) => post(server, '/token/introspection', { token }, client)
    const { body } = await ask(tokens.access_token!, shop)
    expect(body).toEqual({
      active: true,
      sub: payloadOf(tokens.id_token!).sub,
      client_id: page.id,
      exp: expect.any(Number),
      iat: expect.any(Number),
      iss: server.oidc.issuer,
      scope: 'openid offline_access profile',
      token_type: 'Bearer',
    })
    expect((await ask(tokens.refresh_token!, page)).body).not.toHaveProperty('token_type')
    expect((await ask(tokens.access_token!, await register(server, 'SPA'))).body).toEqual({ active: false })
    expect((await ask('unknown', shop)).body).toEqual({ active: false })
  })

  it('revokes the whole grant with one of its tokens, and only for the application that owns it', async () => {
    const revoke = (token: string, client: TestClient) => post(server, '/token/revocation', { token }, client)
    const tokens = await tokensOf(server, page)
    expect((await revoke(tokens.access_token!, shop)).status).toBe(200)
    expect((await userInfo(server, tokens.access_token!)).status).toBe(200)
    const { status, body, headers } = await revoke(tokens.access_token!, page)
    expect({ status, body, type: headers.get('content-type') }).toEqual({
      status: 200,
      body: { text: '' },
      type: null,
    })
    expect((await userInfo(server, tokens.access_token!)).status).toBe(401)
    expect((await refresh(server, page, tokens.refresh_token!)).status).toBe(400)
    expect((await revoke('unknown', page)).status).toBe(200)
    expect(await post(server, '/token/revocation', {}, page)).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    })
  })
})
