import type { ErrorCode, SignInExperience } from '@countersign/api'
import { domainKey, partsOf } from '../identifiers/email.ts'
import { matchesWildcard } from '../identifiers/wildcard.ts'

/** Gmail reads both domains as one and dots in the local part as nothing; a domain is one in Unicode and punycode. */
function canonical(address: string): string {
  const [local, written] = partsOf(address.toLowerCase())
  const domain = domainKey(written)
  const gmail = domain === 'gmail.com' || domain === 'googlemail.com'
  return gmail ? `${local.replaceAll('.', '')}@gmail.com` : `${local}@${domain}`
}

/** True for `user@host.tld` and `@host.tld`, with `*` in local part and domain but not as the whole domain. */
export function isBlocklistItem(item: string): boolean {
  const [, domain = ''] = /^[^\s@]*@([^\s@]+)$/.exec(item) ?? []
  return domain.slice(1, -1).includes('.') && /[^*.]/.test(domain)
}

function matches(address: string, item: string): boolean {
  return matchesWildcard(canonical(item.startsWith('@') ? `*${item}` : item), canonical(address))
}

/** What the e-mail block list has against an address; undefined when it may be used. */
export function emailProblem(
  address: string,
  {
    blockSubaddressing,
    customAllowlist = [],
    customBlocklist = [],
  }: SignInExperience['emailBlocklistPolicy'],
): ErrorCode | undefined {
  const local = address.slice(0, Math.max(0, address.lastIndexOf('@')))
  if (local === '') return 'session.email_blocklist.invalid_email'
  if (blockSubaddressing && local.includes('+'))
    return 'session.email_blocklist.email_subaddressing_not_allowed'
  const allowed = customAllowlist.length === 0 || customAllowlist.some(item => matches(address, item))
  if (!allowed || customBlocklist.some(item => matches(address, item)))
    return 'session.email_blocklist.email_not_allowed'
  return undefined
}
