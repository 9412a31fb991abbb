import { createServer, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { Provider } from 'oidc-provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDemoApp } from './demo-app.ts'

const DEAD = { issuer: 'http://127.0.0.1:1/oidc', clientId: 'demo', baseUrl: 'http://127.0.0.1:2' }

const servers: Server[] = []
let provider: Provider
let issuer: string
let baseUrl: string
/** Answers instead of the provider, for the one test that begins before it is up. */
let down = false

function listen(server: Server): Promise<string> {
  servers.push(server)
  return new Promise(resolve => {
    server.listen(0, '127.0.0.1', () =>
      resolve(`http://127.0.0.1:${(server.address() as { port: number }).port}`),
    )
  })
}

beforeAll(async () => {
  const demoServer = createServer()
  baseUrl = await listen(demoServer)
  const providerServer = createServer((request, response) => {
    if (down) response.writeHead(503).end('starting')
    else void provider.callback()(request, response)
  })
  issuer = await listen(providerServer)
  provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'demo',
        client_secret: 'demo-secret',
        redirect_uris: [`${baseUrl}/callback`],
        post_logout_redirect_uris: [baseUrl],
        grant_types: ['authorization_code', 'refresh_token'],
      },
    ],
    cookies: { keys: ['test'] },
    claims: { openid: ['sub'], profile: ['name'], phone: ['phone_number'], email: ['email'] },
    conformIdTokenClaims: false,
    extraParams: ['first_screen'],
    findAccount: (_, sub) => ({
      accountId: sub,
      claims: () => ({ sub, name: '<b>Ling & Co</b>', phone_number: '8613800000000' }),
    }),
  })
  const demo = createDemoApp({ issuer, clientId: 'demo', clientSecret: 'demo-secret', baseUrl })
  demoServer.on('request', getRequestListener(demo.fetch))
})

afterAll(() => {
  for (const server of servers) server.close()
})

