import { describe, expect, it } from 'vitest'
import { INBOX_LIMIT } from './inbox/inbox.ts'
import { type CloudId, createClouds, type Fault, sampleSettings } from './index.ts'
import { acs3Request, rpcRequest, tc3Request } from './signed-requests.ts'

type Templates = { usageType: string; templateCode: string; subject: string; content: string }[]

/** A right request to each cloud, made of the sample settings. */
function requestTo(cloud: CloudId, template = 0): Request {
  const settings = sampleSettings[cloud]
  const chosen = (settings.templates as Templates)[template]
  if (!chosen) throw new Error('no such template')
  const text = (name: string) => String(settings[name])
  const signing = { keyId: text('accessKeyId'), secret: text('accessKeySecret') }
  switch (cloud) {
    case 'aliyun-sms': {
      const TemplateParam = JSON.stringify({ code: '123456' })
      const parameters = { PhoneNumbers: '13800138000', SignName: text('signName'), TemplateParam }
      return acs3Request(
        'SendSms',
        '2017-05-25',
        { ...parameters, TemplateCode: chosen.templateCode },
        signing,
      )
    }
    case 'aliyun-dm': {
      const parameters = {
        AccountName: text('accountName'),
        FromAlias: text('fromAlias'),
        AddressType: '1',
        ReplyToAddress: 'false',
        ToAddress: 'ada@example.com',
        Subject: chosen.subject,
        HtmlBody: chosen.content.replace('{{code}}', '123456'),
      }
      return rpcRequest('SingleSendMail', '2015-11-23', parameters, { ...signing, host: 'dm.aliyuncs.com' })
    }
    case 'tencent-sms':
      return tc3Request(
        'SendSms',
        {
          PhoneNumberSet: ['+8613800138000'],
          SmsSdkAppId: settings.sdkAppId,
          SignName: settings.signName,
          TemplateId: chosen.templateCode,
          TemplateParamSet: ['123456'],
        },
        signing,
      )
  }
}

const CLOUDS: CloudId[] = ['aliyun-sms', 'aliyun-dm', 'tencent-sms']

describe('the clouds', () => {
  it.each([
    ['dysmsapi.aliyuncs.com', true],
    ['dysmsapi.ap-southeast-1.aliyuncs.com', true],
    ['dysmsapi-proxy.cn-beijing.aliyuncs.com', true],
    ['dysmsapi-xman.vpc-proxy.aliyuncs.com', true],
    ['dm.aliyuncs.com', true],
    ['dm.eu-central-1.aliyuncs.com', true],
    ['dm-vpc.ap-southeast-1.aliyuncs.com', true],
    ['sms.tencentcloudapi.com', true],
    ['sms.ap-singapore.tencentcloudapi.com', true],
    ['sms.intl.tencentcloudapi.com', true],
    ['dms-enterprise.aliyuncs.com', false],
    ['ecs.aliyuncs.com', false],
    ['dysmsapi.aliyuncs.com.evil.example', false],
    ['cvm.tencentcloudapi.com', false],
    ['localhost', false],
    ['example.com', false],
  ])('serve the host %s: %s', (host, served) => {
    expect(createClouds().serves(host)).toBe(served)
  })

  it.each(CLOUDS)(
    'accept the sample settings of %s for every usage type, each with its own text',
    async cloud => {
      const clouds = createClouds()
      const templates = sampleSettings[cloud].templates as Templates
      expect(templates.map(({ usageType }) => usageType)).toEqual([
        'Register',
        'SignIn',
        'ForgotPassword',
        'Generic',
      ])
      for (const index of templates.keys()) await clouds.fetch(requestTo(cloud, index))
      expect(clouds.inbox.messages()).toHaveLength(4)
      expect(new Set(clouds.inbox.messages().map(({ text }) => text)).size).toBe(4)
      expect(clouds.inbox.messages().every(({ code }) => code === '123456')).toBe(true)
    },
  )

  it('share nothing between two creations', async () => {
    const [one, other] = [createClouds(), createClouds()]
    await one.fetch(requestTo('aliyun-sms'))
    expect(other.inbox.messages()).toEqual([])
  })
})

