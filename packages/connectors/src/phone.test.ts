import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { aliyunNumber, readRecipient, tencentNumber } from './phone.ts'

const MAINLAND = { destination: 'china', digits: '8613800138000', mobile: '13800138000' }

describe('a recipient', () => {
  test.each(['8613800138000', '+8613800138000', '008613800138000'])(
    'written %s is in mainland China, whether bare numbers count or not',
    to => {
      expect(readRecipient(to, { bare: true })).toEqual(MAINLAND)
      expect(readRecipient(to, { bare: false })).toEqual(MAINLAND)
    },
  )

  test('written as eleven bare digits is in mainland China where bare numbers count', () => {
    expect(readRecipient('13800138000', { bare: true })).toEqual(MAINLAND)
    expect(readRecipient('13800138000', { bare: false })).toEqual({
      destination: 'overseas',
      digits: '13800138000',
    })
  })

  test.each(['+13055552671', '0013055552671', '14155552671', '15425552671'])(
    'written %s is in America although a mainland number can look like it',
    to => {
      const digits = to.replace(/^\+|^00/, '')
      for (const bare of [true, false])
        expect(readRecipient(to, { bare })).toEqual({ destination: 'overseas', digits })
    },
  )

  test('in America that looks like a mainland number in use is told apart by the strict check', () => {
    expect(readRecipient('13055552671', { bare: false }).destination).toBe('overseas')
    expect(readRecipient('13055552671', { bare: true }).destination).toBe('china')
  })

  test.each(['85261234567', '85366123456', '886912345678', '81312345678', '447700900123'])(
    'written %s is overseas',
    to => {
      expect(readRecipient(to, { bare: true })).toEqual({ destination: 'overseas', digits: to })
    },
  )

  test('with a landline in mainland China stays one', () => {
    expect(readRecipient('861012345678', { bare: true })).toEqual({
      destination: 'china',
      digits: '861012345678',
    })
  })

  test.each([
    '',
    '+',
    'ada@example.com',
    '86138 0013 8000',
    '8613800138000,8613800138001',
    '++8613800138000',
  ])('is none when it is written “%s”', to => {
    expect(() => readRecipient(to, { bare: true })).toThrow('recipient_invalid')
  })

  test('with a country code other than 86 is never taken for a mainland one by the strict check', () => {
    const number = fc
      .integer({ min: 1, max: 9 })
      .chain(first => fc.integer({ min: 1e9, max: 9e12 }).map(rest => `${first}${rest}`))
    fc.assert(
      fc.property(number, to => {
        const { destination } = readRecipient(to, { bare: false })
        expect(destination).toBe(to.startsWith('86') ? 'china' : 'overseas')
      }),
    )
  })
})

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
