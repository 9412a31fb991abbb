import { type CheckItem, type Fetch, settingsSchema } from '@countersign/kit'
import { createClouds, sampleSettings } from '@countersign/simulators'
import { describe, expect, test } from 'vitest'
import { connectors } from '../index.ts'
import { expectLinked } from '../testing.ts'

type Id = keyof typeof sampleSettings

const ids = Object.keys(sampleSettings) as Id[]

function checkWith(id: Id, change: object, fetch: Fetch): Promise<CheckItem[]> {
  const connector = connectors.find(each => each.id === id)!
  const settings = settingsSchema(connector.settings).parse({ ...sampleSettings[id], ...change })
  const random = (size: number) => crypto.getRandomValues(new Uint8Array(size))
  return connector.check!(settings, { fetch, random, now: Date.now, deadline: 10_000 })
}

/** Checks against the simulator; nothing may be sent. */
async function check(id: Id, change: object = {}) {
  const clouds = createClouds()
  const items = await checkWith(id, change, (url, init) => clouds.fetch(new Request(url, init)))
  expect(clouds.inbox.messages()).toEqual([])
  for (const { subject, remedy, links } of items) if (remedy) expectLinked(remedy, links, subject)
  return items
}

const states = (items: CheckItem[]) => items.map(({ subject, state }) => `${subject}: ${state}`)
const rows = (id: Id, row: object) => ({
  templates: (sampleSettings[id].templates as object[]).map(each => ({ ...each, ...row })),
})

