import { describe, expect, it } from 'vitest'
import { createClouds } from '../index.ts'
import { apiRequest, type Signing, tc3Request } from '../signed-requests.ts'
import { MAGIC_RECIPIENTS } from './recipients.ts'
import { isRequestLevel } from './refusals.ts'
import { tc3Signature } from './tc3.ts'

const sample = {
  PhoneNumberSet: ['+8613800138000'],
  SmsSdkAppId: '1400000001',
  SignName: '示例应用',
  TemplateId: '1000004',
  TemplateParamSet: ['123456'],
}
const NOW = Date.parse('2026-01-02T10:00:00+08:00')

interface Body {
  Response: {
    Error?: { Code: string; Message: string }
    SendStatusSet?: Record<string, unknown>[]
    RequestId: string
  }
}

function setUp() {
  let now = NOW
  const clouds = createClouds({ now: () => now })
  const send = async (change: object | string = {}, signing: Signing = {}, action = 'SendSms') => {
    const body = typeof change === 'string' ? change : { ...sample, ...change }
    const response = await clouds.fetch(tc3Request(action, body, { at: now, ...signing }))
    expect(response.status).toBe(200)
    return ((await response.json()) as Body).Response
  }
  const codes = async (change: object = {}) => (await send(change)).SendStatusSet?.map(({ Code }) => Code)
  const wait = (ms: number) => {
    now += ms
  }
  return { clouds, send, codes, wait }
}

describe('the TC3 signature', () => {
  it('equals known ones', () => {
    const payload =
      '{"PhoneNumberSet":["+8613800000000"],"SmsSdkAppId":"1400000000","TemplateId":"1000001","SignName":"ExampleSign","TemplateParamSet":["123456"]}'
    const sign = (contentType: string) =>
      tc3Signature(
        apiRequest('sms.tencentcloudapi.com', '', { 'content-type': contentType }, payload),
        { date: '2026-01-02', service: 'sms', signedHeaders: ['content-type', 'host'] },
        { key: 'test-secret-key', host: 'sms.tencentcloudapi.com', timestamp: '1767323045' },
      )
    expect(sign('application/json; charset=utf-8')).toBe(
      '5b5213e1d16120a50ab628e9de6afbabc14987ea698b3eb53e65a61fbf1e41c5',
    )
    expect(sign('application/json')).toBe('81a4e6299d78a31a314b98d5b5c6d5e233b70decbe96c568949e0866bb6b172e')
  })
})

