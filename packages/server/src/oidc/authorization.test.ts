import { createHash } from 'node:crypto'
import * as openid from 'openid-client'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { eachDatabase } from '../db/testing.ts'
import { Browser, startProvider, type TestProvider } from './testing.ts'
import {
  authorizationUrl,
  CALLBACK,
  get,
  payloadOf,
  register,
  signIn,
  type TestClient,
  tokensOf,
  userInfo,
} from './testing-client.ts'

const pathsOf = ({ visited }: Browser) =>
  visited.map(each => new URL(each).pathname.replace(/auth\/.*/, 'auth/<uid>'))

/** Logto's part of a page's address; behind it stands the interaction, which is ours. */
function withoutInteraction(address: string | null): string {
  expect(address).toMatch(/&interaction=[\w-]{43}$/)
  return address!.replace(/&interaction=.*/, '')
}

eachDatabase('the authorization endpoint', openFresh => {
  let server: TestProvider
  let shop: TestClient
  let page: TestClient

  beforeEach(async () => {
    server = await startProvider(await openFresh())
    await server.users.create({ username: 'alice', primaryEmail: 'alice@example.com' })
    shop = await register(server, 'Traditional')
    page = await register(server, 'SPA')
  })
  afterEach(() => server.close())

  /** Where the endpoint sends a browser that just came. */
  async function firstStop(change: Record<string, string | string[] | undefined>): Promise<string> {
    const response = await new Browser().open(authorizationUrl(server, page, change))
    expect(response.status).toBe(303)
    return response.headers.get('location')!
  }

  it('takes a browser to the sign-in page and back with a code that a certified client accepts', async () => {
    const config = await openid.discovery(new URL(server.oidc.issuer), shop.id, shop.secret, undefined, {
      execute: [openid.allowInsecureRequests],
    })
    const verifier = openid.randomPKCECodeVerifier()
    const address = openid.buildAuthorizationUrl(config, {
      redirect_uri: CALLBACK,
      scope: 'openid profile email phone offline_access',
      prompt: 'consent',
      state: 'a state',
      nonce: 'a nonce',
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    })
    const browser = new Browser()
    const back = await browser.follow(address.href, CALLBACK)
    expect(pathsOf(browser)).toEqual([
      '/oidc/auth',
      '/sign-in',
      '/oidc/auth/<uid>',
      '/consent',
      '/oidc/auth/<uid>',
    ])
    expect([...back.searchParams.keys()]).toEqual(['code', 'state', 'iss'])
    const tokens = await openid.authorizationCodeGrant(config, back, {
      pkceCodeVerifier: verifier,
      expectedState: 'a state',
      expectedNonce: 'a nonce',
    })
    const user = await server.users.find({ type: 'username', value: 'alice' })
    expect(tokens.claims()).toMatchObject({ sub: user!.id, email: 'alice@example.com', email_verified: true })
    const info = await openid.fetchUserInfo(config, tokens.access_token, user!.id)
    expect(info).toMatchObject({ sub: user!.id, username: 'alice' })
    const again = await openid.refreshTokenGrant(config, tokens.refresh_token!)
    expect(again.claims()).toMatchObject({ sub: user!.id })
    await openid.tokenRevocation(config, tokens.refresh_token!)
    await expect(openid.refreshTokenGrant(config, tokens.refresh_token!)).rejects.toMatchObject({
      error: 'invalid_grant',
    })
  })

  it('notes on the user which application came first', async () => {
    await signIn(server, shop)
    await signIn(server, page)
    const user = await server.users.find({ type: 'username', value: 'alice' })
    expect(user!.applicationId).toBe(shop.id)
  })

  it('answers at once when the session and its grant cover the request', async () => {
    const browser = new Browser()
    await signIn(server, shop, {}, browser)
    const before = browser.visited.length
    await signIn(server, shop, { prompt: undefined, scope: 'openid profile' }, browser)
    expect(browser.visited.length - before).toBe(1)
  })

  it('asks for the sign-in again with prompt=login', async () => {
    const browser = new Browser()
    await signIn(server, shop, {}, browser)
    const response = await browser.open(authorizationUrl(server, shop, { prompt: 'login' }))
    expect(withoutInteraction(response.headers.get('location'))).toBe(`/sign-in?app_id=${shop.id}`)
  })

  it('ends the session of one user when another signs in, without a stop', async () => {
    const bob = await server.users.create({ username: 'bob' })
    const browser = new Browser()
    const tokens = await tokensOf(server, shop, { scope: 'openid' }, browser)
    await browser.open(authorizationUrl(server, shop, { prompt: 'login consent', scope: 'openid' }))
    const back = await browser.follow(`${server.endpoint}/sign-in?app_id=${shop.id}&user=bob`, CALLBACK)
    expect(back.searchParams.get('code')).toBeTruthy()
    expect((await userInfo(server, tokens.access_token!)).status).toBe(401)
    const silent = await tokensOf(server, shop, { prompt: 'none', scope: 'openid' }, browser)
    expect(payloadOf(silent.id_token!).sub).toBe(bob.id)
  })

  it('tells the application that prompt=none needs a sign-in', async () => {
    const back = new URL(await firstStop({ prompt: 'none' }))
    expect(back.origin + back.pathname).toBe(CALLBACK)
    expect(Object.fromEntries(back.searchParams)).toMatchObject({
      error: 'login_required',
      state: 'a state',
      iss: server.oidc.issuer,
    })
  })

  it.each([
    [{}, '/sign-in'],
    [{ first_screen: 'signIn' }, '/sign-in'],
    [{ first_screen: 'register' }, '/register'],
    [{ interaction_mode: 'signUp' }, '/register'],
    [{ first_screen: 'reset_password' }, '/reset-password'],
    [{ first_screen: 'identifier:sign_in' }, '/identifier-sign-in'],
    [{ first_screen: 'identifier:register' }, '/identifier-register'],
    [{ first_screen: 'single_sign_on' }, '/single-sign-on'],
  ])('begins %j at %s', async (change, path) => {
    expect(withoutInteraction(await firstStop(change))).toBe(`${path}?app_id=${page.id}`)
  })

  it('hands language, hint and identifiers on to the page, in this order', async () => {
    const stop = await firstStop({
      identifier: 'email phone',
      login_hint: 'alice@example.com',
      ui_locales: 'zh-CN en',
    })
    expect(withoutInteraction(stop)).toBe(
      `/sign-in?app_id=${page.id}&ui_locales=zh-CN+en&login_hint=alice%40example.com&identifier=email+phone`,
    )
  })

  it('ignores a bad extra parameter and keeps the good ones', async () => {
    const stop = await firstStop({ first_screen: 'nowhere', ui_locales: 'not;a;tag', login_hint: 'alice' })
    expect(withoutInteraction(stop)).toBe(`/sign-in?app_id=${page.id}&login_hint=alice`)
  })

  it('takes the parameters from a POST as well, as a form and as JSON', async () => {
    const parameters = Object.fromEntries(new URL(authorizationUrl(server, page)).searchParams)
    for (const init of [
      { body: new URLSearchParams(parameters) },
      { body: JSON.stringify(parameters), headers: { 'content-type': 'application/json' } },
    ]) {
      const response = await new Browser().open(`${server.oidc.issuer}/auth`, { method: 'POST', ...init })
      expect(withoutInteraction(response.headers.get('location'))).toBe(`/sign-in?app_id=${page.id}`)
    }
  })

  it('takes a pushed request once', async () => {
    const parameters = Object.fromEntries(new URL(authorizationUrl(server, shop)).searchParams)
    const basic = Buffer.from(`${shop.id}:${shop.secret}`).toString('base64')
    const pushed = await fetch(`${server.oidc.issuer}/request`, {
      method: 'POST',
      headers: { authorization: `Basic ${basic}` },
      body: new URLSearchParams(parameters),
    })
    expect(pushed.status).toBe(201)
    const { request_uri, expires_in } = (await pushed.json()) as Record<string, string | number>
    expect(expires_in).toBe(60)
    const address = `${server.oidc.issuer}/auth?client_id=${shop.id}&request_uri=${request_uri}`
    const back = await new Browser().follow(address, CALLBACK)
    expect(back.searchParams.get('code')).toBeTruthy()
    const again = await get(server, `/auth?client_id=${shop.id}&request_uri=${request_uri}`)
    expect(again.body.error ?? again.headers.get('location')).toMatch(/invalid_request/)
  })

  it.each([
    ['a public client without a challenge', { code_challenge: undefined, code_challenge_method: undefined }],
    ['a plain challenge', { code_challenge_method: 'plain' }],
    ['a prompt that does not exist', { prompt: 'select_account' }],
    ['prompt none together with another', { prompt: 'none login' }],
    ['a max_age that is no number', { max_age: 'soon' }],
  ])('tells the application that %s is an invalid request', async (_what, change) => {
    expect(new URL(await firstStop(change)).searchParams.get('error')).toBe('invalid_request')
  })

  it.each([
    ['an unknown resource', { resource: 'https://api.example.com' }],
    ['a resource that is no address', { resource: 'api' }],
    [
      'one unknown resource among several with commas',
      { resource: 'https://default.logto.app/api,https://x.y' },
    ],
  ])('tells the application that %s is an invalid target', async (_what, change) => {
    expect(new URL(await firstStop(change)).searchParams.get('error')).toBe('invalid_target')
  })

  it('refuses response types other than code', async () => {
    expect(await firstStop({ response_type: 'code id_token', nonce: 'n' })).toMatch(
      /#error=unsupported_response_type/,
    )
  })

  it('sends the answer where response_mode says', async () => {
    const browser = new Browser()
    await signIn(server, page, {}, browser)
    const quiet = { prompt: undefined, scope: 'openid' }
    const fragment = await browser.open(
      authorizationUrl(server, page, { ...quiet, response_mode: 'fragment' }),
    )
    expect(fragment.headers.get('location')).toMatch(/callback#code=/)
    const form = await browser.open(authorizationUrl(server, page, { ...quiet, response_mode: 'form_post' }))
    const shown = await form.text()
    expect(shown).toContain('name="code"')
    // Nothing but its own script runs on it.
    const hash = createHash('sha256')
      .update(/<script>(.*?)<\/script>/s.exec(shown)![1]!)
      .digest('base64')
    expect(form.headers.get('content-security-policy')).toContain(`script-src 'sha256-${hash}'`)
    expect(fragment.headers.get('content-security-policy')).toBeNull()
  })

  it.each([
    ['an unknown application', { client_id: 'nobody' }, 'oidc.invalid_client'],
    ['an application with a NUL byte', { client_id: 'a\0b' }, 'oidc.invalid_request'],
    ['a foreign redirect address', { redirect_uri: 'https://evil.example' }, 'oidc.invalid_redirect_uri'],
    ['no redirect address', { redirect_uri: undefined }, 'oidc.invalid_redirect_uri'],
  ])('tells %s to the caller, not to any address', async (_what, change, code) => {
    const { status, body } = await get(
      server,
      authorizationUrl(server, page, change).slice(server.oidc.issuer.length),
    )
    expect(status).toBe(400)
    expect(body).toMatchObject({ code, error: code.slice(5), message: expect.any(String) })
  })

  it('shows people a page instead, in their language', async () => {
    const { headers, body } = await get(
      server,
      authorizationUrl(server, page, { client_id: 'nobody' }).slice(server.oidc.issuer.length),
      { accept: 'text/html,*/*;q=0.8', 'accept-language': 'zh-CN' },
    )
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(body.text).toContain('lang="zh-CN"')
    expect(body.text).toContain(headers.get('logto-core-request-id'))
  })

  it.each(['/auth/nothing', '/auth/nothing?parse_error=true'])('knows no session at %s', async path => {
    const { status, body } = await get(server, path)
    expect(status).toBe(400)
    expect(body).toMatchObject({ code: 'session.not_found', error: 'invalid_request' })
  })

  it('shows people who come back too late that the visit is over', async () => {
    const { body } = await get(server, '/auth/nothing', { accept: 'text/html' })
    expect(body.text).toContain('page-unknown-session')
  })

  it('leaves the interaction to the browser that began it, and forgets it after an hour', async () => {
    const browser = new Browser()
    await browser.open(authorizationUrl(server, page))
    const interaction = await server.oidc.interaction(browser.header(), { appId: page.id })
    expect(interaction).toMatchObject({ clientId: page.id, prompt: 'login' })
    expect((await get(server, `/auth/${interaction.uid}`)).body.code).toBe('session.not_found')
    server.pass(3_600_000)
    await expect(server.oidc.finishLogin(interaction.uid, 'anybody')).rejects.toThrow('session.not_found')
  })
})
