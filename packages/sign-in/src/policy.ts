/**
 * The scheme of an address that opens a native app, with its colon; undefined for the addresses of the web, and for
 * schemes that would run or read something.
 *
 * @example appScheme('io.app.native://callback') // 'io.app.native:'
 */
export function appScheme(address: unknown): string | undefined {
  if (typeof address !== 'string' || !URL.canParse(address)) return undefined
  const { protocol } = new URL(address)
  const others = ['http:', 'https:', 'javascript:', 'data:', 'blob:', 'file:', 'vbscript:']
  return others.includes(protocol) ? undefined : protocol
}

/**
 * The `Content-Security-Policy` of every page: nothing inline, nothing from elsewhere but images, no frames
 * around it, and forms only to here.
 *
 * Browsers hold every redirect after a form to `form-action`, and nobody knows where an application's callback leads
 * on to. So no form is answered with a redirect that leaves for the web: the page `leaving` goes on from there. An
 * app's own scheme is where every way ends, and phones open an app only straight from a tap, so this one is named.
 *
 * @param leadsTo where the visitor comes out in the end, as far as it is known
 */
export function pagePolicy(leadsTo?: unknown): string {
  const scheme = appScheme(leadsTo)
  return [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "img-src 'self' data: https:",
    `form-action 'self'${scheme === undefined ? '' : ` ${scheme}`}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "object-src 'none'",
  ].join('; ')
}
