import { createManagementApi } from '@logto/api/management'
import LogtoClient, { Prompt, UserScope } from '@logto/node'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { eachDatabase } from '../db/testing.ts'
import { MANAGEMENT_API } from './oidc.ts'
import { Browser, startProvider, type TestProvider } from './testing.ts'
import { CALLBACK, register, type TestClient } from './testing-client.ts'

eachDatabase("Logto's own clients", openFresh => {
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

  /** A client with its storage in memory; what it would send the browser to is in `places`. */
  function logto({ id, secret }: TestClient) {
    const stored = new Map<string, string>()
    const places: string[] = []
    const client = new LogtoClient(
      {
        endpoint: server.endpoint,
        appId: id,
        ...(secret && { appSecret: secret }),
        scopes: [UserScope.Email, UserScope.CustomData],
        resources: [MANAGEMENT_API],
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
