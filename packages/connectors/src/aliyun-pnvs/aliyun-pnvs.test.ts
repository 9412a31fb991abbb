import type { Fetch, Message } from '@countersign/kit'
import { SendError, settingsSchema } from '@countersign/kit'
import { testConnector } from '@countersign/kit/test-connector'
import { sampleSettings } from '@countersign/simulators'
import { describe, expect, test } from 'vitest'
import { lint } from '../index.ts'
import { simulatedCloud } from '../testing-clouds.ts'
import { aliyunPnvs } from './aliyun-pnvs.ts'

const sample = sampleSettings['aliyun-pnvs']
const schema = settingsSchema(aliyunPnvs.settings)

const temporaryKey = {
  accessKeyId: 'STS.simulated-ok',
  accessKeySecret: 'simulated-secret-sts',
  securityToken: 'simulated-token',
}

describe.each([
  ['as the sample has it', {}],
  ['signed with V1', { signatureVersion: 'v1' }],
  ['with a temporary key', temporaryKey],
  [
    'with all that few need',
    { interval: '30', autoRetry: false, templateParam: '{"min":"{{minutes}}","code":"{{code}}"}' },
  ],
])('aliyun-pnvs against its simulator, %s', (_, change) => {
  testConnector(test, {
    connector: aliyunPnvs,
    settings: { ...sample, ...change },
    unreachable: '8613900010001',
    provider: () => simulatedCloud('aliyun-pnvs'),
  })
})

/** 2026-01-02 10:59:20 in UTC+8. */
const NOW = Date.UTC(2026, 0, 2, 2, 59, 20)
const OK = {
  Code: 'OK',
  Message: 'UNKNOWN',
  RequestId: 'r',
  Model: { BizId: '900^0', OutId: 'a1', RequestId: 'inner' },
}

async function send(
  answer: object,
  { status = 200, change = {}, ...over }: Partial<Message> & { status?: number; change?: object } = {},
) {
  const seen: URL[] = []
  const fetch: Fetch = async url => {
    seen.push(new URL(url))
    return new Response(JSON.stringify(answer), { status })
  }
  const world = { fetch, now: () => NOW, random: (size: number) => new Uint8Array(size), deadline: 5000 }
  const message: Message = {
    to: '8613800138000',
    usageType: 'SignIn',
    payload: { code: '739152', minutes: 5 },
    attemptId: 'a1',
    ...over,
  }
  const result = await aliyunPnvs
    .send(message, schema.parse({ ...sample, ...change }), world)
    .catch((error: SendError) => error)
  return {
    result,
    query: Object.fromEntries(seen[0]?.searchParams ?? []),
    origin: seen[0]?.origin,
    requests: seen.length,
  }
}

describe('a success of PNVS', () => {
  test('is HTTP 200 with the code OK, and gives BizId and RequestId', async () => {
    expect((await send(OK)).result).toEqual({ ids: { BizId: '900^0', RequestId: 'r' } })
  })

  test.each([
    ['no code but a message that says OK', { Message: 'OK', RequestId: 'r' }, 200, 'provider_fault'],
    ['a success that only Success says', { ...OK, Code: '', Success: true }, 200, 'provider_fault'],
    ['OK beside the status 403', OK, 403, 'provider_fault'],
    ['a business code with HTTP 200', { Code: 'isv.AMOUNT_NOT_ENOUGH' }, 200, 'balance_exhausted'],
  ])('is not %s', async (_, answer, status, failure) => {
    expect((await send(answer, { status })).result).toMatchObject({ failure })
  })
})

