import { afterEach, beforeEach, expect, it } from 'vitest'
import { eachDatabase } from '../db/testing.ts'
import { Browser, startProvider, type TestProvider } from './testing.ts'
import { authorizationUrl, CALLBACK, post, register, signIn, type TestClient } from './testing-client.ts'

const MINUTE = 60_000

eachDatabase('what the provider keeps of strangers', openFresh => {
  let server: TestProvider
  let page: TestClient

  beforeEach(async () => {
    server = await startProvider(await openFresh())
    await server.users.create({ username: 'alice' })
    page = await register(server, 'SPA')
  })
  afterEach(() => server.close())

  /** How many of a kind are stored after so many minutes. */
  async function left(kind: string, minutes: number): Promise<number> {
    server.pass(minutes * MINUTE)
    await server.oidc.purge()
    return (await server.db.selectFrom('oidc_payloads').select('kind').where('kind', '=', kind).execute())
      .length
  }

  it('is an authorization request for an hour, and one that is large for nine minutes', async () => {
    await new Browser().open(authorizationUrl(server, page, { state: 'x'.repeat(1_500) }))
    await new Browser().open(authorizationUrl(server, page, { state: 'x'.repeat(6_000) }))
    await new Browser().open(authorizationUrl(server, page, { login_hint: '试'.repeat(500) }))
    expect(await left('Interaction', 8)).toBe(3)
    expect(await left('Interaction', 1)).toBe(1)
    expect(await left('Interaction', 50)).toBe(1)
    expect(await left('Interaction', 1)).toBe(0)
  })

  it('is as much as is asked for where somebody is signed in', async () => {
    const browser = new Browser()
    await signIn(server, page, {}, browser)
    await browser.open(authorizationUrl(server, page, { state: 'x'.repeat(6_000) }))
    expect(await left('Interaction', 59)).toBe(1)
    expect(await left('Session', 24 * 60)).toBe(1)
  })

  it('still lets an application with a very long state through the sign-in', async () => {
    const state = 'x'.repeat(10_000)
    const browser = new Browser()
    const back = await browser.follow(authorizationUrl(server, page, { state }), CALLBACK)
    expect(back.searchParams.get('state')).toBe(state)
  })

  it('is nothing of parameters above 16 KiB, whichever way they come', async () => {
    const tooLong = { client_id: page.id, state: 'x'.repeat(17_000) }
    for (const path of ['/auth', '/auth/', '/session/end', '/request'])
      expect(await post(server, path, tooLong), path).toMatchObject({
        status: 413,
        body: { error: 'invalid_request', error_description: expect.stringContaining('16384') },
      })
    const json = { method: 'POST', headers: { 'content-type': 'application/json' } }
    const asJson = await fetch(`${server.oidc.issuer}/auth`, { ...json, body: JSON.stringify(tooLong) })
    expect(asJson.status).toBe(413)
    expect(await left('Interaction', 0)).toBe(0)
    // What nothing stores may be longer.
    const token = await post(server, '/token', { ...tooLong, grant_type: 'authorization_code' })
    expect(token.status).toBe(400)
  })

  it('is the request to sign out for nine minutes', async () => {
    const query = new URLSearchParams({
      client_id: page.id,
      post_logout_redirect_uri: 'https://app.example.com',
      state: 'x'.repeat(8_000),
    })
    await new Browser().open(`${server.oidc.issuer}/session/end?${query}`)
    expect(await left('Session', 8)).toBe(1)
    expect(await left('Session', 1)).toBe(0)
  })
})
