import { domainToASCII } from 'node:url'
import { ParseError, type PhoneNumber, parsePhoneNumberWithError } from 'libphonenumber-js/max'
import { partsOf, readableEmail } from './email.ts'

/** What is dialled before a country code: nothing, or what leads out of most countries. */
const LEAD_OUT = ['', '00', '000', '001', '002', '009', '010', '011', '0011', '119', '810']

const TRUNK = '0'

/** What people put between the digits of a number or the parts of a name, and a mail server may not look at. */
const SEPARATORS = /[\s._+()/\p{Pd}]/gu

/** A text without what makes spellings of one number or address differ: case, width, separators. */
export const folded = (text: string): string =>
  text.normalize('NFKC').toLowerCase().replaceAll(SEPARATORS, '')

/** An address, or a text that may be one, without what stands between `+` and `@`: mail to it goes to one mailbox. */
export const withoutTag = (text: string): string => text.replaceAll(/\+[^@]*(?=@)/g, '')

function parse(phone: string): PhoneNumber | undefined {
  try {
    return parsePhoneNumberWithError(phone.startsWith('+') ? phone : `+${phone}`)
  } catch (error) {
    if (error instanceof ParseError) return undefined
    throw error
  }
}

/** A phone number in every way to dial or write it, folded: at home, and from abroad. */
export function phoneSpellings(phone: string): string[] {
  const parsed = parse(phone)
  if (!parsed) return [folded(phone)]
  const { countryCallingCode, nationalNumber } = parsed
  const atHome = [nationalNumber, TRUNK + nationalNumber, folded(parsed.formatNational())]
  const abroad = LEAD_OUT.flatMap(lead => [
    `${lead}${countryCallingCode}${nationalNumber}`,
    `${lead}${countryCallingCode}${TRUNK}${nationalNumber}`,
  ])
  return [...new Set([...atHome, ...abroad])]
}

/** An e-mail address in every way to write it, and the part before its at sign, folded; with its tag and without. */
export function emailSpellings(email: string): string[] {
  const [, domain] = partsOf(email)
  const domains = [domain, partsOf(readableEmail(email))[1], domainToASCII(domain)]
  const locals = [email, withoutTag(email)].map(each => partsOf(each)[0])
  return [
    ...new Set(locals.flatMap(local => [local, ...domains.map(each => `${local}@${each}`)]).map(folded)),
  ]
}
