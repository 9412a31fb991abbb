import { describe, expect, test } from 'vitest'
import { MOST_ENTRIES } from '../receipts/pushed.ts'
import { readSmsReports } from './sms-reports.ts'

/** Entries as the documents show them, with numbers and ids of nobody. */
const DELIVERED = {
  phone_number: '13800000001',
  send_time: '2026-11-30 10:00:01',
  report_time: '2026-11-30 10:00:04',
  success: true,
  err_code: 'DELIVERED',
  err_msg: '用户接收成功',
  sms_size: '1',
  biz_id: '900619746936498440^0',
  out_id: 'cs-01JDELIVER',
}
const FAILED = { ...DELIVERED, success: false, err_code: 'MOBILE_NOT_ON_SERVICE', err_msg: '停机' }
const GLOBE = {
  to: '85261234567',
  status: '2',
  message_id: '12441353',
  send_date: '2026-11-30 10:00:00',
  receive_date: '2026-11-30 10:00:05',
  error_code: 'SP_UNKNOW_ERROR',
  error_description: '运营商未知错误',
}
const ABROAD = {
  To: '85261234567',
  SendDate: 'Mon, 30 Nov 2026 10:25:00 +0800',
  ReceiveDate: 'Mon, 30 Nov 2026 10:25:33 +0800',
  Status: '1',
  ErrorCode: 'success',
  ErrorDescription: 'success',
  TaskId: '67890',
  SmsSize: '2',
  MessageId: '123450000001',
}
/** 10:00:04 in UTC+8. */
const AT = Date.UTC(2026, 10, 30, 2, 0, 4)

const read = (body: unknown) =>
  readSmsReports({ body: typeof body === 'string' ? body : JSON.stringify(body) })
const receiptsOf = (body: unknown) => {
  const reading = read(body)
  return 'receipts' in reading ? reading.receipts : reading.refused
}

describe('a push of SmsReport', () => {
  test('is read in batches, its times as those of Beijing, and acknowledged by a numeric code', () => {
    expect(read([DELIVERED, FAILED])).toEqual({
      answer: { status: 200, body: { code: 0, msg: 'ok' } },
      receipts: [
        {
          ids: { BizId: '900619746936498440^0' },
          attemptId: 'cs-01JDELIVER',
          to: '13800000001',
          state: 'delivered',
          code: 'DELIVERED',
          detail: '用户接收成功',
          at: AT,
          segments: 1,
        },
        expect.objectContaining({ state: 'failed', code: 'MOBILE_NOT_ON_SERVICE', detail: '停机' }),
      ],
    })
  })

  test.each([
    [{ success: 'true' }, 'delivered'],
    [{ success: 'TRUE', err_code: undefined }, 'delivered'],
    [{ success: 'false' }, 'failed'],
    [{ success: 0 }, 'failed'],
    // What is not said, or not to be understood, the code says.
    [{ success: undefined }, 'delivered'],
    [{ success: 'perhaps', err_code: 'REQUEST_SUCCESS' }, 'pending'],
    [{ success: null, err_code: 'MK:0001' }, 'failed'],
  ])('with %o counts as %s', (change, state) => {
    expect(receiptsOf([{ ...DELIVERED, ...change }])).toMatchObject([{ state }])
  })

  test.each([
    [{ report_time: '2026-11-30 24:00:00' }, undefined],
    [{ report_time: '2026-02-30 10:00:00' }, undefined],
    [{ report_time: 'yesterday' }, undefined],
    [{ report_time: undefined }, AT - 3000],
    [{ report_time: '2026-01-01 00:00:00' }, Date.UTC(2025, 11, 31, 16)],
  ])('with %o happened at %s', (change, at) => {
    expect(receiptsOf([{ ...DELIVERED, ...change }])).toMatchObject([{ at }].map(each => (at ? each : {})))
    expect(JSON.stringify(receiptsOf([{ ...DELIVERED, ...change }])).includes('"at"')).toBe(at !== undefined)
  })

  test('may stand alone, as a queue hands it out, have members that nobody knows, and come with a mark', () => {
    expect(receiptsOf({ ...DELIVERED, new_member: { a: [1] }, __proto__x: 1 })).toHaveLength(1)
    expect(receiptsOf(`\uFEFF${JSON.stringify([DELIVERED])}`)).toHaveLength(1)
  })

  test('about a number abroad has other names on the mainland site', () => {
    expect(receiptsOf([GLOBE, { ...GLOBE, status: 1 }, { ...GLOBE, status: 'x' }])).toEqual([
      {
        ids: { BizId: '12441353' },
        to: '85261234567',
        state: 'failed',
        code: 'SP_UNKNOW_ERROR',
        detail: '运营商未知错误',
        at: AT + 1000,
      },
      expect.objectContaining({ state: 'delivered' }),
      expect.objectContaining({ state: 'pending' }),
    ])
  })

  test('of the international site has names and times of its own', () => {
    expect(receiptsOf([ABROAD, { ...ABROAD, Status: '6', ReceiveDate: '2026-11-30' }])).toEqual([
      {
        ids: { BizId: '123450000001' },
        attemptId: '67890',
        to: '85261234567',
        state: 'delivered',
        code: 'success',
        detail: 'success',
        at: Date.UTC(2026, 10, 30, 2, 25, 33),
        segments: 2,
      },
      expect.not.objectContaining({ at: expect.anything() }),
    ])
  })

  test.each([
    [
      'a reply',
      { phone_number: '13800000001', content: 'T', send_time: '2026-11-30 10:00:01', dest_code: '1' },
    ],
    ['a review of a signature', { sign_name: '示例', sign_status: 'approved', create_date: '2026-11-30' }],
    ['a review of a template', { template_code: 'SMS_1', template_status: 'approved', order_id: 1 }],
    ['a list of nothing', undefined],
  ])('that is %s is acknowledged and passed over', (_, entry) => {
    expect(read(entry ? [entry] : [])).toEqual({
      answer: { status: 200, body: { code: 0, msg: 'ok' } },
      receipts: [],
    })
  })

  test.each(['', 'OK', '<xml/>', 'null', '7', '"x"', '[1,2]', '[[{}]]', '{"a":', '[null]', '\u0000'])(
    'is not “%s”, which is refused',
    body => {
      expect(read(body)).toMatchObject({ refused: expect.stringMatching(/JSON/), answer: { status: 400 } })
    },
  )

  test('of odd members is read as far as it goes', () => {
    const odd = {
      ...DELIVERED,
      phone_number: { a: 1 },
      sms_size: '1e9',
      err_msg: ['x'],
      out_id: '',
      biz_id: 7,
    }
    expect(receiptsOf([odd, null, { ...odd, biz_id: {} }])).toEqual([
      { ids: { BizId: '7' }, state: 'delivered', code: 'DELIVERED', at: AT },
    ])
  })

  test('without end is cut: its entries, and every text in them', () => {
    const long = { ...DELIVERED, err_msg: `\u0000a\n${'验'.repeat(9000)}`, biz_id: `${'9'.repeat(255)}😀` }
    const read = receiptsOf(Array.from({ length: MOST_ENTRIES + 1 }, () => long))
    expect(read).toHaveLength(MOST_ENTRIES)
    const [first] = read as Exclude<typeof read, string>
    expect(first?.detail).toMatch(/^a 验{1022}$/)
    expect(first?.ids.BizId).toHaveLength(256)
    expect(first?.ids.BizId?.isWellFormed()).toBe(true)
  })
})
