import { isOpenToStrangers } from '../identifiers/public-suffix.ts'
import { matchesWildcard } from '../identifiers/wildcard.ts'

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/** True when a host has the labels of a pattern; each `*` in a label stands for something without a dot. */
function hostMatches(pattern: string, host: string): boolean {
  if (!pattern.includes('*')) return pattern === host
  // Written before that was checked: `*.com` would hand the user to anybody.
  if (isOpenToStrangers(pattern)) return false
  const labels = pattern.split('.')
  const given = host.split('.')
  return (
    given.length === labels.length && labels.every((label, index) => matchesWildcard(label, given[index]!, 1))
  )
}

/** As often as servers and proxies between them may decode an address. */
const MOST_DECODED = 3

/** What changes where a path leads once it is decoded: `/`, `\`, `.`, `;` and `%` itself. */
const TELLING = /%(?:2f|5c|2e|3b|25)/gi

/**
 * True when a path means the same to everybody. Servers that decode `%2f` or `%2e`, or cut `..;` off, would come out
 * elsewhere than the `*` that let it pass.
 */
function isPlainPath(path: string): boolean {
  let decoded = path
  for (let time = 0; time < MOST_DECODED; time += 1)
    decoded = decoded.replaceAll(TELLING, coded => String.fromCharCode(Number.parseInt(coded.slice(1), 16)))
  if (decoded.includes('\\') || decoded.split('/').length !== path.split('/').length) return false
  return !decoded.split('/').some(segment => /^\.{1,2}(?:;|$)/.test(segment))
}

function pathMatches(pattern: string, path: string): boolean {
  return pattern === path || (matchesWildcard(pattern, path) && isPlainPath(path))
}

function matches(registered: URL, candidate: URL, anyLoopbackPort: boolean): boolean {
  if (registered.href === candidate.href) return true
  if (registered.protocol !== candidate.protocol || !/^https?:$/.test(candidate.protocol)) return false
  if (candidate.username || candidate.password) return false
  if (registered.search !== candidate.search || registered.hash !== candidate.hash) return false
  const loopback = anyLoopbackPort && registered.protocol === 'http:' && LOOPBACK.has(registered.hostname)
  if (!loopback && registered.port !== candidate.port) return false
  return (
    hostMatches(registered.hostname, candidate.hostname) &&
    pathMatches(registered.pathname, candidate.pathname)
  )
}

/**
 * True when an address that a request names is registered: equal after normalisation, or covered by a `*` in the
 * registered host or path.
 *
 * @param anyLoopbackPort native applications listen on a port that the system picks
 */
export function redirectAllowed(candidate: string, registered: string[], anyLoopbackPort = false): boolean {
  const url = URL.parse(candidate)
  if (!url || candidate.includes('*')) return false
  return registered.some(each => {
    const pattern = URL.parse(each)
    return pattern !== null && matches(pattern, url, anyLoopbackPort)
  })
}

/** True when a browser origin is that of a registered address. */
export function originAllowed(origin: string, registered: string[]): boolean {
  const url = URL.parse(origin)
  if (!url || !/^https?:$/.test(url.protocol) || origin.includes('*')) return false
  return registered.some(each => {
    const pattern = URL.parse(each)
    return (
      pattern !== null &&
      pattern.protocol === url.protocol &&
      pattern.port === url.port &&
      hostMatches(pattern.hostname, url.hostname)
    )
  })
}
