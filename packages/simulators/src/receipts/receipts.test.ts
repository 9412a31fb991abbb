import { describe, expect, it } from 'vitest'
import { FAILED_TYPES } from '../aliyun-dm/outcomes.ts'
import { MAGIC_RECEIPTS as ALIYUN } from '../aliyun-sms/receipts.ts'
import { type CloudId, createClouds } from '../index.ts'
import { MAGIC_RECEIPTS as TENCENT } from '../tencent-sms/receipts.ts'
import { acknowledging, CLOUDS, MINUTE, NOW, recipient, setUp, URLS } from './testing.ts'

describe('a receipt', () => {
  it.each(CLOUDS)('of %s comes after the delay on the clock, and not before', async cloud => {
    const { control, send, wait } = acknowledging()
    await send[cloud](recipient(cloud))
    expect(control.receipts()).toMatchObject([
      { cloud, state: 'waiting', code: '', reportedAt: null, sentAt: NOW },
    ])
    wait(999)
    expect(control.receipts()[0]?.state).toBe('waiting')
    wait(1)
    expect(control.receipts()).toMatchObject([{ state: 'delivered', reportedAt: NOW + 1000 }])
    control.setReceipts({ delay: 5000 })
    await send[cloud](recipient(cloud))
    wait(4999)
    expect(control.receipts()[0]?.state).toBe('waiting')
  })

  it('of a number or address that stands for a failure says so, on every cloud', async () => {
    const { control, send } = acknowledging()
    const failures: [CloudId, string, string | undefined][] = [
      ...ALIYUN.map(({ e164, code }): [CloudId, string, string | undefined] => ['aliyun-sms', e164, code]),
      ...ALIYUN.map(({ e164, code }): [CloudId, string, string | undefined] => ['aliyun-pnvs', e164, code]),
      ...TENCENT.map(({ e164, code }): [CloudId, string, string | undefined] => ['tencent-sms', e164, code]),
      ...Object.keys(FAILED_TYPES).map((type): [CloudId, string, string] => [
        'aliyun-dm',
        `${type}@example.com`,
        type,
      ]),
      ['aliyun-dm', 'noreceipt@example.com', undefined],
    ]
    for (const [cloud, to] of failures) await send[cloud](to)
    await control.advance(1000)
    const seen = control.receipts().reverse()
    expect(seen.map(({ cloud, to, code }) => [cloud, to, code || undefined])).toEqual(failures)
    const waiting = seen.filter(({ state }) => state === 'waiting')
    expect(waiting.map(({ to }) => to)).toEqual([
      '+8613900010000',
      '+8613900010000',
      '+8613900010000',
      'noreceipt@example.com',
    ])
    expect(seen.some(({ state }) => state === 'delivered')).toBe(false)
  })

  it('is not made for a message that was refused', async () => {
    const { control, send } = acknowledging()
    await send['aliyun-sms']('+8613900000001')
    await send['tencent-sms']('+8613900000001')
    await send['aliyun-dm']('spam@example.com')
    expect(control.receipts()).toEqual([])
  })
})

