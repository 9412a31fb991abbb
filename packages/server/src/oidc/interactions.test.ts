import { afterEach, beforeEach, expect, it } from 'vitest'
import { eachDatabase } from '../db/testing.ts'
import { bodyOf } from '../http/errors.ts'
import { Browser, startProvider, type TestProvider } from './testing.ts'
import { authorizationUrl, CALLBACK, get, register, signIn, type TestClient } from './testing-client.ts'

eachDatabase('the interactions of browsers', openFresh => {
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

  it('sets the cookies of a sign-in, signed, and none that a script may read but one', async () => {
    const response = await new Browser().open(authorizationUrl(server, page, { ui_locales: 'zh-CN' }))
    const cookies = response.headers.getSetCookie()
    const names = cookies.map(each => each.split('=')[0]!)
    // Logto's cookies, and beside them one that keeps two tabs of an application apart.
    expect(names.map(name => name.replace(/(?<=interaction_)[\w-]{43}/, '<uid>')).sort()).toEqual([
      '_interaction',
      '_interaction.sig',
      '_interaction_<uid>',
      '_interaction_<uid>.sig',
      '_interaction_resume',
      '_interaction_resume.sig',
      '_logto',
      '_logto.sig',
    ])
    const cookie = (name: string) => cookies.find(each => each.startsWith(`${name}=`))!
    const value = (name: string) => cookie(name).split(/[=;]/)[1]!
    const uid = value('_interaction_resume')
    expect(JSON.parse(decodeURIComponent(value('_interaction')))).toEqual({ [page.id]: uid, _legacy: uid })
    expect(JSON.parse(value('_logto'))).toEqual({ appId: page.id, uiLocales: 'zh-CN' })
    expect(cookie('_interaction_resume')).toContain(`path=/oidc/auth/${uid}`)
    for (const each of cookies) {
      expect(each).toContain('samesite=lax')
      expect(each.includes('httponly')).toBe(!each.startsWith('_logto'))
      expect(each).not.toContain('; secure')
    }
  })

  it('finds the interaction of each application that a browser signs in to', async () => {
    const browser = new Browser()
    await browser.open(authorizationUrl(server, page))
    await browser.open(authorizationUrl(server, shop))
    const find = (appId?: string, header: string | undefined = browser.header()) =>
      server.oidc.interaction(header, { appId })
    expect((await find(page.id)).clientId).toBe(page.id)
    expect((await find(shop.id)).clientId).toBe(shop.id)
    expect((await find()).clientId).toBe(shop.id)
    await expect(find('other')).rejects.toMatchObject({ code: 'oidc.invalid_request', kind: undefined })
    const error = await find('other').catch(error => error)
    expect(bodyOf(error)).toMatchObject({ error_description: 'interaction client_id mismatch' })
    await expect(find(page.id, '')).rejects.toMatchObject({ code: 'session.not_found', kind: undefined })
    const forged = `_interaction=${encodeURIComponent(JSON.stringify({ [page.id]: 'x' }))}`
    await expect(find(page.id, forged)).rejects.toThrow('session.not_found')
    await expect(server.oidc.grantConsent(await find(page.id))).rejects.toThrow('session.not_found')
  })

  it('keeps the interactions of the ten latest applications', async () => {
    const browser = new Browser()
    const clients = [page, shop]
    while (clients.length < 11) clients.push(await register(server, 'SPA'))
    for (const client of clients) await browser.open(authorizationUrl(server, client))
    await expect(server.oidc.interaction(browser.header(), { appId: page.id })).rejects.toThrow(
      'oidc.invalid_request',
    )
    expect((await server.oidc.interaction(browser.header(), { appId: shop.id })).clientId).toBe(shop.id)
  })

  it('keeps two tabs of one application apart also on the way through the consent', async () => {
    const browser = new Browser()
    await signIn(server, page, {}, browser)
    const states = ['tab one', 'tab two']
    const stops: string[] = []
    for (const state of states) {
      const response = await browser.open(authorizationUrl(server, page, { state }))
      expect(response.headers.get('location')).toMatch(
        new RegExp(`^/consent\\?app_id=${page.id}&interaction=[\\w-]{43}$`),
      )
      stops.push(new URL(response.headers.get('location')!, server.endpoint).href)
    }
    for (const [index, stop] of stops.entries())
      expect((await browser.follow(stop, CALLBACK)).searchParams.get('state')).toBe(states[index])
  })

  it('lets another user sign in in a second tab without a stop, and ends the session of the first', async () => {
    const bob = await server.users.create({ username: 'bob' })
    const browser = new Browser()
    const stops: string[] = []
    for (const state of ['tab one', 'tab two']) {
      const response = await browser.open(authorizationUrl(server, page, { state }))
      stops.push(new URL(response.headers.get('location')!, server.endpoint).href)
    }
    await browser.follow(stops[0]!, CALLBACK)
    const first = browser.cookie('_session')
    const back = await browser.follow(`${stops[1]}&user=bob`, CALLBACK)
    expect(back.searchParams.get('state')).toBe('tab two')
    expect(browser.visited.join()).not.toContain('/session/end')
    expect(await server.oidc.sessions.list(bob.id)).toHaveLength(1)
    const alice = (await server.users.find({ type: 'username', value: 'alice' }))!
    expect(await server.oidc.sessions.list(alice.id)).toEqual([])
    expect(browser.cookie('_session')).not.toBe(first)
  })

  it('keeps a session for 14 days, or as long as the browser runs when it shall not be remembered', async () => {
    const user = (await server.users.find({ type: 'username', value: 'alice' }))!
    for (const remember of [true, false]) {
      const browser = new Browser()
      await browser.open(authorizationUrl(server, page))
      const { uid } = await server.oidc.interaction(browser.header(), { appId: page.id })
      const response = await browser.open(await server.oidc.finishLogin(uid, user.id, { remember }))
      const cookie = response.headers.getSetCookie().find(each => each.startsWith('_session='))!
      const [, expires] = /expires=([^;]+)/.exec(cookie) ?? []
      const days = expires && Math.round((Date.parse(expires) - Date.now()) / 86_400_000)
      expect(days).toBe(remember ? 14 : undefined)
    }
  })

  it('asks for a sign-in when the user of the session may not sign in any more', async () => {
    const browser = new Browser()
    await signIn(server, page, {}, browser)
    const user = (await server.users.find({ type: 'username', value: 'alice' }))!
    await server.users.update(user.id, { isSuspended: true })
    const response = await browser.open(authorizationUrl(server, page, { prompt: undefined }))
    expect(response.headers.get('location')).toMatch(/^\/sign-in/)
    await server.users.create({ username: 'bob' })
    const back = await browser.follow(`${server.endpoint}/sign-in?app_id=${page.id}&user=bob`, CALLBACK)
    expect(back.searchParams.get('code')).toBeTruthy()
  })

  it('ends an interaction that began in a session which is over', async () => {
    const browser = new Browser()
    await signIn(server, page, {}, browser)
    await browser.open(authorizationUrl(server, page))
    const interaction = await server.oidc.interaction(browser.header(), { appId: page.id })
    expect(interaction).toMatchObject({ prompt: 'consent', accountId: expect.any(String) })
    await server.oidc.revokeUser(interaction.accountId!)
    await expect(server.oidc.interaction(browser.header(), { appId: page.id })).rejects.toThrow(
      'session.not_found',
    )
  })

  it('sends native applications to their own scheme, and to any port of the loopback', async () => {
    const redirectUris = ['com.example.app://callback', 'http://127.0.0.1/cb']
    const native = await register(server, 'Native', {
      oidcClientMetadata: { redirectUris, postLogoutRedirectUris: [] },
    })
    for (const redirect_uri of ['com.example.app://callback', 'http://127.0.0.1:51234/cb']) {
      const address = authorizationUrl(server, native, { redirect_uri })
      const back = await new Browser().follow(address, redirect_uri)
      expect(back.searchParams.get('code')).toBeTruthy()
    }
  })
})

