import { afterEach, beforeEach, expect, it } from 'vitest'
import { eachDatabase } from '../db/testing.ts'
import { startProvider, type TestProvider } from './testing.ts'
import { authorizationUrl, get, payloadOf, post, refresh, register, tokensOf } from './testing-client.ts'

const ORDERS = 'https://orders.example.com/api'

eachDatabase('a registered API', openFresh => {
  let server: TestProvider
  let id: string

  beforeEach(async () => {
    server = await startProvider(await openFresh())
    id = (await server.resources.create({ name: 'Orders', indicator: ORDERS, accessTokenTtl: 600 })).id
    await server.resources.addScope(id, 'orders:read', null)
    await server.users.create({ username: 'alice' })
  })
  afterEach(() => server.close())

  const askAs = async (change: Record<string, string>) => {
    const machine = await register(server, 'MachineToMachine')
    return post(server, '/token', { grant_type: 'client_credentials', ...change }, machine)
  }

  it('is what a user gets a token for, which lives as long as the API says and carries no scope', async () => {
    const shop = await register(server, 'SPA')
    const { refresh_token } = await tokensOf(server, shop, {
      resource: ORDERS,
      scope: 'openid offline_access profile orders:read',
    })
    const { status, body } = await refresh(server, shop, refresh_token!, { resource: ORDERS })
    expect(status).toBe(200)
    expect(body).toMatchObject({ expires_in: 600, scope: '' })
    expect(payloadOf(body.access_token as string)).toMatchObject({
      aud: ORDERS,
      scope: '',
      client_id: shop.id,
      iss: server.oidc.issuer,
    })
  })

  it('is what a machine gets a token for, which opens nothing else', async () => {
    const { status, body } = await askAs({ resource: ORDERS, scope: 'orders:read all' })
    expect(status).toBe(200)
    expect(body).not.toHaveProperty('scope')
    expect(body.expires_in).toBe(600)
    const payload = payloadOf(body.access_token as string)
    expect(payload).toMatchObject({ aud: ORDERS })
    // What was granted is said, and nothing was.
    expect(payload).not.toHaveProperty('scope')
    await expect(server.oidc.verifyManagementToken(`Bearer ${body.access_token}`)).rejects.toThrow(
      'auth.unauthorized',
    )
  })

  it('can be the one that machines mean when they name none', async () => {
    expect(await askAs({})).toMatchObject({ status: 400, body: { error: 'invalid_target' } })
    await server.resources.setDefault(id, true)
    const { status, body } = await askAs({})
    expect(status).toBe(200)
    expect(payloadOf(body.access_token as string).aud).toBe(ORDERS)
  })

  it('is unknown once it is deleted, also to those who have a refresh token for it', async () => {
    const shop = await register(server, 'SPA')
    const { refresh_token } = await tokensOf(server, shop, { resource: ORDERS })
    await server.resources.delete(id)
    expect(await refresh(server, shop, refresh_token!, { resource: ORDERS })).toMatchObject({
      status: 400,
      body: { error: 'invalid_target' },
    })
    expect((await askAs({ resource: ORDERS })).body).toMatchObject({ error: 'invalid_target' })
    const { headers } = await get(
      server,
      authorizationUrl(server, shop, { resource: ORDERS }).slice(server.oidc.issuer.length),
    )
    expect(new URL(headers.get('location')!).searchParams.get('error')).toBe('invalid_target')
  })
})
