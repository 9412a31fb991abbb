import { domainKey, emailKey, partsOf } from './email.ts'
import { normalizePhone, phoneKey } from './phone.ts'

function mailbox(address: string): string {
  const [local, domain] = partsOf(address)
  return `${emailKey(local)}@${domainKey(domain)}`
}

/**
 * One spelling for all those that reach one phone or mailbox, or under which a user is found: mail domains in Unicode
 * or punycode, addresses and usernames without case, numbers in their one form. Usernames lose their case also where the
 * policy tells it apart, so that what is counted by this form holds whatever the policy becomes. No two kinds of
 * identifiers meet in it: an address has an at sign, and a username begins with a letter.
 */
export function oneSpelling(identifier: string): string {
  const trimmed = identifier.trim()
  if (trimmed.includes('@')) return mailbox(trimmed)
  return normalizePhone(trimmed) ?? trimmed.toLowerCase()
}

/** The form in which an identifier of a kind is kept and sent to; what can be none stays as it is. */
export const keptForm = (type: 'phone' | 'email' | 'username', value: string): string =>
  type === 'phone' ? phoneKey(value) : value
