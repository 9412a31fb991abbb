import { type ErrorCode, plainSigns, type SignInExperience } from '@countersign/api'
import { canonicalEmail, partsOf, readableEmail } from '../identifiers/email.ts'
import { matchesWildcard } from '../identifiers/wildcard.ts'

/** Gmail reads both domains as one and dots in the local part as nothing; a domain is one in Unicode and punycode. */
function canonical(address: string): string {
  const [local, domain] = partsOf(readableEmail(address))
  const gmail = domain === 'gmail.com' || domain === 'googlemail.com'
  return gmail ? `${local.replaceAll('.', '')}@gmail.com` : `${local}@${domain}`
}

/**
 * True for `user@host.tld` and `@host.tld`, with `*` in local part and domain but not as the whole domain.
 *
 * @example isBlocklistItem('*@example.com') // true
 */
export function isBlocklistItem(item: string): boolean {
  const [, domain = ''] = /^[^\s@]*@([^\s@]+)$/.exec(plainSigns(item)) ?? []
  return domain.slice(1, -1).includes('.') && /[^*.]/.test(domain)
}

function matches(address: string, item: string): boolean {
  const pattern = plainSigns(item)
  return matchesWildcard(canonical(pattern.startsWith('@') ? `*${pattern}` : pattern), canonical(address))
}

/**
 * The reason for which the e-mail block list refuses an address; undefined when it may be used.
 *
 * @example emailProblem('ada+1@example.com', { blockSubaddressing: true }) // 'session.email_blocklist.…'
 */
export function emailProblem(
  address: string,
  {
    blockSubaddressing,
    customAllowlist = [],
    customBlocklist = [],
  }: SignInExperience['emailBlocklistPolicy'],
): ErrorCode | undefined {
  const [local] = partsOf(canonicalEmail(address))
  if (local === '') return 'session.email_blocklist.invalid_email'
  if (blockSubaddressing && local.includes('+'))
    return 'session.email_blocklist.email_subaddressing_not_allowed'
  const allowed = customAllowlist.length === 0 || customAllowlist.some(item => matches(address, item))
  if (!allowed || customBlocklist.some(item => matches(address, item)))
    return 'session.email_blocklist.email_not_allowed'
  return undefined
}
