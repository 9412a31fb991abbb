/** Paths of ours are far shorter. */
const LONGEST = 200

/** The text behind percent signs. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return '@' // nobody's path of ours, so nobody misses it
  }
}

/**
 * A path as it may be logged, without its query. Our paths carry ids alone, but callers write what they like:
 * parts that may be an address, a number or a token are struck out, and what goes on for ever is cut.
 *
 * @example loggable('/api/users/ada@example.com?page=2') // '/api/users/…'
 */
export function loggable(address: string): string {
  const path = address
    .split('?')[0]!
    .split('/')
    .map(part => (part.length > 40 || /@|\p{Nd}{5}/u.test(decoded(part)) ? '…' : part))
    .join('/')
  return path.length > LONGEST ? `${path.slice(0, LONGEST)}…` : path
}
