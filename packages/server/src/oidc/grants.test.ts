import { afterEach, beforeEach, expect, it } from 'vitest'
import { eachDatabase } from '../db/testing.ts'
import { Browser, startProvider, type TestProvider } from './testing.ts'
import {
  authorizationUrl,
  payloadOf,
  post,
  refresh,
  register,
  type TestClient,
  tokensOf,
  userInfo,
} from './testing-client.ts'

eachDatabase('what a user grants', openFresh => {
  let server: TestProvider
  let userId: string

  beforeEach(async () => {
    server = await startProvider(await openFresh())
    userId = (await server.users.create({ username: 'alice' })).id
  })
  afterEach(() => server.close())

  const limited = (most: number) =>
    register(server, 'SPA', { customClientMetadata: { maxAllowedGrants: most } })
  const works = async (token: string) => (await userInfo(server, token)).status === 200
  const entries = (name: string) => server.audited.filter(({ key }) => key === name).map(({ facts }) => facts)

  /** Signs in with browsers of their own, one after the other. */
  async function often(client: TestClient, times: number): Promise<Record<string, string>[]> {
    const tokens = []
    for (let time = 0; time < times; time++) {
      tokens.push(await tokensOf(server, client, {}, new Browser()))
      // Grants are told apart by their age.
      server.pass(5)
    }
    return tokens
  }

  it('may be as many as there are sign-ins where the application sets no limit', async () => {
    for (const { access_token } of await often(await register(server, 'SPA'), 3))
      expect(await works(access_token!)).toBe(true)
    expect(await server.oidc.sessions.grants(userId, undefined)).toHaveLength(3)
    expect(server.told).toEqual([])
  })

  it('is revoked from the oldest on, with its tokens, when an application has more than its limit', async () => {
    const shop = await limited(2)
    const others = await often(await register(server, 'SPA'), 2)
    const [first, second, third] = await often(shop, 3)
    const alive = async () => {
      const answers = [first, second, third].map(each => works(each!.access_token!))
      return Promise.all(answers)
    }
    expect(await alive()).toEqual([false, true, true])
    expect(await refresh(server, shop, first!.refresh_token!)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    })
    expect((await refresh(server, shop, third!.refresh_token!)).status).toBe(200)
    for (const each of others) expect(await works(each.access_token!)).toBe(true)
    const [fourth] = await often(shop, 1)
    expect([...(await alive()), await works(fourth!.access_token!)]).toEqual([false, false, true, true])
  })

  it('is told of when it was too much, once, with which and from where', async () => {
    const shop = await limited(1)
    await often(shop, 1)
    const [grant] = await server.oidc.sessions.grants(userId, undefined)
    const { id } = grant!
    expect(server.told).toEqual([])
    await often(shop, 1)
    expect(server.told).toEqual([
      {
        ip: '192.0.2.1',
        userId,
        applicationId: shop.id,
        revokedGrantIds: [id],
        maxAllowedGrants: 1,
        preRevocationActiveGrantCount: 2,
      },
    ])
    expect(entries('RevokeGrants')).toEqual([{ userId, applicationId: shop.id, grantIds: [id] }])
  })

  it('counts once for one browser, however often it comes', async () => {
    const shop = await limited(1)
    const browser = new Browser()
    const first = await tokensOf(server, shop, {}, browser)
    const again = await tokensOf(server, shop, {}, browser)
    expect([await works(first.access_token!), await works(again.access_token!)]).toEqual([true, true])
    expect(server.told).toEqual([])
  })

  it('leaves the session that it was made in, which may grant anew', async () => {
    const shop = await limited(1)
    const browser = new Browser()
    const first = await tokensOf(server, shop, {}, browser)
    await often(shop, 1)
    expect(await works(first.access_token!)).toBe(false)
    const silent = await tokensOf(server, shop, { prompt: 'none', scope: 'openid' }, browser)
    server.pass(5)
    const again = await tokensOf(server, shop, {}, browser)
    expect([await works(silent.access_token!), await works(again.access_token!)]).toEqual([true, true])
  })

  it('of another user is none of theirs', async () => {
    await server.users.create({ username: 'bob' })
    const shop = await limited(1)
    const [alice] = await often(shop, 1)
    const browser = new Browser()
    await browser.open(authorizationUrl(server, shop))
    await browser.follow(`${server.endpoint}/sign-in?app_id=${shop.id}&user=bob`, 'https://app.example.com')
    expect(await works(alice!.access_token!)).toBe(true)
    expect(server.told).toEqual([])
  })

  it('is never exceeded by sign-ins that come at once, and each revoked one is told of once', async () => {
    const shop = await limited(2)
    const tokens = await Promise.all(
      Array.from({ length: 6 }, () => tokensOf(server, shop, {}, new Browser()).catch(() => undefined)),
    )
    const alive = await Promise.all(tokens.map(each => each !== undefined && works(each.access_token!)))
    expect(alive.filter(Boolean).length).toBeLessThanOrEqual(2)
    expect(await server.oidc.sessions.grants(userId, undefined)).toHaveLength(2)
    const revoked = server.told.flatMap(({ revokedGrantIds }) => revokedGrantIds)
    expect(new Set(revoked).size).toBe(revoked.length)
  })

  it('outlives a suspension; sessions and tokens do not', async () => {
    const shop = await register(server, 'Traditional')
    const browser = new Browser()
    const tokens = await tokensOf(server, shop, {}, browser)
    const before = await server.oidc.sessions.grants(userId, undefined)
    await server.users.update(userId, { isSuspended: true })
    await server.oidc.revokeUser(userId, 'grants')
    await server.users.update(userId, { isSuspended: false })
    expect(await works(tokens.access_token!)).toBe(false)
    expect(await refresh(server, shop, tokens.refresh_token!)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    })
    expect(await server.oidc.sessions.list(userId)).toEqual([])
    const back = await browser.open(authorizationUrl(server, shop, { prompt: 'none' }))
    expect(back.headers.get('location')).toContain('error=login_required')
    expect(await server.oidc.sessions.grants(userId, undefined)).toEqual(before)
    expect(before).toHaveLength(1)
    await server.oidc.revokeUser(userId)
    expect(await server.oidc.sessions.grants(userId, undefined)).toEqual([])
  })

  it('goes with any of its tokens that the application revokes, which is written down', async () => {
    const shop = await register(server, 'Traditional')
    for (const name of ['access_token', 'refresh_token']) {
      const tokens = await tokensOf(server, shop)
      await post(server, '/token/revocation', { token: tokens[name]! }, shop)
      expect(entries('RevokeToken').at(-1)).toMatchObject({
        applicationId: shop.id,
        userId: payloadOf(tokens.id_token!).sub,
        grantId: expect.any(String),
        tokenTypes: [name === 'access_token' ? 'AccessToken' : 'RefreshToken'],
      })
    }
    await post(server, '/token/revocation', { token: 'unknown' }, shop)
    expect(entries('RevokeToken')).toHaveLength(2)
  })

  it('is written down when an administration takes it back, and not when users do it themselves', async () => {
    const shop = await register(server, 'Traditional')
    const { sessions } = server.oidc
    await often(shop, 3)
    const [first, second] = await sessions.grants(userId, undefined)
    await sessions.revokeGrant(userId, first!.id)
    expect(entries('RevokeGrants')).toEqual([])
    await sessions.revokeGrant(userId, second!.id, 'administration')
    expect(entries('RevokeGrants')).toEqual([{ userId, applicationId: shop.id, grantIds: [second!.id] }])
    const [third] = await sessions.grants(userId, undefined)
    for (const { payload } of await sessions.list(userId))
      await sessions.end(userId, payload.uid, 'all', 'administration')
    expect(entries('RevokeGrants').slice(1)).toEqual([{ userId, grantIds: [third!.id] }])
  })
})
