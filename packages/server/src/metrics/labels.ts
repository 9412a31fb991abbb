/** The parts of the server by the beginning of their paths; the first that fits counts. */
const AREAS: readonly [area: string, path: RegExp][] = [
  ['oidc', /^\/(?:oidc|\.well-known)(?:\/|$)/],
  // Just these: what goes on behind them may lead elsewhere, by `..`, and no trace is made of health.
  ['health', /^\/api\/(?:status|health\/(?:live|ready))$/],
  ['experience', /^\/api\/experience(?:\/|$)/],
  ['account', /^\/api\/(?:my-account|verifications)(?:\/|$)/],
  ['codes', /^\/api\/verification-codes(?:\/|$)/],
  ['receipts', /^\/receipts(?:\/|$)/],
  ['console', /^\/api\/console(?:\/|$)/],
  ['management', /^\/api(?:\/|$)/],
]

/**
 * The part of the server that a request is for. Whatever strangers write, there are few of them.
 *
 * @example areaOf('/api/users/u1?page=2') // 'management'
 */
export function areaOf(url: string): string {
  const path = url.split(/[?#]/, 1)[0]!
  return AREAS.find(([, begins]) => begins.test(path))?.[0] ?? 'pages'
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** A method as a label; strangers may write any word: `methodOf('BREW')` is `other`. */
export const methodOf = (method: string): string => (METHODS.has(method) ? method : 'other')

/**
 * Keeps a label bounded: the first so many values are kept as they are, and all that come later are one.
 *
 * @example const connection = bounded(200); connection('c1') // 'c1'
 */
export function bounded(most: number): (value: string) => string {
  const known = new Set<string>()
  return value => {
    if (known.size < most) known.add(value)
    return known.has(value) ? value : 'other'
  }
}
