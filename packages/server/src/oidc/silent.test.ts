import { afterEach, beforeEach, expect, it } from 'vitest'
import { eachDatabase } from '../db/testing.ts'
import { Browser, startProvider, type TestProvider } from './testing.ts'
import {
  authorizationUrl,
  redeem,
  refresh,
  register,
  signIn,
  type TestClient,
  tokensOf,
  userInfo,
} from './testing-client.ts'

const ORDERS = 'https://orders.example.com/api'

eachDatabase('prompt=none', openFresh => {
  let server: TestProvider
  let userId: string
  let first: TestClient
  let second: TestClient
  let browser: Browser

  beforeEach(async () => {
    server = await startProvider(await openFresh())
    userId = (await server.users.create({ username: 'alice' })).id
    first = await register(server, 'SPA')
    second = await register(server, 'Traditional')
    browser = new Browser()
  })
  afterEach(() => server.close())

  const quiet = { prompt: 'none', scope: 'openid' }
  const grants = () => server.oidc.sessions.grants(userId, undefined)
  /** With what a silent request comes back. */
  async function answer(client: TestClient, change: Record<string, string | string[] | undefined> = {}) {
    const { headers } = await browser.open(authorizationUrl(server, client, { ...quiet, ...change }))
    const { searchParams } = new URL(headers.get('location')!)
    return searchParams.get('error') ?? (searchParams.has('code') ? 'code' : undefined)
  }

  it('gives a code to a second application of the house, and to one that asks for more', async () => {
    await signIn(server, first, {}, browser)
    const tokens = await tokensOf(server, second, quiet, browser)
    expect(tokens.scope).toBe('openid')
    const more = await tokensOf(server, second, { ...quiet, scope: 'openid email' }, browser)
    expect(more.scope).toBe('openid email')
    expect((await userInfo(server, more.access_token!)).body).toHaveProperty('email_verified')
    // One grant for each application, however often it asks.
    expect(await answer(second)).toBe('code')
    expect((await grants()).map(({ application }) => application.id).sort()).toEqual(
      [first.id, second.id].sort(),
    )
  })

  it('gives a code for an API too', async () => {
    const { id } = await server.resources.create({ name: 'Orders', indicator: ORDERS })
    await server.resources.addScope(id, 'orders:read', null)
    await signIn(server, first, {}, browser)
    const code = await signIn(
      server,
      second,
      { ...quiet, resource: ORDERS, scope: 'openid orders:read' },
      browser,
    )
    expect((await redeem(server, second, code, { resource: ORDERS })).status).toBe(200)
  })

  it('asks for consent, and grants nothing, where the application is a third party', async () => {
    const stranger = await register(server, 'SPA', { isThirdParty: true })
    await signIn(server, first, {}, browser)
    expect(await answer(stranger)).toBe('consent_required')
    expect(await grants()).toHaveLength(1)
  })

  it('grants nothing where the login is missing', async () => {
    expect(await answer(second)).toBe('login_required')
    await signIn(server, first, {}, browser)
    expect(await answer(second, { max_age: '0' })).toBe('login_required')
    await server.users.update(userId, { isSuspended: true })
    expect(await answer(second)).toBe('login_required')
    expect(await grants()).toHaveLength(1)
  })

  it('ends with the session that it was answered in', async () => {
    await signIn(server, first, {}, browser)
    const tokens = await tokensOf(server, second, quiet, browser)
    const [session] = await server.oidc.sessions.list(userId)
    await server.oidc.sessions.end(userId, session!.payload.uid, undefined)
    expect((await userInfo(server, tokens.access_token!)).status).toBe(401)
    expect(await answer(second)).toBe('login_required')
  })

  it('holds the application to its number of grants', async () => {
    const limited = await register(server, 'SPA', { customClientMetadata: { maxAllowedGrants: 1 } })
    const old = await tokensOf(server, limited)
    server.pass(5)
    await signIn(server, first, {}, browser)
    expect(await answer(limited)).toBe('code')
    expect((await userInfo(server, old.access_token!)).status).toBe(401)
    expect((await refresh(server, limited, old.refresh_token!)).status).toBe(400)
  })
})
