import { describe, expect, test } from 'vitest'
import { Browser } from '../testing/browser.ts'
import { go, pathOf, ready } from '../testing/visitor.ts'

type Server = Awaited<ReturnType<typeof ready>>

const patch = async (server: Server, change: object) => {
  const answer = await server.manage('PATCH', '/api/sign-in-exp', change)
  expect(answer.status, JSON.stringify(change)).toBe(200)
}

const sheetsOf = (text: string) =>
  [...text.matchAll(/<link rel="stylesheet" href="([^"]+)"/g)].map(([, href]) => href!)

/** A page of every kind: in an interaction, without one, of a failure, of OpenID Connect. */
const EVERYWHERE = ['/sign-in', '/', '/unknown-session', '/nothing', '/oidc/session/end', '/oidc/auth']

describe('dark pages', () => {
  test('are there when the operator says so, in the colour, logo and icon for them', async () => {
    const server = await ready({
      branding: {
        logoUrl: 'https://cdn.example.com/logo.svg',
        darkLogoUrl: 'https://cdn.example.com/dark.svg',
        favicon: 'https://cdn.example.com/icon.png',
        darkFavicon: 'https://cdn.example.com/dark.png',
      },
    })
    const visitor = await server.visit()
    for (const path of EVERYWHERE) {
      await patch(server, {
        color: { primaryColor: '#abc', isDarkModeEnabled: false, darkPrimaryColor: '#8768F8' },
      })
      const light = await go(visitor, path)
      expect(light.text, path).toContain('<meta name="color-scheme" content="light">')
      expect(light.text, path).not.toContain('dark')
      expect(light.text, path).toContain('<link rel="icon" href="https://cdn.example.com/icon.png">')
      expect(sheetsOf(light.text)).toContain('/assets/theme/aabbcc.css')
      await patch(server, {
        color: { primaryColor: '#abc', isDarkModeEnabled: true, darkPrimaryColor: '#8768F8' },
      })
      const dark = await go(visitor, path)
      expect(dark.text, path).toContain('<meta name="color-scheme" content="light dark">')
      expect(dark.text).toContain(
        '<source media="(prefers-color-scheme: dark)" srcset="https://cdn.example.com/dark.svg">',
      )
      expect(dark.text).toContain(
        'href="https://cdn.example.com/dark.png" media="(prefers-color-scheme: dark)"',
      )
      const theme = sheetsOf(dark.text).find(href => href.includes('theme'))!
      expect(theme).toBe('/assets/theme/aabbcc-8768f8.css')
      expect((await visitor.open(theme)).text).toContain('@media (prefers-color-scheme:dark){:root{--accent:')
    }
  })
})

describe('the operator’s own stylesheet', () => {
  test('is on every page over ours, under a name of its content', async () => {
    const customCss = '.card { border-radius: 0 } /* 圆角 </style><script>alert(1)</script> */'
    const server = await ready({ customCss })
    const visitor = await server.visit()
    for (const path of EVERYWHERE) {
      const seen = await go(visitor, path)
      const own = sheetsOf(seen.text).at(-1)!
      expect(own, path).toMatch(/^\/assets\/custom\/[0-9a-f]{16}\.css$/)
      expect(seen.text).not.toContain('alert(1)')
      const sheet = await visitor.open(own)
      expect(sheet).toMatchObject({ status: 200, text: customCss })
      expect(sheet.headers.get('content-type')).toBe('text/css; charset=utf-8')
      expect(sheet.headers.get('cache-control')).toContain('immutable')
      expect(sheet.headers.get('x-content-type-options')).toBe('nosniff')
      // It could ask for a picture for each thing that it finds on the page.
      expect(seen.headers.get('content-security-policy')).toContain("img-src 'self' data:;")
    }
  })

  test('of before a change is not kept for ever, and where there is none there is none', async () => {
    const server = await ready({ customCss: 'h1{color:red}' })
    const visitor = await server.visit()
    const own = sheetsOf((await go(visitor, '/sign-in')).text).at(-1)!
    await patch(server, { customCss: 'h1{color:blue}' })
    const old = await visitor.open(own)
    expect([old.status, old.text, old.headers.get('cache-control')]).toEqual([
      200,
      'h1{color:blue}',
      'no-cache',
    ])
    for (const nothing of ['', null, ' \n']) {
      await patch(server, { customCss: nothing })
      expect((await visitor.open(own)).status).toBe(404)
      const seen = await go(visitor, '/sign-in')
      expect(seen.text).not.toContain('/custom/')
      expect(seen.headers.get('content-security-policy')).toContain("img-src 'self' data: https:;")
    }
  })

  test('has 64 Ki characters at most, and one from before the bound is still shown', async () => {
    const server = await ready()
    await patch(server, { customCss: 'a'.repeat(65_536) })
    const refused = await server.manage('PATCH', '/api/sign-in-exp', { customCss: 'a'.repeat(65_537) })
    expect(refused.status).toBe(400)
    expect(await refused.json()).toMatchObject({
      code: 'guard.invalid_input',
      data: { issues: [{ code: 'too_big', path: ['customCss'] }] },
    })
  })
})

