import fc from 'fast-check'
import { getCountries, getCountryCallingCode } from 'libphonenumber-js'
import { expect, test } from 'vitest'
import { normalizePhone, phoneKey } from './phone.ts'

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
