import type { Fetch, Message } from '@countersign/kit'
import { SendError, settingsSchema } from '@countersign/kit'
import { testConnector } from '@countersign/kit/test-connector'
import { createClouds, sampleSettings } from '@countersign/simulators'
import { describe, expect, test } from 'vitest'
import { aliyunSms } from './aliyun-sms.ts'

const settings = settingsSchema(aliyunSms.settings).parse(sampleSettings['aliyun-sms'])

describe('aliyun-sms against its simulator', () => {
  testConnector(test, {
    connector: aliyunSms,
    settings: sampleSettings['aliyun-sms'],
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
  { status = 200, ...over }: Partial<Message> & { status?: number; strict?: boolean } = {},
) {
  const seen: URL[] = []
  const fetch: Fetch = async url => {
    seen.push(new URL(url))
    return new Response(JSON.stringify(answer), { status })
  }
  const world = { fetch, now: () => NOW, random: (size: number) => new Uint8Array(size), deadline: 5000 }
  const { strict = false, ...message_ } = over
  const result = await aliyunSms
    .send({ ...message, ...message_ }, { ...settings, strictPhoneRegionNumberCheck: strict }, world)
    .catch((error: SendError) => error)
  return { result, query: Object.fromEntries(seen[0]?.searchParams ?? []), requests: seen.length }
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
    expect((await send(OK, { to, strict })).query.PhoneNumbers).toBe(number)
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