describe('the inbox', () => {
  it('shows the newest first, under growing ids and the time of the clock', async () => {
    let now = Date.now()
    const clouds = createClouds({ now: () => now })
    await clouds.fetch(requestTo('aliyun-sms'))
    now += 5000
    await clouds.fetch(requestTo('aliyun-dm'))
    const [newer, older] = clouds.inbox.messages()
    expect([newer?.cloud, older?.cloud]).toEqual(['aliyun-dm', 'aliyun-sms'])
    expect(newer?.at).toBe(now)
    expect(Number(newer?.id)).toBeGreaterThan(Number(older?.id))
  })

  it('tells its subscribers of each message until they leave, and survives those that throw', async () => {
    const clouds = createClouds()
    const seen: string[] = []
    clouds.inbox.subscribe(() => {
      throw new Error('a fault of the subscriber')
    })
    const leave = clouds.inbox.subscribe(({ to }) => seen.push(to))
    expect((await clouds.fetch(requestTo('tencent-sms'))).status).toBe(200)
    leave()
    await clouds.fetch(requestTo('aliyun-dm'))
    expect(seen).toEqual(['+8613800138000'])
  })

  it('keeps a bounded number of messages', async () => {
    const clouds = createClouds({ frequencyControl: false })
    const numbers = Array.from({ length: 200 }, (_, index) => `+861370000${String(index).padStart(4, '0')}`)
    for (let sent = 0; sent < INBOX_LIMIT + 200; sent += numbers.length) {
      const body = {
        PhoneNumberSet: numbers,
        SmsSdkAppId: '1400000001',
        SignName: '示例应用',
        TemplateId: '1000004',
        TemplateParamSet: ['1'],
      }
      await clouds.fetch(tc3Request('SendSms', body))
    }
    expect(clouds.inbox.messages()).toHaveLength(INBOX_LIMIT)
  })
})

