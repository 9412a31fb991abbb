import { expect, test } from 'vitest'
import type { Launched } from '../testing/launch.ts'
import { go, ready } from '../testing/visitor.ts'

const USAGE_TYPES = ['SignIn', 'Register', 'ForgotPassword', 'Generic']

/** In the languages of these rows, the first of which is nobody's choice. */
const rows = USAGE_TYPES.flatMap(usageType =>
  ['en', 'de', 'zh-CN'].map(locale => ({
    usageType,
    locale,
    subject: `row ${locale}`,
    content: '{{code}} told {{locale}}',
  })),
)

const byEmail = {
  signUp: { identifiers: ['email'], password: false, verify: true },
  signIn: {
    methods: [{ identifier: 'email', password: false, verificationCode: true, isPasswordPrimary: false }],
  },
  forgotPasswordMethods: [],
}

async function serverWith(templates: object[]) {
  const server = await ready()
  const connectors = (await (await server.manage('GET', '/api/connectors')).json()) as {
    id: string
    type: string
  }[]
  const mail = connectors.find(({ type }) => type === 'Email')!
  await server.manage('DELETE', `/api/connectors/${mail.id}`)
  await server.connect('aliyun-dm', { templates })
  expect((await server.manage('PATCH', '/api/sign-in-exp', byEmail)).status).toBe(200)
  return server
}

/** Sets which languages count. What pages do not speak can stand in for others once there are texts in it. */
async function speaks(server: Launched, autoDetect: boolean, fallbackLanguage: string) {
  if (fallbackLanguage === 'de') await server.manage('PUT', '/api/custom-phrases/de', { action: {} })
  const languageInfo = { autoDetect, fallbackLanguage }
  expect((await server.manage('PATCH', '/api/sign-in-exp', { languageInfo })).status).toBe(200)
}

/** The newest mail: the row that it was made of, and the language that its template was told. */
function newest(server: Launched) {
  const { subject, text } = server.clouds.inbox.messages()[0]!
  return `${subject?.replace('row ', '')} ${/told ([\w-]+|\{\{locale\}\})/.exec(text)?.[1]}`
}

let visitors = 0

/** What somebody with this header gets, who asks for a code over the Experience API. */
async function askOverApi(server: Launched, header: string, uiLocales = '') {
  const visitor = await server.visit(uiLocales ? { ui_locales: uiLocales } : {})
  visitors += 1
  const headers = { 'accept-language': header }
  await visitor.experience('PUT', '', { interactionEvent: 'Register' }, headers)
  const body = {
    identifier: { type: 'email', value: `visitor-${visitors}@example.com` },
    interactionEvent: 'Register',
  }
  const { status } = await visitor.experience('POST', '/verification/verification-code', body, headers)
  expect(status).toBe(200)
  return newest(server)
}

// Row and language of the mail. `fr` is known, although no row is in it: then the fallback language's row stands in.
test.each([
  [
    true,
    'zh-CN',
    [
      ['', 'zh-CN zh-CN'],
      ['*', 'zh-CN zh-CN'],
      ['tlh', 'zh-CN zh-CN'],
      ['%&', 'zh-CN zh-CN'],
      ['tlh, de;q=0.5', 'de de'],
      ['*, de;q=0.1', 'de de'],
      ['de-AT', 'de de'],
      ['en-US,en;q=0.9,zh-CN;q=0.8', 'en en'],
      ['fr-CA', 'zh-CN fr'],
      ['zh-HK', 'zh-CN zh-HK'],
    ],
  ],
  [
    true,
    'de',
    [
      ['', 'de de'],
      ['*', 'de de'],
      ['tlh', 'de de'],
      ['zh', 'zh-CN zh-CN'],
      ['fr', 'de fr'],
    ],
  ],
  [
    false,
    'zh-CN',
    [
      ['', 'zh-CN zh-CN'],
      ['*', 'zh-CN zh-CN'],
      ['tlh', 'zh-CN zh-CN'],
      ['de', 'zh-CN zh-CN'],
      ['en', 'zh-CN zh-CN'],
    ],
  ],
  [
    false,
    'en',
    [
      ['', 'en en'],
      ['zh-CN', 'en en'],
    ],
  ],
] as [boolean, string, [string, string][]][])(
  'mail that is asked for over the Experience API is in the reader’s language where languages are detected (%s), else in the fallback language (%s)',
  async (autoDetect, fallbackLanguage, cases) => {
    const server = await serverWith(rows)
    await speaks(server, autoDetect, fallbackLanguage)
    for (const [header, mail] of cases)
      expect([header, await askOverApi(server, header)]).toEqual([header, mail])
  },
)

