import { parsePhoneNumberFromString } from 'libphonenumber-js'

/** A mainland mobile number without prefix: 1, then 3 to 9, then nine digits. */
export const MAINLAND_MOBILE = /^1[3-9]\d{9}$/

/** A recipient as a cloud understands it. */
export interface Recipient {
  /** E.164 with the plus sign. */
  e164: string
  mainland: boolean
  /** ISO 3166 country, or undefined when the calling code belongs to several and the number decides none. */
  country: string | undefined
}

/** The recipient behind a mainland mobile number without prefix. */
export function mainlandRecipient(digits: string): Recipient {
  return { e164: `+86${digits}`, mainland: true, country: 'CN' }
}

/**
 * The overseas recipient behind country code and subscriber number (digits only), or undefined when no country
 * uses numbers of that form. Only the form is judged: whether a number exists shows in the receipt alone.
 */
export function overseasRecipient(digits: string): Recipient | undefined {
  if (!/^[1-9]\d{5,14}$/.test(digits)) return undefined
  const parsed = parsePhoneNumberFromString(`+${digits}`)
  if (!parsed?.isPossible() || parsed.countryCallingCode === '86') return undefined
  return { e164: parsed.number, mainland: false, country: parsed.country }
}

/** The first of the 300 numbers which the SMS clouds exempt from frequency control: +86 138 0013 8000. */
export const ALLOW_LIST_FIRST = 13800138000
/** How many numbers from there on are exempt; 300 is the length Aliyun documents for its allow-list. */
export const ALLOW_LIST_SIZE = 300

/** True for the numbers +86 138 0013 8000 to +86 138 0013 8299. */
export function isAllowListed(e164: string): boolean {
  if (!e164.startsWith('+86')) return false
  const offset = Number(e164.slice(3)) - ALLOW_LIST_FIRST
  return offset >= 0 && offset < ALLOW_LIST_SIZE
}
