/** True for names that only ever mean this machine; anything else may be a rebound DNS name. */
export function isLoopbackHost(host: string): boolean {
  return /^(?:localhost|(?:[a-z0-9-]+\.)+localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i.test(host)
}

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS']

/**
 * True when a page of another origin made the browser send a request that changes something. There is no password
 * on this site, so this is what keeps other pages' hands off it. Programs send neither header and may do all.
 */
export function isForeign(request: Request, host: string): boolean {
  if (SAFE_METHODS.includes(request.method)) return false
  const site = request.headers.get('sec-fetch-site')
  if (site !== null && site !== 'same-origin' && site !== 'none') return true
  const origin = request.headers.get('origin')
  return origin !== null && origin.replace(/^https?:\/\//, '') !== host
}
