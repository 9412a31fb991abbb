import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type CountrySaid, readRecipient } from './recipient.ts'

const phone = (value: string, said: CountrySaid) => readRecipient({ type: 'phone', value }, said)

describe('a recipient', () => {
  test.each([
    ['13055552671', 'asked', true, 'US', '+1 305****2671'],
    ['13055552671', 'first', true, 'US', '+1 305****2671'],
    ['13055552671', 'unsaid', false, 'CN', '130****2671'],
    ['13800138000', 'unsaid', false, 'CN', '138****8000'],
    ['8613800138000', 'first', true, 'CN', '+86 138****8000'],
    ['8613800138000', 'unsaid', false, 'CN', '+86 138****8000'],
    ['85251234567', 'asked', true, 'HK', '+852 5****4567'],
  ] as const)(
    '%s with the country %s says so once for everybody',
    (value, said, certain, country, masked) => {
      const recipient = phone(value, said)
      expect(recipient).toMatchObject({ channel: 'sms', value, hasCountryCode: certain })
      expect([recipient.country, recipient.masked]).toEqual([country, masked])
    },
  )

  test('by mail has no country, and is counted as one mailbox', () => {
    const mail = readRecipient({ type: 'email', value: 'Ada@EXAMPLE.com' }, 'first')
    expect(mail).toMatchObject({ channel: 'email', hasCountryCode: false, canonical: 'ada@example.com' })
    expect([mail.country, mail.masked, mail.isBareMainland]).toEqual([undefined, 'A***@EXAMPLE.com', false])
  })

  test('is counted as one in all its spellings, whatever was said of its country', () => {
    const spellings = [
      '13800138000',
      '8613800138000',
      '+8613800138000',
      '008613800138000',
      '+86 138-0013 8000',
    ]
    const all = spellings.flatMap(value =>
      (['asked', 'first', 'unsaid'] as const).map(said => phone(value, said).canonical),
    )
    expect(new Set(all)).toEqual(new Set(['8613800138000']))
  })

  test('can be read from anything, and keeps the spelling that was given', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('phone', 'email'), (value, type) => {
        const recipient = readRecipient({ type, value }, 'unsaid')
        expect(recipient.value).toBe(value)
        expect(typeof recipient.masked).toBe('string')
        expect(['string', 'undefined']).toContain(typeof recipient.country)
      }),
    )
  })
})