/** A browser, as far as this goes: follows redirects, keeps the cookies of one host, whatever the port. */
function browser(headers: Record<string, string> = {}) {
  const jar = new Map<string, string>()
  async function visit(address: string, form?: Record<string, string>): Promise<Page> {
    const response = await fetch(address, {
      redirect: 'manual',
      method: form ? 'POST' : 'GET',
      body: form && new URLSearchParams(form),
      headers: { ...headers, Cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '' || /Max-Age=0/i.test(line)) jar.delete(name)
      else jar.set(name, value)
    }
    const location = response.headers.get('Location')
    if (location) return visit(new URL(location, address).href)
    return { address, status: response.status, headers: response.headers, text: await response.text() }
  }
  return { visit, jar }
}

interface Page {
  address: string
  status: number
  headers: Headers
  text: string
}

/** Goes through the provider's two development pages: any name signs in, then consents. */
async function signIn(person: ReturnType<typeof browser>, name = 'ling', query = ''): Promise<Page> {
  let page = await person.visit(`${baseUrl}/sign-in${query}`)
  for (let steps = 0; page.address.includes('/interaction/') && steps < 4; steps += 1) {
    const login = page.text.includes('name="login"')
    page = await person.visit(
      page.address,
      login ? { prompt: 'login', login: name, password: 'x' } : { prompt: 'consent' },
    )
  }
  return page
}

describe('the demo application', () => {
  it('offers sign-in and registration when nobody is signed in', async () => {
    const page = await browser().visit(baseUrl)
    expect(page.text).toContain('href="/sign-in"')
    expect(page.text).toContain('href="/sign-in?first_screen=register"')
  })

  it('speaks Chinese to a Chinese browser', async () => {
    const page = await browser({ 'Accept-Language': 'fr;q=0.4, zh-Hans-CN, en;q=0.5' }).visit(baseUrl)
    expect(page.text).toContain('<html lang="zh-CN">')
    expect(page.text).toContain('>登录</a>')
  })

  it('asks for the code flow with PKCE, state and nonce, a refresh token, and passes its wishes on', async () => {
    const demo = createDemoApp({ issuer, clientId: 'demo', baseUrl })
    const answer = await demo.fetch(
      new Request(`${baseUrl}/sign-in?ui_locales=zh-CN&first_screen=register&scope=admin`),
    )
    const asked = Object.fromEntries(new URL(answer.headers.get('Location')!).searchParams)
    expect(asked).toMatchObject({
      response_type: 'code',
      client_id: 'demo',
      redirect_uri: `${baseUrl}/callback`,
      scope: 'openid profile email phone offline_access',
      prompt: 'consent',
      code_challenge_method: 'S256',
      ui_locales: 'zh-CN',
      first_screen: 'register',
    })
    expect(asked.state && asked.nonce && asked.code_challenge).toBeTruthy()
    expect(answer.headers.get('Set-Cookie')).toMatch(
      /^demo_session=[\w-]{32}; Path=\/; HttpOnly; SameSite=Lax$/,
    )
  })

  it('shows the claims of ID token and userinfo after a sign-in, escaped', async () => {
    const page = await signIn(browser())
    expect(page.address).toBe(`${baseUrl}/`)
    expect(page.text).toContain('&lt;b&gt;Ling &amp; Co&lt;/b&gt;')
    expect(page.text).not.toContain('<b>')
    expect(page.text).toMatch(/phone_<wbr>number<\/th><td>8613800000000</)
    expect(page.text).toMatch(/iss<\/th><td>http:\/\/127\.0\.0\.1/)
  })

  it('gives the session a new id at sign-in', async () => {
    const person = browser()
    await person.visit(`${baseUrl}/sign-in`)
    const before = person.jar.get('demo_session')
    await signIn(person)
    expect(person.jar.get('demo_session')).not.toBe(before)
  })

  it('exchanges the refresh token for new tokens', async () => {
    const person = browser()
    await signIn(person)
    const page = await person.visit(`${baseUrl}/refresh`, {})
    expect(page.text).toContain('was exchanged for new tokens')
    expect((await person.visit(baseUrl)).text).not.toContain('was exchanged')
  })

  it('signs out at the server and comes back signed out', async () => {
    const person = browser()
    await signIn(person)
    const question = await person.visit(`${baseUrl}/sign-out`, {})
    expect(question.address).toContain(`${issuer}/session/end`)
    const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(question.text) ?? []
    const page = await person.visit(`${issuer}/session/end/confirm`, { xsrf, logout: 'yes' })
    expect(new URL(page.address).origin).toBe(baseUrl)
    expect(page.text).toContain('You are signed out.')
  })

  it('keeps two tabs apart', async () => {
    const person = browser()
    await person.visit(`${baseUrl}/sign-in`)
    expect((await signIn(person)).text).toContain('Signed in as')
  })

  it('finds the server that was not up at the first try', async () => {
    const demo = createDemoApp({ issuer, clientId: 'demo', baseUrl })
    down = true
    const early = await demo.fetch(new Request(`${baseUrl}/sign-in`))
    down = false
    expect(early.status).toBe(503)
    expect(await early.text()).toContain(`The sign-in service at ${issuer} does not answer`)
    expect((await demo.fetch(new Request(`${baseUrl}/sign-in`))).status).toBe(302)
  })

  it('says that a sign-in was cancelled', async () => {
    const person = browser()
    const page = await person.visit(`${baseUrl}/sign-in`)
    expect((await person.visit(`${page.address}/abort`)).text).toContain('The sign-in was cancelled.')
  })

  it('shows what the server answered to a code that is none, and lets it be tried once', async () => {
    const demo = createDemoApp({ issuer, clientId: 'demo', clientSecret: 'demo-secret', baseUrl })
    const begun = await demo.fetch(new Request(`${baseUrl}/sign-in`))
    const state = new URL(begun.headers.get('Location')!).searchParams.get('state')
    const callback = () =>
      demo.fetch(
        new Request(`${baseUrl}/callback?code=forged&state=${state}&iss=${encodeURIComponent(issuer)}`, {
          headers: { Cookie: begun.headers.get('Set-Cookie')!.split(';')[0]! },
        }),
      )
    const first = await callback()
    expect(first.status).toBe(400)
    expect(await first.text()).toContain('refused: invalid_grant')
    expect(await (await callback()).text()).toContain('has been finished already')
  })

  it("escapes the server's words in an error", async () => {
    const demo = createDemoApp({ issuer, clientId: 'demo', baseUrl })
    const begun = await demo.fetch(new Request(`${baseUrl}/sign-in`))
    const state = new URL(begun.headers.get('Location')!).searchParams.get('state')
    const query = new URLSearchParams({
      error: 'invalid_request',
      error_description: '<script>alert(1)</script>',
      state: state!,
      iss: issuer,
    })
    const answer = await demo.fetch(
      new Request(`${baseUrl}/callback?${query}`, {
        headers: { Cookie: begun.headers.get('Set-Cookie')!.split(';')[0]! },
      }),
    )
    const text = await answer.text()
    expect(text).toContain('invalid_request: &lt;script&gt;')
    expect(text).not.toContain('<script')
  })

  it('refuses a callback that this browser did not begin', async () => {
    const page = await browser().visit(`${baseUrl}/callback?code=stolen&state=foreign`)
    expect(page.status).toBe(400)
    expect(page.text).toContain('was not begun in this browser')
  })

  it('lets forms go to itself and the issuer alone, and runs no script', async () => {
    const { headers, text } = await browser().visit(baseUrl)
    expect(headers.get('Content-Security-Policy')).toBe(
      `default-src 'none'; style-src 'self'; img-src data:; form-action 'self' ${issuer}; base-uri 'none'; frame-ancestors 'none'`,
    )
    expect(text).not.toMatch(/<script|<style|\sstyle=|\son\w+=/)
  })

  it('keeps its headers on error pages', async () => {
    const answer = await createDemoApp(DEAD).fetch(new Request('http://127.0.0.1:2/sign-in'))
    expect(answer.status).toBe(503)
    expect(answer.headers.get('Content-Security-Policy')).toContain("default-src 'none'")
    expect(answer.headers.get('Cache-Control')).toBe('no-store')
  })

  it('refuses plain http to an issuer that is not on this machine', async () => {
    const demo = createDemoApp({ ...DEAD, issuer: 'http://sign-in.example/oidc' })
    expect((await demo.fetch(new Request('http://127.0.0.1:2/sign-in'))).status).toBe(503)
  })

  it('says that a page does not exist', async () => {
    const page = await browser().visit(`${baseUrl}/nothing`)
    expect(page.status).toBe(404)
    expect(page.text).toContain('There is no such page.')
  })
})
