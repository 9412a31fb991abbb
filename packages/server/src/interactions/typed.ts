import { asciiDigits, EVERYWHERE, onlyDigits, readEmail, sendsTo } from '@countersign/api'
import { countryOfPrefix, type IdentifierKind, type Notice, type Places } from '@countersign/sign-in'
import { type CountryCode, isSupportedCountry, parsePhoneNumberWithError } from 'libphonenumber-js/max'
import {
  asMainlandMobile,
  countryOf as countryOfNumber,
  phoneKey,
  phoneProblem,
  readPhoneOf,
  showPhone,
} from '../identifiers/phone.ts'
import { type Identifier, LONGEST_EMAIL } from '../users/users.ts'
import type { PageRequest } from './page-request.ts'

/**
 * The country that a language tag names, or where most speakers of its language live; "en" alone says nothing of it.
 */
function regionOf(tag: string): string | undefined {
  try {
    const locale = new Intl.Locale(tag)
    return locale.region ?? (locale.language === 'en' ? undefined : locale.maximize().region)
  } catch {
    return undefined // the tag comes from the outside and may be anything
  }
}

/** Countries that a visitor's languages speak for, best first. */
const countriesOf = (languages: readonly string[]): string[] => languages.flatMap(tag => regionOf(tag) ?? [])

/** What a phone field knows beside what is typed into it. */
export interface PhoneField {
  /** Where codes can go, or anywhere where none is sent. */
  served: Places
  /** The country that the operator set. */
  defaultCountry?: string | null | undefined
  /** The visitor's languages, best first. */
  languages: readonly string[]
}

/**
 * What the phone field of a page knows.
 *
 * @example const field = await phoneFieldOf(request, true)
 *
 * @param sendsCode whether the next step sends a code, whatever is typed
 */
export const phoneFieldOf = async (
  { settings, languages, served }: Pick<PageRequest, 'settings' | 'languages' | 'served'>,
  sendsCode: boolean,
): Promise<PhoneField> => ({
  served: sendsCode ? await served() : EVERYWHERE,
  defaultCountry: settings.defaultCountry,
  languages,
})

/**
 * The country that stands in a phone field: that which the number in it names, else chosen before, set by the operator, or
 * by the visitor's languages. Always one that codes can go to.
 *
 * @example countryOf({ served: ['CN', 'elsewhere'], languages: ['de-AT'] }, {}) // 'AT'
 * @example countryOf(field, { value: '+86 138 0013 8000', chosen: 'US' }) // 'CN'
 */
export function countryOf(
  { served, defaultCountry, languages }: PhoneField,
  { value = '', chosen }: { value?: string; chosen?: string | undefined },
): string {
  const before = [chosen, defaultCountry, ...countriesOf(languages), 'CN', 'US', ...served]
  const isOffered = (country: string | null | undefined): country is string =>
    !!country && isSupportedCountry(country) && sendsTo(served, country)
  const country = before.find(isOffered) ?? 'CN'
  return [countryOfPrefix(value, country)].find(isOffered) ?? country
}

/** What was typed, as far as it can be read. */
export interface Reading {
  /** Phones as digits, country code first. Beside a notice: the number that was typed and that it is about. */
  identifier?: Identifier
  /** True where the notice says no more than that codes cannot go to the number. */
  unserved?: boolean
  notice?: Notice
  /** Another number that may have been meant, as digits. */
  meant?: string
}

const wrong = (code: string, values?: Notice['values']): Notice => ({
  tone: 'error',
  code,
  ...(values && { values }),
})

/**
 * Reads an identifier as it was typed.
 *
 * @example
 * readIdentifier('phone', '138 0013 8000', 'CN', field).identifier // { type: 'phone', value: '8613800138000' }
 */
export function readIdentifier(
  kind: IdentifierKind,
  typed: string,
  country: string,
  field: PhoneField,
): Reading {
  const value = (kind === 'phone' ? asciiDigits(typed) : typed).normalize('NFKC').trim()
  if (value === '') return { notice: wrong('identifier_required') }
  if (kind === 'phone') return readPhone(value, country, field)
  if (kind === 'email') return readAddress(typed.trim())
  return /^[A-Z_a-z]\w{0,127}$/.test(value)
    ? { identifier: { type: kind, value } }
    : { notice: wrong('invalid_username') }
}

