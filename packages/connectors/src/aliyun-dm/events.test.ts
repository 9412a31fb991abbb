import { type Fetch, type ReceiptRequest, settingsSchema } from '@countersign/kit'
import { createClouds, type Mode, sampleSettings } from '@countersign/simulators'
import { describe, expect, test } from 'vitest'
import { aliyunDm } from './aliyun-dm.ts'
import { receiptsIn } from './events.ts'

const NOW = Date.UTC(2026, 10, 30, 2, 0, 4)
const ADDRESS = 'http://127.0.0.1:8080/receipts/k7?x=1'
const TOKEN = 's3cret-token'

/** Direct Mail and EventBridge, with what they push kept for later. */
function setUp({
  change = {},
  callback = { url: ADDRESS, token: TOKEN },
}: {
  change?: object
  callback?: { url: string; token?: string }
} = {}) {
  let now = NOW
  const pushed: ReceiptRequest[] = []
  const fetched: string[] = []
  const clouds = createClouds({
    now: () => now,
    async push(request) {
      const headers = Object.fromEntries(request.headers)
      pushed.push({ method: request.method, url: request.url, headers, body: await request.text() })
      return new Response()
    },
  })
  clouds.control.setCallback('aliyun-dm', callback)
  const fetch: Fetch = (url, init) => {
    if (init.method === 'GET') fetched.push(url)
    return clouds.fetch(new Request(url, init))
  }
  const world = {
    fetch,
    now: () => now,
    random: (size: number) => crypto.getRandomValues(new Uint8Array(size)),
    deadline: 5000,
  }
  const settings = settingsSchema(aliyunDm.settings).parse({
    ...sampleSettings['aliyun-dm'],
    eventToken: TOKEN,
    ...change,
  })
  const { send, receipts } = aliyunDm
  const push = async (mode: Mode = 'normal', to = 'ada@example.com', attemptId = 'attempt-1') => {
    clouds.control.setReceipts({ mode })
    const message = { to, usageType: 'SignIn' as const, payload: { code: '739152' }, attemptId }
    const { ids } = await send(message, settings, world)
    now += 1000
    await clouds.control.tick()
    return { request: pushed.at(-1)!, ids, sentAt: now - 1000 }
  }
  const read = (request: ReceiptRequest, other: Partial<typeof world> = {}, changed = {}) =>
    receipts!.read!(request, { ...settings, ...changed }, { ...world, ...other })
  return {
    world,
    settings,
    fetched,
    push,
    read,
    wait(ms: number) {
      now += ms
    },
  }
}

const accepted = (receipt: object) => ({ receipts: [receipt], answer: { status: 200, body: {} } })
const refused = (status: number, words: RegExp) => ({
  refused: expect.stringMatching(words),
  answer: { status },
})

