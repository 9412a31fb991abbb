import type { Fetch, Message } from '@countersign/kit'
import { type SendError, settingsSchema } from '@countersign/kit'
import { testConnector } from '@countersign/kit/test-connector'
import { createClouds, sampleSettings } from '@countersign/simulators'
import { describe, expect, test } from 'vitest'
import { tencentSms } from './tencent-sms.ts'

const schema = settingsSchema(tencentSms.settings)

describe('tencent-sms against its simulator', () => {
  testConnector(test, {
    connector: tencentSms,
    settings: sampleSettings['tencent-sms'],
    provider() {
      const clouds = createClouds()
      return {
        fetch: (url, init) => clouds.fetch(new Request(url, init)),
        delivered: clouds.inbox.messages,
        refuseWith: code => clouds.control.setFault({ code }),
      }
    },
  })
})

/** 2026-01-02 23:00:00 in UTC+8: the 2nd in Beijing and in UTC. */
const NOW = Date.UTC(2026, 0, 2, 15)

const status = (Code: unknown) => ({ SerialNo: '5000:1', PhoneNumber: '+8613800138000', Fee: 1, Code })
const answered = (...codes: unknown[]) => ({ Response: { SendStatusSet: codes.map(status), RequestId: 'r' } })
const failed = (Code: unknown) => ({ Response: { Error: { Code, Message: 'm' }, RequestId: 'r' } })

async function send(answer: unknown, message: Partial<Message> = {}, http = 200) {
  const seen: { headers: Record<string, string>; body: unknown }[] = []
  const fetch: Fetch = async (_url, { headers, body }) => {
    seen.push({ headers, body: JSON.parse(body ?? '') })
    return new Response(JSON.stringify(answer), { status: http })
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
    .send(whole, schema.parse(sampleSettings['tencent-sms']), world)
    .catch((error: SendError) => error)
  return { result, requests: seen.length, ...seen[0] }
}

describe('a success of Tencent Cloud SMS', () => {
  test('is one number with the code Ok and no error above it', async () => {
    const { result } = await send(answered('Ok'))
    expect(result).toEqual({ ids: { SerialNo: '5000:1', RequestId: 'r' } })
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

describe('a limit of Tencent Cloud SMS', () => {
  test.each([
    ['LimitExceeded.PhoneNumberThirtySecondLimit', 30],
    ['LimitExceeded.PhoneNumberDailyLimit', 3600],
    ['LimitExceeded.PhoneNumberSameContentDailyLimit', 3600],
    ['LimitExceeded.PhoneNumberOneHourLimit', undefined],
  ])('%s is over after %s seconds', async (code, retryAfter) => {
    const { result } = await send(answered(code))
    expect(result).toMatchObject({ failure: 'rate_limited', code, retryAfter })
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
