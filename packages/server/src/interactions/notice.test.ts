import { expect, test } from 'vitest'
import { HeldUp } from '../challenges/verdict.ts'
import { noticeOf } from './page-request.ts'

test('a visitor whom a spent budget stops is sent another way, and not told to wait for weeks', () => {
  const wait = { demands: 'refuse', retryAfter: 2_674_800 } as const
  expect(noticeOf(new HeldUp({ ...wait, reason: 'budget' }))).toEqual({
    tone: 'error',
    code: 'request.message_refused',
  })
  expect(noticeOf(new HeldUp({ ...wait, reason: 'fraud' }))).toMatchObject({ values: { seconds: 2_674_800 } })
})
