import { isRobotAddress, ROBOT_FORMS, type RobotForm, shownAddress } from '@countersign/api'
import { FAILURES } from '@countersign/kit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sample } from '../samples.ts'
import { alertOf, messageOf, type Payload, testMessage } from './alerts.ts'
import { readAnswer } from './answer.ts'
import { cutToBytes, dingtalkSign, feishuSign, MOST_BYTES, robotRequest, textFor } from './message.ts'

const ADDRESSES: Record<RobotForm, string> = {
  dingtalk: 'https://oapi.dingtalk.com/robot/send?access_token=t0',
  wecom: 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k0',
  feishu: 'https://open.feishu.cn/open-apis/bot/v2/hook/h0',
  slack: 'https://hooks.slack.com/services/T0/B0/s0',
}
const NOW = 1_796_004_000_000
const message = { title: 'Balance low', lines: ['Left: 42.10 CNY'] }
const text = 'Countersign: Balance low\nLeft: 42.10 CNY'

describe('a request to a robot', () => {
  test('is signed for DingTalk in the query', () => {
    const secret = 'SECexample0000000000000000000000000000000000000000000000000000000'
    expect(encodeURIComponent(dingtalkSign(secret, NOW))).toBe(
      'G%2FSK1CvF2pd0PXocF6G6PyEBnIxrGxjobDP17UC5aas%3D',
    )
    expect(robotRequest({ form: 'dingtalk', secret }, ADDRESSES.dingtalk, message, NOW)).toEqual({
      url: `${ADDRESSES.dingtalk}&timestamp=${NOW}&sign=G%2FSK1CvF2pd0PXocF6G6PyEBnIxrGxjobDP17UC5aas%3D`,
      body: JSON.stringify({ msgtype: 'text', text: { content: text }, at: { isAtAll: false } }),
    })
  })

  test('is signed for Feishu in the body', () => {
    const secret = 'larkExampleSecret0000'
    const sign = 'jr5EheJb7swp973BsMLL3+Pu96NA6Aoe2HHAaA8vDrw='
    expect(feishuSign(secret, NOW / 1000)).toBe(sign)
    const { url, body } = robotRequest({ form: 'feishu', secret }, ADDRESSES.feishu, message, NOW + 999)
    expect(url).toBe(ADDRESSES.feishu)
    expect(JSON.parse(body)).toEqual({ timestamp: '1796004000', sign, msg_type: 'text', content: { text } })
  })

  test('is not signed where the robot has no secret, or the service knows none', () => {
    for (const form of ROBOT_FORMS)
      expect(robotRequest({ form }, ADDRESSES[form], message, NOW).url).toBe(ADDRESSES[form])
    const bodies = (['wecom', 'slack'] as const).map(form =>
      JSON.parse(robotRequest({ form, secret: 'x' }, ADDRESSES[form], message, NOW).body),
    )
    expect(bodies).toEqual([{ msgtype: 'text', text: { content: text } }, { text }])
  })

  test('mentions nobody, whatever somebody is called', () => {
    const named = { title: '<at user_id="all">x</at> <!channel> @all & <@u>', lines: [] }
    for (const form of ROBOT_FORMS) expect(textFor(form, named)).not.toMatch(/[<>@&]/)
    expect(textFor('slack', { title: 'A & <b>', lines: [] })).toBe('Countersign: A ＆ ＜b＞')
  })
})

test('a text is cut to bytes, never inside a character', () => {
  expect(cutToBytes('余额不足', 12)).toBe('余额不足')
  expect(cutToBytes('余额不足', 11)).toBe('余额…')
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.integer({ min: 3, max: 100 }),
      (given, most) => {
        const cut = cutToBytes(given, most)
        expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(Math.max(most, 3))
        expect(cut.isWellFormed()).toBe(true)
        expect(given.startsWith(cut.replace(/…$/, '')) || cut === given).toBe(true)
      },
    ),
  )
  const long = { title: '余'.repeat(3000), lines: ['<'.repeat(3000)] }
  for (const form of ROBOT_FORMS)
    expect(Buffer.byteLength(textFor(form, long))).toBeLessThanOrEqual(MOST_BYTES[form])
})

