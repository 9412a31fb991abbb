import type { Fetch, Message } from '@countersign/kit'
import { type SendError, settingsSchema } from '@countersign/kit'
import { testConnector } from '@countersign/kit/test-connector'
import { sampleSettings } from '@countersign/simulators'
import { describe, expect, test } from 'vitest'
import { simulatedCloud } from '../testing-clouds.ts'
import { tencentSms } from './tencent-sms.ts'

const schema = settingsSchema(tencentSms.settings)

const sample = sampleSettings['tencent-sms']
const rows = (row: object) => ({
  templates: (sample.templates as object[]).map(each => ({ ...each, ...row })),
})

describe.each([
  ['as the sample has it', {}, undefined],
  [
    'with a temporary key',
    {
      accessKeyId: 'AKID-simulated-temporary',
      accessKeySecret: 'simulated-secret-temporary',
      token: 'simulated-token',
    },
    undefined,
  ],
  [
    'of the international site, to a number abroad',
    {
      accessKeyId: 'IKID-simulated-ok',
      accessKeySecret: 'simulated-secret-intl',
      site: 'international',
      region: 'ap-singapore',
      ...rows({ templateCode: { overseas: '1000024' } }),
    },
    '14155552671',
  ],
  ['at the region’s own endpoint', { regionalEndpoint: true }, undefined],
])('tencent-sms against its simulator, %s', (_, change, to) => {
  testConnector(test, {
    connector: tencentSms,
    settings: { ...sample, ...change },
    ...(to ? { to } : { unreachable: '8613900010001' }),
    provider: () => simulatedCloud('tencent-sms'),
  })
})

/** 2026-01-02 23:00:00 in UTC+8: the 2nd in Beijing and in UTC. */
const NOW = Date.UTC(2026, 0, 2, 15)

const status = (Code: unknown) => ({ SerialNo: '5000:1', PhoneNumber: '+8613800138000', Fee: 1, Code })
const answered = (...codes: unknown[]) => ({ Response: { SendStatusSet: codes.map(status), RequestId: 'r' } })
const failed = (Code: unknown) => ({ Response: { Error: { Code, Message: 'm' }, RequestId: 'r' } })

async function send(answer: unknown, message: Partial<Message> = {}, change: object = {}) {
  const seen: { url: string; proxy: unknown; headers: Record<string, string>; body: unknown }[] = []
  const fetch: Fetch = async (url, { headers, body, proxy }) => {
    seen.push({ url, proxy, headers, body: JSON.parse(body ?? '') })
    return new Response(JSON.stringify(answer))
  }
  const world = { fetch, now: () => NOW, random: (size: number) => new Uint8Array(size), deadline: 5000 }
  const whole: Message = {
    to: '8613800138000',
    usageType: 'SignIn',
    payload: { code: '739152' },
    attemptId: 'a1',
    ...message,
  }
  const result = await tencentSms
    .send(whole, schema.parse({ ...sample, ...change }), world)
    .catch((error: SendError) => error)
  return { result, requests: seen.length, ...seen[0] }
}

describe('a success of Tencent Cloud SMS', () => {
  test('is one number with the code Ok and no error above it', async () => {
    const { result } = await send(answered('Ok'))
    expect(result).toEqual({ ids: { SerialNo: '5000:1', RequestId: 'r' }, segments: 1 })
  })

  test.each([
    [
      'a number that failed although there is a SerialNo',
      answered('FailedOperation.PhoneNumberInBlacklist'),
      'recipient_blocked',
    ],
    ['an error of the whole call', failed('AuthFailure.SignatureFailure'), 'credentials_rejected'],
    [
      'an error beside a number that went well',
      { Response: { ...answered('Ok').Response, Error: { Code: 'InternalError' } } },
      'provider_fault',
    ],
    [
      'an error that says nothing',
      { Response: { ...answered('Ok').Response, Error: 'x' } },
      'provider_fault',
    ],
    ['the code as Aliyun writes it', answered('OK'), 'unrecognized'],
    ['no number at all', answered(), 'provider_fault'],
    ['two numbers', answered('Ok', 'Ok'), 'provider_fault'],
    ['an answer without Response', { Code: 'Ok' }, 'provider_fault'],
  ])('is not %s', async (_, answer, failure) => {
    expect((await send(answer)).result).toMatchObject({ failure })
  })
})

