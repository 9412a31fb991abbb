import { describe, expect, test } from 'vitest'
import { Browser } from '../testing/browser.ts'
import { launch } from '../testing/launch.ts'
import { askForCode, go, headingOf, pathOf, ready } from '../testing/visitor.ts'

type Server = Awaited<ReturnType<typeof ready>>

async function addApplication(server: Server, change: object = {}) {
  const answer = await server.manage('POST', '/api/applications', {
    name: 'Lantern & Books',
    type: 'SPA',
    oidcClientMetadata: {
      redirectUris: ['https://*.lantern.example/callback', 'https://app.lantern.example/callback?a=1'],
      postLogoutRedirectUris: [],
    },
    ...change,
  })
  expect(answer.status).toBe(200)
  return ((await answer.json()) as { id: string }).id
}

/** Asks without following, as a program or a browser. */
async function ask(server: Server, path: string, accept?: string) {
  const answer = await fetch(server.endpoint + path, {
    redirect: 'manual',
    headers: accept ? { accept, 'accept-language': 'en' } : {},
  })
  return { status: answer.status, location: answer.headers.get('location'), text: await answer.text() }
}

const buttonOf = (text: string) => /<a class="button" href="([^"]*)">([^<]*)</.exec(text)?.slice(1)

describe('the bare address', () => {
  test('says what it is, to browsers and programs, in the visitor’s language and without a version', async () => {
    const server = await launch()
    for (const accept of ['text/html', undefined])
      expect(await ask(server, '/', accept)).toMatchObject({
        status: 200,
        text: expect.stringContaining('<h1>Sign-in service</h1>'),
      })
    const visitor = new Browser(server.endpoint)
    for (const [language, heading] of [
      ['zh-CN', '登录服务'],
      ['zh-TW', '登入服務'],
      ['zh-HK', '登入服務'],
      ['en', 'Sign-in service'],
    ] as const) {
      const seen = await visitor.open('/', { headers: { 'accept-language': language } })
      expect([seen.status, headingOf(seen)]).toEqual([200, heading])
      expect(seen.text).toContain(`<html lang="${language}">`)
      expect(seen.text).not.toMatch(/countersign|\d+\.\d+\.\d+/i)
      expect(buttonOf(seen.text)).toBeUndefined()
    }
  })

  test('leads to the application, where there is one alone that signs people in', async () => {
    const server = await launch()
    await addApplication(server)
    await addApplication(server, { type: 'MachineToMachine', oidcClientMetadata: undefined })
    const one = await ask(server, '/', 'text/html')
    expect(buttonOf(one.text)).toEqual(['https://app.lantern.example/', 'Go to Lantern &amp; Books'])
    expect(one.text).toContain('<title>Sign-in service · Lantern &amp; Books</title>')
    // Of several it names none: which there are is nobody's business.
    await addApplication(server, { name: 'Secret project' })
    const several = await ask(server, '/', 'text/html')
    expect(several.text).not.toMatch(/Lantern|Secret/)
    expect(several.text).toContain('Open the one that you want to use')
  })

  test('names an application whose address nobody can open in a browser, without a button', async () => {
    const server = await launch()
    const redirectUris = ['io.lantern.app://callback', 'https://*.lantern.example/callback']
    await addApplication(server, {
      type: 'Native',
      oidcClientMetadata: { redirectUris, postLogoutRedirectUris: ['io.lantern.app://out'] },
    })
    const { text } = await ask(server, '/', 'text/html')
    expect(text).toContain('You sign in to <strong>Lantern &amp; Books</strong> here.')
    expect(buttonOf(text)).toBeUndefined()
  })

  test('leads on within a sign-in, and where the operator wants everybody to begin', async () => {
    const server = await ready()
    const visitor = await server.visit()
    expect(pathOf(await go(visitor, '/'))).toBe('/sign-in')
    const start = 'https://app.example.com/start'
    await server.manage('PATCH', '/api/sign-in-exp', { unknownSessionRedirectUrl: start })
    expect(await ask(server, '/')).toMatchObject({ status: 302, location: start })
    const browser = await ask(server, '/', 'text/html')
    expect(browser).toMatchObject({ status: 200, text: expect.stringContaining(`content="0;url=${start}"`) })
  })

  test('leads nobody round in a circle where the operator wants everybody to begin on a page of ours', async () => {
    const server = await ready()
    const wanting = (path: string) =>
      server.manage('PATCH', '/api/sign-in-exp', { unknownSessionRedirectUrl: server.endpoint + path })
    await wanting('/')
    expect(await ask(server, '/register')).toMatchObject({ status: 302, location: `${server.endpoint}/` })
    expect(await ask(server, '/')).toMatchObject({ status: 200, location: null })
    await wanting('/sign-in')
    expect(await ask(server, '/')).toMatchObject({ status: 302, location: `${server.endpoint}/sign-in` })
    expect(await ask(server, '/sign-in')).toMatchObject({ status: 302, location: '/unknown-session' })
  })
})

describe('a page of a sign-in', () => {
  test('that somebody opens by itself says where to begin, and that it has expired only where one has', async () => {
    const server = await ready()
    const bare = new Browser(server.endpoint)
    for (const path of ['/sign-in', '/register', '/reset-password', '/consent', '/sign-in/code']) {
      const seen = await bare.open(path)
      expect([seen.status, pathOf(seen), headingOf(seen)]).toEqual([
        200,
        '/unknown-session',
        'Start from your application',
      ])
      expect(await ask(server, path)).toMatchObject({ status: 302, location: '/unknown-session' })
    }
    const visitor = await server.visit()
    const page = await askForCode(visitor)
    visitor.cookies.clear()
    for (const seen of [await visitor.open(page.url), await visitor.submit(page, { code: '123456' })])
      expect([seen.status, headingOf(seen)]).toEqual([200, 'This page has expired'])
  })

  test('leads back to the application that it belonged to, in the language that was chosen', async () => {
    const server = await ready()
    const postLogoutRedirectUris = ['io.lantern.app://out', 'https://lantern.example/bye']
    const id = await addApplication(server, {
      oidcClientMetadata: { redirectUris: ['https://app.lantern.example/'], postLogoutRedirectUris },
    })
    const bare = new Browser(server.endpoint)
    const seen = await bare.open(`/sign-in?app_id=${id}&interaction=gone&ui_locales=zh-CN`)
    expect(headingOf(seen)).toBe('页面已失效')
    expect(buttonOf(seen.text)).toEqual(['https://lantern.example/bye', '前往「Lantern &amp; Books」'])
    // Where the address names none, there is only one to begin from as long as there is only one.
    expect(buttonOf((await bare.open('/sign-in')).text)?.[0]).toBe('https://lantern.example/bye')
    await addApplication(server)
    for (const nobody of ['nobody', '"><script>', 'x'.repeat(5000)]) {
      const other = await bare.open(`/sign-in?app_id=${encodeURIComponent(nobody)}`)
      expect([other.status, headingOf(other), buttonOf(other.text)]).toEqual([
        200,
        'Start from your application',
        undefined,
      ])
    }
  })
})
