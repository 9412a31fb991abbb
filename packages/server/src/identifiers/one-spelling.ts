import { canonicalEmail, emailKey } from './email.ts'
import { normalizePhone, phoneKey } from './phone.ts'

const AT_SIGN = /[@\uFF20\uFE6B]/

/**
 * One spelling for all those that reach one phone or mailbox, or under which a user is found: addresses in their one
 * form and without case, usernames without case, numbers in their one form. Usernames lose their case also where the
 * policy tells it apart, so that what is counted by this form holds whatever the policy becomes. No two kinds of
 * identifiers meet in it: an address has an at sign, and a username begins with a letter.
 */
export function oneSpelling(identifier: string): string {
  const trimmed = identifier.trim()
  if (AT_SIGN.test(trimmed)) return emailKey(trimmed)
  return normalizePhone(trimmed) ?? trimmed.toLowerCase()
}

/** The form in which an identifier of a kind is kept and sent to; what can be none stays as it is. */
export function keptForm(type: 'phone' | 'email' | 'username', value: string): string {
  if (type === 'email') return canonicalEmail(value)
  return type === 'phone' ? phoneKey(value) : value
}
