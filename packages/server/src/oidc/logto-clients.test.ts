import { createManagementApi } from '@logto/api/management'
import LogtoClient, { Prompt, UserScope } from '@logto/node'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { eachDatabase } from '../db/testing.ts'
import { MANAGEMENT_API } from './oidc.ts'
import { Browser, startProvider, type TestProvider } from './testing.ts'
import { CALLBACK, refresh, register, type TestClient, userInfo } from './testing-client.ts'

const ORDERS = 'https://orders.example.com/api'

eachDatabase("Logto's own clients", openFresh => {
  let server: TestProvider
  let shop: TestClient
  let page: TestClient

  beforeEach(async () => {
    server = await startProvider(await openFresh())
    await server.users.create({ username: 'alice', primaryEmail: 'alice@example.com' })
    const { id } = await server.resources.create({ name: 'Orders', indicator: ORDERS, accessTokenTtl: 600 })
    await server.resources.addScope(id, 'orders:read', null)
    shop = await register(server, 'Traditional')
    page = await register(server, 'SPA')
  })
  afterEach(() => server.close())

  /** A client with its storage in memory; what it would send the browser to is in `places`. */
  function logto({ id, secret }: TestClient) {
    const stored = new Map<string, string>()
    const places: string[] = []
    const client = new LogtoClient(
      {
        endpoint: server.endpoint,
        appId: id,
        ...(secret && { appSecret: secret }),
        scopes: [UserScope.Email, UserScope.CustomData, 'orders:read'],
        resources: [MANAGEMENT_API, ORDERS],
        prompt: Prompt.Consent,
      },
      {
        navigate: url => {
          places.push(url)
        },
        storage: {
          getItem: async key => stored.get(key) ?? null,
          setItem: async (key, value) => {
            stored.set(key, value)
          },
          removeItem: async key => {
            stored.delete(key)
          },
        },
      },
    )
    return { client, places }
  }

  it.each(['Traditional', 'SPA'])('sign a user in to a %s application, and out', async type => {
    const { client, places } = logto(type === 'SPA' ? page : shop)
    const browser = new Browser()
    await client.signIn(CALLBACK)
    const back = await browser.follow(places[0]!, CALLBACK)
    await client.handleSignInCallback(back.href)
    expect(await client.isAuthenticated()).toBe(true)
    expect(await client.getIdTokenClaims()).toMatchObject({ username: 'alice', email: 'alice@example.com' })
    expect(await client.fetchUserInfo()).toMatchObject({ username: 'alice', custom_data: {} })
    expect(await client.getAccessTokenClaims(MANAGEMENT_API)).toMatchObject({
      aud: MANAGEMENT_API,
      scope: '',
    })
    await client.signOut('https://app.example.com')
    expect(new URL(places[1]!).pathname).toBe('/oidc/session/end')
    expect((await browser.open(places[1]!)).status).toBe(200)
  })

  it.each(['Traditional', 'SPA'])(
    'bear that a %s application is told nothing of what a user has not',
    async type => {
      const { id } = (await server.users.find({ type: 'username', value: 'alice' }))!
      await server.users.update(id, { primaryEmail: null })
      const { client, places } = logto(type === 'SPA' ? page : shop)
      await client.signIn(CALLBACK)
      await client.handleSignInCallback((await new Browser().follow(places[0]!, CALLBACK)).href)
      const told = [await client.getIdTokenClaims(), await client.fetchUserInfo()]
      for (const claims of told) {
        expect(claims).toMatchObject({ sub: id, username: 'alice', email_verified: false })
        for (const name of ['name', 'picture', 'email']) expect(claims).not.toHaveProperty(name)
        expect(Object.values(claims)).not.toContain(null)
      }
      expect(await client.getContext({ fetchUserInfo: true, getAccessToken: true })).toMatchObject({
        isAuthenticated: true,
        claims: told[0],
        userInfo: told[1],
      })
    },
  )

  it.each(['Traditional', 'SPA'])('refresh the tokens of a %s application until it signs out', async type => {
    const registered = type === 'SPA' ? page : shop
    const { client, places } = logto(registered)
    await client.signIn(CALLBACK)
    await client.handleSignInCallback((await new Browser().follow(places[0]!, CALLBACK)).href)
    const seen = { access: [await client.getAccessToken()], refresh: [await client.getRefreshToken()] }
    for (const _round of [1, 2]) {
      await client.clearAccessToken()
      seen.access.push(await client.getAccessToken())
      seen.refresh.push(await client.getRefreshToken())
    }
    expect(new Set(seen.access).size).toBe(3)
    // Public applications get a new one with every use, the others keep theirs while it is fresh.
    expect(new Set(seen.refresh).size).toBe(type === 'SPA' ? 3 : 1)
    expect((await userInfo(server, seen.access.at(-1)!)).status).toBe(200)

    await client.signOut('https://app.example.com')
    expect(await client.isAuthenticated()).toBe(false)
    expect((await userInfo(server, seen.access.at(-1)!)).status).toBe(401)
    expect(await refresh(server, registered, seen.refresh.at(-1)!)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    })
  })

  it('get tokens for APIs, which check them by the published keys', async () => {
    const { client, places } = logto(shop)
    await client.signIn(CALLBACK)
    await client.handleSignInCallback((await new Browser().follow(places[0]!, CALLBACK)).href)
    const { issuer } = server.oidc
    const { payload } = await jwtVerify(
      await client.getAccessToken(ORDERS),
      createRemoteJWKSet(new URL(`${issuer}/jwks`)),
      { issuer, audience: ORDERS, algorithms: ['ES384'], typ: 'at+jwt' },
    )
    const { sub } = await client.getIdTokenClaims()
    // Scopes come with roles, and users have none.
    expect(payload).toMatchObject({ sub, client_id: shop.id, scope: '' })
    expect(payload.exp! - payload.iat!).toBe(600)
  })

  it('understand what is wrong', async () => {
    const { client, places } = logto(page)
    await client.signIn(CALLBACK)
    const back = await new Browser().follow(places[0]!, CALLBACK)
    back.searchParams.set('code', 'wrong')
    await expect(client.handleSignInCallback(back.href)).rejects.toMatchObject({
      name: 'LogtoRequestError',
      code: 'oidc.invalid_grant',
    })
  })

  it('get a token for the Management API', async () => {
    const machine = await register(server, 'MachineToMachine')
    await server.applications.update(machine.id, { isAdmin: true })
    const { clientCredentials } = createManagementApi('default', {
      clientId: machine.id,
      clientSecret: machine.secret!,
      baseUrl: server.endpoint,
    })
    const { value, scope } = await clientCredentials.getAccessToken()
    expect(scope).toBe('all')
    expect(await server.oidc.verifyManagementToken(`Bearer ${value}`)).toBe(machine.id)
  })
})
