/**
 * Percent-encodes as Alibaba Cloud's signatures do: UTF-8, upper-case hexadecimal, everything but letters, digits
 * and `-_.~`. Source: Alibaba Cloud help, Request syntax and signature method (RPC).
 */
export function percentEncode(text: string): string {
  // toWellFormed: a lone surrogate cannot be encoded; it could not have come over the wire either.
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** The canonical query: sorted by key (not by the encoded pair), empty values kept. */
export function canonicalQuery(pairs: [string, string][]): string {
  return pairs
    .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([key, value]) => `${percentEncode(key)}=${percentEncode(value)}`)
    .join('&')
}
