import { asciiDigits } from '@countersign/api'
import { isMainlandMobile, isNorthAmerican } from '@countersign/kit'
// The whole numbering plans. The smaller ones know little more of a number than how long it may be, and what is loaded
// twice takes memory twice.
import {
  type CountryCode,
  ParseError,
  type PhoneNumber,
  parsePhoneNumberWithError,
} from 'libphonenumber-js/max'

const CHINA = '86'
const SEPARATORS = /[\s()./・·−\p{Pd}]/gu
/** What says that the country code comes first. */
const LEAD_OUT = /^(?:\+|00)/
const DIGITS = /^\d+$/

/**
 * Numbers as they were dialled before their country changed its plan, or as they are dialled inside it. Each becomes the
 * number of today only where there is none by the old digits, so that no number of somebody else is met.
 */
const OLD_FORMS: readonly [form: RegExp, now: string][] = [
  // Mexico: the 1 for mobile phones, 044 and 045 before it, and the long-distance 01 fell in 2019.
  [/^52(?:1|01|044|045)(\d{10})$/, '52$1'],
  // Brazil: mobile numbers got a ninth digit until 2016.
  [/^55(\d\d)([6-9]\d{7})$/, '55$19$2'],
  // Benin: every number got 01 in 2024.
  [/^229(\d{8})$/, '22901$1'],
]

function parsed(number: string, country?: CountryCode): PhoneNumber | undefined {
  try {
    return parsePhoneNumberWithError(number, country)
  } catch (error) {
    if (error instanceof ParseError) return undefined
    throw error
  }
}

const digitsOf = (phone: PhoneNumber) => `${phone.countryCallingCode}${phone.nationalNumber}`

/** Whether there is such a number by its country's plan, and it stands in its one form. */
function isReal(digits: string): boolean {
  const phone = parsed(`+${digits}`)
  return phone?.isValid() === true && digitsOf(phone) === digits
}

/** Takes trunk prefixes away, however many there are; undefined for what is no international number. */
function withoutTrunk(digits: string): string | undefined {
  let before = digits
  for (;;) {
    const phone = parsed(`+${before}`)
    const after = phone && digitsOf(phone)
    if (after === undefined) return before === digits ? undefined : before
    if (after.length >= before.length) return after
    before = after
  }
}

/**
 * In Argentina one number has two forms: with a 9 after the country code it is dialled as a mobile phone's, without it as
 * a landline's. Codes go to mobile phones.
 */
function withNine(digits: string): string {
  if (!digits.startsWith('54')) return digits
  const asMobile = digits.replace(/^54(?!9)/, '549')
  return asMobile !== digits && isReal(asMobile) ? asMobile : digits
}

/** The number of today for digits with the country code first; undefined for what is no international number. */
function ofToday(digits: string): string | undefined {
  const mobile = /^860*(1\d{10})$/.exec(digits)?.[1]
  if (mobile !== undefined && isMainlandMobile(mobile)) return CHINA + mobile
  if (isReal(digits)) return withNine(digits)
  const number = withoutTrunk(digits)
  const kept = number ?? digits
  if (!isReal(kept))
    for (const [form, now] of OLD_FORMS) {
      const today = kept.replace(form, now)
      if (today !== kept && isReal(today)) return today
    }
  return number === undefined ? undefined : withNine(number)
}

/** What was typed or given as a number: its digits, and whether it says that the country code comes first. */
function plain(value: string): { digits: string; isInternational: boolean } {
  if (DIGITS.test(value) && !value.startsWith('00')) return { digits: value, isInternational: false }
  const text = asciiDigits(value).normalize('NFKC').replaceAll(SEPARATORS, '')
  return { digits: text.replace(LEAD_OUT, ''), isInternational: LEAD_OUT.test(text) }
}

/** The mainland mobile number that eleven digits without a plus are, unless there is such a number in North America. */
function mainlandMeant(digits: string): string | undefined {
  const mainland = asMainlandMobile(digits)
  return mainland !== undefined && !(isNorthAmerican(digits) && isReal(digits)) ? mainland : undefined
}

/**
 * The one form of a phone number: country code and national number as digits. By it numbers are shown, stored, found,
 * counted, limited, claimed, told to webhooks, imported and sent to. Undefined for what is no phone number at all.
 *
 * - Digits of every script count, and separators, `+`, `00` and trunk prefixes do not (`610412345678` is `61412345678`).
 * - Old dialling forms of a number are that number (`5215512345678` is `525512345678`).
 * - The country code comes first. Eleven digits of a mainland mobile number, without `+` or `00` before them, that are no
 *   number of another country are one of mainland China (`13800138000` is `8613800138000`).
 *
 * What comes out stays as it is when it goes in again, so that a stored number finds its user.
 */