test('the application chooses the language before the header and the settings, where it is known', async () => {
  const server = await serverWith(rows)
  for (const [autoDetect, uiLocales, header, mail] of [
    [true, 'de', 'en', 'de de'],
    [false, 'de', 'en', 'de de'],
    [true, 'tlh de-AT', 'en', 'de de'],
    [true, 'tlh', 'de', 'de de'],
    [false, 'tlh', 'de', 'zh-CN zh-CN'],
  ] as const) {
    await speaks(server, autoDetect, 'zh-CN')
    expect([uiLocales, header, await askOverApi(server, header, uiLocales)]).toEqual([
      uiLocales,
      header,
      mail,
    ])
  }
})

test('languages of an operator’s own mail templates are known, by their whole tag first', async () => {
  const server = await serverWith(rows)
  const templates = ['fr', 'fr-CA', 'de'].map(languageTag => ({
    languageTag,
    templateType: 'Register',
    details: { subject: `row ${languageTag}`, content: '{{code}} told {{locale}}' },
  }))
  expect((await server.manage('PUT', '/api/email-templates', { templates })).status).toBe(200)
  await speaks(server, true, 'de')
  for (const [header, mail] of [
    ['fr-CA', 'fr-CA fr-CA'],
    ['fr-BE', 'fr fr'],
    ['zh-CN', 'de zh-CN'],
    ['tlh', 'de de'],
    ['', 'de de'],
  ] as const)
    expect([header, await askOverApi(server, header)]).toEqual([header, mail])
})

test('languages of every connection for mail are known, whichever the message goes over', async () => {
  const server = await serverWith(rows)
  const connections = (await (await server.manage('GET', '/api/connections')).json()) as {
    id: string
    channel: string
  }[]
  const { id } = connections.find(({ channel }) => channel === 'email')!
  const { config, connectorId } = (await (await server.manage('GET', `/api/connections/${id}`)).json()) as {
    config: object
    connectorId: string
  }
  const swedish = rows
    .filter(({ locale }) => locale === 'en')
    .map(row => ({ ...row, locale: 'sv', subject: 'row sv' }))
  const body = { connectorId, config: { ...config, templates: swedish } }
  await speaks(server, true, 'de')
  expect(await askOverApi(server, 'sv')).toBe('de de')
  expect((await server.manage('POST', '/api/connections', body)).status).toBe(201)
  // The first has no such row: that of the fallback language stands in, and is told the wish.
  expect(await askOverApi(server, 'sv')).toBe('de sv')
  await server.manage('PATCH', `/api/connections/${id}`, { enabled: false })
  expect(await askOverApi(server, 'sv')).toBe('sv sv')
})

test('mail of hosted pages is in the language of the page, which follows the same settings', async () => {
  const server = await serverWith(rows)
  for (const [autoDetect, fallback, header, page] of [
    [true, 'zh-CN', 'en', 'en'],
    [true, 'zh-CN', 'tlh', 'zh-CN'],
    [true, 'zh-CN', '*', 'zh-CN'],
    [true, 'zh-CN', '', 'zh-CN'],
    [false, 'zh-CN', 'en', 'zh-CN'],
    [false, 'en', 'zh-CN', 'en'],
  ] as const) {
    await speaks(server, autoDetect, fallback)
    const visitor = await server.visit()
    visitors += 1
    visitor.language = header
    const shown = await go(visitor, '/register')
    expect(shown.text).toContain(`<html lang="${page}">`)
    const asked = await visitor.submit(shown, { value: `visitor-${visitors}@example.com` })
    expect(asked.text).toContain(`<html lang="${page}">`)
    expect([header, newest(server)]).toEqual([header, `${page} ${page}`])
  }
})