eachDatabase('the provider behind a proxy with https', openFresh => {
  it('marks its cookies as secure', async () => {
    const server = await startProvider(await openFresh(), { endpoint: 'https://sign-in.example.com' })
    const page = await register(server, 'SPA')
    const { search } = new URL(authorizationUrl(server, page))
    const response = await fetch(`${server.endpoint}/oidc/auth${search}`, { redirect: 'manual' })
    expect(response.status).toBe(303)
    for (const cookie of response.headers.getSetCookie()) expect(cookie).toContain('; secure')
    await server.close()
  })

  it('takes cookies that say whose browser it is from its own host alone, not from a sister domain', async () => {
    const server = await startProvider(await openFresh(), { endpoint: 'https://sign-in.example.com' })
    const page = await register(server, 'SPA')
    const alice = await server.users.create({ username: 'alice' })
    const ask = (path: string, cookie = '') =>
      fetch(`${server.endpoint}/oidc${path}`, { redirect: 'manual', headers: { cookie } })
    const { search } = new URL(authorizationUrl(server, page))
    const begun = await ask(`/auth${search}`)
    const cookies = begun.headers.getSetCookie().map(each => each.split(';')[0]!)
    // A page of a sister domain has cookies of its own sign-in, and can set all that do not begin so.
    const planted = cookies.filter(each => !each.startsWith('__Host-'))
    const uid = new URL(begun.headers.get('location')!, server.endpoint).searchParams.get('interaction')!
    for (const wanted of [{ uid }, { appId: page.id }, {}]) {
      await expect(server.oidc.interaction(planted.join('; '), wanted)).rejects.toThrow('session.not_found')
      expect((await server.oidc.interaction(cookies.join('; '), wanted)).uid).toBe(uid)
    }
    // Nor does it sign anybody in to an account of its own.
    await server.oidc.finishLogin(uid, alice.id)
    for (const path of [`/auth/${uid}`, `/auth/${'x'.repeat(43)}`]) {
      const foreign = await ask(path, planted.join('; '))
      expect([foreign.status, foreign.headers.getSetCookie()]).toEqual([400, []])
    }
    const own = await ask(`/auth/${uid}`, cookies.join('; '))
    const session = own.headers.getSetCookie().map(each => each.split(';')[0]!)
    expect(session.map(each => each.split('=')[0])).toContain('__Host-_session')
    expect(own.headers.getSetCookie().join()).not.toMatch(/__Host-[^,]*domain|__Host-[^,]*path=\/\w/i)
    const silent = new URL(authorizationUrl(server, page, { prompt: 'none' })).search
    expect((await ask(`/auth${silent}`, session.join('; '))).headers.get('location')).toContain('code=')
    await server.close()
  })

  it('signs with the same key on every node', async () => {
    const db = await openFresh()
    const nodes = await Promise.all([startProvider(db), startProvider(db)])
    const keys = await Promise.all(nodes.map(async node => (await get(node, '/jwks')).body.keys))
    expect(keys[0]).toEqual(keys[1])
    for (const node of nodes) await node.close()
  })
})