/** Tells what is wrong with an address, by the problems of `readEmail`. */
const ADDRESS_NOTICES = {
  shape: 'invalid_email',
  domain: 'email_domain',
  sign: 'email_sign',
  dots: 'email_dots',
  long: 'email_long',
} as const

function readAddress(typed: string): Reading {
  const { address, problem, sign } = { sign: undefined, ...readEmail(typed) }
  if (address !== undefined && address.length <= LONGEST_EMAIL)
    return { identifier: { type: 'email', value: address } }
  // A control character would show as nothing.
  const shown = sign !== undefined && /\P{C}/u.test(sign) ? { sign } : undefined
  return { notice: wrong(ADDRESS_NOTICES[problem ?? 'long'], shown) }
}

/** Whether codes can go to a number. */
const goesTo = (served: Places, digits: string): boolean =>
  sendsTo(served, digits.startsWith('86') ? 'CN' : countryOfNumber(digits))

function readPhone(value: string, country: string, field: PhoneField): Reading {
  const chosen = isSupportedCountry(country) ? country : undefined
  const digits = readPhoneOf(value, chosen)
  const meant = meantBy(value, digits, field)
  if (digits === undefined)
    return {
      notice: wrong(chosen === 'CN' && !value.startsWith('+') ? 'no_mainland_mobile' : 'invalid_phone'),
      ...meant,
    }
  const problem = phoneProblem(`+${digits}`, 'plan')
  // Without its plus it may be read as somebody else's number: then nobody can have it, and nobody insists on it.
  const identifier = phoneKey(digits) === digits ? ({ type: 'phone', value: digits } as const) : undefined
  const about = identifier && { identifier }
  if (problem === 'no-mainland-mobile') return { ...about, notice: wrong('no_mainland_mobile'), ...meant }
  if (problem) return { ...about, notice: wrong('no_such_phone', { prefix: prefixOf(digits) }), ...meant }
  if (goesTo(field.served, digits)) return { ...about }
  const isMainlandOnly = field.served.includes('CN') && field.served.every(place => place === 'CN')
  const unserved = wrong(isMainlandOnly ? 'mainland_only' : 'region_unsupported')
  // Whoever wrote the country's code meant that country: the same digits elsewhere are a stranger's.
  const saidCountry = /^(?:\+|00)/.test(value)
  return { ...about, notice: unserved, unserved: true, ...(!saidCountry && meant) }
}

const prefixOf = (digits: string) => showPhone(digits).split(' ')[0]!

/**
 * Another number that the digits are: one of mainland China without its 86, one with its country code but no plus, or
 * one of the operator's or the visitor's own country. Only one that exists and that codes can go to.
 */
function meantBy(value: string, not: string | undefined, field: PhoneField): { meant?: string } {
  const digits = onlyDigits(value).replace(/^00/, '')
  const own = [field.defaultCountry, ...countriesOf(field.languages)].filter(
    (country): country is CountryCode => !!country && isSupportedCountry(country),
  )
  const readings = [
    asMainlandMobile(digits),
    readPhoneOf(`+${digits}`, undefined),
    ...own.map(country => readPhoneOf(digits, country)),
  ]
  const meant = readings.find(
    other =>
      other !== undefined &&
      other !== not &&
      phoneProblem(`+${other}`, 'plan') === undefined &&
      goesTo(field.served, other),
  )
  return meant === undefined ? {} : { meant }
}

/**
 * A number that was taken instead of the one that was typed, as if it had been typed: with its country beside it.
 *
 * @example asTyped('8613800138000') // { value: '138 0013 8000', country: 'CN' }
 */
export function asTyped(meant: string): { value: string; country: string } {
  try {
    const phone = parsePhoneNumberWithError(`+${meant}`)
    if (phone.country) return { value: phone.formatNational(), country: phone.country }
  } catch {
    // It comes from the outside and may be anything; what cannot be read is refused as such.
  }
  return { value: `+${meant}`, country: '' }
}

/**
 * An identifier as its owner knows it.
 *
 * @example showIdentifier({ type: 'phone', value: '8613800138000' }) // '+86 138 0013 8000'
 */
export const showIdentifier = ({ type, value }: Identifier): string =>
  type === 'phone' ? showPhone(value) : value
