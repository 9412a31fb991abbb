import { readPhone } from '@countersign/kit'
import { ParseError, parsePhoneNumberWithError } from 'libphonenumber-js'

/** Takes a trunk prefix away, or nothing; undefined for what is no international number. */
function withoutTrunk(digits: string): string | undefined {
  try {
    const parsed = parsePhoneNumberWithError(`+${digits}`)
    return `${parsed.countryCallingCode}${parsed.nationalNumber}`
  } catch (error) {
    if (error instanceof ParseError) return undefined
    throw error
  }
}

/**
 * A phone number as it is stored: country code and national number as digits, without trunk `0`
 * (`610412345678` → `61412345678`). Undefined when it cannot be read as an international number. What comes out
 * stays as it is when it goes in again, so that a stored number finds its user.
 *
 * @param value digits, country code first; a leading `+` and separators are tolerated
 */
export function normalizePhone(value: string): string | undefined {
  const digits = value.replaceAll(/[\s().-]/g, '').replace(/^\+/, '')
  if (!/^\d+$/.test(digits)) return undefined
  let before = digits
  let stored = withoutTrunk(digits)
  // Of several zeros each turn takes one; what is left may be no number at all.
  while (stored !== undefined && stored.length < before.length) {
    before = stored
    stored = withoutTrunk(stored) ?? stored
  }
  return stored
}

/**
 * True when digits are a number that can exist as they stand, country code first: an eleven-digit mainland Chinese
 * number without its 86 is none, unless it happens to read as an American one.
 */
export function isInternational(digits: string): boolean {
  try {
    return parsePhoneNumberWithError(`+${digits}`).isValid()
  } catch (error) {
    if (error instanceof ParseError) return false
    throw error
  }
}

/** The form for looking up: like stored, or the value itself where it cannot be read. */
export const phoneKey = (value: string) => normalizePhone(value) ?? value

/**
 * For people who may not see all of it: `+86 138****8000`, `a***@example.com`.
 *
 * @param hasCountryCode false when nobody said the country: then none is named for eleven digits that may be a mainland
 *   mobile number or an American one (`138****8000`)
 */
export function maskRecipient(recipient: string, hasCountryCode = true): string {
  const at = recipient.lastIndexOf('@')
  if (at >= 0) return `${recipient.slice(0, 1)}***${recipient.slice(at)}`
  if (!hasCountryCode && readPhone(recipient, { bare: true })?.mobile === recipient)
    return `${recipient.slice(0, 3)}****${recipient.slice(-4)}`
  try {
    const { countryCallingCode, nationalNumber } = parsePhoneNumberWithError(
      `+${recipient.replace(/^\+/, '')}`,
    )
    const head = nationalNumber.length > 8 ? 3 : 1
    return `+${countryCallingCode} ${nationalNumber.slice(0, head)}****${nationalNumber.slice(-Math.min(4, nationalNumber.length - head))}`
  } catch {
    return `****${recipient.slice(-2)}`
  }
}
