/**
 * One source for `form-action`. Browsers hold the redirects after a form to that rule too, so the
 * application's redirect URI must be in it; its origin is enough, and for an app's own scheme the scheme.
 */
function source(target: string): string | undefined {
  if (!URL.canParse(target)) return undefined
  const url = new URL(target)
  if (['javascript:', 'data:', 'blob:', 'file:', 'vbscript:'].includes(url.protocol)) return undefined
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return url.protocol
  // A CSP cannot name an IPv6 address, so the loopback address of a native app gets its scheme.
  return url.hostname.startsWith('[') ? url.protocol : url.origin
}

/**
 * The `Content-Security-Policy` of every page: nothing inline, nothing from elsewhere but images, no frames
 * around it, and forms only to here and to where the sign-in may lead.
 */
export function pagePolicy(options: { formTargets: string[] }): string {
  const targets = new Set(options.formTargets.map(source).filter(each => each !== undefined))
  return [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "img-src 'self' data: https:",
    ["form-action 'self'", ...targets].join(' '),
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "object-src 'none'",
  ].join('; ')
}
