import { createRequire } from 'node:module'
import type { Fetch, Message } from '@countersign/kit'
import { SendError, settingsSchema } from '@countersign/kit'
import { testConnector } from '@countersign/kit/test-connector'
import { sampleSettings } from '@countersign/simulators'
import { describe, expect, test } from 'vitest'
import { simulatedCloud } from '../testing-clouds.ts'
import { aliyunSms } from './aliyun-sms.ts'
import { REGIONS } from './regions.ts'

const settings = settingsSchema(aliyunSms.settings).parse(sampleSettings['aliyun-sms'])

const temporaryKey = {
  accessKeyId: 'STS.simulated-ok',
  accessKeySecret: 'simulated-secret-sts',
  securityToken: 'simulated-token',
}
const overseas = {
  templates: (sampleSettings['aliyun-sms'].templates as object[]).map(row => ({
    ...row,
    templateCode: { china: 'SMS_100000004', overseas: 'SMS_100000024' },
  })),
}

describe.each([
  ['as the sample has it', {}, undefined],
  ['signed with V1', { signatureVersion: 'v1' }, undefined],
  ['with a temporary key', temporaryKey, undefined],
  ['with a temporary key, signed with V1', { ...temporaryKey, signatureVersion: 'v1' }, undefined],
  ['to a number abroad', overseas, '85261234567'],
  ['through another endpoint', { endpoint: 'https://dysmsapi.ap-southeast-1.aliyuncs.com' }, undefined],
])('aliyun-sms against its simulator, %s', (_, change, to) => {
  testConnector(test, {
    connector: aliyunSms,
    settings: { ...sampleSettings['aliyun-sms'], ...change },
    ...(to && { to }),
    unreachable: '8613900010001',
    provider: () => simulatedCloud('aliyun-sms'),
  })
})

const message: Message = {
  to: '8613800138000',
  usageType: 'SignIn',
  payload: { code: '739152' },
  attemptId: 'a1',
}
/** 2026-01-02 10:59:20 in UTC+8. */
const NOW = Date.UTC(2026, 0, 2, 2, 59, 20)

async function send(
  answer: object,
  {
    status = 200,
    headers = {},
    change = {},
    ...over
  }: Partial<Message> & {
    status?: number
    strict?: boolean
    headers?: Record<string, string>
    change?: object
  } = {},
) {
  const seen: URL[] = []
  const proxies: unknown[] = []
  const fetch: Fetch = async (url, { proxy }) => {
    seen.push(new URL(url))
    proxies.push(proxy)
    return new Response(JSON.stringify(answer), { status, headers })
  }
  const world = { fetch, now: () => NOW, random: (size: number) => new Uint8Array(size), deadline: 5000 }
  const { strict = false, ...message_ } = over
  const result = await aliyunSms
    .send(
      { ...message, ...message_ },
      { ...settings, strictPhoneRegionNumberCheck: strict, ...change },
      world,
    )
    .catch((error: SendError) => error)
  const query = Object.fromEntries(seen[0]?.searchParams ?? [])
  return { result, query, origin: seen[0]?.origin, proxy: proxies[0], requests: seen.length }
}

const OK = { Code: 'OK', Message: 'OK', BizId: '900^0', RequestId: 'r' }

describe('a success of Aliyun SMS', () => {
  test('is HTTP 200 with the code OK, and gives BizId and RequestId', async () => {
    expect((await send(OK)).result).toEqual({ ids: { BizId: '900^0', RequestId: 'r' } })
  })

  test.each([
    ['no code but a message that says OK', { Message: 'OK', RequestId: 'r' }, 200, 'provider_fault'],
    ['the code in lower case', { ...OK, Code: 'ok' }, 200, 'unrecognized'],
    ['OK beside the status 403', OK, 403, 'provider_fault'],
    ['a business code with HTTP 200', { Code: 'isv.AMOUNT_NOT_ENOUGH' }, 200, 'balance_exhausted'],
  ])('is not %s', async (_, answer, status, failure) => {
    expect((await send(answer, { status })).result).toMatchObject({ failure })
  })
})

describe('what Aliyun SMS is asked to send', () => {
  test('is the code alone, as a text, under the attempt’s id', async () => {
    const { query } = await send(OK, { payload: { code: '012345', locale: 'zh-CN', name: 'x' } })
    expect(query).toEqual({
      PhoneNumbers: '13800138000',
      SignName: settings.signName,
      TemplateCode: settings.templates.find(({ usageType }) => usageType === 'SignIn')?.templateCode,
      TemplateParam: '{"code":"012345"}',
      OutId: 'a1',
    })
  })

  test('uses the template for Generic when the usage type has none of its own', async () => {
    const { query } = await send(OK, { usageType: 'BindMfa' })
    const generic = settings.templates.find(({ usageType }) => usageType === 'Generic')
    expect(query.TemplateCode).toBe(generic?.templateCode)
  })

  test.each([
    ['8613800138000', false, '13800138000'],
    ['8613800138000', true, '13800138000'],
    ['13800138000', false, '13800138000'],
    ['85261234567', false, '85261234567'],
    ['14155552671', true, '14155552671'],
    ['861012345678', true, '861012345678'],
  ])('writes the number %s (strict: %s) as %s', async (to, strict, number) => {
    expect((await send(OK, { to, strict, change: overseas })).query.PhoneNumbers).toBe(number)
  })

  test.each(['', 'ada@example.com', '86138 0013 8000', '8613800138000,8613800138001'])(
    'is nothing when the recipient is “%s”',
    async to => {
      const { result, requests } = await send(OK, { to })
      expect(result).toMatchObject({ failure: 'recipient_invalid', code: 'recipient_malformed' })
      expect(requests).toBe(0)
    },
  )
})

