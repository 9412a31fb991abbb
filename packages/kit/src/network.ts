/** Codes of errors that come before a connection stands. */
const NEVER_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  // The proxy would not make a tunnel, so there was nothing to send the request through.
  'PROXY_REFUSED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'HOSTNAME_MISMATCH',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

/** The innermost errors: `fetch` wraps the cause, and several addresses tried make an `AggregateError`. */
function leaves(error: unknown, depth = 0): Record<string, unknown>[] {
  if (typeof error !== 'object' || error === null || depth > 8) return []
  const { cause, errors } = error as { cause?: unknown; errors?: unknown }
  const inner = [...(Array.isArray(errors) ? errors : []), cause].flatMap(each => leaves(each, depth + 1))
  return inner.length > 0 ? inner : [error as Record<string, unknown>]
}

const isCertain = ({ code, syscall }: Record<string, unknown>) =>
  // A reset may come at any time, whatever the error says it was doing.
  ((syscall === 'connect' || syscall === 'getaddrinfo') && code !== 'ECONNRESET') ||
  (typeof code === 'string' && (NEVER_CONNECTED.has(code) || code.startsWith('CERT_')))

/**
 * True only when it is certain that no byte of a request reached the other side, so that it may be sent again.
 *
 * @example neverConnected(Object.assign(new Error(), { code: 'ECONNREFUSED' })) // true
 */
export function neverConnected(error: unknown): boolean {
  const all = leaves(error)
  return all.length > 0 && all.every(isCertain)
}

/**
 * Finds Node's own code of what went wrong, which tells an operator where to look.
 *
 * @example networkCode(new TypeError('fetch failed', { cause: { code: 'ENOTFOUND' } })) // 'ENOTFOUND'
 */
export function networkCode(error: unknown): string | undefined {
  const code = leaves(error).find(leaf => typeof leaf.code === 'string')?.code
  return typeof code === 'string' && /^[A-Z][A-Z_]{2,50}$/.test(code) ? code : undefined
}
