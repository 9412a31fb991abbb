import { describe, expect, test } from 'vitest'
import { aliyunNumber, readRecipient, tencentNumber } from './phone.ts'

test.each(['', '+', 'ada@example.com', '86138 0013 8000', '8613800138000,8613800138001'])(
  'a recipient that is no number, “%s”, is refused',
  to => {
    expect(() => readRecipient(to, { bare: true })).toThrow('recipient_invalid')
  },
)

describe('a number is written', () => {
  test.each([
    ['8613800138000', '13800138000', '+8613800138000'],
    ['+85261234567', '85261234567', '+85261234567'],
    ['861012345678', '861012345678', '+861012345678'],
  ])('%s: %s for Aliyun, %s for Tencent Cloud', (to, aliyun, tencent) => {
    const recipient = readRecipient(to, { bare: false })
    expect(aliyunNumber(recipient)).toBe(aliyun)
    expect(tencentNumber(recipient)).toBe(tencent)
  })
})