export function normalizePhone(value: string): string | undefined {
  const { digits, isInternational } = plain(value)
  if (!DIGITS.test(digits)) return undefined
  const meant = isInternational ? undefined : mainlandMeant(digits)
  if (meant !== undefined) return meant
  const number = ofToday(digits)
  // What is left without its trunk prefix would be another number when it is read again.
  const isStable = isInternational || number === undefined || mainlandMeant(number) === undefined
  return isStable ? number : undefined
}

/** The form for looking up and sending to: the one form, or of what is no number the digits or the value itself. */
export function phoneKey(value: string): string {
  const { digits } = plain(value)
  return normalizePhone(value) ?? (DIGITS.test(digits) ? digits : value)
}

/**
 * Reads a number as somebody wrote it who also chose a country, which counts where the number itself names none.
 * Undefined for what cannot be read. What comes out may be a number that cannot exist: see `phoneProblem`.
 */
export function readPhoneOf(value: string, country: CountryCode | undefined): string | undefined {
  // Letters are no spelling of digits here: they are left out or stand for some, and then it is another number.
  const text = asciiDigits(value).normalize('NFKC').trim()
  if (/\p{L}/u.test(text)) return undefined
  const inside = parsed(text, country)
  // 00 leads out of most countries, and is written also where it does not.
  const abroad = text.startsWith('00') && !inside?.isValid() ? parsed(text.replace(/^00/, '+')) : undefined
  const phone = abroad?.isValid() ? abroad : inside
  return phone && (ofToday(digitsOf(phone)) ?? digitsOf(phone))
}

/** Why no text message can reach a number: it is no mobile number of mainland China, or no number at all. */
export type PhoneProblem = 'no-mainland-mobile' | 'no-number'

/**
 * Why a number cannot be one that gets codes; undefined when it can.
 *
 * @param value as `normalizePhone` takes it
 * @param by `plan`: there must be such a number by its country's numbering plan, as on pages, whose visitors can look
 *   again. `length`: its length must fit, as for programs, which may know numbers of which the plans in here say
 *   nothing yet.
 */
export function phoneProblem(value: string, by: 'plan' | 'length'): PhoneProblem | undefined {
  const number = normalizePhone(value)
  if ((number ?? plain(value).digits).startsWith(CHINA))
    return number && isMainlandMobile(number.slice(CHINA.length)) ? undefined : 'no-mainland-mobile'
  const phone = number === undefined ? undefined : parsed(`+${number}`)
  // With a plus it is meant as it stands, and would be dialled as another number than it says.
  const isMeantOtherwise = number !== undefined && isMainlandMobile(number)
  if (!phone || phone.isValid()) return phone ? undefined : 'no-number'
  return by === 'length' && phone.isPossible() && !isMeantOtherwise ? undefined : 'no-number'
}

/** A mainland mobile number with its 86 in front. They are most of ours, and tell themselves without a numbering plan. */
const isMainland = (digits: string) =>
  digits.startsWith(CHINA) && isMainlandMobile(digits.slice(CHINA.length))

/** The country of a number, country code first, e.g. `CN`; undefined where the digits name none. */
export const countryOf = (digits: string): string | undefined =>
  isMainland(digits) ? 'CN' : parsed(`+${digits}`)?.country

/**
 * What numbers that were handed out together begin with: the first seven digits of a mainland mobile number, elsewhere
 * the country code and three digits more. Country codes stand before it, as in the number.
 *
 * @example prefixOf('8613800138000') // '861380013'
 */
export function prefixOf(digits: string): string {
  const mainland = isMainland(digits)
  const code = mainland ? CHINA : (parsed(`+${digits}`)?.countryCallingCode ?? '')
  return digits.slice(0, code.length + (mainland ? 7 : 3))
}

/** The mainland mobile number that digits are without their 86, country code first; undefined for any others. */
export function asMainlandMobile(digits: string): string | undefined {
  return isMainlandMobile(digits) ? CHINA + digits : undefined
}

/** A phone number as its owner knows it: `+86 138 1234 5678`. */
export const showPhone = (digits: string): string =>
  parsed(`+${digits}`)?.formatInternational() ?? `+${digits}`

/** For people who may not see all of it: `+86 138****8000`, `a***@example.com`. */
export function maskRecipient(recipient: string): string {
  const at = recipient.lastIndexOf('@')
  if (at >= 0) return `${recipient.slice(0, 1)}***${recipient.slice(at)}`
  if (isMainland(recipient)) return `+86 ${recipient.slice(2, 5)}****${recipient.slice(-4)}`
  const phone = parsed(`+${phoneKey(recipient).replace(/^\+/, '')}`)
  if (!phone) return `****${recipient.slice(-2)}`
  const { countryCallingCode, nationalNumber } = phone
  const head = nationalNumber.length > 8 ? 3 : 1
  const tail = Math.min(4, nationalNumber.length - head)
  return `+${countryCallingCode} ${nationalNumber.slice(0, head)}****${nationalNumber.slice(-tail)}`
}