describe('a fault by switch', () => {
  const meet = async (fault: Fault, cloud: CloudId = 'aliyun-sms') => {
    const clouds = createClouds()
    clouds.control.setFault(fault)
    const outcome = await clouds.fetch(requestTo(cloud)).then(
      async response => ({ status: response.status, body: await response.text() }),
      (error: Error & { cause?: { code: string } }) => ({
        name: error.name,
        message: error.message,
        cause: error.cause?.code,
      }),
    )
    return { clouds, outcome, delivered: clouds.inbox.messages().length }
  }

  it.each(CLOUDS)('loses the connection to %s before or after the message is accepted', async cloud => {
    expect(await meet({ kind: 'drop-before' }, cloud)).toMatchObject({
      outcome: { name: 'TypeError', message: 'fetch failed', cause: 'ECONNREFUSED' },
      delivered: 0,
    })
    expect(await meet({ kind: 'drop-after' }, cloud)).toMatchObject({
      outcome: { name: 'TypeError', message: 'fetch failed', cause: 'ECONNRESET' },
      delivered: 1,
    })
  })

  it.each(CLOUDS)('makes %s answer what is no answer', async cloud => {
    expect(await meet({ kind: 'http-500' }, cloud)).toMatchObject({ outcome: { status: 500 }, delivered: 0 })
    expect(await meet({ kind: 'http-503' }, cloud)).toMatchObject({ outcome: { status: 503 }, delivered: 0 })
    expect(await meet({ kind: 'html' }, cloud)).toMatchObject({
      outcome: { status: 200, body: expect.stringContaining('<html>') },
      delivered: 0,
    })
    expect(await meet({ kind: 'empty' }, cloud)).toMatchObject({
      outcome: { status: 200, body: '' },
      delivered: 0,
    })
    const cut = await meet({ kind: 'cut-off' }, cloud)
    expect(cut).toMatchObject({ outcome: { status: 200 }, delivered: 1 })
    expect(() => JSON.parse((cut.outcome as { body: string }).body)).toThrow()
    const odd = await meet({ kind: 'wrong-type' }, cloud)
    expect(odd).toMatchObject({ outcome: { status: 200 }, delivered: 1 })
    expect(JSON.parse((odd.outcome as { body: string }).body)).toBeTypeOf('object')
  })

  it('hangs until the caller gives up', async () => {
    const clouds = createClouds()
    clouds.control.setFault({ kind: 'hang' })
    const caller = new AbortController()
    const pending = clouds.fetch(new Request(requestTo('aliyun-dm'), { signal: caller.signal }))
    setTimeout(() => caller.abort(new Error('enough')), 5)
    await expect(pending).rejects.toThrow('enough')
    expect(clouds.inbox.messages()).toEqual([])
  })

  it('answers late, unless the caller gives up first', async () => {
    expect(await meet({ kind: 'slow', delay: 5 })).toMatchObject({ outcome: { status: 200 }, delivered: 1 })
    const clouds = createClouds()
    clouds.control.setFault({ kind: 'slow', delay: 60_000 })
    const request = new Request(requestTo('aliyun-sms'), { signal: AbortSignal.timeout(5) })
    await expect(clouds.fetch(request)).rejects.toThrow()
    expect(clouds.inbox.messages()).toEqual([])
  })

  it.each<[CloudId, string, number, string]>([
    ['aliyun-sms', 'isv.DAY_LIMIT_CONTROL', 200, '{"RequestId"'],
    ['aliyun-sms', 'Throttling.User', 400, '"Recommend"'],
    ['aliyun-sms', 'PORT_NOT_REGISTERED', 200, 'PORT_NOT_REGISTERED'],
    ['aliyun-dm', 'InvalidToAddress.Spam', 400, '"HostId"'],
    ['aliyun-dm', 'ServiceUnavailable', 503, '"HostId"'],
    ['tencent-sms', 'LimitExceeded.PhoneNumberDailyLimit', 200, '"SendStatusSet":[{'],
    ['tencent-sms', 'AuthFailure.SignatureExpire', 200, '"Error":{'],
  ])('makes %s answer %s in its layer', async (cloud, code, status, part) => {
    const { outcome, delivered } = await meet({ code }, cloud)
    expect(outcome).toMatchObject({ status })
    expect((outcome as { body: string }).body).toContain(code)
    if (part !== '{"RequestId"') expect((outcome as { body: string }).body).toContain(part)
    expect(delivered).toBe(0)
  })

  it.each<[CloudId, string]>([
    ['aliyun-sms', 'Throttling.User'],
    ['aliyun-dm', 'Throttling.User'],
    ['tencent-sms', 'RequestLimitExceeded'],
  ])('throttles %s with %s', async (cloud, code) => {
    expect((await meet({ kind: 'throttle' }, cloud)).outcome).toMatchObject({
      body: expect.stringContaining(code),
    })
  })

  it('concerns one cloud and so many requests as it says', async () => {
    const clouds = createClouds()
    clouds.control.setFault({ kind: 'http-500', cloud: 'tencent-sms', times: 2 })
    const statuses: number[] = []
    for (const cloud of ['aliyun-sms', 'tencent-sms', 'tencent-sms', 'tencent-sms'] as const) {
      statuses.push((await clouds.fetch(requestTo(cloud))).status)
    }
    expect(statuses).toEqual([200, 500, 500, 200])
    expect(clouds.control.state().fault).toBeNull()
  })
})

describe('the journal', () => {
  it('tells cloud, action, status and code of each request, the key masked and no recipient named', async () => {
    const clouds = createClouds()
    await clouds.fetch(requestTo('aliyun-sms'))
    clouds.control.setFault({ kind: 'drop-before' })
    await clouds.fetch(requestTo('tencent-sms')).catch(() => {})
    const at = expect.any(Number)
    expect(clouds.control.requests()).toEqual([
      { at, cloud: 'tencent-sms', action: '', key: '', status: 0, code: 'fault: drop-before' },
      { at, cloud: 'aliyun-sms', action: 'SendSms', key: 'LTAI****', status: 200, code: 'OK' },
    ])
  })

  it('keeps the last hundred, until a reset', async () => {
    const clouds = createClouds()
    for (let index = 0; index < 105; index++) await clouds.fetch(new Request('https://dm.aliyuncs.com/'))
    expect(clouds.control.requests()).toHaveLength(100)
    clouds.control.reset()
    expect(clouds.control.requests()).toEqual([])
  })
})
