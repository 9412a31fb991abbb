import { isMainlandMobile, readPhone } from '@countersign/kit'
import { ParseError, type PhoneNumber, parsePhoneNumberWithError } from 'libphonenumber-js'
// The whole numbering plans: what is imported above knows little more of each than how long its numbers are.
import { parsePhoneNumberWithError as parseByPlan } from 'libphonenumber-js/max'

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

/** Why no text message can reach a number: it is no mobile number of mainland China, or no number at all. */
export type PhoneProblem = 'no-mainland-mobile' | 'no-number'

/** A number in its country's whole numbering plan; undefined when there is no such country. */
function inPlan(digits: string): PhoneNumber | undefined {
  try {
    return parseByPlan(`+${digits}`)
  } catch (error) {
    if (error instanceof ParseError) return undefined
    throw error
  }
}

/**
 * Why a number cannot be one that gets codes; undefined when it can.
 *
 * @param digits country code first
 * @param by `plan`: there must be such a number by its country's numbering plan, as on pages, whose visitors can look
 *   again. `length`: its length must fit, as for programs, which may know numbers of which the plans in here say
 *   nothing yet; but a mainland mobile number without its 86, which is no number of another country, is refused: it
 *   would be dialled as another number than it says.
 */
export function phoneProblem(digits: string, by: 'plan' | 'length'): PhoneProblem | undefined {
  const number = normalizePhone(digits.replace(/^00/, ''))
  if (number?.startsWith('86')) return isMainlandMobile(number.slice(2)) ? undefined : 'no-mainland-mobile'
  if (number === undefined) return digits.startsWith('86') ? 'no-mainland-mobile' : 'no-number'
  const phone = inPlan(number)
  if (!phone || phone.isValid()) return phone ? undefined : 'no-number'
  return by === 'length' && phone.isPossible() && !isMainlandMobile(number) ? undefined : 'no-number'
}

/** The country of a number, country code first, e.g. `CN`; undefined where the digits name none. */
export const countryOf = (digits: string): string | undefined =>
  inPlan(digits.replace(/^(?:\+|00)/, ''))?.country

/** The mainland mobile number that digits are without their 86, country code first; undefined for any others. */
export function asMainlandMobile(digits: string): string | undefined {
  return isMainlandMobile(digits) ? `86${digits}` : undefined
}

/** A phone number as its owner knows it: `+86 138 1234 5678`. */
export function showPhone(digits: string): string {
  try {
    return parsePhoneNumberWithError(`+${digits}`).formatInternational()
  } catch {
    return `+${digits}`
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
