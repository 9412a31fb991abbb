import { describe, expect, it } from 'vitest'
import { createClouds } from '../index.ts'
import { rpcRequest, type Signing } from '../signed-requests.ts'
import { NUMBERS_PER_CALL } from './numbers.ts'
import { MAGIC_RECIPIENTS } from './recipients.ts'

const sample = {
  PhoneNumbers: '13800138000',
  SignName: '示例应用',
  TemplateCode: 'SMS_100000004',
  TemplateParam: '{"code":"123456"}',
}

function setUp() {
  const clouds = createClouds()
  const send = async (change: Record<string, string> = {}, signing: Signing = {}) => {
    const response = await clouds.fetch(
      rpcRequest('SendSms', '2017-05-25', { ...sample, ...change }, signing),
    )
    return { status: response.status, body: (await response.json()) as Record<string, string> }
  }
  return { clouds, send }
}

const param = (values: unknown) => ({ TemplateParam: JSON.stringify(values) })
const international = { TemplateCode: 'SMS_100000024', SignName: 'Example' }

describe('Aliyun SMS', () => {
  it('delivers the rendered text with its signature and code', async () => {
    const { clouds, send } = setUp()
    const { body } = await send()
    expect(body).toEqual({
      Code: 'OK',
      Message: 'OK',
      BizId: expect.stringMatching(/^\d+\^0$/),
      RequestId: expect.any(String),
    })
    expect(clouds.inbox.messages()).toMatchObject([
      {
        cloud: 'aliyun-sms',
        channel: 'sms',
        to: '+8613800138000',
        from: '示例应用',
        text: '【示例应用】您的验证码为：123456，10分钟内有效，请勿告知他人。',
        code: '123456',
      },
    ])
  })

  it('answers its own refusals with HTTP 200, in a shape without BizId, HostId and Recommend', async () => {
    const { send } = setUp()
    const { status, body } = await send({ TemplateCode: 'SMS_1' })
    expect(status).toBe(200)
    expect(body).toEqual({
      Code: 'isv.SMS_TEMPLATE_ILLEGAL',
      Message: '该账号下找不到对应模板',
      RequestId: expect.any(String),
    })
  })

  it.each(['PhoneNumbers', 'SignName', 'TemplateCode'])(
    'refuses a request without %s at the gateway',
    async name => {
      const { send } = setUp()
      expect(await send({ [name]: '' })).toMatchObject({
        status: 400,
        body: {
          Code: `Missing${name}`,
          Message: `${name} is mandatory for this action.`,
          Recommend: expect.any(String),
        },
      })
    },
  )

  it.each<[what: string, change: Record<string, string>, code: string]>([
    ['variables that are no JSON', { TemplateParam: '{code:1}' }, 'isv.INVALID_JSON_PARAM'],
    ['variables in a list', param(['123456']), 'isv.INVALID_JSON_PARAM'],
    ['a number as variable', param({ code: 123456 }), 'isv.INVALID_JSON_PARAM'],
    ['null as variable', param({ code: null }), 'isv.INVALID_JSON_PARAM'],
    ['no variables where one is needed', { TemplateParam: '' }, 'isv.TEMPLATE_MISSING_PARAMETERS'],
    ['variables of another name', param({ number: '123456' }), 'isv.TEMPLATE_MISSING_PARAMETERS'],
    ['inherited names as variables', param({ toString: '1234' }), 'isv.TEMPLATE_MISSING_PARAMETERS'],
    ['a code of three', param({ code: '123' }), 'isv.PARAM_LENGTH_LIMIT'],
    ['a code of seven', param({ code: '1234567' }), 'isv.PARAM_LENGTH_LIMIT'],
    ['an empty code', param({ code: '' }), 'isv.PARAM_LENGTH_LIMIT'],
    ['a code with signs', param({ code: '12-34' }), 'isv.TEMPLATE_PARAMS_ILLEGAL'],
    [
      'letters where digits are declared',
      { TemplateCode: 'SMS_100000005', ...param({ code: 'ABCD' }) },
      'isv.TEMPLATE_PARAMS_ILLEGAL',
    ],
    [
      'a link in a variable',
      { TemplateCode: 'SMS_100000011', ...param({ name: 'http://a.example', order: '1' }) },
      'isv.PARAM_NOT_SUPPORT_URL',
    ],
    [
      'a variable of 36 characters',
      { TemplateCode: 'SMS_100000011', ...param({ name: '李'.repeat(36), order: '1' }) },
      'isv.PARAM_LENGTH_LIMIT',
    ],
    [
      'brackets in a variable',
      { TemplateCode: 'SMS_100000011', ...param({ name: '【李】', order: '1' }) },
      'isv.UNSUPPORTED_CONTENT',
    ],
    ['an unknown signature', { SignName: '没有' }, 'isv.SMS_SIGNATURE_ILLEGAL'],
    ['a signature in review', { SignName: '待审签名' }, 'isv.SMS_SIGNATURE_ILLEGAL'],
    ['a rejected signature', { SignName: '驳回签名' }, 'isv.SMS_SIGNATURE_ILLEGAL'],
    ['a signature with brackets', { SignName: '【示例应用】' }, 'isv.SMS_SIGNATURE_ILLEGAL'],
    ['a template in review', { TemplateCode: 'SMS_100000031' }, 'isv.SMS_TEMPLATE_ILLEGAL'],
    ['a rejected template', { TemplateCode: 'SMS_100000032' }, 'isv.SMS_TEMPLATE_ILLEGAL'],
    [
      'a captcha signature with a notification',
      { SignName: '示例验证', TemplateCode: 'SMS_100000011', ...param({ name: '李', order: '1' }) },
      'isv.SMS_SIGNATURE_SCENE_ILLEGAL',
    ],
    ['a number with spaces', { PhoneNumbers: '138 0013 8000' }, 'isv.MOBILE_NUMBER_ILLEGAL'],
    ['a landline', { PhoneNumbers: '02112345678' }, 'isv.MOBILE_NUMBER_ILLEGAL'],
    ['an empty number in the list', { PhoneNumbers: '13800138000,' }, 'isv.MOBILE_NUMBER_ILLEGAL'],
    [
      'an overseas number with a plus',
      { ...international, PhoneNumbers: '+85261234567' },
      'isv.MOBILE_NUMBER_ILLEGAL',
    ],
    [
      'an overseas number with 00',
      { ...international, PhoneNumbers: '0085261234567' },
      'isv.MOBILE_NUMBER_ILLEGAL',
    ],
    [
      'an overseas number with a mainland template',
      { PhoneNumbers: '85261234567' },
      'isv.SMS_TEMPLATE_ILLEGAL',
    ],
    ['a mainland number with an international template', international, 'isv.DOMESTIC_NUMBER_NOT_SUPPORTED'],
    [
      'too many numbers',
      {
        PhoneNumbers: Array(NUMBERS_PER_CALL + 1)
          .fill('13800138000')
          .join(),
      },
      'isv.MOBILE_COUNT_OVER_LIMIT',
    ],
  ])('refuses %s', async (_, change, code) => {
    const { clouds, send } = setUp()
    expect(await send(change)).toMatchObject({ status: 200, body: { Code: code } })
    expect(clouds.inbox.messages()).toEqual([])
  })

  it.each(['13800138000', '+13800138000', '+8613800138000', '008613800138000', '8613800138000'])(
    'takes the mainland number %s',
    async number => {
      const { clouds, send } = setUp()
      await send({ PhoneNumbers: number })
      expect(clouds.inbox.messages()).toMatchObject([{ to: '+8613800138000' }])
    },
  )

  it.each([
    ['85261234567', '+85261234567'],
    ['12025550123', '+12025550123'],
    ['13105550123', '+13105550123'],
    ['447400123456', '+447400123456'],
  ])('takes the overseas number %s with an international template', async (number, e164) => {
    const { clouds, send } = setUp()
    await send({ ...international, PhoneNumbers: number })
    expect(clouds.inbox.messages()).toMatchObject([
      {
        to: e164,
        text: '[Example]Your verification code is 123456. It is valid for 10 minutes.',
        code: '123456',
      },
    ])
  })

  it('tolerates variables which the template does not use', async () => {
    const { send } = setUp()
    expect((await send(param({ code: '123456', minutes: '5' }))).body.Code).toBe('OK')
  })

  it('sends to every number of a list once, or to none', async () => {
    const { clouds, send } = setUp()
    await send({ PhoneNumbers: '13800138000,13800138001,13800138000' })
    expect(clouds.inbox.messages()).toHaveLength(2)
    expect((await send({ PhoneNumbers: '13800138000,12345' })).body.Code).toBe('isv.MOBILE_NUMBER_ILLEGAL')
    expect(clouds.inbox.messages()).toHaveLength(2)
  })

  it.each([
    ['ram-denied', 'isp.RAM_PERMISSION_DENY'],
    ['no-balance', 'isv.AMOUNT_NOT_ENOUGH'],
    ['out-of-service', 'isv.OUT_OF_SERVICE'],
  ])('refuses the key of an account that is %s', async (state, code) => {
    const { send } = setUp()
    const signing = { keyId: `LTAI-simulated-${state}`, secret: `simulated-secret-${state}` }
    expect(await send({}, signing)).toMatchObject({ status: 200, body: { Code: code } })
  })

  it.each(MAGIC_RECIPIENTS)(
    'fails for $e164 with $code, whatever the settings',
    async ({ e164, code, message }) => {
      const { clouds, send } = setUp()
      clouds.control.setFrequencyControl(false)
      const { body } = await send({ PhoneNumbers: e164, TemplateCode: 'SMS_1' })
      expect(body.Code).toBe(code)
      if (message) expect(body.Message).toBe(message)
      expect(clouds.inbox.messages()).toEqual([])
    },
  )
})