describe('Tencent Cloud SMS', () => {
  it('delivers the rendered text and answers a status for the number', async () => {
    const { clouds, send } = setUp()
    const answer = await send({ SessionContext: 'mine' })
    expect(answer).toEqual({
      SendStatusSet: [
        {
          SerialNo: expect.stringMatching(/^5000:\d+$/),
          PhoneNumber: '+8613800138000',
          Fee: 1,
          SessionContext: 'mine',
          Code: 'Ok',
          Message: 'send success',
          IsoCode: 'CN',
        },
      ],
      RequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
    expect(clouds.inbox.messages()).toMatchObject([
      {
        cloud: 'tencent-sms',
        to: '+8613800138000',
        from: '示例应用',
        text: '【示例应用】您的验证码为123456，10分钟内有效，请勿告知他人。',
        code: '123456',
      },
    ])
  })

  it.each<[what: string, signing: Signing, code: string]>([
    ['a wrong key', { secret: 'wrong' }, 'AuthFailure.SignatureFailure'],
    ['an unknown id', { keyId: 'nobody' }, 'AuthFailure.SecretIdNotFound'],
    ['a disabled key', { keyId: 'AKID-simulated-disabled' }, 'AuthFailure.InvalidSecretId'],
    ['a key of the other site', { host: 'sms.intl.tencentcloudapi.com' }, 'AuthFailure.SecretIdNotFound'],
    [
      'a key without permission',
      { keyId: 'AKID-simulated-denied', secret: 'simulated-secret-denied' },
      'UnauthorizedOperation',
    ],
    ['a temporary key without its token', { keyId: 'AKID-simulated-temporary' }, 'AuthFailure.TokenFailure'],
    ['a token with a lasting key', { token: 'simulated-token' }, 'AuthFailure.TokenFailure'],
    ['an old request', { at: NOW - 301_000 }, 'AuthFailure.SignatureExpire'],
    ['a request from the future', { at: NOW + 301_000 }, 'AuthFailure.SignatureExpire'],
    ['no Authorization', { override: { authorization: undefined } }, 'AuthFailure.InvalidAuthorization'],
    ['no timestamp', { override: { 'x-tc-timestamp': undefined } }, 'MissingParameter'],
    ['no region', { override: { 'x-tc-region': undefined } }, 'MissingParameter'],
    ['a region without SMS', { override: { 'x-tc-region': 'ap-nowhere' } }, 'UnsupportedRegion'],
    ['no version', { override: { 'x-tc-version': undefined } }, 'MissingParameter'],
    ['an unknown version', { override: { 'x-tc-version': '2019-07-11' } }, 'NoSuchVersion'],
    ['another content type', { override: { 'content-type': 'text/plain' } }, 'AuthFailure.SignatureFailure'],
  ])('refuses %s as a whole', async (_, signing, code) => {
    const { send } = setUp()
    const answer = await send({}, signing)
    expect(answer.Error?.Code).toBe(code)
    expect(answer.SendStatusSet).toBeUndefined()
  })

  it('takes keys of the international site at its own host', async () => {
    const { send } = setUp()
    const intl = {
      host: 'sms.intl.tencentcloudapi.com',
      keyId: 'IKID-simulated-ok',
      secret: 'simulated-secret-intl',
    }
    expect((await send({}, intl)).SendStatusSet).toMatchObject([{ Code: 'Ok' }])
  })

  it('refuses an altered body, and takes the same request again while it is fresh', async () => {
    const { clouds } = setUp()
    const request = tc3Request('SendSms', sample, { at: NOW })
    const altered = new Request(request.url, { method: 'POST', headers: request.headers, body: '{}' })
    expect(await (await clouds.fetch(altered)).text()).toContain('AuthFailure.SignatureFailure')
    expect(await (await clouds.fetch(request.clone() as Request)).text()).toContain('"Ok"')
    expect(await (await clouds.fetch(request)).text()).toContain('"Ok"')
  })

  it.each<[what: string, change: object | string, code: string]>([
    ['a body that is no JSON', '{', 'InvalidRequest'],
    ['a missing member', { SmsSdkAppId: undefined }, 'MissingParameter'],
    ['null for a member', { TemplateId: null }, 'MissingParameter'],
    ['the member names of 2019', { SmsSdkAppid: '1400000001' }, 'UnknownParameter'],
    ['a text for the numbers', { PhoneNumberSet: '+8613800138000' }, 'InvalidParameter'],
    ['a number as variable', { TemplateParamSet: [123456] }, 'InvalidParameter'],
    ['no numbers', { PhoneNumberSet: [] }, 'MissingParameter.EmptyPhoneNumberSet'],
    [
      '201 numbers',
      { PhoneNumberSet: Array(201).fill('+8613800138000') },
      'LimitExceeded.PhoneNumberCountLimit',
    ],
    ['an unknown application', { SmsSdkAppId: '1' }, 'UnauthorizedOperation.SmsSdkAppIdVerifyFail'],
    ['a disabled application', { SmsSdkAppId: '1400000003' }, 'UnauthorizedOperation.SdkAppIdIsDisabled'],
    [
      'numbers of the mainland and abroad together',
      { PhoneNumberSet: ['+8613800138000', '+85261234567'] },
      'UnsupportedOperation.ContainDomesticAndInternationalPhoneNumber',
    ],
    ['a session context of 512 bytes', { SessionContext: '签'.repeat(171) }, 'InvalidParameterValue'],
  ])('refuses %s as a whole', async (_, change, code) => {
    const { send } = setUp()
    expect((await send(change)).Error?.Code).toBe(code)
  })

  it('refuses an unknown action', async () => {
    const { send } = setUp()
    expect((await send({}, {}, 'AddSmsSign')).Error?.Code).toBe('InvalidAction')
  })

  it.each<[what: string, change: object, code: string]>([
    ['an unknown template', { TemplateId: '1' }, 'FailedOperation.TemplateIncorrectOrUnapproved'],
    ['a template in review', { TemplateId: '1000031' }, 'FailedOperation.TemplateIncorrectOrUnapproved'],
    ['a rejected template', { TemplateId: '1000032' }, 'FailedOperation.TemplateIncorrectOrUnapproved'],
    ['no signature', { SignName: undefined }, 'FailedOperation.SignatureIncorrectOrUnapproved'],
    ['the id of a signature', { SignName: '300001' }, 'FailedOperation.SignatureIncorrectOrUnapproved'],
    ['a signature in review', { SignName: '待审签名' }, 'FailedOperation.SignatureIncorrectOrUnapproved'],
    [
      'a surplus variable',
      { TemplateParamSet: ['123456', '5'] },
      'FailedOperation.TemplateParamSetNotMatchApprovedTemplate',
    ],
    [
      'a lacking variable',
      { TemplateParamSet: undefined },
      'FailedOperation.TemplateParamSetNotMatchApprovedTemplate',
    ],
    [
      'letters in a code',
      { TemplateParamSet: ['A2C4'] },
      'InvalidParameterValue.TemplateParameterFormatError',
    ],
    [
      'a code of seven',
      { TemplateParamSet: ['1234567'] },
      'InvalidParameterValue.TemplateParameterFormatError',
    ],
    [
      'words among the variables of a captcha',
      { TemplateId: '1000005', TemplateParamSet: ['123456', '5分钟'] },
      'InvalidParameterValue.TemplateParameterFormatError',
    ],
    [
      'a link in a variable',
      { TemplateId: '1000011', TemplateParamSet: ['http://a.example', '1'] },
      'InvalidParameterValue.ProhibitedUseUrlInTemplateParameter',
    ],
    [
      "a long variable of an individual's application",
      { SmsSdkAppId: '1400000002', TemplateId: '1000011', TemplateParamSet: ['李'.repeat(13), '1'] },
      'InvalidParameterValue.TemplateParameterLengthLimit',
    ],
    [
      'an international template for the mainland',
      { TemplateId: '1000024' },
      'UnsupportedOperation.GlobalTemplateToChineseMainlandPhone',
    ],
    [
      'a mainland template abroad',
      { PhoneNumberSet: ['+85261234567'] },
      'UnsupportedOperation.ChineseMainlandTemplateToGlobalPhone',
    ],
    ['an empty number', { PhoneNumberSet: [''] }, 'InvalidParameterValue.IncorrectPhoneNumber'],
    [
      'a number with spaces',
      { PhoneNumberSet: ['+86 13800138000'] },
      'InvalidParameterValue.IncorrectPhoneNumber',
    ],
    [
      'an overseas number without +',
      { PhoneNumberSet: ['85261234567'] },
      'InvalidParameterValue.IncorrectPhoneNumber',
    ],
    ['an empty package', { SmsSdkAppId: '1400000004' }, 'FailedOperation.InsufficientBalanceInSmsPackage'],
    ['arrears', { SmsSdkAppId: '1400000005' }, 'UnauthorizedOperation.ServiceSuspendDueToArrears'],
  ])('refuses %s in the status of the number', async (_, change, code) => {
    const { clouds, codes } = setUp()
    expect(await codes(change)).toEqual([code])
    expect(clouds.inbox.messages()).toEqual([])
  })

  it.each(['+8613800138000', '8613800138000', '008613800138000', '13800138000', '+86013800138000'])(
    'takes the mainland number %s',
    async number => {
      const { clouds, codes } = setUp()
      expect(await codes({ PhoneNumberSet: [number] })).toEqual(['Ok'])
      expect(clouds.inbox.messages()[0]?.to).toBe('+8613800138000')
    },
  )

  it('sends abroad with or without a signature', async () => {
    const { clouds, send } = setUp()
    const abroad = { PhoneNumberSet: ['+12025550123'], TemplateId: '1000024', SignName: undefined }
    expect((await send(abroad)).SendStatusSet).toMatchObject([
      { Code: 'Ok', IsoCode: 'US', SerialNo: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    ])
    expect(clouds.inbox.messages()[0]?.text).toBe(
      'Your verification code is 123456. It is valid for 10 minutes.',
    )
  })

  it('judges each number of a set on its own', async () => {
    const { clouds, send } = setUp()
    const answer = await send({ PhoneNumberSet: ['+8613800138000', 'nonsense', '+8613900000021'] })
    expect(answer.SendStatusSet).toMatchObject([
      { Code: 'Ok', PhoneNumber: '+8613800138000' },
      { Code: 'InvalidParameterValue.IncorrectPhoneNumber', PhoneNumber: 'nonsense', Fee: 0, IsoCode: '' },
      {
        Code: 'FailedOperation.InsufficientBalanceInSmsPackage',
        PhoneNumber: '+8613900000021',
        IsoCode: 'CN',
      },
    ])
    expect(clouds.inbox.messages()).toHaveLength(1)
  })

  it.each(MAGIC_RECIPIENTS)('fails for $e164 with $code, whatever the settings', async ({ e164, code }) => {
    const { send } = setUp()
    const answer = await send({ PhoneNumberSet: [e164], TemplateId: '1' })
    expect(answer.Error?.Code ?? answer.SendStatusSet?.[0]?.Code).toBe(code)
    expect(answer.Error !== undefined).toBe(isRequestLevel(code))
  })
})

describe('frequency control of Tencent Cloud SMS', () => {
  const anyone = { PhoneNumberSet: ['+8613912345678'] }

  it('takes the same content for the same number once in thirty seconds', async () => {
    const { codes, wait } = setUp()
    expect(await codes(anyone)).toEqual(['Ok'])
    wait(29_999)
    expect(await codes(anyone)).toEqual(['LimitExceeded.PhoneNumberThirtySecondLimit'])
    wait(1)
    expect(await codes(anyone)).toEqual(['Ok'])
  })

  it('takes two messages for a number in a calendar day of UTC+8', async () => {
    const { codes, wait } = setUp()
    const other = (code: string) => codes({ ...anyone, TemplateParamSet: [code] })
    expect(await other('111111')).toEqual(['Ok'])
    expect(await other('222222')).toEqual(['Ok'])
    expect(await other('333333')).toEqual(['LimitExceeded.PhoneNumberDailyLimit'])
    wait(14 * 3_600_000 - 1)
    expect(await other('333333')).toEqual(['LimitExceeded.PhoneNumberDailyLimit'])
    wait(1)
    expect(await other('333333')).toEqual(['Ok'])
  })

  it('exempts the numbers on the allow-list', async () => {
    const { codes } = setUp()
    for (let index = 0; index < 5; index++) {
      expect(await codes({ PhoneNumberSet: ['+8613800138299'] })).toEqual(['Ok'])
    }
  })

  it('can be switched off', async () => {
    const { clouds, codes } = setUp()
    clouds.control.setFrequencyControl(false)
    for (let index = 0; index < 5; index++) expect(await codes(anyone)).toEqual(['Ok'])
  })
})
