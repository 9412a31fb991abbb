import { createServer, request as httpRequest, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createClouds, type InboxMessage } from '../index.ts'
import { rpcRequest, tc3Request } from '../signed-requests.ts'

const clouds = createClouds()
beforeEach(() => {
  clouds.control.reset()
  clouds.control.setFrequencyControl(true)
})

const site = async (path: string, init?: RequestInit & { host?: string }) =>
  clouds.site(new Request(`http://${init?.host ?? 'localhost:8080'}${path}`, init))
const put = (path: string, body: unknown, headers = {}) =>
  site(path, { method: 'PUT', body: JSON.stringify(body), headers })

const sendSms = (number = '13800138000', code = '123456') =>
  clouds.fetch(
    rpcRequest('SendSms', '2017-05-25', {
      PhoneNumbers: number,
      SignName: '示例应用',
      TemplateCode: 'SMS_100000004',
      TemplateParam: JSON.stringify({ code }),
    }),
  )
const sendMail = (to: string, change: Record<string, string> = {}) =>
  clouds.fetch(
    rpcRequest(
      'SingleSendMail',
      '2015-11-23',
      {
        AccountName: 'noreply@mail.example.com',
        AddressType: '1',
        ReplyToAddress: 'false',
        ToAddress: to,
        Subject: 'Your code',
        HtmlBody: '<p style="color:red">Code <b>654321</b></p><script>alert(1)</script>',
        ...change,
      },
      { host: 'dm.aliyuncs.com' },
    ),
  )

describe('the site', () => {
  it('leads browsers to the inbox', async () => {
    const response = await site('/')
    expect([response.status, response.headers.get('location')]).toEqual([302, '/inbox'])
  })

  it('answers the APIs at / under any name, each by its own marks', async () => {
    const sms = rpcRequest('SendSms', '2017-05-25', {}, { host: 'simulators.internal:8080' })
    expect(await (await clouds.site(sms)).text()).toContain('MissingPhoneNumbers')
    const mail = rpcRequest('SingleSendMail', '2015-11-23', {}, { host: '127.0.0.1:8080' })
    expect(await (await clouds.site(mail)).text()).toContain('MissingAccountName')
    const tencent = tc3Request('SendSms', {}, { host: '127.0.0.1:8080' })
    expect(await (await clouds.site(tencent)).text()).toContain('`PhoneNumberSet`')
    const get = await site('/?Action=SendSms&Format=JSON')
    expect(await get.text()).toContain('InvalidVersion')
  })

  it.each(['localhost', 'localhost:8080', '127.0.0.1:1', '[::1]:8080', 'inbox.localhost:8080'])(
    'shows inbox and control at %s',
    async host => {
      expect((await site('/inbox', { host })).status).toBe(200)
      expect((await site('/control', { host })).status).toBe(200)
    },
  )

  it.each(['evil.example', '192.168.1.2:8080', 'localhost.evil.example', 'dm.aliyuncs.com'])(
    'shows neither at %s',
    async host => {
      expect((await site('/inbox', { host })).status).toBe(403)
      expect((await site('/control', { host })).status).toBe(403)
      expect((await site('/inbox/events', { host })).status).toBe(403)
    },
  )

  it('lets no other site change anything', async () => {
    await sendSms()
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'http://localhost:9999' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ]) {
      expect((await site('/control/messages', { method: 'DELETE', headers })).status).toBe(403)
      expect((await site('/control/reset', { method: 'POST', headers })).status).toBe(403)
      expect((await site('/inbox/clear', { method: 'POST', headers })).status).toBe(403)
      expect((await put('/control/fault', { kind: 'html' }, headers)).status).toBe(403)
    }
    expect(clouds.inbox.messages()).toHaveLength(1)
    expect(clouds.control.state().fault).toBeNull()
    const own = { origin: 'http://localhost:8080', 'sec-fetch-site': 'same-origin' }
    expect((await site('/control/messages', { method: 'DELETE', headers: own })).status).toBe(200)
  })
})