describe('what PNVS is asked to send', () => {
  test('is our own code and its minutes, as texts, and nothing that is about codes of the cloud', async () => {
    const { query, origin } = await send(OK, {
      payload: { code: '012345', minutes: 5, locale: 'zh-CN', name: 'x' },
    })
    expect(origin).toBe('https://dypnsapi.aliyuncs.com')
    expect(query).toEqual({
      PhoneNumber: '13800138000',
      CountryCode: '86',
      SignName: '示例赠送签名',
      TemplateCode: '100001',
      TemplateParam: '{"code":"012345","min":"5"}',
      OutId: 'a1',
    })
  })

  test('says ten minutes where nobody says how long the code is good', async () => {
    const { query } = await send(OK, { payload: { code: '012345' } })
    expect(query.TemplateParam).toBe('{"code":"012345","min":"10"}')
  })

  test.each([
    [{ interval: '30' }, 10, { Interval: '30' }],
    [{ interval: '' }, 10, {}],
    [{ autoRetry: false }, 10, { AutoRetry: '0' }],
    // Longer than it does by itself the cloud is never told to try.
    [{}, 2, { ValidTime: '120' }],
    [{}, 5, {}],
  ])('with %o and a code of %s minutes tells the cloud %o besides', async (change, minutes, expected) => {
    const { query } = await send(OK, { change, payload: { code: '012345', minutes } })
    const { PhoneNumber, CountryCode, SignName, TemplateCode, TemplateParam, OutId, ...besides } = query
    expect(besides).toEqual(expected)
  })

  test('has other variables where the operator words them', async () => {
    const templateParam = '{"verify": "{{ code }}", "time": "{{minutes}}"}'
    const { query } = await send(OK, { change: { templateParam } })
    expect(JSON.parse(query.TemplateParam!)).toEqual({ verify: '739152', time: '5' })
  })

  test.each([
    ['SignIn', '100001'],
    ['ForgotPassword', '100003'],
    ['BindMfa', '100005'],
  ] as const)('for %s takes the template %s', async (usageType, templateCode) => {
    expect((await send(OK, { usageType })).query.TemplateCode).toBe(templateCode)
  })
})

describe('a number that PNVS does not reach', () => {
  test.each([
    ['85261234567', 'region_unsupported', 'mainland_only'],
    ['886912345678', 'region_unsupported', 'mainland_only'],
    ['+13055552671', 'region_unsupported', 'mainland_only'],
    // The cloud would take these eleven digits for a mainland number; so none goes out without its 86.
    ['13055552671', 'region_unsupported', 'mainland_only'],
    ['13800138000', 'region_unsupported', 'mainland_only'],
    ['861012345678', 'recipient_invalid', 'mobile_only'],
    ['8612800138000', 'recipient_invalid', 'mobile_only'],
    ['8613800138000,8613800138001', 'recipient_invalid', 'recipient_malformed'],
    ['', 'recipient_invalid', 'recipient_malformed'],
  ])('such as “%s” is refused before the cloud is asked, in words', async (to, failure, code) => {
    const { result, requests } = await send(OK, { to })
    expect(result).toMatchObject({ failure, code })
    expect(requests).toBe(0)
    expect(aliyunPnvs.failures[code]).toMatchObject({ failure, remedy: { en: expect.stringMatching(/\w/) } })
  })
})

describe('a code of PNVS', () => {
  test.each([
    ['MOBILE_NUMBER_ILLEGAL', 'recipient_invalid', 'isv.MOBILE_NUMBER_ILLEGAL'],
    ['isv.MOBILE_NUMBER_ILLEGAL', 'recipient_invalid', 'isv.MOBILE_NUMBER_ILLEGAL'],
    ['FREQUENCY_FAIL', 'rate_limited', 'isv.FREQUENCY_FAIL'],
    ['isv.FREQUENCY', 'rate_limited', 'biz.FREQUENCY'],
    ['isp.RAM_PERMISSION_DENY', 'credentials_rejected', 'isv.RAM_PERMISSION_DENY'],
    ['isv.biz_not_open_status', 'credentials_rejected', 'BIZ_NOT_OPEN_STATUS'],
    ['Forbidden.RAM', 'credentials_rejected', 'Forbidden.RAM'],
    ['isp.SOMETHING_NEW', 'provider_fault', 'isp.SOMETHING_NEW'],
    ['isv.SOMETHING_NEW', 'unrecognized', 'isv.SOMETHING_NEW'],
    ['Throttling.SomethingNew', 'throttled', 'Throttling.SomethingNew'],
    ['toString', 'unrecognized', 'toString'],
    ['__proto__', 'unrecognized', undefined],
  ])('%s counts as %s, with the status 400 as with 200', async (Code, failure, code) => {
    for (const status of [200, 400]) {
      const { result } = await send({ Code, Message: 'm' }, { status })
      expect(result).toBeInstanceOf(SendError)
      expect(result).toMatchObject({ failure, ...(code && { code }) })
    }
  })

  test.each([
    [{ Code: 'biz.FREQUENCY', Message: 'check frequency failed' }, {}, 60],
    [{ Code: 'FREQUENCY_FAIL' }, { interval: '30' }, 30],
    [{ Code: 'isv.BUSINESS_LIMIT_CONTROL', Message: '触发号码分钟级流控Permits:1' }, {}, 60],
    [{ Code: 'BUSINESS_LIMIT_CONTROL', Message: '触发号码小时级流控Permits:5' }, {}, 3600],
    [{ Code: 'isv.BUSINESS_LIMIT_CONTROL', Message: '触发号码天级流控Permits:40' }, {}, 13 * 3600 + 40],
    [{ Code: 'isv.BUSINESS_LIMIT_CONTROL', Message: 7 }, {}, undefined],
    [{ Code: 'isv.DAY_LIMIT_CONTROL' }, {}, 13 * 3600 + 40],
  ])('%o with the settings %o says to wait %s seconds', async (answer, change, retryAfter) => {
    expect((await send(answer, { change })).result).toMatchObject({ retryAfter })
  })
})

