/** Where a text message goes: to mainland China or anywhere else; templates, signatures and rules differ by it. */
export type Destination = 'china' | 'overseas'

/** Both, in the order in which they are shown. */
export const DESTINATIONS: readonly Destination[] = ['china', 'overseas']

/** A phone number, read. */
export interface Phone {
  destination: Destination
  /** Country code first, no `+`. */
  digits: string
  /** The eleven digits of a mainland mobile number; absent for any other. */
  mobile?: string
}

const DIGITS = /^\d{5,20}$/
/** Country codes are free of each other's beginnings, so a number that begins with 86 is Chinese whatever follows. */
const CHINA = '86'
const MOBILE = /^1[3-9]\d{9}$/
/** Mobile prefixes in use in mainland China, for telling bare numbers from American ones only. */
const MOBILE_IN_USE = /^1(?:3\d|4[5-9]|5[0-35-9]|6[2567]|7[0-8]|8\d|9[0-35-9])/
/** Country code 1, then area code and exchange, of which neither begins with 0 or 1. */
const NORTH_AMERICAN = /^1[2-9]\d\d[2-9]\d{6}$/

/**
 * Says whether digits have the form of a mainland mobile number without its 86. The form alone counts: new series are in
 * use before any list of them is written, and a person who is refused is hurt more than one who waits in vain.
 *
 * @example isMainlandMobile('13800138000') // true
 */
export const isMainlandMobile = (digits: string): boolean => MOBILE.test(digits)

/**
 * Says whether digits, country code first, can be a number of the North American plan, the only one behind a 1.
 *
 * @example isNorthAmerican('12125550100') // true
 */
export const isNorthAmerican = (digits: string): boolean => NORTH_AMERICAN.test(digits)

/**
 * Reads a phone number: digits with the country code first, with or without `+` or `00` before them. This is the one
 * rule by which connectors dial; the server gives every number with its country code.
 *
 * @param options `bare`: nobody said the country, and eleven digits that look like a mainland mobile number count as one.
 *   Such a number may as well be an American one that begins with its country code 1; it is taken for that when no
 *   mainland number begins so. With `+` or `00` the country code is certain.
 * @returns undefined for a text that is no number
 * @example readPhone('+8613800138000', { bare: false })?.mobile // '13800138000'
 */
export function readPhone(to: string, { bare }: { bare: boolean }): Phone | undefined {
  const digits = to.replace(/^(?:\+|00)/, '')
  if (!DIGITS.test(digits)) return undefined
  if (digits.startsWith(CHINA)) {
    const national = digits.slice(CHINA.length)
    return { destination: 'china', digits, ...(isMainlandMobile(national) && { mobile: national }) }
  }
  const isBare = bare && digits === to && isMainlandMobile(digits)
  if (isBare && (MOBILE_IN_USE.test(digits) || !isNorthAmerican(digits)))
    return { destination: 'china', digits: CHINA + digits, mobile: digits }
  return { destination: 'overseas', digits }
}
