import { expect, test } from 'vitest'
import { Spent } from '../budgets/budgets.ts'
import type { KeptBudget } from '../budgets/policy.ts'
import { HeldUp } from '../challenges/verdict.ts'
import { bodyOf } from '../http/errors.ts'
import { noticeOf } from './page-request.ts'

const end = Date.parse('2026-12-01T00:00:00+08:00')
const budget = { name: 'Texts', channel: 'sms', timeZone: 'Asia/Shanghai' } as KeptBudget
const period = { name: '2026-11', begin: 0, end }
const spent = new Spent([{ budget, period }], end - 2_674_800_000)

test('a visitor whom a spent budget stops is sent another way, and not told to wait for weeks', () => {
  expect(noticeOf(spent)).toEqual({ tone: 'error', code: 'request.message_refused' })
  const wait = { demands: 'refuse', retryAfter: 2_674_800 } as const
  expect(noticeOf(new HeldUp({ ...wait, reason: 'fraud' }))).toMatchObject({ values: { seconds: 2_674_800 } })
})

test('a caller whom a spent budget stops is told of the budget and the day on which its period ends', () => {
  expect(bodyOf(spent, ['en'])).toEqual({
    code: 'request.message_rate_limited',
    message:
      'The budget for text messages is used up until December 1, 2026 at 00:00 GMT+8. Use another way, such as a code by email.',
    data: { retryAfter: 2_674_800, reason: 'budget', until: end },
  })
  expect(bodyOf(spent, ['zh-CN']).message).toContain('2026年12月1日')
})
