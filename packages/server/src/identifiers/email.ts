import { domainToASCII, domainToUnicode } from 'node:url'
import { plainSigns, readEmail } from '@countersign/api'

/**
 * An address in its one form, see `readEmail`. What can be no address stays as it is: it may be what somebody typed as a
 * user's, or an old entry.
 */
export const canonicalEmail = (text: string): string => readEmail(text.trim()).address ?? text.trim()

/** What is unique, looked up and counted: the one form of an address, without case. */
export const emailKey = (address: string): string => canonicalEmail(address).toLowerCase().normalize('NFC')

/** Domains of the mailboxes that take every dot before the at sign for none, and are one domain. */
const GMAIL: readonly string[] = ['gmail.com', 'googlemail.com']

/**
 * What is counted where messages to one mailbox are few: an address, or a number, in its one spelling, without what
 * stands between `+` and `@`, for mail to it goes to one mailbox. Nobody is found by it and nothing sent to it.
 *
 * @example mailboxOf('ada+shop@example.com') // 'ada@example.com'
 */
export function mailboxOf(spelling: string): string {
  const [local, domain] = partsOf(spelling)
  if (local === '') return spelling
  // What begins with a plus has nothing before it that could be a name.
  const plain = local.replace(/(?<=.)\+.*$/s, '')
  return GMAIL.includes(domain) ? `${plain.replaceAll('.', '')}@${GMAIL[0]}` : `${plain}@${domain}`
}

/**
 * An address, or a pattern of addresses with `*`, as people read it: the domain in Unicode, so that `*` can stand for any
 * of its letters, and all without case.
 */
export function readableEmail(addressOrPattern: string): string {
  const [local, domain] = partsOf(plainSigns(addressOrPattern).toLowerCase().normalize('NFC'))
  const ascii = domainToASCII(domain)
  return `${local}@${(domainToUnicode(ascii) || domain).replace(/\.$/, '')}`
}

/** Local part and domain of an address, parted at its last at sign. */
export function partsOf(address: string): [local: string, domain: string] {
  const at = address.lastIndexOf('@')
  return [address.slice(0, Math.max(0, at)), address.slice(at + 1)]
}