describe('what Tencent Cloud SMS is asked to send', () => {
  test('is exactly the code, whatever else the payload holds', async () => {
    const { body } = await send(answered('Ok'), { payload: { locale: 'zh-CN', code: '012345', minutes: 5 } })
    expect(body).toEqual({
      PhoneNumberSet: ['+8613800138000'],
      SmsSdkAppId: '1400000001',
      SignName: '示例应用',
      TemplateId: '1000002',
      TemplateParamSet: ['012345'],
      SessionContext: 'a1',
    })
  })

  test('goes to the region of the settings with the version that knows these names', async () => {
    const { headers } = await send(answered('Ok'))
    expect(headers).toMatchObject({
      'x-tc-action': 'SendSms',
      'x-tc-version': '2021-01-11',
      'x-tc-region': 'ap-guangzhou',
      'x-tc-timestamp': String(NOW / 1000),
    })
  })

  test('goes to a foreign number with its plus sign', async () => {
    const { body } = await send(answered('Ok'), { to: '14155552671' })
    expect(body).toMatchObject({ PhoneNumberSet: ['+14155552671'] })
  })

  test('is nothing when the recipient is no number', async () => {
    const { result, requests } = await send(answered('Ok'), { to: 'ada@example.com' })
    expect(result).toMatchObject({ failure: 'recipient_invalid' })
    expect(requests).toBe(0)
  })
})

describe('a template of Tencent Cloud SMS', () => {
  const both = rows({ templateCode: { china: '1', overseas: '2' } })

  test.each([
    ['8613800138000', { TemplateId: '1', SignName: '示例应用' }],
    ['85261234567', { TemplateId: '2' }],
    ['14155552671', { TemplateId: '2' }],
  ])('and the signature for the number %s are %o', async (to, expected) => {
    const { body } = await send(answered('Ok'), { to }, both)
    const { TemplateId, SignName } = body as Record<string, unknown>
    expect({ TemplateId, SignName }).toEqual({ SignName: undefined, ...expected })
  })

  test('abroad carries the signature made for there', async () => {
    const change = { ...both, overseasSignName: 'Example' }
    expect((await send(answered('Ok'), { to: '85261234567' }, change)).body).toMatchObject({
      SignName: 'Example',
    })
  })

  test.each([
    ['85261234567', { china: '1' }, 'overseas_template_missing'],
    ['8613800138000', { overseas: '2' }, 'china_template_missing'],
  ])(
    'that is missing for the number %s is found out before anything is sent',
    async (to, templateCode, code) => {
      const { result, requests } = await send(answered('Ok'), { to }, rows({ templateCode }))
      expect(result).toMatchObject({ failure: 'region_unsupported', code })
      expect(requests).toBe(0)
    },
  )

  test('with code and minutes gets both, as digits', async () => {
    const message = { payload: { code: '012345', minutes: 10 } }
    const { body } = await send(answered('Ok'), message, rows({ parameters: 'code,minutes' }))
    expect(body).toMatchObject({ TemplateParamSet: ['012345', '10'] })
  })

  test.each([undefined, null, 2.5, -1, 'ten', '5 minutes', Number.NaN])(
    'with minutes is not sent when the minutes are %s',
    async minutes => {
      const message = { payload: { code: '012345', minutes: minutes as number } }
      const { result, requests } = await send(answered('Ok'), message, rows({ parameters: 'code,minutes' }))
      expect(result).toMatchObject({ failure: 'message_rejected', code: 'minutes_missing' })
      expect(requests).toBe(0)
    },
  )
})

describe('a request to Tencent Cloud SMS', () => {
  test.each([
    [{}, 'https://sms.tencentcloudapi.com/'],
    [{ region: 'ap-hongkong' }, 'https://sms.tencentcloudapi.com/'],
    [{ region: 'ap-hongkong', regionalEndpoint: true }, 'https://sms.ap-hongkong.tencentcloudapi.com/'],
    [{ region: 'ap-nanjing', regionalEndpoint: true }, 'https://sms.tencentcloudapi.com/'],
    [{ site: 'international', region: 'ap-singapore' }, 'https://sms.intl.tencentcloudapi.com/'],
    [{ site: 'international', regionalEndpoint: true }, 'https://sms.intl.tencentcloudapi.com/'],
    [{ endpoint: 'https://sms.vpc.example.com' }, 'https://sms.vpc.example.com/'],
  ])('with the settings %o goes to %s', async (change, url) => {
    expect((await send(answered('Ok'), {}, change)).url).toBe(url)
  })

  test('carries the token of a temporary key, and goes through the proxy that is set', async () => {
    const change = { token: 'the-token', proxy: 'http://proxy.example.com:3128' }
    const { headers, proxy } = await send(answered('Ok'), {}, change)
    expect(headers?.['x-tc-token']).toBe('the-token')
    expect(proxy).toBe('http://proxy.example.com:3128')
    expect((await send(answered('Ok'))).headers).not.toHaveProperty('x-tc-token')
  })
})