test('mail that nobody asked for in a language is in the fallback language: codes for back ends, tests', async () => {
  const server = await serverWith(rows)
  const connectors = (await (await server.manage('GET', '/api/connectors')).json()) as {
    type: string
    connectorId: string
    config: object
  }[]
  const { connectorId, config } = connectors.find(({ type }) => type === 'Email')!
  for (const fallback of ['zh-CN', 'de', 'en']) {
    await speaks(server, true, fallback)
    const email = `${fallback.toLowerCase()}@example.com`
    expect((await server.manage('POST', '/api/verification-codes', { email })).status).toBe(204)
    expect(newest(server)).toBe(`${fallback} {{locale}}`)
    const path = `/api/connectors/${connectorId}/test`
    expect((await server.manage('POST', path, { email, config })).status).toBe(204)
    expect(newest(server)).toBe(`${fallback} {{locale}}`)
    expect((await server.manage('POST', path, { email, config, locale: 'de' })).status).toBe(204)
    expect(newest(server)).toBe('de de')
  }
})

/** Which template a row has, by its language; '' is the row for all. Each serves the mainland and numbers abroad. */
const TEXTS: Record<string, [china: string, overseas: string, words: RegExp]> = {
  'zh-CN': ['SMS_100000001', 'SMS_100000021', /注册|registration/],
  'zh-TW': ['SMS_100000003', 'SMS_100000023', /重置|password reset/],
  en: ['SMS_100000002', 'SMS_100000022', /登录|sign-in/],
  '': ['SMS_100000004', 'SMS_100000024', /您的验证码|verification code/],
}

test('text messages are in the language that mail would be in, to the mainland and abroad: of pages, over the APIs, in tests', async () => {
  const server = await ready()
  const templates = USAGE_TYPES.flatMap(usageType =>
    Object.entries(TEXTS).map(([locale, [china, overseas]]) => ({
      usageType,
      templateCode: { china, overseas },
      ...(locale && { locale }),
    })),
  )
  const list = async () =>
    (await (await server.manage('GET', '/api/connectors')).json()) as {
      id: string
      type: string
      connectorId: string
      config: object
    }[]
  const { id, connectorId, config } = (await list()).find(({ type }) => type === 'Sms')!
  const changed = { ...config, templates }
  expect((await server.manage('PATCH', `/api/connectors/${id}`, { config: changed })).status).toBe(200)
  const row = () => {
    const { text } = server.clouds.inbox.messages()[0]!
    return Object.keys(TEXTS).find(locale => TEXTS[locale]![2].test(text))
  }
  let last = 0
  const number = (abroad: boolean) => {
    last += 1
    return `${abroad ? '8526123' : '8613900001'}${String(last).padStart(abroad ? 4 : 3, '0')}`
  }

  for (const [fallback, header, written] of [
    ['en', 'zh-TW', 'zh-TW'],
    ['en', 'zh-HK', 'zh-TW'],
    ['en', 'zh-SG', 'zh-CN'],
    ['zh-CN', 'en-GB', 'en'],
    ['zh-CN', 'fr', 'zh-CN'],
    ['de', 'fr', ''],
  ] as const) {
    await speaks(server, true, fallback)
    for (const abroad of [false, true]) {
      const visitor = await server.visit()
      const headers = { 'accept-language': header }
      await visitor.experience('PUT', '', { interactionEvent: 'Register' }, headers)
      const identifier = { type: 'phone', value: number(abroad) }
      const body = { identifier, interactionEvent: 'Register' }
      const path = '/verification/verification-code'
      expect((await visitor.experience('POST', path, body, headers)).status).toBe(200)
      expect([fallback, header, abroad, row()]).toEqual([fallback, header, abroad, written])
    }
  }

  await speaks(server, true, 'en')
  const visitor = await server.visit()
  visitor.language = 'zh-TW'
  await visitor.submit(await go(visitor, '/register'), { value: `+${number(false)}` })
  expect(row()).toBe('zh-TW')

  const phone = number(false)
  expect((await server.manage('POST', '/api/verification-codes', { phone })).status).toBe(204)
  expect(row()).toBe('en')
  const path = `/api/connectors/${connectorId}/test`
  for (const [locale, written] of [
    [undefined, 'en'],
    ['zh-HK', 'zh-TW'],
  ] as const) {
    const body = { phone: number(true), config: changed, ...(locale && { locale }) }
    expect((await server.manage('POST', path, body)).status).toBe(204)
    expect(row()).toBe(written)
  }
})
