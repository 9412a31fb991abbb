import { constants, createHmac, publicDecrypt, verify, X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createClouds, type Mode } from '../index.ts'
import { rpcRequest } from '../signed-requests.ts'
import { acknowledging, CLOUDS, NOW, recipient, URLS } from './testing.ts'

describe('receipts that come', () => {
  const bodies = (pushes: { body: unknown }[]) =>
    pushes.flatMap(({ body }) => body as Record<string, unknown>[])

  it('early are pushed before the answer to the message', async () => {
    const { control, send, pushes } = acknowledging()
    control.setReceipts({ mode: 'early' })
    const sending = send['aliyun-sms']('+8613800138000').then(() => pushes.length)
    expect(await sending).toBe(1)
  })

  it('out of order, twice, or about messages of nobody say so in one push', async () => {
    const { control, send, pushes } = acknowledging()
    for (const mode of ['reordered', 'repeated', 'unknown'] as const) {
      control.setReceipts({ mode })
      await send['aliyun-sms']('+8613800138000')
      await send['aliyun-sms']('+8613900010001')
      await control.advance(1000)
    }
    const [reordered, repeated, unknown] = pushes.map(({ body }) => body as { phone_number: string }[])
    expect(reordered?.map(each => each.phone_number)).toEqual(['13900010001', '13800138000'])
    expect(repeated?.map(each => each.phone_number.slice(-4))).toEqual(['8000', '8000', '0001', '0001'])
    expect(unknown).toMatchObject([{ out_id: 'nobody-s' }, { out_id: 'nobody-s' }])
  })

  it.each(CLOUDS)('with their contrary of %s say it a second later', async cloud => {
    const { control, send, pushes } = acknowledging()
    control.setReceipts({ mode: 'contrary' })
    await send[cloud](recipient(cloud))
    await control.advance(10_000)
    const said = pushes.map(({ body }) => JSON.stringify(body))
    expect(said).toHaveLength(2)
    expect(said[0]).toMatch(/"DELIV|SUCCESS|Succeed/)
    expect(said[1]).toMatch(/UNKNOWN/)
  })

  it('of numbers abroad have the names of the mainland site or of the international one', async () => {
    const { control, send, pushes } = acknowledging()
    for (const mode of ['globe', 'abroad', 'texts'] as const) {
      control.setReceipts({ mode })
      await send['aliyun-sms']('+8613800138000')
      await control.advance(1000)
    }
    const [globe, abroad, texts] = bodies(pushes)
    expect(globe).toMatchObject({ to: '8613800138000', status: '1', receive_date: '2026-01-02 10:00:01' })
    expect(abroad).toMatchObject({
      To: '8613800138000',
      Status: '1',
      ReceiveDate: 'Fri, 02 Jan 2026 10:00:02 +0800',
      TaskId: 'attempt-7',
    })
    expect(texts).toMatchObject({ success: 'true' })
  })

  it('as XML or as nothing are no JSON', async () => {
    const texts: string[] = []
    const clouds = createClouds({
      now: () => NOW,
      push: async request => {
        texts.push(await request.text())
        return new Response('{"code":0}')
      },
    })
    clouds.control.setCallback('aliyun-sms', { url: URLS['aliyun-sms'] })
    for (const mode of ['xml', 'empty'] as const) {
      clouds.control.setReceipts({ mode })
      const sms = { SignName: '示例应用', TemplateCode: 'SMS_100000002', TemplateParam: '{"code":"123456"}' }
      const numbers = { ...sms, PhoneNumbers: mode === 'xml' ? '13800138000' : '13800138001' }
      await clouds.fetch(rpcRequest('SendSms', '2017-05-25', numbers, { at: NOW }))
      await clouds.control.advance(1000)
    }
    expect(texts).toEqual([expect.stringMatching(/^<\?xml/), ''])
  })
})

it('receipts go where the caller says as long as no callback is set, on this machine only', async () => {
  const seen: string[] = []
  let to: string | undefined = 'http://example.com/'
  const clouds = createClouds({
    now: () => NOW,
    frequencyControl: false,
    callback: async () => (to === undefined ? Promise.reject(new Error('no')) : { url: to }),
    push: async ({ url }) => {
      seen.push(url)
      return new Response('{"code":0}')
    },
  })
  const sms = { SignName: '示例应用', TemplateCode: 'SMS_100000002', TemplateParam: '{"code":"123456"}' }
  for (const next of ['http://localhost:1/a', 'http://127.0.0.1:2/b', undefined, 'http://localhost:3/c']) {
    const request = rpcRequest('SendSms', '2017-05-25', { ...sms, PhoneNumbers: '13800138000' }, { at: NOW })
    await clouds.fetch(request)
    if (next?.endsWith('c')) clouds.control.setCallback('aliyun-sms', { url: URLS['aliyun-sms'] })
    await clouds.control.advance(1000)
    to = next
  }
  expect(seen).toEqual(['http://localhost:1/a', 'http://127.0.0.1:2/b', URLS['aliyun-sms']])
})

describe('an event of Direct Mail', () => {
  const pushed = async (mode: Mode) => {
    const { clouds, control, send, pushes, wait } = acknowledging()
    control.setCallback('aliyun-dm', { url: URLS['aliyun-dm'], token: 's3cret' })
    control.setReceipts({ mode })
    await send['aliyun-dm']('ada@example.com')
    wait(1000)
    await control.tick()
    const { request } = pushes[0]!
    const header = (name: string) => request.headers.get(`x-eventbridge-${name}`) ?? ''
    return { clouds, header, body: await request.clone().text() }
  }
  const textOf = (header: (name: string) => string, body: string, method = 'hash-method') =>
    [
      URLS['aliyun-dm'],
      ...['signature-timestamp', method, 'signature-version', 'signature-url', 'signature-token'].flatMap(
        name => (header(name) ? [`x-eventbridge-${name}: ${header(name)}`] : []),
      ),
      body,
    ].join('\n')
  const isRight = async ({ clouds, header, body }: Awaited<ReturnType<typeof pushed>>, end = '') => {
    const answer = await clouds.fetch(new Request(header('signature-url')))
    const { publicKey, subject } = new X509Certificate(await answer.text())
    expect(subject).toBe('CN=eventbridge.simulated.example')
    const signature = Buffer.from(header('signature-v2'), 'base64')
    return verify('sha256', Buffer.from(textOf(header, body) + end), publicKey, signature)
  }

  it('is signed with a key whose certificate can be fetched, and carries token and time', async () => {
    const event = await pushed('normal')
    expect(event.clouds.serves('cn-hangzhou-eventbridge.oss-accelerate.aliyuncs.com')).toBe(true)
    expect(event.clouds.serves('evil.example')).toBe(false)
    expect(event.header('signature-url')).toMatch(
      /^https:\/\/cn-hangzhou-eventbridge\.oss-accelerate\.aliyuncs\.com\/x509_\w+\.pem$/,
    )
    expect(event.header('signature-timestamp')).toBe(String(NOW + 1000))
    expect(event.header('signature-token')).toBe('s3cret')
    expect(await isRight(event)).toBe(true)
    const other = event.header('signature-url').replace('x509', 'x508')
    expect((await event.clouds.fetch(new Request(other))).status).toBe(404)
  })

  it('may be signed wrongly, too old, with another’s certificate, without token, with a line feed, in a list', async () => {
    expect(await isRight(await pushed('bad-signature'))).toBe(false)
    expect((await pushed('stale')).header('signature-timestamp')).toBe(String(NOW + 1000 - 61_000))
    expect((await pushed('foreign-certificate')).header('signature-url')).toMatch(
      /^https:\/\/evil\.example\//,
    )
    const bare = await pushed('no-token')
    expect(bare.header('signature-token')).toBe('')
    expect(await isRight(bare)).toBe(true)
    const fed = await pushed('line-feed')
    expect([await isRight(fed), await isRight(fed, '\n')]).toEqual([false, true])
    expect(JSON.parse((await pushed('list')).body)).toMatchObject([{ specversion: '1.0' }])
  })

  it('may have the older signature, whose secret anybody can decrypt who has the certificate', async () => {
    const { clouds, header, body } = await pushed('version-1')
    const answer = await clouds.fetch(new Request(header('signature-url')))
    const { publicKey: key } = new X509Certificate(await answer.text())
    const padding = constants.RSA_PKCS1_PADDING
    const secret = publicDecrypt({ key, padding }, Buffer.from(header('signature-secret'), 'base64'))
    const text = textOf(header, body, 'signature-method')
    expect(createHmac('sha1', secret).update(text).digest('base64')).toBe(header('signature'))
  })
})