describe('the address of a robot', () => {
  test.each(ROBOT_FORMS)('of %s is taken at its hosts alone, and shown without its token', form => {
    const address = ADDRESSES[form]
    expect(isRobotAddress(form, address)).toBe(true)
    expect(shownAddress(address)).not.toMatch(/0/)
    const host = new URL(address).host
    for (const wrong of [
      address.replace('https:', 'http:'),
      address.replace(host, `${host}.example.com`),
      address.replace(host, `${host}:8443`),
      address.replace(host, `evil.example#${host}`),
      address.replace(host, `me:x@${host}`),
      `https://${host}/`,
      address.replace(/[=/]\w+$/, match => match[0]!),
      'nonsense',
    ])
      expect(isRobotAddress(form, wrong)).toBe(false)
    for (const other of ROBOT_FORMS) expect(isRobotAddress(other, address)).toBe(other === form)
  })

  test('of other hosts is shown as it is', () => {
    expect(shownAddress('https://crm.example.com/hook?key=1')).toBe('https://crm.example.com/hook?key=1')
    expect(isRobotAddress('feishu', 'https://open.larksuite.com/open-apis/bot/v2/hook/x')).toBe(true)
    expect(isRobotAddress('slack', 'https://hooks.slack-gov.com/services/T/B/x')).toBe(true)
  })
})

describe('the answer of a service', () => {
  test.each<[RobotForm, number, string]>([
    ['dingtalk', 200, '{"errcode":0,"errmsg":"ok"}'],
    ['wecom', 200, '{"errcode":0,"errmsg":"ok"}'],
    ['feishu', 200, '{"code":0,"msg":"success","data":{}}'],
    ['feishu', 200, '{"StatusCode":0,"StatusMessage":"success"}'],
    ['slack', 200, 'ok'],
  ])('of %s with %i %s means that the message is there', (form, status, body) => {
    expect(readAnswer(form, status, body)).toEqual({})
  })

  test.each<[RobotForm, number, string, string, RegExp]>([
    ['dingtalk', 200, '{"errcode":310000,"errmsg":"keywords not in content"}', 'configuration', /keyword/],
    ['dingtalk', 200, '{"errcode":310000,"errmsg":"sign not match"}', 'configuration', /signature/],
    [
      'dingtalk',
      200,
      '{"errcode":310000,"errmsg":"ip 1.2.3.4 not in whitelist"}',
      'configuration',
      /IP address/,
    ],
    ['dingtalk', 200, '{"errcode":300005,"errmsg":"token is not exist"}', 'configuration', /no robot/],
    [
      'dingtalk',
      200,
      '{"errcode":130101,"errmsg":"send too fast, exceed 20 times per minute"}',
      'too-fast',
      /more/,
    ],
    ['dingtalk', 200, '{"errcode":-1,"errmsg":"busy"}', 'passing', /busy/],
    ['dingtalk', 200, '{"errcode":40035,"errmsg":"x"}', 'ours', /mistake of Countersign/],
    ['wecom', 200, '{"errcode":93000,"errmsg":"invalid webhook url"}', 'configuration', /no robot/],
    ['wecom', 200, '{"errcode":45009,"errmsg":"api freq out of limit"}', 'too-fast', /more/],
    ['wecom', 200, '{"errcode":40058,"errmsg":"x"}', 'ours', /malformed/],
    ['wecom', 200, '{"errcode":1,"errmsg":"x"}', 'configuration', /not known/],
    ['wecom', 200, '', 'passing', /none of the service/],
    ['wecom', 200, '<html>portal</html>', 'passing', /none of the service/],
    ['wecom', 200, '{"errcode":"0"}', 'passing', /none of the service/],
    ['feishu', 200, '{"code":19021,"msg":"sign match fail"}', 'configuration', /signature/],
    ['feishu', 200, '{"StatusCode":19024,"StatusMessage":"Key Words Not Found"}', 'configuration', /keyword/],
    ['feishu', 400, '{"code":9499,"msg":"Bad Request"}', 'ours', /malformed/],
    ['feishu', 200, '{"code":11232,"msg":"frequency limited"}', 'too-fast', /more/],
    ['feishu', 502, '<html>', 'passing', /busy/],
    ['feishu', 302, '', 'configuration', /redirects/],
    ['slack', 403, 'invalid_token', 'configuration', /no robot/],
    ['slack', 410, 'channel_is_archived', 'configuration', /removed/],
    ['slack', 400, 'no_text', 'ours', /malformed/],
    ['slack', 429, '', 'too-fast', /more/],
    ['slack', 500, 'rollup_error', 'passing', /busy/],
    ['slack', 404, 'constructor', 'configuration', /not known/],
    ['slack', 200, '<html>', 'passing', /none of the service/],
  ])('of %s with %i %s is a failure: %s', (form, status, body, kind, meaning) => {
    const { failure } = readAnswer(form, status, body)
    expect(failure?.kind).toBe(kind)
    expect(failure?.meaning.en).toMatch(meaning)
    expect(failure?.remedy['zh-CN']).toMatch(/\p{Script=Han}/u)
  })

  test('says how long to wait, a minute at least where it was too fast', () => {
    expect(readAnswer('slack', 429, '', 5).retryAfter).toBe(60_000)
    expect(readAnswer('slack', 429, '', 90).retryAfter).toBe(90_000)
    expect(readAnswer('slack', 500, 'rollup_error').retryAfter).toBe(0)
    expect(readAnswer('slack', 403, 'invalid_token').retryAfter).toBeUndefined()
  })
})

