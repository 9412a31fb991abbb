import { describe, expect, it } from 'vitest'
import { createClouds } from '../index.ts'
import { rpcRequest } from '../signed-requests.ts'
import { createFrequency, type Send } from './frequency.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** A cloud whose clock stands at the given time in UTC+8 and moves by hand. */
function setUp(beijing: string) {
  let now = Date.parse(`${beijing}+08:00`)
  const clouds = createClouds({ now: () => now })
  const send = async (change: Record<string, string> = {}) => {
    const parameters = {
      PhoneNumbers: '13912345678',
      SignName: '示例应用',
      TemplateCode: 'SMS_100000004',
      TemplateParam: '{"code":"123456"}',
      ...change,
    }
    const response = await clouds.fetch(rpcRequest('SendSms', '2017-05-25', parameters, { at: now }))
    const { Code, Message } = (await response.json()) as { Code: string; Message: string }
    return Code === 'isv.BUSINESS_LIMIT_CONTROL' ? Message : Code
  }
  const wait = (ms: number) => {
    now += ms
  }
  return { clouds, send, wait }
}

describe('frequency control of Aliyun SMS', () => {
  it('takes one captcha in a minute of the clock, not in sixty seconds', async () => {
    const { send, wait } = setUp('2026-01-02T10:00:59')
    expect(await send()).toBe('OK')
    expect(await send()).toBe('触发分钟级流控Permits:1')
    wait(2000)
    expect(await send()).toBe('OK')
    wait(57_000)
    expect(await send()).toBe('触发分钟级流控Permits:1')
  })

  it('takes five in an hour of the clock and ten in the last 24 hours', async () => {
    const { send, wait } = setUp('2026-01-02T22:30:00')
    const run = async (times: number) => {
      const answers: string[] = []
      for (let index = 0; index < times; index++, wait(MINUTE)) answers.push(await send())
      return answers
    }
    expect(await run(6)).toEqual([...Array(5).fill('OK'), '触发小时级流控Permits:5'])
    wait(HOUR)
    expect(await run(6)).toEqual([...Array(5).fill('OK'), '触发小时级流控Permits:5'])
    wait(HOUR) // Past midnight: a calendar day would let it through.
    expect(await send()).toBe('触发天级流控Permits:10')
    wait(22 * HOUR)
    expect(await send()).toBe('OK')
  })

  it('counts each signature on its own, and all captchas of a number together at forty a day', () => {
    let now = Date.parse('2026-01-02T00:00:00+08:00')
    const frequency = createFrequency(() => now)
    const answers: (string | undefined)[] = []
    for (const signature of ['甲', '乙', '丙', '丁']) {
      for (let index = 0; index < 10; index++) {
        const send: Send = { number: '+8613912345678', signature, template: 'SMS_1', type: 'captcha' }
        answers.push(frequency.refuses(send))
        frequency.count(send)
        now += 15 * MINUTE
      }
    }
    expect(answers).toEqual(Array(40).fill(undefined))
    const fifth: Send = { number: '+8613912345678', signature: '戊', template: 'SMS_1', type: 'captcha' }
    expect(frequency.refuses(fifth)).toBe('触发天级流控Permits:40')
    expect(frequency.refuses({ ...fifth, number: '+8613912345679' })).toBeUndefined()
  })

  it('does not count what was refused', async () => {
    const { send } = setUp('2026-01-02T10:00:00')
    expect(await send({ TemplateParam: '{}' })).toBe('isv.TEMPLATE_MISSING_PARAMETERS')
    expect(await send()).toBe('OK')
  })

  it('leaves notifications alone up to fifty a day', async () => {
    const { send } = setUp('2026-01-02T10:00:00')
    const notice = { TemplateCode: 'SMS_100000011', TemplateParam: '{"name":"李","order":"1"}' }
    for (let index = 0; index < 50; index++) expect(await send(notice)).toBe('OK')
    expect(await send(notice)).toBe('触发天级流控Permits:50')
  })

  it('does not touch overseas numbers', async () => {
    const { send } = setUp('2026-01-02T10:00:00')
    const abroad = { PhoneNumbers: '85261234567', TemplateCode: 'SMS_100000024' }
    for (let index = 0; index < 12; index++) expect(await send(abroad)).toBe('OK')
  })

  it('exempts the 300 numbers on the allow-list and no other', async () => {
    const { send } = setUp('2026-01-02T10:00:00')
    for (const exempt of ['13800138000', '13800138299']) {
      expect(await send({ PhoneNumbers: exempt })).toBe('OK')
      expect(await send({ PhoneNumbers: exempt })).toBe('OK')
    }
    for (const other of ['13800137999', '13800138300']) {
      expect(await send({ PhoneNumbers: other })).toBe('OK')
      expect(await send({ PhoneNumbers: other })).toBe('触发分钟级流控Permits:1')
    }
  })

  it('can be switched off', async () => {
    const { clouds, send } = setUp('2026-01-02T10:00:00')
    clouds.control.setFrequencyControl(false)
    for (let index = 0; index < 12; index++) expect(await send()).toBe('OK')
  })
})
