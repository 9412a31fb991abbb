import { expect, test } from 'vitest'
import { askForCode, go, headingOf, INBOX, noticeOf, ready } from '../testing/visitor.ts'

const put = async (server: Awaited<ReturnType<typeof ready>>, tag: string, texts: object) =>
  expect((await server.manage('PUT', `/api/custom-phrases/${tag}`, texts)).status).toBe(201)

test('an operator’s own texts stand on the pages, as text and never as markup', async () => {
  const server = await ready()
  await put(server, 'en', {
    action: { get_code: 'Text me <b>now</b>', verify: '"><script>alert(1)</script>' },
    description: { code_sent_by_sms: 'Look for {length} digits at {recipient} <img src=x>' },
    error: { notices: { code_sent: 'Off it goes & soon there' } },
  })
  const visitor = await server.visit()
  expect((await go(visitor, '/sign-in')).text).toContain('Text me &lt;b&gt;now&lt;/b&gt;')
  const page = await askForCode(visitor)
  expect(noticeOf(page)).toBe('Off it goes &amp; soon there')
  expect(page.text).toContain(
    'Look for 6 digits at <strong class="recipient"><bdi>+86 138****8000</bdi></strong>',
  )
  expect(page.text).toContain('&lt;img src=x&gt;')
  expect(page.text).not.toContain('<script>alert')
  expect(headingOf(page)).toBe('Enter the code')
})

test('a language of an operator’s own can be chosen, and the fallback speaks where it is silent', async () => {
  const server = await ready()
  await put(server, 'fr', { action: { sign_in: 'Connexion' } })
  const visitor = await server.visit()
  const page = await go(visitor, '/sign-in')
  expect(page.text).toContain('<html lang="en">')
  const link = /<a href="([^"]*ui_locales=fr[^"]*)" lang="fr" hreflang="fr">français</.exec(page.text)![1]!
  const french = await visitor.open(link.replaceAll('&amp;', '&'))
  expect(french.text).toContain('<html lang="fr">')
  expect(headingOf(french)).toBe('Connexion')
  expect(french.text).toContain('Phone number')
  const asked = await visitor.submit(french, { kind: 'phone', value: '13800138000', country: 'CN' })
  expect(asked.text).toContain('<html lang="fr">')
  await visitor.submit(asked, { code: server.codeFor(INBOX) })

  await server.manage('PATCH', '/api/sign-in-exp', {
    languageInfo: { autoDetect: false, fallbackLanguage: 'fr' },
  })
  expect(headingOf(await go(await server.visit(), '/sign-in'))).toBe('Connexion')
  visitor.cookies.clear()
  expect((await go(visitor, '/sign-in')).text).toContain('<html lang="fr">')
  await put(server, 'fr', { action: { sign_out: 'Partir' } })
  const out = await visitor.open('/oidc/session/end')
  expect([out.text.includes('<html lang="fr">'), headingOf(out)]).toEqual([true, 'Partir'])
})

test('a template may say for which application a message is, and in which languages that was asked for', async () => {
  const server = await ready()
  const [old] = (
    (await (await server.manage('GET', '/api/connectors')).json()) as { id: string; type: string }[]
  ).filter(one => one.type === 'Email')
  const templates = ['SignIn', 'Register', 'ForgotPassword', 'Generic'].map(usageType => ({
    usageType,
    subject: 'Code {{code}}',
    content: '{{code}} for {{application.name}}, {{locale}}, {{uiLocales}}',
  }))
  await server.manage('DELETE', `/api/connectors/${old!.id}`)
  await server.connect('aliyun-dm', { templates })
  await server.manage('PATCH', '/api/sign-in-exp', {
    signIn: {
      methods: [{ identifier: 'email', password: false, verificationCode: true, isPasswordPrimary: false }],
    },
  })
  const visitor = await server.visit({ ui_locales: 'fr zh' })
  const page = await go(visitor, '/sign-in')
  await visitor.submit(page, { value: 'ada@example.com' })
  expect(server.clouds.inbox.messages()[0]!.text).toContain('for Test application, zh-CN, fr zh')
})