describe('the settings of PNVS', () => {
  const refusal = (change: object) => {
    const { error } = schema.safeParse({ ...sample, ...change })
    return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')} ${message}`)
  }
  const withCode = (templateCode: string) => ({
    templates: (sample.templates as object[]).map(row => ({ ...row, templateCode })),
  })

  test.each([
    [{ templateParam: '{"code":"##code##","min":"5"}' }, 'templateParam'],
    [{ templateParam: '##code##' }, 'templateParam'],
    [{ signName: '##code##' }, 'signName'],
    [withCode('##code##'), 'templates.0.templateCode'],
  ])('refuse the cloud’s own code in %o, and say why', (change, path) => {
    expect(refusal(change)[0]).toBe(
      `${path} must not hold ##code##: the cloud would make a code of its own, which this server does not know and cannot check`,
    )
    const found = lint('aliyun-pnvs', { ...sample, ...change }, { codeLength: 6 })
    const [finding, ...more] = found.filter(each => each.path.join('.') === path)
    expect(finding).toMatchObject({ severity: 'error', code: 'code_of_cloud' })
    expect(finding?.message['zh-CN']).toMatch(/不能包含 ##code##：云端[^a-z]+。$/)
    expect(more.map(({ code }) => code)).toEqual(path === 'signName' ? ['signature_symbols'] : [])
  })

  test.each([
    '{"code":"123456"}',
    '{"min":"{{minutes}}"}',
    '{"code":"{{code}}","x":"{{name}}"}',
    '[]',
    '{"code":7}',
    'code',
  ])('refuse the variables %s', templateParam => {
    expect(refusal({ templateParam })).toEqual([
      expect.stringMatching(/^templateParam must be a JSON object/),
    ])
  })

  test.each(['0', '-1', '1.5', 'x'])('refuse the interval %s', interval => {
    expect(refusal({ interval })).toEqual(['interval must be a whole number from 1'])
  })

  test('offer the gifted templates, and take any other that is typed', () => {
    const { suggestions = [] } = aliyunPnvs.settings.templates.row!.templateCode!
    expect(suggestions.map(({ value }) => value)).toEqual(['100001', '100002', '100003', '100004', '100005'])
    expect(refusal(withCode('100099'))).toEqual([])
  })

  test.each([
    [withCode('SMS_123456789'), {}, 'error template_not_gifted'],
    [withCode('登录'), {}, 'warning template_code_form'],
    [{}, { allowOverseas: true }, 'error mainland_only'],
    [{}, { codeLength: 8 }, 'error code_length'],
    [{ signName: '【示例】' }, {}, 'error signature_brackets'],
    [{ accessKeyId: 'AKIDxxxxxxxx' }, {}, 'error key_of_other_cloud'],
  ])('with %o in %o are warned of: %s', (change, context, expected) => {
    const found = lint('aliyun-pnvs', { ...sample, ...change }, { codeLength: 6, ...context })
    expect(found.map(({ severity, code }) => `${severity} ${code}`)).toContain(expected)
  })

  test('take what Logto’s own connector begins with, so that what was saved there works on', () => {
    const row = (usageType: string, templateCode: string) => ({ usageType, templateCode })
    const { accessKeyId, accessKeySecret, signName } = sample
    const templates = [
      row('SignIn', '100001'),
      row('Register', '100001'),
      row('ForgotPassword', '100003'),
      row('OrganizationInvitation', '100001'),
      row('Generic', '100001'),
      row('UserPermissionValidation', '100005'),
      row('BindNewIdentifier', '100002'),
      row('MfaVerification', '100001'),
      row('BindMfa', '100001'),
    ]
    const config = { accessKeyId, accessKeySecret, signName, templates }
    expect(schema.safeParse(config).error).toBeUndefined()
    expect(lint('aliyun-pnvs', config, { codeLength: 6 })).toEqual([])
  })

  test('as the sample has them are in order', () => {
    expect(lint('aliyun-pnvs', sample, { codeLength: 6 })).toEqual([])
  })
})
