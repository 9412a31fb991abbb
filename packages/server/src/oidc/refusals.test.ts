import { afterEach, beforeEach, expect, it } from 'vitest'
import { eachDatabase } from '../db/testing.ts'
import { MANAGEMENT_API } from './oidc.ts'
import { Browser, startProvider, type TestProvider } from './testing.ts'
import {
  authorizationUrl,
  CALLBACK,
  get,
  post,
  redeem,
  refresh,
  register,
  signIn,
  type TestClient,
  tokensOf,
  userInfo,
} from './testing-client.ts'

type Change = Record<string, string | string[] | undefined>

eachDatabase('the provider refuses', openFresh => {
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

  const open = (change: Change, client = page, browser = new Browser()) =>
    browser.open(authorizationUrl(server, client, change))
  const parametersOf = (client: TestClient, change: Change = {}) =>
    Object.fromEntries(new URL(authorizationUrl(server, client, change)).searchParams)

  /** The error that an application gets, from the query or the fragment. */
  async function told(change: Change, client?: TestClient, browser?: Browser) {
    const { status, headers } = await open(change, client, browser)
    expect(status).toBe(303)
    const back = new URL(headers.get('location')!)
    expect(back.origin + back.pathname).toBe(CALLBACK)
    const parameters = new URLSearchParams(back.hash ? back.hash.slice(1) : back.search)
    expect(parameters.get('state')).toBe('a state')
    expect(parameters.get('iss')).toBe(server.oidc.issuer)
    expect(parameters.has('code')).toBe(false)
    return parameters.get('error')
  }

  it('a silent sign-in to whom signed in too long ago, or never agreed to a third party', async () => {
    const stranger = await register(server, 'SPA', { isThirdParty: true })
    const browser = new Browser()
    await signIn(server, page, { scope: 'openid' }, browser)
    const silent = { prompt: 'none', scope: 'openid' }
    expect(await told(silent, stranger, browser)).toBe('consent_required')
    expect(await told({ ...silent, max_age: '0' }, page, browser)).toBe('login_required')
    expect(await signIn(server, page, silent, browser)).toEqual(expect.any(String))
  })

  it('in the way that the application asked for', async () => {
    expect(await told({ prompt: 'none', response_mode: 'fragment' })).toBe('login_required')
    const form = await (await open({ prompt: 'none', response_mode: 'form_post' })).text()
    expect(form).toMatch(/<form method="post" action="https:\/\/app\.example\.com\/callback">/)
    for (const pair of ['name="error" value="login_required"', 'name="state" value="a state"', 'name="iss"'])
      expect(form).toContain(pair)
    expect(form).not.toContain('name="code"')
  })

  it.each<[string, Change, string]>([
    ['no response type', { response_type: undefined }, 'invalid_request'],
    ['an ID token from the front', { response_type: 'id_token', nonce: 'n' }, 'unsupported_response_type'],
    ['another response mode', { response_mode: 'web_message' }, 'unsupported_response_mode'],
    ['a request object', { request: 'abc' }, 'request_not_supported'],
    ['an address of a request', { request_uri: 'https://x.example/r' }, 'request_uri_not_supported'],
    ['a parameter twice', { scope: ['openid', 'profile'] }, 'invalid_request'],
    ['a challenge that is too short', { code_challenge: 'short' }, 'invalid_request'],
    ['a challenge without its method', { code_challenge_method: undefined }, 'invalid_request'],
  ])('%s', async (_what, change, error) => {
    expect(await told(change)).toBe(error)
  })

  it('nobody for asking for claims, which it does not give one by one', async () => {
    for (const claims of ['{"userinfo":{"email":null}}', 'nonsense'])
      expect((await open({ claims })).headers.get('location')).toMatch(/^\/sign-in/)
  })

  it('a code without its verifier also where the challenge was optional, and takes none without a challenge', async () => {
    const bare = { code_challenge: undefined, code_challenge_method: undefined }
    const form = { grant_type: 'authorization_code', redirect_uri: CALLBACK }
    const code = await signIn(server, shop, bare)
    expect((await post(server, '/token', { ...form, code }, shop)).status).toBe(200)
    const challenged = await signIn(server, shop)
    expect(await post(server, '/token', { ...form, code: challenged }, shop)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    })
  })

  it('pushed requests of strangers, and those that it would refuse by themselves', async () => {
    const push = (form: Record<string, string>, client: Partial<TestClient>, headers = {}) =>
      post(server, '/request', form, client, headers)
    const good = parametersOf(shop)
    expect(await push(good, { ...shop, secret: 'wrong' })).toMatchObject({
      status: 401,
      body: { code: 'oidc.invalid_client' },
    })
    const refused: [Record<string, string>, string][] = [
      [{ redirect_uri: 'https://evil.example' }, 'invalid_request'],
      [{ resource: 'https://nothing.example' }, 'invalid_target'],
      [{ request_uri: 'urn:x' }, 'request_uri_not_supported'],
      [{ code_challenge_method: 'plain' }, 'invalid_request'],
    ]
    for (const [change, error] of refused)
      expect(await push({ ...good, ...change }, shop)).toMatchObject({
        status: 400,
        body: { code: `oidc.${error}`, error, message: expect.stringMatching(/.+/) },
      })
    expect(await push(parametersOf(page), {}, { origin: 'https://evil.example' })).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    })
    const own = await push(parametersOf(page), {}, { origin: 'https://app.example.com' })
    expect(own.headers.get('access-control-allow-origin')).toBe('https://app.example.com')
    expect(own.body).toEqual({ request_uri: expect.stringMatching(/^urn:/), expires_in: 60 })
  })

  it('a pushed request to another application, unknown, or after a minute', async () => {
    const pushed = async () => (await post(server, '/request', parametersOf(shop), shop)).body.request_uri
    const use = (uri: unknown, client = shop) =>
      get(server, `/auth?client_id=${client.id}&request_uri=${encodeURIComponent(String(uri))}`)
    expect(await use(await pushed(), page)).toMatchObject({
      status: 400,
      body: { code: 'oidc.invalid_request_object' },
    })
    const unknown = 'urn:ietf:params:oauth:request_uri:unknown'
    expect(await use(unknown)).toMatchObject({ status: 400, body: { code: 'oidc.invalid_request_uri' } })
    const late = await pushed()
    server.pass(60_000)
    expect(await use(late)).toMatchObject({ status: 400, body: { code: 'oidc.invalid_request_uri' } })
  })

  it.each<
    [string, number, string, (client: { page: TestClient; shop: TestClient }) => Partial<TestClient>, object?]
  >([
    ['a public application that brings a secret', 401, 'invalid_client', c => ({ ...c.page, secret: 'x' })],
    ['a confidential one without its secret', 401, 'invalid_client', c => ({ id: c.shop.id })],
    ['one with an empty secret', 401, 'invalid_client', c => ({ id: c.shop.id }), { client_secret: '' }],
    ['a secret in two places', 400, 'invalid_request', c => c.shop, { client_secret: 'x' }],
  ])('%s', async (_what, status, error, client, form = {}) => {
    const asked = { grant_type: 'refresh_token', refresh_token: 'x', ...form }
    expect(await post(server, '/token', asked, client({ page, shop }))).toMatchObject({
      status,
      body: { code: `oidc.${error}`, error },
    })
  })

  it('in words that say which application or API is missing or unknown', async () => {
    const words = async (form: Record<string, string>, client: Partial<TestClient> = {}) =>
      (await post(server, '/token', { grant_type: 'client_credentials', ...form }, client)).body
        .error_description
    expect(await words({})).toMatch(/names no application: send its client_id/)
    expect(await words({ client_id: 'nobody' })).toBe('no application here has this client_id')
    expect(await words({}, { id: 'nobody', secret: 'x' })).toBe('no application here has this client_id')
    const machine = await register(server, 'MachineToMachine')
    expect(await words({}, machine)).toBe('resource is missing: name the API that the token is for')
    expect(await words({ resource: 'https://nothing.example' }, machine)).toMatch(/^resource is unknown: /)
    const unknown = await get(server, '/auth?client_id=nobody')
    expect([unknown.status, unknown.body]).toMatchObject([
      400,
      { code: 'oidc.invalid_client', error_description: 'no application here has this client_id' },
    ])
    const back = new URL((await open({ resource: 'https://nothing.example' })).headers.get('location')!)
    expect(back.searchParams.get('error')).toBe('invalid_target')
  })

  it('grants that are not for the application, and those that nobody has', async () => {
    const machine = await register(server, 'MachineToMachine')
    const ask = (grant_type: string, client: TestClient) =>
      post(server, '/token', { grant_type, refresh_token: 'x', code: 'x', redirect_uri: CALLBACK }, client)
    for (const [type, client] of [
      ['refresh_token', machine],
      ['authorization_code', machine],
      ['client_credentials', shop],
    ] as const)
      expect(await ask(type, client)).toMatchObject({
        status: 400,
        body: {
          error: 'invalid_request',
          error_description: 'requested grant type is not allowed for this client',
        },
      })
    for (const type of ['device_code', 'token-exchange'])
      expect(await ask(`urn:ietf:params:oauth:grant-type:${type}`, page)).toMatchObject({
        status: 400,
        body: { code: 'oidc.unsupported_grant_type' },
      })
  })

  it('the refresh token of another application, which keeps it', async () => {
    const tokens = await tokensOf(server, page)
    expect(await refresh(server, shop, tokens.refresh_token!)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant', error_description: 'grant request is invalid' },
    })
    expect((await refresh(server, page, tokens.refresh_token!)).status).toBe(200)
  })

  it('to say anything of a JWT, also of a user', async () => {
    const { refresh_token } = await tokensOf(server, page, { resource: MANAGEMENT_API })
    const { body } = await refresh(server, page, refresh_token!, { resource: MANAGEMENT_API })
    for (const path of ['/token/introspection', '/token/revocation'])
      expect(await post(server, path, { token: body.access_token as string }, page)).toMatchObject({
        status: 400,
        body: {
          code: 'oidc.unsupported_token_type',
          error: 'unsupported_token_type',
          message: expect.stringMatching(/.+/),
        },
      })
  })

  it('to introspect and revoke for those who do not say who they are, or what', async () => {
    for (const path of ['/token/introspection', '/token/revocation']) {
      expect(await post(server, path, { token: 'x' })).toMatchObject({
        status: 400,
        body: { error: 'invalid_request' },
      })
      expect((await post(server, path, { token: 'x' }, { ...shop, secret: 'wrong' })).status).toBe(401)
      expect(await post(server, path, {}, shop)).toMatchObject({
        status: 400,
        body: { error: 'invalid_request', error_description: "missing required parameter 'token'" },
      })
    }
  })

  it('other things than access tokens at userinfo, and those in the address', async () => {
    const tokens = await tokensOf(server, shop)
    for (const token of [tokens.refresh_token!, tokens.id_token!])
      expect(await userInfo(server, token)).toMatchObject({ status: 401, body: { error: 'invalid_token' } })
    expect((await get(server, `/me?access_token=${tokens.access_token}`)).status).toBe(400)
    const posted = { method: 'POST', headers: { authorization: `Bearer ${tokens.access_token}` } }
    expect((await fetch(`${server.oidc.issuer}/me`, posted)).status).toBe(200)
  })

  it('no proof of possession: tokens stay plain bearer tokens', async () => {
    const { refresh_token } = await tokensOf(server, shop)
    const form = { grant_type: 'refresh_token', refresh_token: refresh_token! }
    const { status, body } = await post(server, '/token', form, shop, { dpop: 'a proof' })
    expect({ status, type: body.token_type }).toEqual({ status: 200, type: 'Bearer' })
    expect((await userInfo(server, body.access_token as string)).status).toBe(200)
  })

  it('a token of a server with the same keys at another address', async () => {
    const machine = await register(server, 'MachineToMachine')
    await server.applications.update(machine.id, { isAdmin: true })
    const form = { grant_type: 'client_credentials', resource: MANAGEMENT_API, scope: 'all' }
    const { body } = await post(server, '/token', form, machine)
    const header = `Bearer ${body.access_token}`
    expect(await server.oidc.verifyManagementToken(header)).toBe(machine.id)
    const elsewhere = await startProvider(server.db, { endpoint: 'https://other.example.com' })
    await expect(elsewhere.oidc.verifyManagementToken(header)).rejects.toMatchObject({
      code: 'auth.unauthorized',
      data: { code: 'ERR_JWT_CLAIM_VALIDATION_FAILED' },
    })
    await elsewhere.close()
  })

  it.each<[string, (tokens: Record<string, string>) => string, string]>([
    ['a hint of another application', t => `id_token_hint=${t.id_token}&client_id=SHOP`, 'invalid_request'],
    ['a hint that was altered', t => `id_token_hint=${t.id_token!.slice(0, -4)}AAAA`, 'invalid_request'],
    [
      'to return to another port of the loopback',
      () => `client_id=NATIVE&post_logout_redirect_uri=${encodeURIComponent('http://localhost:2/')}`,
      'invalid_request',
    ],
  ])('at sign-out %s', async (_what, query, error) => {
    const native = await register(server, 'Native', {
      oidcClientMetadata: { redirectUris: [CALLBACK], postLogoutRedirectUris: ['http://localhost:1/'] },
    })
    const tokens = await tokensOf(server, page)
    const address = query(tokens).replace('SHOP', shop.id).replace('NATIVE', native.id)
    expect(await get(server, `/session/end?${address}`)).toMatchObject({
      status: 400,
      body: { code: `oidc.${error}` },
    })
  })

  it('a code of another redirect address than the one it went to, though both are registered', async () => {
    const client = await register(server, 'SPA', {
      oidcClientMetadata: { redirectUris: [CALLBACK, `${CALLBACK}/2`], postLogoutRedirectUris: [] },
    })
    const code = await signIn(server, client)
    expect(await redeem(server, client, code, { redirect_uri: `${CALLBACK}/2` })).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    })
  })
})
