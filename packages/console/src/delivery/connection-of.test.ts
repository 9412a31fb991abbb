import { expect, test } from 'vitest'
import { connectionOf } from './connection-of.ts'

const attempt = (connectionId: string | null, state: 'failed' | 'accepted' | 'unconfirmed') => ({
  connector: 'aliyun-sms',
  connectionId,
  state,
})

test('a message of several connections of one connector is listed by the one that brought it furthest', () => {
  const over = (...attempts: ReturnType<typeof attempt>[]) =>
    connectionOf({ connector: 'aliyun-sms', attempts })
  expect(over(attempt('a', 'failed'), attempt('b', 'accepted'))).toBe('b')
  expect(over(attempt('a', 'unconfirmed'), attempt('b', 'failed'))).toBe('a')
  expect(over(attempt('a', 'accepted'), attempt('b', 'accepted'))).toBe('b')
  expect(over(attempt(null, 'accepted'))).toBe(null)
  expect(connectionOf({ connector: null, attempts: [] })).toBe(null)
})
