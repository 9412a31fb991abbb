import { PHONE_COUNTRIES } from '@countersign/api'
import fc from 'fast-check'
import { getCountries, getCountryCallingCode, getExampleNumber } from 'libphonenumber-js'
import examples from 'libphonenumber-js/mobile/examples'
import { expect, test } from 'vitest'
import { asMainlandMobile, normalizePhone, phoneKey, phoneProblem } from './phone.ts'

const callingCode = fc.constantFrom(...new Set(getCountries().map(country => getCountryCallingCode(country))))
const digits = fc.stringMatching(/^0{0,3}\d{1,12}$/)

test('a number that is stored stays as it is, so that it finds itself again', () => {
  fc.assert(
    fc.property(callingCode, digits, (code, rest) => {
      const stored = normalizePhone(code + rest)
      if (stored === undefined) return
      expect(normalizePhone(stored)).toBe(stored)
      expect(phoneKey(`+${stored}`)).toBe(stored)
    }),
    { numRuns: 5000 },
  )
})

test('every country that may be set as the first has phone numbers, and the other way round', () => {
  expect([...PHONE_COUNTRIES].sort()).toEqual(getCountries().sort())
})

test('the example of a mobile number of every country can exist', () => {
  for (const country of getCountries()) {
    const example = getExampleNumber(country, examples)
    if (!example) continue
    const digits = example.number.slice(1)
    expect(phoneProblem(digits, 'plan'), `${country} ${digits}`).toBe(undefined)
    expect(phoneProblem(digits, 'length'), `${country} ${digits}`).toBe(undefined)
  }
})

test('of mainland China only mobile numbers get messages, of every series that begins with 13 to 19', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^1[3-9]\d{9}$/), mobile => {
      for (const by of ['plan', 'length'] as const) expect(phoneProblem(`86${mobile}`, by)).toBe(undefined)
      expect(asMainlandMobile(mobile)).toBe(`86${mobile}`)
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
    { numRuns: 3000 },
  )
})

test('a mainland number without its 86 is no number of another country, unless there is just such a one', () => {
  expect(phoneProblem('13800138000', 'length')).toBe('no-number')
  expect(phoneProblem('15551234567', 'length')).toBe('no-number')
  expect(phoneProblem('13055552671', 'length')).toBe(undefined)
  // Where only the plan speaks against a number, a program may know better.
  expect([phoneProblem('4915012', 'plan'), phoneProblem('85221234567', 'length')]).toEqual([
    'no-number',
    undefined,
  ])
  for (const nonsense of ['', '0', '12', '999123456789', 'x', '1'.repeat(40)])
    expect(phoneProblem(nonsense, 'length'), nonsense).toBe('no-number')
})
