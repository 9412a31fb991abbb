import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { deriveKeys } from '../crypto/keys.ts'
import { seal } from '../crypto/seal.ts'
import { eachDatabase } from '../db/testing.ts'
import { openPayload } from './adapter.ts'
import { startProvider, type TestProvider } from './testing.ts'
import { payloadOf, refresh, register, type TestClient, tokensOf, userInfo } from './testing-client.ts'

const DAY = 86_400_000

eachDatabase('the lifetimes that an application chooses', openFresh => {
  let server: TestProvider

  beforeEach(async () => {
    // Only what is passed counts, however slow the machine is.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    server = await startProvider(await openFresh())
    await server.users.create({ username: 'alice' })
  })
  afterEach(async () => {
    vi.useRealTimers()
    await server.close()
  })

  const withSettings = (type: 'SPA' | 'Traditional' | 'Native', customClientMetadata: object) =>
    register(server, type, { customClientMetadata })

  /** Makes every refresh token as if the first of its chain had been issued so many days ago. */
  async function age(days: number): Promise<void> {
    const keys = deriveKeys(Buffer.alloc(32, 7))
    const rows = await server.db
      .selectFrom('oidc_payloads')
      .select(['id_hash', 'payload'])
      .where('kind', '=', 'RefreshToken')
      .execute()
    for (const row of rows) {
      const payload = openPayload(keys, 'RefreshToken', row)
      const older = { ...payload, iiat: (payload.iiat as number) - days * 86_400 }
      await server.db
        .updateTable('oidc_payloads')
        .set({ payload: seal(keys.seal, JSON.stringify(older), `oidc/RefreshToken/${row.id_hash}`) })
        .where('id_hash', '=', row.id_hash)
        .execute()
    }
  }

  const idLifetime = (token: unknown) => {
    const { iat, exp } = payloadOf(token as string) as Record<string, number>
    return exp! - iat!
  }

  it('hold for ID tokens, also for those that come with a refresh', async () => {
    const brief = await withSettings('SPA', { idTokenTtl: 600 })
    const tokens = await tokensOf(server, brief)
    const again = await refresh(server, brief, tokens.refresh_token!)
    expect([tokens.id_token, again.body.id_token].map(idLifetime)).toEqual([600, 600])
    const usual = await tokensOf(server, await withSettings('SPA', {}))
    expect(idLifetime(usual.id_token)).toBe(3600)
  })

  it.each([
    ['days', { refreshTokenTtlInDays: 2 }, 2 * DAY],
    ['seconds, as it once was', { refreshTokenTtl: 86_400 }, DAY],
    ['days before seconds', { refreshTokenTtlInDays: 3, refreshTokenTtl: 600 }, 3 * DAY],
  ])('hold for refresh tokens, in %s', async (_how, settings, lifetime) => {
    const client = await withSettings('Traditional', { ...settings, rotateRefreshToken: false })
    const { refresh_token } = await tokensOf(server, client)
    server.pass(lifetime - 10_000)
    expect((await refresh(server, client, refresh_token!)).status).toBe(200)
    server.pass(10_000)
    expect(await refresh(server, client, refresh_token!)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    })
  })

  it('let refresh tokens change at every use until a year after the first, and then no more', async () => {
    const client = await withSettings('SPA', {})
    const { refresh_token } = await tokensOf(server, client)
    await age(364)
    const { body } = await refresh(server, client, refresh_token!)
    const second = body.refresh_token as string
    expect(second).not.toBe(refresh_token)
    // The new one remembers when the first was issued.
    await age(2)
    expect((await refresh(server, client, second)).body).toMatchObject({ refresh_token: second })
    expect((await refresh(server, client, second)).body).toMatchObject({ refresh_token: second })
  })

  it('take everything back when a refresh token comes again whose successor was used, after three seconds', async () => {
    const client = await withSettings('SPA', {})
    const first = await tokensOf(server, client)
    const second = (await refresh(server, client, first.refresh_token!)).body
    await refresh(server, client, second.refresh_token as string)
    server.pass(2_900)
    const third = await refresh(server, client, first.refresh_token!)
    expect(third.body).toMatchObject({ access_token: expect.any(String), refresh_token: expect.any(String) })
    server.pass(100)
    expect((await refresh(server, client, first.refresh_token!)).status).toBe(400)
    for (const { access_token } of [first, second, third.body] as { access_token: string }[])
      expect((await userInfo(server, access_token)).status).toBe(401)
    expect(await server.oidc.sessions.grants(String(payloadOf(first.id_token!).sub), undefined)).toEqual([])
    const revoked = server.audited.filter(({ key }) => key === 'RevokeGrants')
    expect(revoked).toMatchObject([{ facts: { applicationId: client.id, grantId: expect.any(String) } }])
  })

  it('keep refresh tokens as they are where the application wants it, however often they come', async () => {
    const client: TestClient = await withSettings('SPA', { rotateRefreshToken: false })
    const { refresh_token } = await tokensOf(server, client)
    for (let time = 0; time < 3; time++) {
      server.pass(10_000)
      expect((await refresh(server, client, refresh_token!)).body).toMatchObject({ refresh_token })
    }
  })

  it('give refresh tokens without being asked to servers and pages that want them, not to apps', async () => {
    const settings = { alwaysIssueRefreshToken: true }
    const quiet = { scope: 'openid', prompt: undefined }
    for (const type of ['Traditional', 'SPA'] as const)
      expect(await tokensOf(server, await withSettings(type, settings), quiet)).toHaveProperty(
        'refresh_token',
      )
    for (const client of [await withSettings('Native', settings), await withSettings('Traditional', {})])
      expect(await tokensOf(server, client, quiet)).not.toHaveProperty('refresh_token')
  })
})