describe('the control API', () => {
  it('sets, shows and lifts a fault', async () => {
    const fault = { kind: 'http-503', cloud: 'aliyun-sms', times: 3 }
    expect(await (await put('/control/fault', fault)).json()).toMatchObject({ fault })
    expect((await sendSms()).status).toBe(503)
    expect(await (await site('/control')).json()).toMatchObject({ fault: { ...fault, times: 2 } })
    expect(await (await site('/control/fault', { method: 'DELETE' })).json()).toMatchObject({ fault: null })
    await put('/control/fault', { code: 'isv.OUT_OF_SERVICE' })
    expect(await (await sendSms()).json()).toMatchObject({ Code: 'isv.OUT_OF_SERVICE' })
    expect(await (await put('/control/fault', { kind: null })).json()).toMatchObject({ fault: null })
  })

  it.each([
    [{ kind: 'nonsense' }],
    [{}],
    [{ kind: 'html', code: 'isv.X' }],
    [{ code: '<script>' }],
    [{ kind: 'html', cloud: 'aws' }],
    [{ kind: 'html', times: 0 }],
    [{ kind: 'slow', delay: 'long' }],
    [{ kind: 'html', extra: 1 }],
    [[]],
    ['html'],
  ])('says what is wrong with the fault %j', async fault => {
    const response = await put('/control/fault', fault)
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({ error: expect.any(String) })
    expect((await site('/control/fault', { method: 'PUT', body: '{' })).status).toBe(400)
  })

  it('switches frequency control', async () => {
    expect((await put('/control/frequency', { on: 'no' })).status).toBe(400)
    await put('/control/frequency', { on: false })
    for (let index = 0; index < 3; index++) {
      expect(await (await sendSms('13912345678')).json()).toMatchObject({ Code: 'OK' })
    }
    await put('/control/frequency', { on: true })
    expect(await (await sendSms('13912345678')).json()).toMatchObject({ Code: 'isv.BUSINESS_LIMIT_CONTROL' })
    await site('/control/reset', { method: 'POST' })
    expect(await (await sendSms('13912345678')).json()).toMatchObject({ Code: 'OK' })
  })

  it('lists messages, newest first, by recipient and after an id', async () => {
    await sendSms('13800138000')
    await sendMail('ada@example.com')
    await sendSms('13800138001')
    const list = async (query = '') =>
      (await (await site(`/control/messages${query}`)).json()) as InboxMessage[]
    expect((await list()).map(({ to }) => to)).toEqual([
      '+8613800138001',
      'ada@example.com',
      '+8613800138000',
    ])
    for (const to of [
      '+8613800138000',
      '8613800138000',
      '13800138000',
      encodeURIComponent('+86 138 0013 8000'),
    ]) {
      expect((await list(`?to=${to}`)).map(message => message.to)).toEqual(['+8613800138000'])
    }
    expect(await list('?to=ADA@example.com')).toHaveLength(1)
    expect(await list('?to=ada')).toEqual([])
    const [newest, middle] = await list()
    expect(await list(`?after=${middle?.id}`)).toEqual([newest])
    await site('/control/messages', { method: 'DELETE' })
    expect(await list()).toEqual([])
  })

  it('lists requests without secrets', async () => {
    await sendSms()
    expect(await (await site('/control/requests')).json()).toEqual([
      {
        at: expect.any(Number),
        cloud: 'aliyun-sms',
        action: 'SendSms',
        key: 'LTAI****',
        status: 200,
        code: 'OK',
      },
    ])
  })
})

