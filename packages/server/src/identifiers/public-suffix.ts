import { createRequire } from 'node:module'

/** What is asked of the library. */
interface SuffixList {
  /** The part of a name that somebody registered; null for a suffix under which anybody may. */
  getDomain(host: string, options: { allowPrivateDomains: boolean }): string | null
}

let list: SuffixList | undefined

/** Loaded when it is first needed, which most installations never do, and at once, since oidc-provider does not wait. */
const suffixes = () => (list ??= createRequire(import.meta.url)('tldts') as SuffixList)

/**
 * True when a `*` in a host stands where strangers can get a name of their own: `*.com`, `*.co.uk`, `*.github.io`. What
 * follows the last `*` must be a name that somebody has registered.
 */
export function isOpenToStrangers(host: string): boolean {
  const labels = host.split('.')
  const last = labels.findLastIndex(label => label.includes('*'))
  if (last < 0) return false
  return suffixes().getDomain(labels.slice(last + 1).join('.'), { allowPrivateDomains: true }) === null
}
