import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readRecipient } from './recipient.ts'

const phone = (value: string) => readRecipient({ type: 'phone', value })

describe('a recipient', () => {
  test.each([
    ['13055552671', '13055552671', 'US', '+1 305****2671'],
    ['13800138000', '8613800138000', 'CN', '+86 138****8000'],
    ['8613800138000', '8613800138000', 'CN', '+86 138****8000'],
    ['85251234567', '85251234567', 'HK', '+852 5****4567'],
    ['5215512345678', '525512345678', 'MX', '+52 551****5678'],
  ] as const)('%s is shown, counted and sent to as %s', (given, value, country, masked) => {
    expect(phone(given)).toMatchObject({ channel: 'sms', value, canonical: value })
    expect([phone(given).country, phone(given).masked]).toEqual([country, masked])
  })

  test('by mail has no country, and is counted as one mailbox', () => {
    const mail = readRecipient({ type: 'email', value: 'Ada@EXAMPLE.com' })
    expect(mail).toMatchObject({ channel: 'email', canonical: 'ada@example.com' })
    expect([mail.country, mail.masked]).toEqual([undefined, 'A***@example.com'])
  })

  test.each([
    ['Ada+shop@example.com', 'ada@example.com'],
    ['ada+a+b@example.com', 'ada@example.com'],
    ['+ada@example.com', '+ada@example.com'],
    ['++@example.com', '+@example.com'],
    ['a.d.a+1@GoogleMail.com', 'ada@gmail.com'],
    ['a.d.a@example.com', 'a.d.a@example.com'],
  ])('%s is counted as the mailbox %s', (value, reached) => {
    expect(readRecipient({ type: 'email', value })).toMatchObject({
      value: value.replace(/@.*/, at => at.toLowerCase()),
      reached,
    })
  })

  test('by mail is the address that the message goes to, however it was given', () => {
    for (const value of [
      'ida@bücher.example.com',
      'ida＠xn--BCHER-kva.example．com',
      ' ida\u200B@bücher.example.com',
    ])
      expect(readRecipient({ type: 'email', value })).toMatchObject({
        value: 'ida@xn--bcher-kva.example.com',
        canonical: 'ida@xn--bcher-kva.example.com',
      })
  })

  test('is one in all its spellings', () => {
    const spellings = [
      '13800138000',
      '8613800138000',
      '+8613800138000',
      '008613800138000',
      '+86 138-0013 8000',
    ]
    expect(new Set(spellings.map(value => phone(value).value))).toEqual(new Set(['8613800138000']))
  })

  test('can be read from anything, and read again it is the same', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('phone', 'email'), (value, type) => {
        const recipient = readRecipient({ type, value })
        expect(readRecipient(recipient)).toMatchObject({
          value: recipient.value,
          canonical: recipient.canonical,
        })
        expect(typeof recipient.masked).toBe('string')
        expect(['string', 'undefined']).toContain(typeof recipient.country)
      }),
    )
  })
})
