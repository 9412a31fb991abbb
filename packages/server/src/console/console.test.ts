import type { CatalogEntry, MessageEntry } from '@countersign/api'
import { sampleSettings } from '@countersign/simulators'
import { describe, expect, test } from 'vitest'
import { ADMIN, type Launched, launch } from '../testing/launch.ts'
import { callConsole, signInOperator } from '../testing/operator.ts'

const config = sampleSettings['aliyun-sms']
const json = async <T = { code?: string }>(answer: Response | Promise<Response>) =>
  (await (await answer).json()) as T

const cookieOf = (answer: Response) => answer.headers.getSetCookie()[0] ?? ''

async function firstOperator(server: Launched, headers: Record<string, string> = {}) {
  const token = await server.app.operators.firstLink()
  const body = { token, name: 'Ada', password: 'right password' }
  return callConsole(server.app, headers)('POST', '/api/console/first-operator', body)
}

describe('operators', () => {
  test('begin with a one-time link, sign in and sign out', async () => {
    const server = await launch()
    const bare = callConsole(server.app)
    expect(await json(bare('GET', '/api/console/state'))).toMatchObject({
      needsFirstOperator: true,
      operator: null,
    })
    const made = await firstOperator(server)
    expect(made.status).toBe(204)
    const call = callConsole(server.app, { cookie: cookieOf(made).split(';')[0]! })
    expect(await json(call('GET', '/api/console/state'))).toMatchObject({
      needsFirstOperator: false,
      operator: { name: 'Ada' },
    })
    expect((await call('GET', '/api/connectors')).status).toBe(200)
    const out = await call('DELETE', '/api/console/session')
    expect(out.status).toBe(204)
    expect(cookieOf(out)).toMatch(/Max-Age=0/)
    expect((await call('GET', '/api/connectors')).status).toBe(401)
    const back = await bare('POST', '/api/console/session', { name: 'ada', password: 'right password' })
    expect(back.status).toBe(204)
    expect(cookieOf(back)).not.toBe(cookieOf(made))
  })

  test('get a cookie that no script reads and no other site sends', async () => {
    const plain = cookieOf(await firstOperator(await launch()))
    expect(plain).toMatch(/HttpOnly/)
    expect(plain).toMatch(/SameSite=Strict/)
    expect(plain).toMatch(/Path=\//)
    expect(plain).not.toMatch(/Secure|Domain/)
    const secure = await launch({ ADMIN_ENDPOINT: 'https://console.example.com' })
    const made = await firstOperator(secure)
    expect(cookieOf(made)).toMatch(/Secure/)
    // Nor can another host set it, whose session would then be the operator's.
    expect(made.headers.getSetCookie().map(each => each.split('=')[0])).toEqual([
      '__Host-countersign_operator',
      '__Host-countersign_operator_device',
    ])
    const [cookie = ''] = cookieOf(made).split(';')
    const shown = async (cookie: string) => {
      const state = secure.app.console.request('/api/console/state', { headers: { cookie } })
      return (await json<{ operator: unknown }>(state)).operator
    }
    expect(await shown(cookie)).toMatchObject({ name: 'Ada' })
    expect(await shown(cookie.replace('__Host-', ''))).toBeNull()
  })

  test.each([
    [{ token: 'wrong', name: 'Ada', password: 'right password' }, 403, 'auth.forbidden'],
    [{ token: '', name: 'Ada', password: 'right password' }, 400, 'guard.invalid_input'],
    [{ token: 'x', name: '  ', password: 'right password' }, 400, 'guard.invalid_input'],
    [{ token: 'x', name: 'A\u202eda', password: 'right password' }, 400, 'guard.invalid_input'],
    [{ token: 'x', name: 'Ada', password: '' }, 400, 'guard.invalid_input'],
  ])('are not made by %j', async (body, status, code) => {
    const server = await launch()
    await server.app.operators.firstLink()
    const answer = await callConsole(server.app)('POST', '/api/console/first-operator', body)
    expect([answer.status, (await json(answer)).code]).toEqual([status, code])
    expect(cookieOf(answer)).toBe('')
  })

  test('are refused with a wrong password, without a cookie', async () => {
    const server = await launch()
    await firstOperator(server)
    const answer = await callConsole(server.app)('POST', '/api/console/session', {
      name: 'Ada',
      password: 'wrong',
    })
    expect([answer.status, cookieOf(answer)]).toEqual([422, ''])
  })

  test('act only from the pages of the console', async () => {
    const server = await launch()
    const made = await firstOperator(server)
    const cookie = cookieOf(made).split(';')[0]!
    const from = (origin?: string, more: Record<string, string> = {}) =>
      callConsole(server.app, { cookie, ...(origin && { origin }), ...more })
    const patch = { signInMode: 'SignIn' }
    for (const origin of ['https://evil.example', 'null', 'http://localhost:3001'])
      expect((await from(origin)('PATCH', '/api/sign-in-exp', patch)).status, origin).toBe(403)
    // Whoever may choose the name of the server is not the console for it.
    const rebound = from('http://evil.example:3002', { host: 'evil.example:3002' })
    expect(await json(await rebound('PATCH', '/api/sign-in-exp', patch))).toMatchObject({
      code: 'auth.forbidden',
      data: { issues: [{ path: ['Origin'], message: expect.stringContaining('ADMIN_ENDPOINT') }] },
    })
    const sister = from(undefined, { 'sec-fetch-site': 'same-site' })
    expect((await sister('PATCH', '/api/sign-in-exp', patch)).status).toBe(403)
    expect((await from('https://evil.example')('DELETE', '/api/console/session')).status).toBe(403)
    expect((await from()('GET', '/api/sign-in-exp')).status).toBe(200)
    for (const origin of [undefined, 'http://localhost:3002'])
      expect((await from(origin)('PATCH', '/api/sign-in-exp', patch)).status, origin).toBe(200)
    expect((await from('https://evil.example')('GET', '/api/sign-in-exp')).status).toBe(200)
    const evil = callConsole(server.app, { origin: 'https://evil.example' })
    expect(
      (await evil('POST', '/api/console/session', { name: 'Ada', password: 'right password' })).status,
    ).toBe(403)
  })
})

describe('the two listeners are apart', () => {
  test("a Bearer token does not open the console's, a session does not open the public one", async () => {
    const server = await launch()
    const granted = await fetch(`${server.endpoint}/oidc/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: 'bootstrap-client',
        client_secret: ADMIN.secret,
        resource: 'https://default.logto.app/api',
        scope: 'all',
      }),
    })
    const { access_token: token } = (await granted.json()) as { access_token: string }
    const headers = { authorization: `Bearer ${token}` }
    expect((await fetch(`${server.endpoint}/api/users`, { headers })).status).toBe(200)
    const bearer = callConsole(server.app, headers)
    for (const path of ['/api/users', '/api/connectors', '/api/console/catalog', '/api/console/messages'])
      expect((await bearer('GET', path)).status, path).toBe(401)

    const cookie = cookieOf(await firstOperator(server)).split(';')[0]!
    expect((await fetch(`${server.endpoint}/api/users`, { headers: { cookie } })).status).toBe(401)
    expect((await fetch(`${server.endpoint}/api/console/state`)).status).toBe(404)
    expect((await callConsole(server.app, { cookie })('GET', '/api/experience/interaction')).status).toBe(404)
  })
})

describe('the catalog', () => {
  test('has form, guides, schema and the saved connection of every connector', async () => {
    const server = await launch()
    const call = await signInOperator(server.app)
    await server.connect('aliyun-sms')
    const [saved] = await json<{ id: string }[]>(server.manage('GET', '/api/connectors'))
    const catalog = await json<CatalogEntry[]>(call('GET', '/api/console/catalog'))
    expect(catalog.map(entry => entry.id)).toEqual(
      expect.arrayContaining(['aliyun-sms', 'aliyun-dm', 'tencent-sms']),
    )
    for (const entry of catalog) {
      expect(entry.fields.map(field => field.key)).toEqual(
        expect.arrayContaining(['accessKeyId', 'accessKeySecret', 'templates']),
      )
      expect(entry.fields.find(field => field.key === 'accessKeySecret')?.kind).toBe('secret')
      for (const language of ['en', 'zh-CN']) expect(entry.guides[language]?.length).toBeGreaterThan(200)
      expect(entry.requiredUsageTypes).toEqual(['Register', 'SignIn', 'ForgotPassword', 'Generic'])
      expect(entry.connectionId).toBe(entry.id === 'aliyun-sms' ? saved!.id : null)
      expect(entry).not.toHaveProperty('sample')
    }
  })

  test('has values that the simulator takes only in the development world', async () => {
    const server = await launch({}, { samples: sampleSettings })
    const call = await signInOperator(server.app)
    const catalog = await json<CatalogEntry[]>(call('GET', '/api/console/catalog'))
    expect(catalog.find(entry => entry.id === 'aliyun-sms')?.sample).toEqual(config)
  })
})

describe('a test send', () => {
  const test1 = (server: Launched, body: object, id = 'aliyun-sms') =>
    signInOperator(server.app).then(call => call('POST', `/api/console/catalog/${id}/test`, body))

  test.each(['+1 415 555 2671', '14155552671', '001 415 555 2671', '+1 305 555 2671', '001 305 555 2671'])(
    'to the American number %s is not made where only mainland numbers have a template',
    async to => {
      const server = await launch()
      expect(await json(test1(server, { to, config }))).toMatchObject({
        delivered: false,
        failure: 'region_unsupported',
        providerCode: 'overseas_template_missing',
        remedy: { en: expect.stringContaining('Add a template for numbers outside mainland China') },
      })
      expect(server.clouds.inbox.messages()).toEqual([])
    },
  )

  test('may be typed with 00 before the country code', async () => {
    const server = await launch()
    expect(await json(test1(server, { to: '0086 138 0013 8000', config }))).toMatchObject({ delivered: true })
    expect(server.codeFor('+8613800138000')).toBe('000000')
  })

  test("that arrives shows the provider's ids and saves nothing", async () => {
    const server = await launch()
    const answer = await test1(server, { to: '+86 138 0013 8000', config })
    expect(await json(answer)).toEqual({
      delivered: true,
      ids: { BizId: expect.any(String), RequestId: expect.any(String) },
      took: expect.any(Number),
    })
    expect(server.codeFor('+8613800138000')).toBe('000000')
    expect(await json(server.manage('GET', '/api/connectors'))).toEqual([])
  })

  test('that fails tells what failed, what it means, what to do and what the provider said', async () => {
    const server = await launch()
    const answer = await test1(server, {
      to: '8613800138000',
      config: { ...config, accessKeySecret: 'wrong-secret-of-tests' },
    })
    expect(answer.status).toBe(200)
    const text = await answer.text()
    expect(JSON.parse(text)).toMatchObject({
      delivered: false,
      failure: 'credentials_rejected',
      providerCode: 'SignatureDoesNotMatch',
      meaning: { en: expect.any(String), 'zh-CN': expect.stringMatching(/\p{Script=Han}/u) },
      remedy: { en: expect.any(String), 'zh-CN': expect.stringMatching(/\p{Script=Han}/u) },
      links: [
        { href: 'https://ram.console.aliyun.com/users', label: { 'zh-CN': 'RAM 控制台' } },
        { href: 'https://api.aliyun.com/troubleshoot?q=SignatureDoesNotMatch' },
      ],
      source: expect.any(String),
      maybeSent: false,
      answer: { body: expect.stringContaining('RequestId') },
    })
    expect(text).not.toContain('wrong-secret-of-tests')
    expect(text).not.toContain('13800138000')
  })

  test.each([
    ['aliyun-sms', { to: '8613800138000', config: {} }, 400, 'connector.invalid_config'],
    ['aliyun-sms', { to: 'nobody', config }, 400, 'guard.invalid_input'],
    ['aliyun-sms', { to: '', config }, 400, 'guard.invalid_input'],
    ['aliyun-dm', { to: '8613800138000', config }, 400, 'guard.invalid_input'],
    ['nothing', { to: '8613800138000', config }, 404, 'entity.not_found'],
  ])('with %s and %j is refused', async (id, body, status, code) => {
    const server = await launch()
    const answer = await test1(server, body, id)
    expect([answer.status, (await json(answer)).code]).toEqual([status, code])
    expect(server.clouds.control.requests()).toEqual([])
  })
})

test('messages are listed newest first, by state and in pages, with masked recipients', async () => {
  const server = await launch()
  await server.connect('aliyun-sms')
  await server.manage('POST', '/api/verification-codes', { phone: '8613800138000' })
  server.wait(1)
  server.clouds.control.setFault({ code: 'isv.AMOUNT_NOT_ENOUGH' })
  await server.manage('POST', '/api/verification-codes', { phone: '8613800138001' })
  const call = await signInOperator(server.app)
  const all = await call('GET', '/api/console/messages')
  expect(all.headers.get('total-number')).toBe('2')
  const [newest, oldest] = await json<MessageEntry[]>(all)
  expect(newest).toMatchObject({
    state: 'failed',
    recipient: '+86 138****8001',
    attempts: [
      {
        failure: 'balance_exhausted',
        remedy: { en: expect.any(String) },
        links: [
          { href: 'https://usercenter2.aliyun.com/home' },
          { href: 'https://help.aliyun.com/document_detail/101346.html' },
        ],
      },
    ],
  })
  expect(oldest).toMatchObject({
    state: 'accepted',
    usageType: 'Generic',
    attempts: [{ links: [], ids: { BizId: expect.any(String) } }],
  })
  const accepted = await call('GET', '/api/console/messages?state=accepted&page_size=1')
  expect(await json(accepted)).toEqual([oldest])
  expect((await call('GET', '/api/console/messages?state=lost')).status).toBe(400)
  expect((await call('GET', '/api/console/messages?page=0')).status).toBe(400)
})