describe('what a robot tells', () => {
  const voice = { form: 'dingtalk', language: 'en', console: 'https://console.example.com' } as const
  const createdAt = '2026-11-30T08:00:00.000Z'
  const told = (event: string, payload: Payload, language: 'en' | 'zh-CN' = 'en') =>
    textFor('dingtalk', messageOf([alertOf(event, [payload])], { ...voice, language }))
  const health = (state: string, reason: string | null) => {
    const { data } = sample('Connection.Health.Updated') as { data: { health: object } }
    return { createdAt, data: { ...data, health: { ...data.health, state, reason } } }
  }

  test('of a connection is what happened, why, what helps, and where', () => {
    expect(told('Connection.Health.Updated', health('resting', 'balance_exhausted'))).toBe(
      [
        'Countersign: Balance exhausted: Sample connection',
        'It takes no text messages for now; others go first.',
        FAILURES.balance_exhausted.meaning.en,
        FAILURES.balance_exhausted.remedy.en,
        'Connector: aliyun-short-message-service',
        'Since: 2026-01-01 00:00 UTC',
        'Console: https://console.example.com/connectors/sampleconn01',
      ].join('\n'),
    )
    expect(told('Connection.Health.Updated', health('healthy', null), 'zh-CN')).toContain(
      'Countersign: Sample connection 已恢复\n短信已恢复使用该连接。',
    )
    const states = ['failing', 'credentials_rejected', 'later'].map(reason => health('resting', reason))
    const alerts = [...states, health('held', null)].map(each => alertOf('Connection.Health.Updated', [each]))
    expect(alerts.map(({ title }) => title.en)).toEqual([
      'Messages fail over Sample connection',
      'Keys rejected: Sample connection',
      'Sample connection rests',
      'Sample connection was held back by an operator',
    ])
    expect(new Set(alerts.map(({ lasting }) => lasting?.subject)).size).toBe(1)
    expect(new Set(alerts.map(({ lasting }) => lasting?.state)).size).toBe(4)
  })

  test('of money and of fraud is how much, and of what', () => {
    const data = {
      id: 'b1',
      name: 'SMS',
      channel: 'sms',
      timeZone: 'Asia/Shanghai',
      currency: 'CNY',
      soft: 4e8,
      hard: 5e8,
      used: 400_045_000,
    }
    const spent = { data: { ...data, begin: 1, end: 1_769_875_200_000 } }
    expect(told('Budget.SoftReached', spent)).toBe(
      [
        'Countersign: Budget at its soft amount: SMS',
        'Spent: 400.05 CNY',
        'Check for people from: 400.00 CNY',
        'Spend at most: 500.00 CNY',
        'For: text messages',
        'Until: 2026-02-01 00:00 (Asia/Shanghai)',
        'Console: https://console.example.com/protection',
      ].join('\n'),
    )
    expect(told('Budget.HardReached', spent, 'zh-CN')).toMatch(
      /^Countersign: 预算已用尽：SMS\n.*\n硬上限：500.00 CNY\n/,
    )
    const finding = { kind: 'prefix', subject: '88213', figures: { people: 64, used: 0 }, expected: 0.78 }
    expect(told('Fraud.Found', { data: finding }).split('\n').slice(1, 5)).toEqual([
      'What: numbers that begin with 88213',
      'Asked for a code: 64',
      'Used it: 0',
      'Usual share: 78 %',
    ])
    const network = { data: { ...finding, kind: 'network', subject: '203.0.113.0/24' } }
    expect(told('Fraud.Found', network)).not.toContain('203.0')
    const country = { data: { ...finding, kind: 'country', subject: 'CN' } }
    expect(told('Fraud.Found', country)).toContain('What: numbers of Mainland China')
  })

  test('of blocked identifiers is how many, and never which', () => {
    const payloads = [1, 2, 2, 3].map(nth => ({ type: 'phone', value: `861380013800${nth}` }))
    const mail = { type: 'email', value: 'ada@example.com' }
    const alert = alertOf('Identifier.Lockout', [mail, ...payloads], 7)
    expect(messageOf([alert], voice).lines).toEqual([
      '12 refusals since the last message',
      'Console: https://console.example.com/logs',
    ])
    expect(alertOf('Identifier.Lockout', [mail, ...payloads]).facts.map(({ en }) => en)).toEqual([
      '3 phone numbers',
      '1 e-mail address',
      '5 refusals since the last message',
    ])
    expect(JSON.stringify(alert)).not.toMatch(/1380013|ada@/)
  })

  test('names nobody and repeats nothing that came from outside', () => {
    const person = {
      createdAt,
      userId: 'u1',
      data: { id: 'u1', name: 'Ada', primaryPhone: '8613800138000', primaryEmail: 'ada@example.com' },
      user: { name: 'Ada' },
    }
    for (const event of ['PostSignIn', 'User.Data.Updated', 'User.Deleted', 'Something.New'])
      expect(told(event, person)).not.toMatch(/Ada|138001|ada@/i)
    expect(told('Something.New', person)).toBe(
      'Countersign: Event Something.New\nUser: u1\nTime: 2026-11-30 08:00 UTC',
    )
  })

  test('of several alerts at once is a list that ends', () => {
    const alert = alertOf('User.Created', [{ createdAt, data: { id: 'u1' } }])
    const { title, lines } = messageOf([alert, ...Array.from({ length: 29 }, () => alert)], voice, 5)
    expect(title).toBe('35 alerts')
    expect(lines).toHaveLength(22)
    expect(lines[20]).toBe('- and 15 more')
    expect(messageOf([alert, alert], { ...voice, language: 'zh-CN' }).title).toBe('2 条告警')
  })

  test('is never more than a line of what somebody typed', () => {
    const data = {
      id: 'c1',
      name: `a\nb\u0000${'长'.repeat(200)}`,
      channel: 'fax',
      health: { state: 'held' },
    }
    const [first] = told('Connection.Health.Updated', { data }).split('\n')
    expect(first).toMatch(/^Countersign: a b 长+… was held back/)
    expect(testMessage('x\ny', voice).lines[0]).toContain('“x y”')
    for (const strange of [{}, { data: null }, { data: [] }, { data: { health: 7, spent: {} } }] as Payload[])
      for (const event of [
        'Connection.Health.Updated',
        'Budget.HardReached',
        'Fraud.Found',
        'Identifier.Lockout',
      ])
        expect(told(event, strange)).toMatch(/^Countersign: /)
  })
})