describe('the inbox page', () => {
  it('shows messages, codes and what it is without any script', async () => {
    await sendSms('13800138000', '246810')
    await sendMail('ada@example.com')
    const response = await site('/inbox')
    const html = await response.text()
    expect(html).toContain('Nothing here left this machine')
    expect(html).toContain('+86 138 0013 8000')
    expect(html).toContain('您的验证码为：<mark>246810</mark>')
    expect(html).toContain('data-copy="654321"')
    expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self';/)
    expect(html).not.toMatch(/<script(?! src=)|<style| style=| on\w+=/)
  })

  it('speaks Chinese to those who prefer it, and either language on request', async () => {
    const page = async (path: string, accept: string) =>
      await (await site(path, { headers: { 'accept-language': accept } })).text()
    expect(await page('/inbox', 'zh-CN,zh;q=0.9,en;q=0.8')).toContain('<html lang="zh-CN">')
    expect(await page('/inbox', 'fr,en;q=0.8')).toContain('<html lang="en">')
    expect(await page('/inbox?lang=zh-CN', 'en')).toContain('从未离开本机')
    expect(await page('/inbox?lang=en', 'zh')).toContain('Nothing here left this machine')
  })

  it('filters by a part of the recipient', async () => {
    await sendSms('13800138000')
    await sendMail('ada@example.com')
    const html = await (await site('/inbox?to=138+0013')).text()
    expect(html).toContain('<b>+8613800138000</b>')
    expect(html).not.toContain('<b>ada@example.com</b>')
  })

  it('escapes whatever a message or a filter brings', async () => {
    const evil = '"><img src=x onerror=alert(1)>'
    await sendMail('ada@example.com', {
      Subject: evil,
      HtmlBody: '',
      TextBody: `${evil} 123456`,
      FromAlias: '"><b>x',
    })
    const html = await (await site(`/inbox?to=${encodeURIComponent(evil)}`)).text()
    const all = await (await site('/inbox')).text()
    for (const page of [html, all]) expect(page).not.toMatch(/<img|<b>x/)
    expect(all).toContain('&lt;img src=x onerror=alert(1)&gt;')
  })

  it('keeps the HTML of a mail in a sandboxed document of its own', async () => {
    await sendMail('ada@example.com')
    const id = clouds.inbox.messages()[0]?.id
    const page = await (await site('/inbox')).text()
    expect(page).toContain(`sandbox="" loading="lazy" src="/inbox/mail/${id}"`)
    expect(page).not.toContain('alert(1)')
    const mail = await site(`/inbox/mail/${id}`)
    expect(await mail.text()).toContain('<b>654321</b>')
    expect(mail.headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none';/)
    expect((await site('/inbox/mail/0')).status).toBe(404)
  })

  it('empties by its own form', async () => {
    await sendSms()
    const headers = { origin: 'http://localhost:8080', 'sec-fetch-site': 'same-origin' }
    const response = await site('/inbox/clear?lang=zh-CN', { method: 'POST', headers })
    expect([response.status, response.headers.get('location')]).toEqual([303, '/inbox?lang=zh-CN'])
    expect(clouds.inbox.messages()).toEqual([])
  })

  it('is told live of new messages, of those it missed, and of the emptying', async () => {
    await sendSms('13800138000')
    const first = clouds.inbox.messages()[0]
    await sendSms('13800138001')
    const events = await site(`/inbox/events?after=${first?.id}`)
    expect(events.headers.get('content-type')).toContain('text/event-stream')
    const reader = (events.body as ReadableStream<Uint8Array>).getReader()
    let text = ''
    const until = async (part: string) => {
      while (!text.includes(part)) text += new TextDecoder().decode((await reader.read()).value)
    }
    await until('+8613800138001')
    expect(text).not.toContain('+8613800138000<')
    await sendMail('ada@example.com')
    await until('ada@example.com')
    clouds.inbox.clear()
    await until('event: clear')
    await reader.cancel()
    await sendSms('13800138002')
  })
})

describe('a lost connection on a real socket', () => {
  let server: Server
  let port: number
  beforeAll(async () => {
    server = createServer(getRequestListener(clouds.site))
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    port = (server.address() as AddressInfo).port
  })
  afterAll(() => new Promise(resolve => server.close(resolve)))

  it.each(['drop-before', 'drop-after'] as const)('is a closed socket for %s', async kind => {
    clouds.control.setFault({ kind })
    const error = await new Promise<NodeJS.ErrnoException | undefined>(resolve => {
      const request = httpRequest({ port, path: '/?Action=SendSms&Version=2017-05-25' }, () =>
        resolve(undefined),
      )
      request.on('error', resolve)
      request.end()
    })
    expect(error?.code).toBe('ECONNRESET')
  })
})