describe('an event of Direct Mail', () => {
  test('says which mail arrived, by the cloud’s id and by ours, which the mail has carried along', async () => {
    const { push, read, fetched } = setUp()
    const { request, ids } = await push()
    expect(await read(request)).toEqual(
      accepted({
        ids: { EnvId: ids.EnvId },
        attemptId: 'attempt-1',
        to: 'ada@example.com',
        state: 'delivered',
        code: '250',
        detail: '250 Send Mail OK',
        at: NOW + 1000,
      }),
    )
    expect(fetched).toEqual([
      'https://cn-hangzhou-eventbridge.oss-accelerate.aliyuncs.com/x509_public_certificate_2021012501.pem',
    ])
  })

  test('says of one that did not arrive why, by a reason that is explained', async () => {
    const { push, read } = setUp()
    const { request } = await push('normal', 'SmtpNxBox@example.com')
    expect(await read(request)).toMatchObject(accepted({ state: 'failed', code: 'SmtpNxBox' }))
    expect(aliyunDm.receipts!.codes.SmtpNxBox).toMatchObject({ advice: 'address_unknown' })
  })

  test.each(['line-feed', 'list', 'version-1', 'unknown'] as const)('may come as “%s”', async mode => {
    const { push, read } = setUp()
    expect(await read((await push(mode)).request)).toMatchObject(accepted({ state: 'delivered' }))
  })

  test.each([
    ['bad-signature', 403, /signature is wrong/],
    ['stale', 403, /older than a minute/],
    ['foreign-certificate', 403, /certificate is not one/],
    ['no-token', 403, /token/],
    ['empty', 400, /JSON/],
    ['xml', 400, /JSON/],
  ] as const)('that comes as “%s” is refused with %i', async (mode, status, words) => {
    const { push, read, fetched } = setUp()
    expect(await read((await push(mode)).request)).toMatchObject(refused(status, words))
    // A certificate is fetched for nobody whom a cheaper check gives away.
    expect(fetched.length).toBe(mode === 'bad-signature' || status === 400 ? 1 : 0)
  })

  test('whose body, address, time or token was changed is refused', async () => {
    const { push, read } = setUp()
    const { request } = await push()
    const later = String(NOW + 2000)
    for (const change of [
      { body: request.body.replace('Succeed', 'Fail') },
      { url: request.url.replace('x=1', 'x=2') },
      { url: request.url.replace('http:', 'https:') },
      { headers: { ...request.headers, 'x-eventbridge-signature-timestamp': later } },
      { headers: { ...request.headers, 'x-eventbridge-signature-v2': 'AAAA' } },
      { headers: { ...request.headers, 'x-eventbridge-hash-method': 'MD5' } },
      { headers: { ...request.headers, 'x-eventbridge-signature-token': `${TOKEN}x` } },
      { headers: {} },
    ])
      expect(await read({ ...request, ...change })).toMatchObject(refused(403, /./))
    expect(await read(request)).toMatchObject(accepted({}))
  })

  test('is refused a minute later, by this server’s clock', async () => {
    const { push, read, wait } = setUp()
    const { request } = await push()
    wait(60_000)
    expect(await read(request)).toMatchObject(accepted({}))
    wait(1)
    expect(await read(request)).toMatchObject(refused(403, /older than a minute, or the clocks differ/))
    wait(-120_002)
    expect(await read(request)).toMatchObject(refused(403, /clocks differ/))
  })

  test('needs no token where none is set, but then a signature of version 2', async () => {
    const change = { eventToken: undefined }
    const { push, read, fetched } = setUp({ change, callback: { url: ADDRESS } })
    expect(await read((await push()).request)).toMatchObject(accepted({}))
    const { length } = fetched
    expect(await read((await push('version-1', 'bob@example.com')).request)).toMatchObject(
      refused(403, /version 1.*token/),
    )
    expect(fetched).toHaveLength(length)
  })

  const SUCCEED = {
    id: '7f3c0a52-0000-4000-8000-000000000001',
    source: 'acs.dm',
    type: 'dm:Deliver:Succeed',
    specversion: '1.0',
    time: '2026-11-30T10:00:05+08:00',
    data: {
      env_id: '600000123456789',
      rcpt: 'ann@example.net',
      send_time: '2026-11-30T10:00:01',
      deliver_time: '2026-11-30T10:00:04',
      status: '0',
      err_code: '250',
      err_msg: '250 Send Mail OK',
      failed_type: '',
      header: { 'X-USER-NOTIFY-ATTEMPT': 'cs-01J' },
    },
  }
  const FAIL = {
    ...SUCCEED,
    source: 'acs:dm',
    type: 'dm:Deliver:Fail',
    time: '2026-11-30T02:00:05.123Z',
    data: { ...SUCCEED.data, err_code: 550, err_msg: '550 User not found', header: null },
  }
  const { env_id, ...dataWithoutId } = SUCCEED.data

  test.each([
    [SUCCEED, { ids: { EnvId: '600000123456789' }, attemptId: 'cs-01J', state: 'delivered', at: NOW + 1000 }],
    [FAIL, { ids: { EnvId: '600000123456789' }, state: 'failed', code: '550', at: NOW + 1123 }],
    [{ ...FAIL, data: { ...FAIL.data, failed_type: 'SmtpNxBox' } }, { code: 'SmtpNxBox' }],
    [
      { ...SUCCEED, data: dataWithoutId },
      { ids: {}, attemptId: 'cs-01J' },
    ],
    // A time without its offset might be anywhere's.
    [
      { ...SUCCEED, time: '2026-11-30T10:00:05' },
      { state: 'delivered', at: undefined },
    ],
  ])('such as the documents show is read: %j', (event, expected) => {
    const [receipt] = receiptsIn(JSON.stringify(event)) ?? []
    expect({ at: undefined, ...receipt }).toMatchObject(expected)
  })

  test.each([
    { ...SUCCEED, type: 'dm:Trace:Open' },
    {
      ...SUCCEED,
      type: 'dm:Feedback:UnSubscribe',
      data: { envid: '600000123456789', rcpt: 'ann@example.net' },
    },
    { ...SUCCEED, type: 'dm:Feedback:FblReport', data: { block_email: 'ann@example.net' } },
    { ...SUCCEED, source: 'acs.oss' },
    { ...SUCCEED, source: undefined },
    { ...SUCCEED, type: '__proto__' },
    { ...SUCCEED, type: ['dm:Deliver:Fail'] },
    { ...SUCCEED, data: [] },
    { ...SUCCEED, data: { ...dataWithoutId, header: {} } },
    {},
  ])('about anything but the delivery of a mail is passed over: %j', event => {
    expect(receiptsIn(JSON.stringify(event))).toEqual([])
  })
})