describe('a template of Aliyun SMS', () => {
  const rows = (templateCode: unknown, usageType = 'SignIn') => ({ usageType, templateCode })
  const both = { china: 'SMS_1', overseas: 'SMS_2' }

  test.each([
    ['8613800138000', 'SMS_1'],
    ['13800138000', 'SMS_1'],
    ['+13055552671', 'SMS_2'],
    ['14155552671', 'SMS_2'],
    ['85261234567', 'SMS_2'],
    ['886912345678', 'SMS_2'],
  ])('for the number %s is %s', async (to, templateCode) => {
    const { query } = await send(OK, { to, change: { templates: [rows(both)] } })
    expect(query.TemplateCode).toBe(templateCode)
  })

  // Aliyun knows no sign for the country: it would take an American number for that of a stranger in China.
  test.each([
    ['14155552671', false],
    ['+14155552671', false],
    ['0014155552671', false],
    ['14155552671', true],
    ['+13055552671', false],
    ['85261234567', false],
    ['447700900123', true],
  ])(
    'that stands alone is for the mainland, so that nothing leaves for %s (strict: %s)',
    async (to, strict) => {
      const { result, requests } = await send(OK, { to, strict, change: { templates: [rows('SMS_1')] } })
      expect(result).toMatchObject({ failure: 'region_unsupported', code: 'overseas_template_missing' })
      expect(requests).toBe(0)
    },
  )

  test('that stands alone serves a number whose country is known no more than others', async () => {
    const change = { templates: [rows('SMS_1')] }
    const { result, requests } = await send(OK, { to: '13055552671', hasCountryCode: true, change })
    expect(result).toMatchObject({ failure: 'region_unsupported' })
    expect(requests).toBe(0)
    expect((await send(OK, { to: '8613800138000', hasCountryCode: true, change })).requests).toBe(1)
  })

  test.each([
    [[rows({ china: 'SMS_1', overseas: 'SMS_1' })]],
    [[rows({ china: 'SMS_1' }), rows({ overseas: 'SMS_1' }, 'Generic')]],
    [[rows({ overseas: 'SMS_1' }), rows('SMS_1', 'Generic')]],
  ])('of the mainland is never sent abroad, also where it was entered for there: %j', async templates => {
    const { result, requests } = await send(OK, { to: '14155552671', change: { templates } })
    expect(result).toMatchObject({ failure: 'region_unsupported', code: 'overseas_template_missing' })
    expect(requests).toBe(0)
  })

  test.each([
    ['+13800138000', false],
    ['13800138000', true],
  ])(
    'is not used for %s, which would be an American number that cannot exist (strict: %s)',
    async (to, strict) => {
      for (const templates of [[rows(both)], [rows('SMS_1')]]) {
        const { result, requests } = await send(OK, { to, strict, change: { templates } })
        expect(result).toMatchObject({ failure: 'recipient_invalid', code: 'recipient_malformed' })
        expect(requests).toBe(0)
      }
    },
  )

  test('comes from the row for Generic when the own row has none for the destination', async () => {
    const templates = [rows({ china: 'SMS_1' }), rows({ overseas: 'SMS_3' }, 'Generic')]
    const { query } = await send(OK, { to: '85261234567', change: { templates } })
    expect(query.TemplateCode).toBe('SMS_3')
  })

  test.each([
    ['85261234567', { china: 'SMS_1' }, 'overseas_template_missing'],
    ['8613800138000', { overseas: 'SMS_2' }, 'china_template_missing'],
  ])('that is missing for the number %s is found out before anything is sent', async (to, code, named) => {
    const { result, requests } = await send(OK, { to, change: { templates: [rows(code)] } })
    expect(result).toMatchObject({ failure: 'region_unsupported', code: named })
    expect(requests).toBe(0)
  })
})

