import type { ConnectionSummary } from '@countersign/api'
import { expect, test } from 'vitest'
import { canMove } from './moving.ts'

const of = (id: string, change: Partial<ConnectionSummary> = {}) =>
  ({ id, channel: 'sms', enabled: true, share: 100, ...change }) as ConnectionSummary

test('messages can be moved to a connection that is on behind another one, one at a time', () => {
  const [first, second] = [of('first'), of('second')]
  const all = [of('mail', { channel: 'email' }), first, second]
  expect([canMove(first, all, []), canMove(second, all, [])]).toEqual([false, true])
  expect(canMove(all[0]!, all, [])).toBe(false)
  expect(canMove(of('first', { share: 5 }), all, [])).toBe(true)
  expect(canMove(of('second', { enabled: false }), all, [])).toBe(false)
  expect(canMove(second, [first, second], [{ connectionId: 'first', state: 'moving' }])).toBe(false)
  expect(canMove(second, [first, second], [{ connectionId: 'second', state: 'stopped' }])).toBe(true)
  expect(canMove(second, all, [{ connectionId: 'mail', state: 'moving' }])).toBe(true)
})
