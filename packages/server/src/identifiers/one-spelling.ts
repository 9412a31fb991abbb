import { readPhone } from '@countersign/kit'
import { domainKey, emailKey, partsOf } from './email.ts'
import { isInternational, phoneKey } from './phone.ts'

function mailbox(address: string): string {
  const [local, domain] = partsOf(address)
  return `${emailKey(local)}@${domainKey(domain)}`
}

/** The digits of a phone number, without separators and what may stand before the country code. */
const digitsOf = (text: string) =>
  text
    .normalize('NFKC')
    .replaceAll(/[\s().\p{Pd}]/gu, '')
    .replace(PREFIX, '')

const PREFIX = /^(?:\+|00)/

/** With its 86, where eleven digits look like a mainland mobile number. */
function asMainland(digits: string): string {
  const phone = readPhone(digits, { bare: true })
  return phone?.mobile === undefined ? digits : phone.digits
}

/**
 * One spelling for all those that reach one phone or mailbox, or under which a user is found: mail domains in Unicode
 * or punycode, addresses and usernames without case, numbers without `+`, `00`, separators and trunk `0`, and mainland
 * mobile numbers with their 86. Usernames lose their case also where the policy tells it apart, so that what is counted
 * by this form holds whatever the policy becomes. No two kinds of identifiers meet in it: an address has an at sign, and
 * a username begins with a letter.
 *
 * Whether `13055552671` is dialled in America or in China hangs on who gave it and on the connection. Both are one here,
 * so that a phone never gets more than is allowed, whichever of the two it is.
 */
export function oneSpelling(identifier: string): string {
  const trimmed = identifier.trim()
  if (trimmed.includes('@')) return mailbox(trimmed)
  const digits = digitsOf(trimmed)
  return /^\d+$/.test(digits) ? asMainland(phoneKey(digits)) : trimmed.toLowerCase()
}

/**
 * The same for what opens something: digits that can be a number of another country stay one, so that nobody gets in by
 * a number that is somebody else's.
 */
export function exactSpelling(type: 'phone' | 'email', value: string): string {
  if (type === 'email') return mailbox(value)
  const key = phoneKey(digitsOf(value))
  return PREFIX.test(value) || isInternational(key) ? key : asMainland(key)
}
