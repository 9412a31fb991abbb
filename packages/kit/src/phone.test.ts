import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readPhone } from './phone.ts'

const MAINLAND = { destination: 'china', digits: '8613800138000', mobile: '13800138000' }

describe('a phone number', () => {
  test.each(['8613800138000', '+8613800138000', '008613800138000'])(
    'written %s is in mainland China, whether bare numbers count or not',
    to => {
      expect(readPhone(to, { bare: true })).toEqual(MAINLAND)
      expect(readPhone(to, { bare: false })).toEqual(MAINLAND)
    },
  )

  test('written as eleven bare digits is in mainland China where bare numbers count', () => {
    expect(readPhone('13800138000', { bare: true })).toEqual(MAINLAND)
    expect(readPhone('13800138000', { bare: false })).toEqual({
      destination: 'overseas',
      digits: '13800138000',
    })
  })

  test.each(['+13055552671', '0013055552671', '14155552671', '15425552671'])(
    'written %s is in America although a mainland number can look like it',
    to => {
      const digits = to.replace(/^\+|^00/, '')
      for (const bare of [true, false])
        expect(readPhone(to, { bare })).toEqual({ destination: 'overseas', digits })
    },
  )

  test('in America that looks like a mainland number in use is told apart by the strict check', () => {
    expect(readPhone('13055552671', { bare: false })?.destination).toBe('overseas')
    expect(readPhone('13055552671', { bare: true })?.destination).toBe('china')
  })

  test.each(['85261234567', '85366123456', '886912345678', '81312345678', '447700900123'])(
    'written %s is overseas',
    to => {
      expect(readPhone(to, { bare: true })).toEqual({ destination: 'overseas', digits: to })
    },
  )

  test('with a landline in mainland China stays one', () => {
    expect(readPhone('861012345678', { bare: true })).toEqual({
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
    expect(readPhone(to, { bare: true })).toBeUndefined()
  })

  test('with a country code other than 86 is never taken for a mainland one by the strict check', () => {
    const number = fc
      .integer({ min: 1, max: 9 })
      .chain(first => fc.integer({ min: 1e9, max: 9e12 }).map(rest => `${first}${rest}`))
    fc.assert(
      fc.property(number, to => {
        expect(readPhone(to, { bare: false })?.destination).toBe(to.startsWith('86') ? 'china' : 'overseas')
      }),
    )
  })
})