describe('a check', () => {
  test.each<[Id, string[]]>([
    [
      'aliyun-sms',
      [
        'signature',
        'template:SMS_100000001',
        'template:SMS_100000002',
        'template:SMS_100000003',
        'template:SMS_100000004',
      ],
    ],
    ['aliyun-dm', ['account', 'sender']],
    [
      'tencent-sms',
      ['signature', 'template:1000001', 'template:1000002', 'template:1000003', 'template:1000004'],
    ],
  ])('of %s finds everything approved where everything is', async (id, subjects) => {
    expect(states(await check(id))).toEqual(
      ['keys', 'permission', ...subjects].map(subject => `${subject}: approved`),
    )
  })

  test.each<[Id, object, string]>([
    ['aliyun-sms', { signName: '待审签名' }, 'signature: in_review'],
    ['aliyun-sms', { signName: '驳回签名' }, 'signature: rejected'],
    ['aliyun-sms', { signName: '撤回签名' }, 'signature: rejected'],
    ['aliyun-sms', { signName: '没有这个' }, 'signature: missing'],
    [
      'aliyun-sms',
      rows('aliyun-sms', { templateCode: 'SMS_100000031' }),
      'template:SMS_100000031: in_review',
    ],
    ['aliyun-sms', rows('aliyun-sms', { templateCode: 'SMS_100000032' }), 'template:SMS_100000032: rejected'],
    ['aliyun-sms', rows('aliyun-sms', { templateCode: 'SMS_100000011' }), 'template:SMS_100000011: rejected'],
    ['aliyun-sms', rows('aliyun-sms', { templateCode: 'SMS_999' }), 'template:SMS_999: missing'],
    [
      'aliyun-sms',
      rows('aliyun-sms', { templateCode: { china: 'SMS_100000001', overseas: 'SMS_100000021' } }),
      'template:SMS_100000021: approved',
    ],
    [
      'aliyun-sms',
      rows('aliyun-sms', { templateCode: { china: 'SMS_100000021' } }),
      'template:SMS_100000021: rejected',
    ],
    ['aliyun-sms', rows('aliyun-sms', { templateCode: 'SMS_100000021' }), 'template:SMS_100000021: rejected'],
    [
      'aliyun-sms',
      rows('aliyun-sms', { templateCode: { overseas: 'SMS_100000001' } }),
      'template:SMS_100000001: rejected',
    ],
    ['tencent-sms', { signName: '待审签名' }, 'signature: in_review'],
    ['tencent-sms', { signName: '待生效签名' }, 'signature: in_review'],
    ['tencent-sms', { signName: '驳回签名' }, 'signature: rejected'],
    ['tencent-sms', { signName: '300001' }, 'signature: missing'],
    ['tencent-sms', { overseasSignName: 'Example' }, 'signature:Example: approved'],
    ['tencent-sms', rows('tencent-sms', { templateCode: '1000031' }), 'template:1000031: in_review'],
    ['tencent-sms', rows('tencent-sms', { templateCode: '1000032' }), 'template:1000032: rejected'],
    ['tencent-sms', rows('tencent-sms', { templateCode: '9' }), 'template:9: missing'],
    ['tencent-sms', rows('tencent-sms', { templateCode: '1000021' }), 'template:1000021: approved'],
    ['tencent-sms', rows('tencent-sms', { templateCode: { china: '1000021' } }), 'template:1000021: missing'],
    ['tencent-sms', rows('tencent-sms', { templateCode: '1000005' }), 'template:1000005: rejected'],
    [
      'tencent-sms',
      rows('tencent-sms', { templateCode: '1000005', parameters: 'code,minutes' }),
      'template:1000005: approved',
    ],
    ['aliyun-dm', { accountName: 'nobody@mail.example.com' }, 'sender: missing'],
    ['aliyun-dm', { region: 'eu-central-1' }, 'sender: missing'],
  ])('of %s with %o finds %s', async (id, change, expected) => {
    expect(states(await check(id, change))).toContain(expected)
  })

  test.each<Id>(['aliyun-sms', 'tencent-sms'])(
    'of %s says of a template how often each of its messages is charged',
    async id => {
      const clouds = createClouds()
      const longer: Fetch = async (url, init) => {
        const answer = await clouds.fetch(new Request(url, init))
        const text = (await answer.text()).replaceAll(/"TemplateContent":"/g, `$&${'请勿泄露。'.repeat(12)}`)
        return new Response(text, answer)
      }
      const items = await checkWith(id, {}, longer)
      const templates = items.filter(({ subject }) => subject.startsWith('template:'))
      expect(templates).toHaveLength(4)
      for (const { state, reason, remedy } of templates) {
        expect(state).toBe('approved')
        expect(reason?.en).toContain('is charged as 2 segments')
        expect(remedy?.en).toContain('use a shorter template')
      }
    },
  )

  test('passes on why a reviewer said no', async () => {
    const [, , signature] = await check('aliyun-sms', { signName: '驳回签名' })
    expect(signature?.reason?.en).toBe('文件不能证明信息真实性，请重新上传')
    const [, , tencent] = await check('tencent-sms', { signName: '驳回签名' })
    expect(tencent?.reason?.en).toBe('签名与资质不符，请补充证明材料')
  })

  test('of aliyun-pnvs finds the access approved, and says that signature and templates cannot be asked for', async () => {
    const items = await check('aliyun-pnvs')
    const unasked = ['signature', ...['100004', '100001', '100003', '100005'].map(code => `template:${code}`)]
    expect(states(items)).toEqual([
      'keys: approved',
      'permission: approved',
      ...unasked.map(subject => `${subject}: unknown`),
    ])
    expect(items[2]?.reason?.en).toContain('answers no question about gifted signatures')
    expect(items[2]?.remedy?.en).toContain('send a test')
  })

  test('of aliyun-pnvs tells an account without the service from a wrong key, however the code is spelt', async () => {
    for (const Code of ['isv.FUNCTION_NOT_OPENED', 'FUNCTION_NOT_OPENED', 'Unsupported.Account']) {
      const fetch: Fetch = async () => new Response(JSON.stringify({ Code }), { status: 400 })
      expect(states(await checkWith('aliyun-pnvs', {}, fetch)).slice(0, 3)).toEqual([
        'keys: approved',
        'account: rejected',
        'signature: unknown',
      ])
    }
  })

  test.each<[Id, object, string[]]>([
    ['aliyun-pnvs', { accessKeySecret: 'wrong' }, ['keys: rejected', 'signature: unknown']],
    [
      'aliyun-pnvs',
      { accessKeyId: 'LTAI-simulated-send-only', accessKeySecret: 'simulated-secret-send-only' },
      ['keys: approved', 'permission: missing', 'signature: unknown'],
    ],
    ['aliyun-sms', { accessKeySecret: 'wrong' }, ['keys: rejected', 'signature: unknown']],
    [
      'aliyun-dm',
      { accessKeyId: 'LTAI-simulated-nobody' },
      ['keys: rejected', 'account: unknown', 'sender: unknown'],
    ],
    ['tencent-sms', { accessKeySecret: 'wrong' }, ['keys: rejected', 'signature: unknown']],
    [
      'aliyun-sms',
      { accessKeyId: 'LTAI-simulated-send-only', accessKeySecret: 'simulated-secret-send-only' },
      ['keys: approved', 'permission: missing', 'signature: unknown'],
    ],
    [
      'tencent-sms',
      { accessKeyId: 'AKID-simulated-send-only', accessKeySecret: 'simulated-secret-send-only' },
      ['keys: approved', 'permission: missing', 'signature: unknown'],
    ],
    [
      'aliyun-dm',
      { accessKeyId: 'LTAI-simulated-send-only', accessKeySecret: 'simulated-secret-send-only' },
      ['keys: approved', 'permission: missing', 'account: unknown', 'sender: unknown'],
    ],
    [
      'aliyun-dm',
      { accessKeyId: 'LTAI-simulated-out-of-service', accessKeySecret: 'simulated-secret-out-of-service' },
      ['account: rejected'],
    ],
  ])('of %s with %o tells what is wrong with the access: %o', async (id, change, expected) => {
    expect(states(await check(id, change))).toEqual(expect.arrayContaining(expected))
  })

  test.each(ids)('of %s asks no more than once where the key is refused', async id => {
    const clouds = createClouds()
    let requests = 0
    await checkWith(id, { accessKeySecret: 'wrong' }, (url, init) => {
      requests += 1
      return clouds.fetch(new Request(url, init))
    })
    expect(requests).toBe(1)
  })

  test.each(ids)('of %s says what is wrong and what to do about all that is not approved', async id => {
    for (const change of [{ signName: '待审签名', accountName: 'x@y.example' }, { accessKeySecret: 'wrong' }])
      for (const { state, reason, remedy } of await check(id, change))
        if (state === 'rejected' || state === 'missing') {
          expect(reason?.en).toMatch(/\w/)
          expect(remedy?.['zh-CN']).toMatch(/[\u4e00-\u9fff]/)
        }
  })

  const strange: [string, Fetch][] = [
    ['no network', () => Promise.reject(Object.assign(new Error('x'), { code: 'ECONNREFUSED' }))],
    ['HTML', async () => new Response('<html>')],
    ['an empty object', async () => new Response('{}')],
    ['a list', async () => new Response('[]')],
    ['an error without a code', async () => new Response('{"Response":{"Error":"x"},"Code":7}')],
    [
      'odd members',
      async () =>
        new Response(
          '{"Code":"OK","SignStatus":{},"data":[],"Response":{"DescribeSignListStatusSet":[null,7]}}',
        ),
    ],
    ['a bad status', async () => new Response('{"Code":"OK"}', { status: 500 })],
  ]
  for (const [name, fetch] of strange)
    test.each(ids)(
      `of %s ends with items when ${name} comes back, and approves of nothing it did not see`,
      async id => {
        const items = await checkWith(id, {}, fetch)
        expect(items.length).toBeGreaterThan(0)
        const seen = items.filter(({ subject }) => !['keys', 'permission'].includes(subject))
        expect(seen.filter(({ state }) => state === 'approved')).toEqual([])
        expect(JSON.stringify(items)).not.toContain('simulated-secret')
      },
    )
})

describe('a signature at Aliyun', () => {
  test('that is approved but not registered with a carrier says with which', async () => {
    const answer = {
      Code: 'OK',
      SignStatus: 1,
      SignIspRegisterDetailList: [
        { OperatorCode: 'mobile', RegisterStatus: 3 },
        { OperatorCode: 'unicom', RegisterStatus: -1 },
        { OperatorCode: 'telecom', RegisterStatus: 0 },
      ],
    }
    const items = await checkWith('aliyun-sms', {}, async () => new Response(JSON.stringify(answer)))
    expect(items[2]).toMatchObject({ subject: 'signature', state: 'approved' })
    expect(items[2]?.reason?.en).toContain('not registered with China Telecom, whose')
  })
})

test('signatures at Tencent Cloud are looked for on all pages', async () => {
  const asked: unknown[] = []
  const fetch: Fetch = async (_, { headers, body }) => {
    const parameters = JSON.parse(body ?? '')
    if (headers['x-tc-action'] !== 'DescribeSmsSignList') return new Response('{"Response":{}}')
    asked.push(parameters.Offset)
    const names = parameters.Offset === 100 ? ['示例应用'] : Array(100).fill('x')
    const set = names.map((SignName: string) => ({ SignName, StatusCode: 0 }))
    return new Response(JSON.stringify({ Response: { DescribeSignListStatusSet: set } }))
  }
  const items = await checkWith('tencent-sms', {}, fetch)
  expect(asked).toEqual([0, 100])
  expect(states(items)).toContain('signature: approved')
})
