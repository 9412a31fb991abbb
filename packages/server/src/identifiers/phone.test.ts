import { PHONE_COUNTRIES } from '@countersign/api'
import fc from 'fast-check'
import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  getExampleNumber,
  type PhoneNumber,
} from 'libphonenumber-js/max'
import examples from 'libphonenumber-js/mobile/examples'
import { describe, expect, test } from 'vitest'
import { normalizePhone, phoneKey, phoneProblem, readPhoneOf } from './phone.ts'

const callingCode = fc.constantFrom(...new Set(getCountries().map(country => getCountryCallingCode(country))))
const digits = fc.stringMatching(/^0{0,3}\d{1,12}$/)

/** Every country with the example of a mobile number that its numbering plan gives. */
const EXAMPLES: readonly (readonly [CountryCode, PhoneNumber])[] = getCountries().flatMap(country => {
  const example = getExampleNumber(country, examples)
  return example ? [[country, example] as const] : []
})

/** Writes digits in another script, whose zero is given. */
const inScript = (zero: number) => (text: string) =>
  text.replaceAll(/\d/g, digit => String.fromCodePoint(zero + Number(digit)))

/** Ways to write a text that do not change what it says. */
const WAYS: readonly ((text: string) => string)[] = [
  text => text,
  inScript(0x660),
  inScript(0x6f0),
  inScript(0x966),
  inScript(0x1d7d8),
  text => inScript(0xff10)(text).replace('+', '＋').replaceAll('-', '－').replaceAll(' ', '\u3000'),
  text => [...text].join('\uFE0F'),
  text => `\u202A${[...text].join('\u200B')}\u202C`,
  text => ` ${text.replaceAll(' ', '-')} `,
  text => text.replaceAll(' ', '\u00A0'),
  text => text.replaceAll(/[ -]/g, ''),
]

describe('a phone number', () => {
  test('of every country has one form in national, international, spaced, full-width and Arabic-digit spelling', () => {
    for (const [country, example] of EXAMPLES) {
      const form = normalizePhone(example.number)
      expect(`+${form}`, country).toBe(example.number)
      const abroad = [example.number, example.formatInternational(), example.number.replace('+', '00')]
      const atHome = [example.formatNational(), example.nationalNumber]
      for (const write of WAYS) {
        for (const text of [...abroad, example.number.slice(1)])
          expect(normalizePhone(write(text)), `${country} ${write(text)}`).toBe(form)
        for (const text of [...atHome, ...abroad])
          expect(readPhoneOf(write(text), country), `${country} ${write(text)}`).toBe(form)
      }
    }
  })

  test('stays as it is when it is stored and read again', () => {
    fc.assert(
      fc.property(callingCode, digits, (code, rest) => {
        const stored = normalizePhone(code + rest)
        if (stored === undefined) return
        expect(normalizePhone(stored)).toBe(stored)
        expect(phoneKey(stored)).toBe(stored)
        if (phoneProblem(stored, 'length') === undefined) expect(phoneKey(`+${stored}`)).toBe(stored)
      }),
      { numRuns: 2000, examples: [['1', '13000000000']] },
    )
  })

  test.each([
    ['Mexico', '525512345678', ['5215512345678', '+52 1 55 1234 5678', '52 044 55 1234 5678']],
    [
      'Argentina',
      '5491123456789',
      ['541123456789', '+54 9 11 2345-6789', '54 11 15 2345 6789', '54 011 15 2345 6789'],
    ],
    ['Brazil', '5511987654321', ['551187654321', '+55 11 8765-4321', '55 0 11 98765 4321']],
    ['Benin', '2290190011234', ['22990011234', '+229 90 01 12 34']],
    ['Britain', '447400123456', ['4407400123456', '+44 (0)7400 123456', '00447400123456']],
    ['Australia', '61412345678', ['610412345678', '6100412345678', '+61 (0412) 345-678']],
    ['Hungary', '36201234567', ['3606201234567', '+36 06 20 123 4567']],
    ['Russia', '79123456789', ['789123456789', '+7 8 912 345-67-89']],
    ['China', '8613800138000', ['13800138000', '86 013800138000', '0086 138 0013 8000', '(138) 0013-8000']],
  ])('in the forms in which %s dialled it before is %s', (_, form, spellings) => {
    for (const spelling of [form, ...spellings]) expect(normalizePhone(spelling), spelling).toBe(form)
  })

  test('of today is never another one in an old form', () => {
    // Landlines of Brazil have eight digits still, and so have those of Mexico that begin with 1 but for their length.
    for (const number of ['551132345678', '525512345678', '2290190011234', '5491123456789'])
      expect(normalizePhone(number)).toBe(number)
  })

  test('of mainland China without its 86 is one of another country only where there is such a one', () => {
    expect(normalizePhone('13800138000')).toBe('8613800138000')
    expect(normalizePhone('15551234567')).toBe('8615551234567')
    expect(normalizePhone('13055552671')).toBe('13055552671')
    // With a plus its country is certain, and then there is no such number.
    expect(normalizePhone('+13800138000')).toBe('13800138000')
    for (const by of ['plan', 'length'] as const) expect(phoneProblem('+13800138000', by)).toBe('no-number')
  })

  test('is none with letters, or where nothing can be read', () => {
    for (const none of ['', '+', 'not a number', '1380013800O', '١a', '1', '999123456', '1'.repeat(256)])
      expect(normalizePhone(none), none).toBe(undefined)
  })
})

test('every country that may be set as the first has phone numbers, and the other way round', () => {
  expect([...PHONE_COUNTRIES].sort()).toEqual(getCountries().sort())
})

test('the example of a mobile number of every country can exist', () => {
  for (const [country, { number }] of EXAMPLES)
    for (const by of ['plan', 'length'] as const)
      expect(phoneProblem(number, by), `${country} ${number}`).toBe(undefined)
})

test('of mainland China only mobile numbers get messages, of every series that begins with 13 to 19', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^1[3-9]\d{9}$/), mobile => {
      for (const by of ['plan', 'length'] as const) expect(phoneProblem(`86${mobile}`, by)).toBe(undefined)
    }),
  )
  fc.assert(
    fc.property(fc.stringMatching(/^\d{1,14}$/), rest => {
      fc.pre(!/^0*1[3-9]\d{9}$/.test(rest))
      for (const by of ['plan', 'length'] as const)
        expect(phoneProblem(`86${rest}`, by)).toBe('no-mainland-mobile')
    }),
  )
})

test('whatever is typed, a number can exist for a program when it can for a visitor', () => {
  fc.assert(
    fc.property(callingCode, digits, (code, rest) => {
      if (phoneProblem(code + rest, 'plan') === undefined)
        expect(phoneProblem(code + rest, 'length')).toBe(undefined)
    }),
    { numRuns: 1500 },
  )
})

test('a number of which only the plan says that there is none is taken from programs', () => {
  expect([phoneProblem('4915012', 'plan'), phoneProblem('85221234567', 'length')]).toEqual([
    'no-number',
    undefined,
  ])
  for (const nonsense of ['', '0', '12', '999123456789', 'x', '1'.repeat(40)])
    expect(phoneProblem(nonsense, 'length'), nonsense).toBe('no-number')
})
