import { afterEach, beforeEach, expect, it } from 'vitest'
import { eachDatabase } from '../db/testing.ts'
import { Browser, startProvider, type TestProvider } from './testing.ts'
import {
  authorizationUrl,
  CALLBACK,
  get,
  refresh,
  register,
  signIn,
  type TestClient,
  tokensOf,
  userInfo,
} from './testing-client.ts'

eachDatabase('signing out', openFresh => {
  let server: TestProvider
  let shop: TestClient
  let browser: Browser

  beforeEach(async () => {
    server = await startProvider(await openFresh())
    await server.users.create({ username: 'alice' })
    shop = await register(server, 'Traditional')
    browser = new Browser()
  })
  afterEach(() => server.close())

  const end = (query: Record<string, string> = {}) =>
    browser.open(`${server.oidc.issuer}/session/end?${new URLSearchParams(query)}`)

  /** Sends the form of the sign-out page, as its button or script does. */
  async function confirm(page: string, headers: Record<string, string> = {}): Promise<Response> {
    const fields = [...page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)]
    expect(page).toMatch(/<form[^>]*id="op\.logoutForm"/)
    const action = /<form[^>]*action="([^"]+)"/.exec(page)![1]!
    return browser.open(action, {
      method: 'POST',
      headers,
      body: new URLSearchParams(Object.fromEntries(fields.map(([, name, value]) => [name, value]))),
    })
  }

  it('shows by GET and by POST one page, with its ETag', async () => {
    const address = `${server.oidc.issuer}/session/end`
    const form = { client_id: shop.id, state: 'bye' }
    const read = await browser.open(`${address}?${new URLSearchParams(form)}`)
    const posted = await browser.open(address, { method: 'POST', body: new URLSearchParams(form) })
    const shown = async (answer: Response) => {
      expect(answer.headers.get('etag')).toMatch(/^W\/"[\w-]{27}"$/)
      const { status, headers } = answer
      const text = (await answer.text()).replace(/name="xsrf" value="[^"]+"/, '')
      return { status, type: headers.get('content-type'), cache: headers.get('cache-control'), text }
    }
    expect(await shown(posted)).toEqual(await shown(read))
  })

  it('ends the session and leads back to the application', async () => {
    const tokens = await tokensOf(server, shop, { scope: 'openid' }, browser)
    const page = await end({
      client_id: shop.id,
      post_logout_redirect_uri: 'https://app.example.com',
      state: 'bye',
    })
    expect(page.status).toBe(200)
    const policy = page.headers.get('content-security-policy')!
    expect(policy).toContain("form-action 'self';")
    expect(policy).toContain("script-src 'self'")
    const html = await page.text()
    expect(html).not.toMatch(/<script>|<style>| on\w+=/)
    const done = await confirm(html)
    expect(done.status).toBe(303)
    expect(done.headers.get('location')).toBe('https://app.example.com/?state=bye')
    expect(browser.cookie('_session')).toBeUndefined()
    expect((await userInfo(server, tokens.access_token!)).status).toBe(401)
    const again = await browser.open(authorizationUrl(server, shop, { prompt: undefined }))
    expect(again.headers.get('location')).toMatch(/^\/sign-in/)
  })

  it('leads a browser on by a page, as the policy of its form would hold a redirect and all after it', async () => {
    const page = await end({ client_id: shop.id, post_logout_redirect_uri: 'https://app.example.com' })
    const done = await confirm(await page.text(), { accept: 'text/html,*/*;q=0.8' })
    expect([done.status, done.headers.get('location')]).toEqual([200, null])
    expect(done.headers.get('content-security-policy')).toContain("form-action 'self';")
    const html = await done.text()
    expect(html).toContain('content="0;url=https://app.example.com/"')
    expect(html).toContain('<a class="button button-late" href="https://app.example.com/">')
  })

  it('redirects a browser straight to our own page', async () => {
    const done = await confirm(await (await end()).text(), { accept: 'text/html' })
    expect([done.status, done.headers.get('location')]).toEqual([
      303,
      `${server.oidc.issuer}/session/end/success`,
    ])
  })

  it('offers a native app to the tap without which browsers would not open it', async () => {
    const app = await register(server, 'Native', {
      oidcClientMetadata: { redirectUris: [CALLBACK], postLogoutRedirectUris: ['io.app.native://bye'] },
    })
    const query = { client_id: app.id, post_logout_redirect_uri: 'io.app.native://bye' }
    const done = await (await confirm(await (await end(query)).text(), { accept: 'text/html' })).text()
    expect(done).toContain('content="0;url=io.app.native://bye"')
    expect(done).toContain('<a class="button" href="io.app.native://bye">')
  })

  it('leaves an application its tokens when it may act without the user', async () => {
    const tokens = await tokensOf(server, shop, {}, browser)
    await confirm(await (await end()).text())
    expect((await userInfo(server, tokens.access_token!)).status).toBe(200)
    expect((await refresh(server, shop, tokens.refresh_token!)).status).toBe(200)
  })

  it('ends at a page of its own when there is nowhere to go', async () => {
    await signIn(server, shop, {}, browser)
    const done = await confirm(await (await end()).text())
    expect(done.headers.get('location')).toBe(`${server.oidc.issuer}/session/end/success`)
    const page = await browser.open(done.headers.get('location')!)
    expect(await page.text()).toContain('page-signed-out')
  })

  it('shows the same page to somebody who is not signed in', async () => {
    const page = await end({ client_id: shop.id, post_logout_redirect_uri: 'https://app.example.com/' })
    expect((await confirm(await page.text())).headers.get('location')).toBe('https://app.example.com/')
  })

  it('takes the id token as a hint, also in a POST', async () => {
    const { id_token } = await tokensOf(server, shop, {}, browser)
    const page = await browser.open(`${server.oidc.issuer}/session/end`, {
      method: 'POST',
      body: new URLSearchParams({
        id_token_hint: id_token!,
        post_logout_redirect_uri: 'https://app.example.com',
      }),
    })
    expect((await confirm(await page.text())).headers.get('location')).toBe('https://app.example.com/')
  })

  it('ignores an address that no application vouches for', async () => {
    const page = await end({ post_logout_redirect_uri: 'https://evil.example' })
    expect((await confirm(await page.text())).headers.get('location')).toMatch(/session\/end\/success$/)
  })

  it.each([
    [
      'an address that is not registered',
      { post_logout_redirect_uri: 'https://evil.example' },
      'invalid_request',
    ],
    ['a hint that is no token', { id_token_hint: 'abc' }, 'invalid_request'],
    ['an unknown application', { client_id: 'nobody' }, 'invalid_client'],
  ])('refuses %s', async (_what, change, error) => {
    const response = await end({ client_id: shop.id, ...change } as Record<string, string>)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ code: `oidc.${error}` })
  })

  it('refuses a confirmation that no page asked for', async () => {
    const response = await browser.open(`${server.oidc.issuer}/session/end/confirm`, {
      method: 'POST',
      body: new URLSearchParams({ xsrf: 'x', logout: 'yes' }),
    })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error_description: 'could not find logout details' })
  })

  it('refuses a confirmation from elsewhere', async () => {
    await signIn(server, shop, {}, browser)
    await end()
    const response = await browser.open(`${server.oidc.issuer}/session/end/confirm`, {
      method: 'POST',
      body: new URLSearchParams({ xsrf: 'x', logout: 'yes' }),
    })
    expect(response.status).toBe(400)
    expect((await get(server, '/jwks')).status).toBe(200)
  })
})