describe('a request to Aliyun SMS', () => {
  test.each([
    ['cn-hangzhou', 'https://dysmsapi.aliyuncs.com'],
    ['cn-beijing', 'https://dysmsapi-proxy.cn-beijing.aliyuncs.com'],
    ['cn-hongkong', 'https://dysmsapi-xman.cn-hongkong.aliyuncs.com'],
    ['ap-southeast-1', 'https://dysmsapi.ap-southeast-1.aliyuncs.com'],
    ['us-east-1', 'https://dysmsapi.us-east-1.aliyuncs.com'],
  ])('of the region %s goes to %s', async (region, origin) => {
    expect((await send(OK, { change: { region } })).origin).toBe(origin)
  })

  test('goes to the endpoint that is set, through the proxy that is set', async () => {
    const change = {
      endpoint: 'https://dysmsapi.vpc.example.com:8443/',
      proxy: 'http://proxy.example.com:3128',
    }
    const { origin, proxy } = await send(OK, { change })
    expect(origin).toBe('https://dysmsapi.vpc.example.com:8443')
    expect(proxy).toBe('http://proxy.example.com:3128')
  })

  test('goes to a host of the official SDK’s map for every region that the SDK knows', () => {
    const { default: Client } = createRequire(import.meta.url)('@alicloud/dysmsapi20170525')
    const { _endpointMap: hosts } = new Client({ regionId: 'cn-hangzhou', endpoint: 'x' })
    expect(Object.fromEntries(Object.entries(REGIONS).map(([id, { host }]) => [id, host]))).toEqual(hosts)
  })

  test.each([
    [{ endpoint: 'http://dysmsapi.aliyuncs.com' }, 'endpoint'],
    [{ endpoint: 'https://dysmsapi.aliyuncs.com/path' }, 'endpoint'],
    [{ endpoint: 'dysmsapi.aliyuncs.com' }, 'endpoint'],
    [{ proxy: 'socks5://proxy.example.com' }, 'proxy'],
    [{ proxy: 'proxy.example.com:3128' }, 'proxy'],
    [{ region: 'cn-nowhere' }, 'region'],
    [{ securityToken: 'with space' }, 'securityToken'],
  ])('cannot be set up with %o', (change, field) => {
    const { error } = settingsSchema(aliyunSms.settings).safeParse({
      ...sampleSettings['aliyun-sms'],
      ...change,
    })
    expect(error?.issues.map(({ path }) => path[0])).toEqual([field])
  })

  test.each(['http://localhost:3003', 'http://sms.localhost:3003/', 'http://127.0.0.1:3003'])(
    'may go without TLS to this machine: %s',
    async endpoint => {
      const change = { ...sampleSettings['aliyun-sms'], endpoint }
      expect(settingsSchema(aliyunSms.settings).safeParse(change).success).toBe(true)
    },
  )
})

describe('a frequency limit of Aliyun SMS', () => {
  test.each([
    ['触发分钟级流控Permits:1', 40],
    ['触发小时级流控Permits:5', 40],
    ['触发天级流控Permits:10', undefined],
    ['something else', undefined],
  ])('with the message %s is over after %s seconds', async (Message, retryAfter) => {
    const { result } = await send({ Code: 'isv.BUSINESS_LIMIT_CONTROL', Message })
    expect(result).toMatchObject({ failure: 'rate_limited', retryAfter })
  })
})

describe('a limit of the account at Aliyun', () => {
  test('for the day is over at midnight in Beijing', async () => {
    const { result } = await send({ Code: 'isv.DAY_LIMIT_CONTROL' })
    expect(result).toMatchObject({ failure: 'balance_exhausted', retryAfter: 13 * 3600 + 40 })
  })

  test.each([
    ['1500', 2],
    ['soon', undefined],
    ['', undefined],
  ])('of requests, with the header “%s”, is over after %s seconds', async (wait, retryAfter) => {
    const headers = { 'x-acs-retry-after': wait }
    const { result } = await send({ Code: 'Throttling.User' }, { status: 400, headers })
    expect(result).toMatchObject({ failure: 'throttled', retryAfter })
  })
})

describe('a code that the table of Aliyun SMS does not have', () => {
  test.each([
    ['isp.SOMETHING_NEW', 'provider_fault'],
    ['Throttling.SomethingNew', 'throttled'],
    ['isv.SOMETHING_NEW', 'unrecognized'],
    ['SomethingNew', 'unrecognized'],
    ['toString', 'unrecognized'],
    ['__proto__', 'unrecognized'],
  ])('%s counts as %s', async (Code, failure) => {
    const { result } = await send({ Code })
    expect(result).toBeInstanceOf(SendError)
    expect(result).toMatchObject({ failure })
  })
})

test('Aliyun is told of codes to numbers abroad, used or not, and of no others', () => {
  const conversion = { ids: { BizId: '1^0' }, destination: 'overseas', sentAt: 1000 } as const
  const { takes } = aliyunSms.feedback!
  expect([takes(conversion), takes({ ...conversion, usedAt: 2000 })]).toEqual([true, true])
  expect(takes({ ...conversion, destination: 'china' })).toBe(false)
  expect(takes({ ...conversion, ids: { RequestId: 'x' } })).toBe(false)
})