describe('the certificate of EventBridge', () => {
  test('is fetched once a day, also by many at once', async () => {
    const { push, read, fetched, wait } = setUp()
    const { request } = await push()
    await Promise.all(Array.from({ length: 20 }, () => read(request)))
    expect(fetched).toHaveLength(1)
    wait(24 * 3_600_000)
    await read((await push('normal', 'bob@example.com')).request)
    expect(fetched).toHaveLength(2)
  })

  test.each([
    ['is not there', async () => new Response('no', { status: 404 })],
    [
      'is elsewhere',
      async () => new Response('', { status: 302, headers: { location: 'https://evil.example' } }),
    ],
    ['is none', async () => new Response('-----BEGIN CERTIFICATE-----')],
    ['does not end', async () => new Response('x'.repeat(65_537))],
    ['cannot be reached', () => Promise.reject(new TypeError('fetch failed'))],
  ])('that %s: the cloud is asked to come again, and nothing is believed', async (_, fetch) => {
    const { push, read, fetched } = setUp()
    const { request } = await push()
    const asked: unknown[] = []
    const other: Fetch = (url, { method, redirect }) => {
      asked.push([url, method, redirect])
      return fetch()
    }
    expect(await read(request, { fetch: other })).toMatchObject(refused(503, /could not be fetched/))
    expect(asked).toEqual([[expect.stringContaining('cn-hangzhou'), 'GET', 'manual']])
    // What failed is not kept.
    expect(await read(request, { fetch: other })).toMatchObject(refused(503, /fetched/))
    expect(asked).toHaveLength(2)
    expect(fetched).toEqual([])
  })

  test('that comes too late for one event is there for the next', async () => {
    const { push, read, world } = setUp()
    const { request } = await push()
    const { promise, resolve } = Promise.withResolvers<void>()
    let asked = 0
    const slow: Fetch = async (url, init) => {
      asked += 1
      await promise
      return world.fetch(url, init)
    }
    expect(await read(request, { fetch: slow, deadline: 20 })).toMatchObject(refused(503, /fetched/))
    resolve()
    expect(await read(request, { fetch: slow })).toMatchObject(accepted({}))
    expect(asked).toBe(1)
  })

  test('is not asked for more than a few times a minute, whatever its file is called', async () => {
    const { push, read, world } = setUp()
    const { request } = await push()
    let asked = 0
    const fetch: Fetch = async () => {
      asked += 1
      return new Response('no', { status: 404 })
    }
    const host = 'https://cn-hangzhou-eventbridge.oss-accelerate.aliyuncs.com'
    const called = (url: string) =>
      read({ ...request, headers: { ...request.headers, 'x-eventbridge-signature-url': url } }, { fetch })
    for (let index = 0; index < 20; index++)
      expect(await called(`${host}/x509_${index}.pem`)).toMatchObject(refused(503, /./))
    expect(asked).toBe(6)
    expect(world.now()).toBe(NOW + 1000)
  })

  test.each([
    'https://ap-southeast-1-eventbridge.oss-accelerate.aliyuncs.com/x.pem',
    'https://evil-1-eventbridge.oss-accelerate.aliyuncs.com/x.pem',
    'http://cn-hangzhou-eventbridge.oss-accelerate.aliyuncs.com/x.pem',
    'https://cn-hangzhou-eventbridge.oss-accelerate.aliyuncs.com.evil.example/x.pem',
    'https://cn-hangzhou-eventbridge.oss-accelerate.aliyuncs.com@evil.example/x.pem',
    'https://cn-hangzhou-eventbridge.oss-accelerate.aliyuncs.com:8443/x.pem',
    'https://cn-hangzhou-eventbridge.oss-accelerate.aliyuncs.com/../x.pem',
    'https://cn-hangzhou-eventbridge.oss-accelerate.aliyuncs.com/x.pem?y',
    'https://cn-hangzhou-eventbridge.oss-accelerate.aliyuncs.com/x.html',
    '//evil.example/x.pem',
    '',
  ])('is never at %s', async url => {
    const { push, read, fetched } = setUp()
    const { request } = await push()
    const headers = { ...request.headers, 'x-eventbridge-signature-url': url }
    expect(await read({ ...request, headers })).toMatchObject(refused(403, /certificate is not one/))
    expect(fetched).toEqual([])
  })
})

describe('Direct Mail, asked for a mail', () => {
  const asked = (sentAt: number) => ({ to: 'Ada@example.com', attemptId: 'attempt-1', ids: {}, sentAt })
  const pull = ({ settings, world }: ReturnType<typeof setUp>, sentAt: number) =>
    aliyunDm.receipts!.pull!(asked(sentAt), settings, world)

  test('says what became of it by recipient and time, and tells two mails a minute apart from each other', async () => {
    const room = setUp()
    const { sentAt } = await room.push('normal', 'Ada@example.com')
    room.wait(60_000)
    const second = await room.push('normal', 'Ada@example.com')
    for (const [at, ended] of [
      [sentAt, NOW + 1000],
      [second.sentAt, NOW + 62_000],
    ] as const)
      expect(await pull(room, at)).toEqual([
        {
          ids: {},
          to: 'Ada@example.com',
          state: 'delivered',
          code: 'SendOk',
          detail: '250 Send Mail OK',
          at: ended,
        },
      ])
    // It may be on its way: nobody can tell.
    expect(await pull(room, sentAt - 5 * 60_000)).toBeUndefined()
  })

  test('cannot tell where two mails are equally near, or it was long ago', async () => {
    const room = setUp()
    const { sentAt } = await room.push('normal', 'Ada@example.com')
    room.wait(10_000)
    await room.push('normal', 'Ada@example.com')
    expect(await pull(room, sentAt)).toBeUndefined()
    room.wait(30 * 24 * 3_600_000)
    expect(await pull(room, sentAt)).toBeUndefined()
  })
})