describe('where visitors get help', () => {
  const foot = (text: string) => /<footer>.*<\/footer>/s.exec(text)![0]
  const body = (text: string) => /<main.*<\/main>/s.exec(text)![0]

  test('stands in the foot of pages, and in the text of those on which something failed', async () => {
    const server = await ready({
      supportEmail: 'help+one@example.com',
      supportWebsiteUrl: 'https://example.com/help?a=1&b="><script>',
    })
    const visitor = await server.visit()
    const mail = '<a href="mailto:help%2Bone@example.com">help+one@example.com</a>'
    const website = 'target="_blank" rel="noopener">Help and support</a>'
    const signIn = await go(visitor, '/sign-in')
    for (const link of [mail, website]) expect(foot(signIn.text)).toContain(link)
    expect(body(signIn.text)).not.toContain('help')
    for (const path of ['/', '/unknown-session', '/nothing', '/oidc/auth', '/oidc/auth/gone']) {
      const seen = await new Browser(server.endpoint).open(path)
      expect(body(seen.text), path).toContain(
        `Do you need help? Write to ${mail}, or see <a href="https://example.com/help`,
      )
      expect(foot(seen.text), path).not.toContain('mailto:')
      expect(seen.text).not.toContain('<script>')
    }
  })

  test('is named as far as there is any, in every language', async () => {
    const server = await ready({ supportEmail: 'help@example.com' })
    const bare = new Browser(server.endpoint)
    const open = (language: string) => bare.open('/nothing', { headers: { 'accept-language': language } })
    for (const [language, text] of [
      ['en', 'Do you need help? Write to <'],
      ['zh-CN', '需要帮助？请发送邮件至 <'],
      ['zh-TW', '需要協助？請寄電子郵件至 <'],
      ['zh-HK', '需要協助？請寄電郵至 <'],
    ] as const)
      expect((await open(language)).text).toContain(text)
    await patch(server, { supportEmail: '', supportWebsiteUrl: 'https://example.com/help' })
    expect(body((await open('zh-CN')).text)).toContain('>帮助与支持</a>。')
    await patch(server, { supportWebsiteUrl: null })
    expect(body((await open('en')).text)).not.toContain('help')
    expect(pathOf(await open('en'))).toBe('/nothing')
  })

  test('is a web page or an address of mail, and nothing else', async () => {
    const server = await ready()
    for (const change of [
      { supportEmail: 'nobody' },
      { supportWebsiteUrl: 'javascript:alert(1)' },
      { supportWebsiteUrl: 'mailto:help@example.com' },
    ])
      expect((await server.manage('PATCH', '/api/sign-in-exp', change)).status).toBe(400)
  })
})
