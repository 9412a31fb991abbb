import { type AskedReceipt, type Connector, type Fetch, SendError, settingsSchema } from '@countersign/kit'
import { type CloudId, createClouds, sampleSettings } from '@countersign/simulators'
import { describe, expect, test } from 'vitest'
import { aliyunSms, connectors, tencentSms } from '../index.ts'

/** A few seconds before midnight in Beijing. */
const NOW = Date.UTC(2026, 10, 30, 15, 59, 55)
const MINUTE = 60_000

/** A connector before its simulated cloud, whose clock stands still unless it is told otherwise. */
function setUp(connector: Connector) {
  let now = NOW
  const clouds = createClouds({ now: () => now, frequencyControl: false })
  const asked: string[] = []
  const fetch: Fetch = (url, init) => {
    const { searchParams } = new URL(url)
    asked.push(searchParams.get('SendDate') ?? init.headers['x-tc-action'] ?? '')
    return clouds.fetch(new Request(url, init))
  }
  const world = {
    fetch,
    now: () => now,
    random: (size: number) => crypto.getRandomValues(new Uint8Array(size)),
    deadline: 5000,
  }
  const settings = settingsSchema(connector.settings).parse(sampleSettings[connector.id as CloudId])
  const send = async (to: string, attemptId = 'attempt-1'): Promise<AskedReceipt> => {
    const message = { to, usageType: 'Generic' as const, payload: { code: '739152', minutes: 5 }, attemptId }
    const sentAt = now
    const { ids } = await connector.send(message, settings, world)
    return { to, attemptId, ids, sentAt }
  }
  return {
    clouds,
    asked,
    settings,
    world,
    send,
    pull: (about: AskedReceipt) => connector.receipts!.pull!(about, settings, world),
    wait(ms: number) {
      now += ms
    },
  }
}

const NOBODY_KNOWS = { ids: {}, attemptId: 'of-no-message' }

describe('Aliyun SMS, asked for a message', () => {
  test('says by its day in Beijing what became of it, and nothing of what it said', async () => {
    const { send, pull, wait, asked } = setUp(aliyunSms)
    const about = await send('8613800138000')
    expect(await pull(about)).toEqual([
      {
        ids: { BizId: about.ids.BizId },
        attemptId: 'attempt-1',
        to: '13800138000',
        state: 'pending',
      },
    ])
    wait(MINUTE)
    const [receipt, ...more] = (await pull(about)) ?? []
    expect(more).toEqual([])
    expect(receipt).toMatchObject({ state: 'delivered', code: 'DELIVERED', at: NOW + 1000 - (NOW % 1000) })
    expect(JSON.stringify(receipt)).not.toContain('739152')
    // Near midnight the cloud may count it to either day.
    expect(asked.slice(-2)).toEqual(['20261130', '20261201'])
  })

  test('finds one whose answer never came, by our id of it', async () => {
    const { send, pull, wait } = setUp(aliyunSms)
    const about = await send('8613900010001', 'attempt-1')
    for (let index = 2; index < 60; index++) await send('8613900010001', `attempt-${index}`)
    wait(MINUTE)
    // The first of them stands on the second page.
    expect(await pull({ ...about, ids: {} })).toMatchObject([
      { ids: {}, attemptId: 'attempt-1', state: 'failed', code: 'MOBILE_NOT_ON_SERVICE' },
    ])
    expect(await pull({ ...about, ...NOBODY_KNOWS })).toEqual([])
  })

  test('is asked about a month at most', async () => {
    const { send, pull, wait, asked } = setUp(aliyunSms)
    const about = await send('85261234567').catch(() => send('8613800138000'))
    wait(31 * 24 * 60 * MINUTE)
    expect(await pull(about)).toBeUndefined()
    expect(asked.filter(day => day.startsWith('2026'))).toEqual([])
  })
})

