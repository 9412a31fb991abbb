import { createRequire } from 'node:module'

let list: typeof import('tldts') | undefined

/** Loaded when it is first needed, which most installations never do, and at once, since oidc-provider does not wait. */
const suffixes = () => (list ??= createRequire(import.meta.url)('tldts') as typeof import('tldts'))

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
