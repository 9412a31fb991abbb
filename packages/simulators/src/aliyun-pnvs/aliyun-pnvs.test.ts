import { describe, expect, it } from 'vitest'
import { createClouds } from '../index.ts'
import { rpcRequest } from '../signed-requests.ts'
import { MAGIC_RECIPIENTS } from './recipients.ts'

const NOW = Date.parse('2026-01-02T10:00:00+08:00')
const USUAL = {
  PhoneNumber: '13911112222',
  SignName: '示例赠送签名',
  TemplateCode: '100001',
  TemplateParam: '{"code":"123456","min":"10"}',
}

function setUp() {
  let now = NOW
  const clouds = createClouds({ now: () => now })
  async function call(action: string, parameters: Record<string, string>, key: object = {}) {
    const signing = { host: 'dypnsapi.aliyuncs.com', at: now, ...key }
    const response = await clouds.fetch(rpcRequest(action, '2017-05-25', parameters, signing))
    const body = (await response.json()) as {
      Code: string
      Message: string
      HostId?: string
      Model?: Record<string, string>
    }
    return { status: response.status, ...body }
  }
  return {
    clouds,
    send: (change: Record<string, string> = {}, key?: object) =>
      call('SendSmsVerifyCode', { ...USUAL, ...change }, key),
    check: (VerifyCode: string, change: Record<string, string> = {}) =>
      call('CheckSmsVerifyCode', { PhoneNumber: USUAL.PhoneNumber, VerifyCode, ...change }),
    wait(seconds: number) {
      now += seconds * 1000
    },
  }
}

const REQUIRED = ['PhoneNumber', 'SignName', 'TemplateCode', 'TemplateParam'] as const

describe('a message over PNVS', () => {
  it.each(REQUIRED)('is refused without %s', async name => {
    const { status, Code } = await setUp().send({ [name]: '' })
    expect([status, Code]).toEqual([400, `Missing${name}`])
  })

  it.each([
    [{ SignName: '示例应用' }, 'isv.INVALID_PARAMETERS', '签名或者模版无效'],
    [{ TemplateCode: 'SMS_100000002' }, 'isv.INVALID_PARAMETERS', '签名或者模版无效'],
    [{ TemplateParam: '{"code":"123456"}' }, 'isv.INVALID_PARAMETERS', '请检查模板内容与模板参数是否匹配'],
    [
      { TemplateParam: '{"code":"123456","min":10}' },
      'isv.INVALID_PARAMETERS',
      '请检查模板内容与模板参数是否匹配',
    ],
    [{ TemplateParam: '{"code":"","min":"10"}' }, 'isv.INVALID_PARAMETERS', '模版变量code内容非法'],
    [{ TemplateParam: 'x' }, 'isv.INVALID_PARAMETERS', '请检查模板内容与模板参数是否匹配'],
    [{ PhoneNumber: '85261234567' }, 'isv.MOBILE_NUMBER_ILLEGAL', '手机号码格式错误'],
    [{ PhoneNumber: '13911112222,13911112223' }, 'isv.MOBILE_NUMBER_ILLEGAL', '手机号码格式错误'],
    [{ CountryCode: '852' }, 'isv.MOBILE_NUMBER_ILLEGAL', '手机号码格式错误'],
    [{ Interval: 'x' }, 'isv.INVALID_PARAMETERS', 'Interval is illegal'],
    [{ CodeLength: '9' }, 'isv.INVALID_PARAMETERS', 'CodeLength is illegal'],
  ])('with %o is refused: %s, %s', async (change, code, message) => {
    const { clouds, send } = setUp()
    const { status, Code, Message, HostId } = await send(change)
    expect([status, Code, Message, HostId]).toEqual([400, code, message, 'dypnsapi.aliyuncs.com'])
    expect(clouds.inbox.messages()).toEqual([])
  })

  it('keeps to the interval, which a call may set', async () => {
    const { send, wait } = setUp()
    expect((await send()).Code).toBe('OK')
    wait(59)
    expect(await send()).toMatchObject({
      status: 400,
      Code: 'biz.FREQUENCY',
      Message: 'check frequency failed',
    })
    expect((await send({ Interval: '59' })).Code).toBe('OK')
    wait(60)
    expect((await send()).Code).toBe('OK')
  })

  it('goes to one number ten times a day, and to the numbers of the allow-list without a limit', async () => {
    const { send, wait } = setUp()
    for (let n = 0; n < 10; n++) {
      expect((await send()).Code).toBe('OK')
      wait(60)
    }
    expect(await send()).toMatchObject({
      Code: 'isv.BUSINESS_LIMIT_CONTROL',
      Message: '触发号码天级流控Permits:10',
    })
    for (let n = 0; n < 12; n++) expect((await send({ PhoneNumber: '8613800138000' })).Code).toBe('OK')
  })

  it.each([
    ['LTAI-simulated-ram-denied', 'simulated-secret-ram-denied', 'isv.RAM_PERMISSION_DENY'],
    ['LTAI-simulated-out-of-service', 'simulated-secret-out-of-service', 'isv.OUT_OF_SERVICE'],
    ['LTAI-simulated-no-balance', 'simulated-secret-no-balance', 'isv.AMOUNT_NOT_ENOUGH'],
    ['LTAI-simulated-send-only', 'simulated-secret-send-only', 'OK'],
  ])('of the key %s ends with %s', async (keyId, secret, code) => {
    expect((await setUp().send({}, { keyId, secret })).Code).toBe(code)
  })

  it('to a number that stands for a failure fails so, with the status that goes with the spelling', async () => {
    const { clouds, send } = setUp()
    for (const { e164, code } of MAGIC_RECIPIENTS) {
      const { status, Code } = await send({ PhoneNumber: e164.slice(3) })
      expect(Code).toBe(code)
      expect([code, status === 200]).toEqual([code, /^[A-Z]+_[A-Z_]+$/.test(code)])
    }
    expect(clouds.inbox.messages()).toEqual([])
  })
})

describe('a code that PNVS makes', () => {
  const own = { TemplateParam: '{"code":"##code##","min":"5"}', ReturnVerifyCode: 'true' }

  it.each([
    [{}, /^\d{4}$/],
    [{ CodeLength: '8', CodeType: '2' }, /^[A-Z]{8}$/],
    [{ CodeLength: '6', CodeType: '7' }, /^[A-Za-z0-9]{6}$/],
  ])('with %o looks like %s', async (change, form) => {
    expect((await setUp().send({ ...own, ...change })).Model?.VerifyCode).toMatch(form)
  })

  it('counts until it is used, replaced or too old', async () => {
    const { send, check, wait } = setUp()
    const make = async (change: object = {}) =>
      (await send({ ...own, Interval: '1', ...change })).Model!.VerifyCode!
    const passes = async (code: string) => (await check(code)).Code === 'OK'
    const first = await make({ CodeLength: '8' })
    wait(1)
    const second = await make({ CodeLength: '8', DuplicatePolicy: '2' })
    expect(await passes(first)).toBe(true)
    expect(await passes(first)).toBe(false)
    wait(1)
    const third = await make({ CodeLength: '8' })
    expect(await passes(second)).toBe(false)
    wait(300)
    expect(await passes(third)).toBe(false)
  })
})