describe('a push', () => {
  it('of Aliyun SMS is an array with the documented members', async () => {
    const { control, send, pushes, wait } = acknowledging()
    const { BizId } = (await send['aliyun-sms']('+8613800138000')) as { BizId: string }
    await send['aliyun-sms']('+8613900010001')
    wait(1500)
    await control.tick()
    expect(pushes).toHaveLength(1)
    expect(pushes[0]?.request).toMatchObject({ method: 'POST', redirect: 'manual' })
    expect(pushes[0]?.request.headers.get('content-type')).toBe('application/json')
    expect(pushes[0]?.body).toEqual([
      {
        phone_number: '13800138000',
        send_time: '2026-01-02 10:00:00',
        report_time: '2026-01-02 10:00:01',
        success: true,
        err_code: 'DELIVERED',
        err_msg: '用户接收成功',
        sms_size: '1',
        biz_id: BizId,
        out_id: 'attempt-7',
      },
      expect.objectContaining({
        phone_number: '13900010001',
        success: false,
        err_code: 'MOBILE_NOT_ON_SERVICE',
      }),
    ])
  })

  it('of Tencent Cloud is an array of at most a hundred with the documented members', async () => {
    const { control, send, pushes, wait } = acknowledging()
    const sent = (await send['tencent-sms']('+8613800138000')) as {
      Response: { SendStatusSet: { SerialNo: string }[] }
    }
    for (let index = 0; index < 100; index++) await send['tencent-sms']('+8613900010041')
    wait(1000)
    await control.tick()
    expect(pushes.map(({ body }) => (body as unknown[]).length)).toEqual([100, 1])
    const [first, second] = pushes[0]!.body as unknown[]
    expect(first).toEqual({
      user_receive_time: '2026-01-02 10:00:01',
      nationcode: '86',
      mobile: '13800138000',
      report_status: 'SUCCESS',
      errmsg: 'DELIVRD',
      description: '用户短信送达成功',
      sid: sent.Response.SendStatusSet[0]?.SerialNo,
    })
    expect(second).toMatchObject({ mobile: '13900010041', report_status: 'FAIL', errmsg: 'EXPIRED' })
  })

  it('of Tencent Cloud has the session context only where that was activated', async () => {
    const { control, send, pushes } = acknowledging()
    control.setReceipts({ sessionContext: true })
    await send['tencent-sms']('+8613800138000')
    await control.advance(1000)
    expect(pushes[0]?.body).toMatchObject([{ ext: 'attempt-7' }])
  })

  it('of Direct Mail is one event for each mail, with the token that was set', async () => {
    const { control, send, pushes } = acknowledging()
    control.setCallback('aliyun-dm', { url: URLS['aliyun-dm'], token: 's3cret' })
    const { EnvId } = (await send['aliyun-dm']('ada@example.com')) as { EnvId: string }
    await send['aliyun-dm']('SmtpContSpam@example.com')
    await control.advance(1000)
    expect(pushes).toHaveLength(2)
    expect(pushes[0]?.request.headers.get('x-eventbridge-signature-token')).toBe('s3cret')
    expect(pushes[0]?.body).toMatchObject({
      specversion: '1.0',
      source: 'acs:dm',
      type: 'dm:Deliver:Succeed',
      time: '2026-01-02T10:00:01+08:00',
      aliyunregionid: 'cn-hangzhou',
      data: {
        env_id: EnvId,
        account: 'noreply@mail.example.com',
        rcpt: 'ada@example.com',
        tag: 'verification',
        status: '0',
        header: { 'X-User-Notify-Attempt': 'attempt-7' },
        send_time: '2026-01-02T10:00:00',
      },
    })
    expect((pushes[0]!.body as { data: { header: object } }).data.header).not.toHaveProperty('X-User-Other')
    expect(pushes[1]?.body).toMatchObject({
      type: 'dm:Deliver:Fail',
      data: { status: '3', failed_type: 'SmtpContSpam', err_code: '554' },
    })
    const [one, other] = pushes.map(({ body }) => (body as { id: string }).id)
    expect(one).not.toBe(other)
  })

  it.each([
    ['aliyun-sms', [MINUTE, 6 * MINUTE, 16 * MINUTE]],
    ['tencent-sms', [MINUTE, 6 * MINUTE]],
    ['aliyun-dm', [10_000, 25_000, 45_000]],
  ] as const)('of %s is repeated until it is given up', async (cloud, retries) => {
    const { control, send, pushes, wait } = setUp(() => new Response('', { status: 500 }))
    await send[cloud](recipient(cloud))
    wait(1000)
    await control.tick()
    expect(control.receipts()[0]?.push).toEqual({ state: 'waiting', attempts: 1 })
    for (const [index, after] of retries.entries()) {
      const step = after - (retries[index - 1] ?? 0)
      wait(step - 1)
      await control.tick()
      expect(pushes).toHaveLength(index + 1)
      wait(1)
      await control.tick()
      expect(pushes).toHaveLength(index + 2)
    }
    expect(control.receipts()[0]?.push).toEqual({ state: 'given up', attempts: retries.length + 1 })
    wait(24 * 60 * MINUTE)
    await control.tick()
    expect(pushes).toHaveLength(retries.length + 1)
    expect(new Set(pushes.map(({ body }) => JSON.stringify(body))).size).toBe(1)
  })

  it('is repeated in time that is advanced, without the clouds’ own clock', async () => {
    const { control, send, pushes } = setUp((_, pushed) => new Response(`{"code":${pushed < 3 ? 1 : 0}}`))
    await send['aliyun-sms']('+8613800138000')
    await control.advance(30 * MINUTE)
    expect(pushes).toHaveLength(3)
    expect(control.receipts()[0]?.push).toEqual({ state: 'acknowledged', attempts: 3 })
    expect(await send['aliyun-sms']('+8613800138000')).toMatchObject({ Code: 'OK' })
  })

  it.each<[CloudId, number, string, boolean]>([
    ['aliyun-sms', 200, '{"code":0,"msg":"ok"}', true],
    ['aliyun-sms', 200, '{"code":"0"}', false],
    ['aliyun-sms', 200, '{"code":1}', false],
    ['aliyun-sms', 200, 'OK', false],
    ['aliyun-sms', 204, '', false],
    ['aliyun-sms', 500, '{"code":0}', false],
    ['tencent-sms', 200, '{"result":0,"errmsg":"OK"}', true],
    ['tencent-sms', 200, '{"code":0}', false],
    ['tencent-sms', 200, 'null', false],
    ['tencent-sms', 201, '{"result":0}', false],
    ['aliyun-dm', 204, '', true],
    ['aliyun-dm', 200, 'anything', true],
    ['aliyun-dm', 302, '', false],
    ['aliyun-dm', 404, '', false],
  ])('of %s answered with %i %s counts as acknowledged: %s', async (cloud, status, body, acknowledged) => {
    const { control, send } = setUp(() => new Response(status === 204 ? null : body, { status }))
    await send[cloud](recipient(cloud))
    await control.advance(1000)
    expect(control.receipts()[0]?.push.state).toBe(acknowledged ? 'acknowledged' : 'waiting')
  })

  it('to a callback that cannot be reached is repeated', async () => {
    const { control, send, pushes } = setUp(() => {
      throw new TypeError('fetch failed')
    })
    await send['tencent-sms']('+8613800138000')
    await control.advance(60 * MINUTE)
    expect(pushes).toHaveLength(3)
    expect(control.receipts()[0]?.push.state).toBe('given up')
  })

  it.each(CLOUDS)('of %s comes three times where that was switched on', async cloud => {
    const { control, send, pushes } = acknowledging()
    control.setReceipts({ duplicates: true })
    await send[cloud](recipient(cloud))
    await control.advance(60 * MINUTE)
    expect(pushes).toHaveLength(3)
    expect(new Set(pushes.map(({ body }) => JSON.stringify(body))).size).toBe(1)
    expect(control.receipts()[0]?.push).toEqual({ state: 'acknowledged', attempts: 1 })
  })

  it('is not made without a callback, nor later for what came before it', async () => {
    const { control, send, pushes } = acknowledging()
    control.setCallback('aliyun-sms', null)
    await send['aliyun-sms']('+8613800138000')
    await control.advance(1000)
    control.setCallback('aliyun-sms', { url: URLS['aliyun-sms'] })
    await control.advance(60 * MINUTE)
    expect(pushes).toEqual([])
    expect(control.receipts()[0]).toMatchObject({ state: 'delivered', push: { state: 'none', attempts: 0 } })
  })

  it('is made once when it is asked for many times at once', async () => {
    const { control, send, pushes } = acknowledging()
    await send['aliyun-sms']('+8613800138000')
    await Promise.all([control.advance(1000), control.tick(), control.tick(), control.advance(1000)])
    expect(pushes).toHaveLength(1)
  })

  it('is forgotten with everything else by a reset, which keeps the settings', async () => {
    const { control, send, pushes } = setUp(() => new Response('no'))
    control.setReceipts({ delay: 10 })
    await send['aliyun-sms']('+8613800138000')
    await control.advance(10)
    control.reset()
    await control.advance(60 * MINUTE)
    expect(pushes).toHaveLength(1)
    expect(control.receipts()).toEqual([])
    expect(control.state()).toMatchObject({
      receipts: { delay: 10 },
      callbacks: { 'aliyun-sms': { url: URLS['aliyun-sms'] } },
    })
  })
})

describe('a callback', () => {
  it.each([
    'http://192.168.1.2/',
    'http://example.com/',
    'http://localhost.example.com/',
    'http://inbox.localhost/',
    'http://[::ffff:127.0.0.1]/',
    'http://0.0.0.0/',
    'http://127.0.0.1.example.com/',
    'http://user:secret@127.0.0.1/',
    'file:///etc/passwd',
    'ftp://127.0.0.1/',
    'nonsense',
    '',
  ])('is never at %j', url => {
    const { control } = createClouds()
    expect(() => control.setCallback('aliyun-sms', { url })).toThrow(/this machine only/)
    expect(control.state().callbacks).toEqual({})
  })

  it.each([
    'http://localhost:1/x',
    'https://127.0.0.1/',
    'http://127.9.9.9:80/',
    'http://[::1]:2/',
    'http://2130706433/',
  ])('may be at %s', url => {
    const { control } = createClouds()
    control.setCallback('tencent-sms', { url })
    expect(control.state().callbacks['tencent-sms']?.url).toBe(new URL(url).href)
  })
})
