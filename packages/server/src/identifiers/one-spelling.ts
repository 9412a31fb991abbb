import { emailKey } from './email.ts'
import { phoneKey } from './phone.ts'

/**
 * One spelling for all those under which a user is found: e-mail addresses and usernames without case, numbers
 * without `+`, separators and trunk `0`. Usernames lose their case also where the policy tells it apart, so that what
 * is counted by this form holds whatever the policy becomes. No two kinds of identifiers meet in it: an address has
 * an at sign, and a username begins with a letter.
 */
export function oneSpelling(identifier: string): string {
  const trimmed = identifier.trim()
  return trimmed.includes('@') ? emailKey(trimmed) : phoneKey(trimmed).toLowerCase()
}
