import { describe, expect, it } from 'vitest'
import { INBOX_LIMIT } from './inbox/inbox.ts'
import { type CloudId, createClouds, sampleSettings } from './index.ts'
import { sampleRequest, tc3Request } from './signed-requests.ts'

type Templates = { usageType: string }[]

const CLOUDS: CloudId[] = ['aliyun-sms', 'aliyun-pnvs', 'aliyun-dm', 'tencent-sms']

describe('the clouds', () => {
  it.each([
    ['dysmsapi.aliyuncs.com', true],
    ['dysmsapi.ap-southeast-1.aliyuncs.com', true],
    ['dysmsapi-proxy.cn-beijing.aliyuncs.com', true],
    ['dysmsapi-xman.vpc-proxy.aliyuncs.com', true],
    ['dypnsapi.aliyuncs.com', true],
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
      for (const index of templates.keys()) await clouds.fetch(sampleRequest(cloud, index))
      expect(clouds.inbox.messages()).toHaveLength(4)
      expect(new Set(clouds.inbox.messages().map(({ text }) => text)).size).toBe(4)
      expect(clouds.inbox.messages().every(({ code }) => code === '123456')).toBe(true)
    },
  )

  it('share nothing between two creations', async () => {
    const [one, other] = [createClouds(), createClouds()]
    await one.fetch(sampleRequest('aliyun-sms'))
    expect(other.inbox.messages()).toEqual([])
  })
})

describe('the inbox', () => {
  it('shows the newest first, under growing ids and the time of the clock', async () => {
    let now = Date.now()
    const clouds = createClouds({ now: () => now })
    await clouds.fetch(sampleRequest('aliyun-sms'))
    now += 5000
    await clouds.fetch(sampleRequest('aliyun-dm'))
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
    expect((await clouds.fetch(sampleRequest('tencent-sms'))).status).toBe(200)
    leave()
    await clouds.fetch(sampleRequest('aliyun-dm'))
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

describe('the journal', () => {
  it('tells cloud, action, status and code of each request, the key masked and no recipient named', async () => {
    const clouds = createClouds()
    await clouds.fetch(sampleRequest('aliyun-sms'))
    clouds.control.setFault({ kind: 'drop-before' })
    await clouds.fetch(sampleRequest('tencent-sms')).catch(() => {})
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
