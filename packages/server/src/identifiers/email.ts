import { domainToASCII, domainToUnicode } from 'node:url'

/**
 * The form of an e-mail address that is unique and looked up: without case. The Kelvin sign stays as it is, whose
 * small letter is the `k` of ASCII: an address with it is another mailbox, whose holder must not be taken for the
 * owner of the account with `k`.
 */
export const emailKey = (address: string): string =>
  address.replaceAll(/[^\u212A]+/g, text => text.toLowerCase())

/**
 * A mail domain in one form for all its spellings: small letters, no punycode, no dot at the end. A pattern with `*` may
 * stand for a domain; what can be none only loses its case.
 */
export function domainKey(domain: string): string {
  const ascii = domainToASCII(domain)
  return (domainToUnicode(ascii) || ascii || domain.toLowerCase()).replace(/\.$/, '')
}

/** Local part and domain of an address, parted at its last at sign. */
export function partsOf(address: string): [local: string, domain: string] {
  const at = address.lastIndexOf('@')
  return [address.slice(0, Math.max(0, at)), address.slice(at + 1)]
}