describe('Tencent Cloud, asked for a message', () => {
  test('says what the carrier reported of the serial number', async () => {
    const { send, pull, wait } = setUp(tencentSms)
    const about = await send('8613800138000')
    await send('8613800138000', 'attempt-2')
    expect(await pull(about)).toEqual([])
    wait(MINUTE)
    expect(await pull(about)).toEqual([
      {
        ids: { SerialNo: about.ids.SerialNo },
        to: '+8613800138000',
        state: 'delivered',
        code: 'DELIVRD',
        at: NOW + 1000 - (NOW % 1000),
      },
    ])
    const failed = await send('8613900010008')
    wait(MINUTE)
    expect(await pull(failed)).toMatchObject([{ state: 'failed', code: 'MK:0001' }])
  })

  test('finds one whose answer never came by number and time, and gives its serial number', async () => {
    const { send, pull, wait, asked } = setUp(tencentSms)
    const about = await send('8613900010008')
    const lost = { ...about, ids: {} }
    expect(await pull(lost)).toMatchObject([{ ids: { SerialNo: about.ids.SerialNo }, state: 'pending' }])
    wait(2 * MINUTE)
    await send('8613900010008', 'attempt-2')
    expect(await pull(lost)).toMatchObject([
      { ids: { SerialNo: about.ids.SerialNo }, state: 'failed', code: 'MK:0001' },
    ])
    expect(asked.at(-1)).toBe('DescribeSendRecordList')
    expect(await pull({ ...lost, sentAt: NOW - 5 * MINUTE })).toEqual([])
  })

  test('cannot tell where two messages to the number are equally near', async () => {
    const { send, pull, wait } = setUp(tencentSms)
    const about = await send('8613800138000')
    wait(5000)
    await send('8613800138000', 'attempt-2')
    expect(await pull({ ...about, ids: {} })).toBeUndefined()
  })

  test('is asked about no longer than it remembers', async () => {
    const { send, pull, wait, asked } = setUp(tencentSms)
    const about = await send('8613800138000')
    wait(4 * 24 * 60 * MINUTE)
    expect(await pull({ ...about, ids: {} })).toBeUndefined()
    expect(await pull(about)).toMatchObject([{ state: 'delivered' }])
    wait(4 * 24 * 60 * MINUTE)
    expect(await pull(about)).toBeUndefined()
    expect(asked.slice(1)).toEqual(['PullSmsSendStatusByPhoneNumber'])
  })
})

describe('the callback of Tencent Cloud', () => {
  const entry = {
    user_receive_time: '2026-11-30 10:00:04',
    nationcode: '86',
    mobile: '13800000001',
    report_status: 'SUCCESS',
    errmsg: 'DELIVRD',
    description: '用户短信送达成功',
    sid: '2019:538884894799205450',
    ext: 'cs-01J',
  }
  const read = (body: unknown) => {
    const { world, settings } = setUp(tencentSms)
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const request = { method: 'POST', url: 'https://example.com/x', headers: {}, body: text }
    return tencentSms.receipts!.read!(request, settings as never, world)
  }

  test('is read in batches, with finer reasons of messages abroad, and acknowledged as the cloud wants', async () => {
    const abroad = {
      ...entry,
      nationcode: '852',
      mobile: '61234567',
      report_status: 'FAIL',
      errmsg: 'MK:0001',
      description: '空号',
      sub_error: '1.2',
      sub_error_desc: 'Absent subscriber',
      ext: undefined,
      new_member: [1],
    }
    expect(await read([entry, abroad])).toEqual({
      answer: { status: 200, body: { result: 0, errmsg: 'OK' } },
      receipts: [
        {
          ids: { SerialNo: '2019:538884894799205450' },
          attemptId: 'cs-01J',
          to: '+8613800000001',
          state: 'delivered',
          code: 'DELIVRD',
          detail: '用户短信送达成功',
          at: Date.UTC(2026, 10, 30, 2, 0, 4),
        },
        expect.objectContaining({
          to: '+85261234567',
          state: 'failed',
          code: 'MK:0001',
          detail: '空号 · 1.2 · Absent subscriber',
        }),
      ],
    })
  })

  test.each([
    [{ report_status: 'fail' }, { state: 'failed' }],
    [{ report_status: 'LATER' }, { state: 'pending' }],
    [{ nationcode: undefined }, { to: '13800000001' }],
  ])('with %o means %o', async (change, expected) => {
    expect(await read([{ ...entry, ...change }])).toMatchObject({ receipts: [expected] })
  })

  test('that is a reply is acknowledged and passed over, and no JSON is refused', async () => {
    const reply = { extend: '1', mobile: '13800000001', nationcode: '86', text: 'T', time: 1796004001 }
    expect(await read([reply])).toMatchObject({ receipts: [], answer: { status: 200 } })
    expect(await read('<xml/>')).toMatchObject({ refused: expect.any(String), answer: { status: 400 } })
  })
})

describe.each(connectors.filter(({ receipts }) => receipts?.pull))('$id, asked', connector => {
  test.each([
    ['refuses', () => new Response('{"Code":"isv.X","Response":{"Error":{"Code":"InternalError"}}}')],
    ['says something else', () => new Response('{"RequestId":"r","Code":"OK","Response":{"RequestId":"r"}}')],
    ['says half of it', () => new Response('{"Content":"739152","SmsSendDetailDTOs":')],
    ['is not there', () => Promise.reject(new TypeError('fetch failed'))],
  ])('and %s: that is a SendError, without the answer', async (_, answer) => {
    const { settings, world } = setUp(connector)
    const about = { ids: { BizId: '1^0', SerialNo: '1' }, attemptId: 'a', sentAt: NOW }
    const to = connector.channel === 'sms' ? '8613800138000' : 'ada@example.com'
    const asking = connector.receipts!.pull!({ ...about, to }, settings, {
      ...world,
      fetch: async () => answer(),
    })
    const error = await asking.catch((error: unknown) => error)
    expect(error).toBeInstanceOf(SendError)
    expect((error as SendError).answer).toBeUndefined()
  })
})