describe('a limit of Tencent Cloud SMS', () => {
  test.each([
    ['LimitExceeded.PhoneNumberThirtySecondLimit', 30],
    ['LimitExceeded.PhoneNumberDailyLimit', 3600],
    ['LimitExceeded.PhoneNumberSameContentDailyLimit', 3600],
    ['LimitExceeded.PhoneNumberOneHourLimit', undefined],
  ])('of one number, %s, is over after %s seconds', async (code, retryAfter) => {
    const { result } = await send(answered(code))
    expect(result).toMatchObject({ failure: 'rate_limited', code, retryAfter })
  })

  test.each([
    'LimitExceeded.DailyLimit',
    'LimitExceeded.AppDailyLimit',
    'LimitExceeded.AppMainlandChinaDailyLimit',
    'LimitExceeded.AppGlobalDailyLimit',
    'LimitExceeded.AppCountryOrRegionDailyLimit',
  ])('of the account, %s, is over at midnight in Beijing', async code => {
    expect((await send(answered(code))).result).toMatchObject({ code, retryAfter: 3600 })
  })
})

describe('a code that the table of Tencent Cloud SMS does not have', () => {
  test.each([
    ['AuthFailure.New', 'credentials_rejected'],
    ['LimitExceeded.PhoneNumberNew', 'rate_limited'],
    ['LimitExceeded.New', 'throttled'],
    ['RequestLimitExceeded.New', 'throttled'],
    ['InternalError.New', 'provider_fault'],
    ['InvalidParameterValue.New', 'message_rejected'],
    ['MissingParameter.New', 'message_rejected'],
    ['FailedOperation.New', 'unrecognized'],
    ['constructor', 'unrecognized'],
  ])('%s counts as %s on both layers', async (code, failure) => {
    expect((await send(answered(code))).result).toMatchObject({ failure, code })
    expect((await send(failed(code))).result).toMatchObject({ failure, code })
  })
})

test('an SDK AppID and a template ID must be digits', () => {
  const settings = sampleSettings['tencent-sms']
  const templates = (settings.templates as object[]).map(row => ({ ...row, templateCode: 'SMS_1' }))
  const issues = schema.safeParse({ ...settings, sdkAppId: '14x', templates }).error?.issues
  expect(issues?.map(({ path }) => path[0])).toEqual(['sdkAppId', ...templates.map(() => 'templates')])
})

test('tells how many segments Tencent Cloud charges for a message, and nothing where that is no such number', async () => {
  const withFee = (Fee: unknown) => ({
    Response: { SendStatusSet: [{ ...status('Ok'), Fee }], RequestId: 'r' },
  })
  const segments = async (fee: unknown) => {
    const { result } = await send(withFee(fee))
    return 'segments' in result ? result.segments : undefined
  }
  expect(await Promise.all([2, 0, '2', 1.5, -1, undefined].map(segments))).toEqual([
    2,
    ...Array(5).fill(undefined),
  ])
})

describe('telling that a code was used', () => {
  const settings = settingsSchema(tencentSms.settings).parse(sampleSettings['tencent-sms'])
  const conversion = {
    ids: { SerialNo: '2019:1' },
    destination: 'china',
    sentAt: 1000,
    usedAt: 61_999,
  } as const

  async function report(answer: object) {
    let body = ''
    const fetch: Fetch = async (_, init) => {
      body = init.body ?? ''
      return new Response(JSON.stringify(answer))
    }
    const world = { fetch, now: () => 70_000, random: (size: number) => new Uint8Array(size), deadline: 5000 }
    const ended = await tencentSms
      .feedback!.report(conversion, settings, world)
      .then(() => 'told')
      .catch((error: SendError) => `${error.failure} ${error.code}`)
    return { ended, body }
  }
  const status = (Code: unknown) => ({ Response: { ReportConversionStatus: { Code }, RequestId: 'r' } })

  test.each(['OK', 'Ok', 'ok'])('succeeds by the mark %s, and says the second', async code => {
    const { ended, body } = await report(status(code))
    expect(ended).toBe('told')
    expect(JSON.parse(body)).toEqual({
      SmsSdkAppId: '1400000001',
      SerialNo: '2019:1',
      ConversionTime: 61,
    })
  })

  test.each([
    [status('InvalidParameterValue'), 'message_rejected InvalidParameterValue'],
    [status(undefined), 'provider_fault undefined'],
    [{ Response: {} }, 'provider_fault undefined'],
    [
      { Response: { Error: { Code: 'UnauthorizedOperation.RequestPermissionDeny' } } },
      'credentials_rejected UnauthorizedOperation.RequestPermissionDeny',
    ],
  ])('fails by %o', async (answer, failure) => {
    expect((await report(answer)).ended).toBe(failure)
  })

  test('is not done of a code that was not used', () => {
    const { usedAt: _, ...unused } = conversion
    expect(tencentSms.feedback!.takes(unused)).toBe(false)
    expect(tencentSms.feedback!.takes(conversion)).toBe(true)
    expect(tencentSms.feedback!.takes({ ...conversion, ids: {} })).toBe(false)
  })
})
