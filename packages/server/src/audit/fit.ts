/** Most bytes of an entry's payload as JSON: what strangers do is written down, but they must not fill the disk by it. */
export const MOST_BYTES = 4096

/** Most characters of one text. A `User-Agent` header is cut to less where it comes in. */
const LONGEST_TEXT = 512

/** When much is to be told, each text tells less. */
const SHORTER_TEXT = 64

const MOST_ITEMS = 100

/** What is looked for in the log stays, whatever else has to go. */
const KEPT = new Set([
  'key',
  'result',
  'ip',
  'userAgent',
  'userId',
  'applicationId',
  'operatorId',
  'interactionId',
  'sessionId',
  'error',
])

const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value) ?? '')

/** The same with long texts and lists cut; each cut says so in its place. */
function shorten(value: unknown, longest: number): unknown {
  if (typeof value === 'string')
    return value.length > longest
      ? `${value.slice(0, longest).toWellFormed()}… [cut, of ${value.length} characters]`
      : value
  if (Array.isArray(value)) {
    const items = value.slice(0, MOST_ITEMS).map(item => shorten(item, longest))
    return value.length > MOST_ITEMS ? [...items, `… [cut, of ${value.length} items]`] : items
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, shorten(item, longest)]))
}

/** True for what `shorten` leaves as it is. */
function isShort(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= LONGEST_TEXT
  if (typeof value !== 'object' || value === null) return true
  const members = Object.values(value)
  return !(Array.isArray(value) && members.length > MOST_ITEMS) && members.every(isShort)
}

/**
 * A payload that fits into the log: the same where it is small, else with `cut: true` and without what is too large.
 * Whatever was brought, the result is a JSON object of at most `most` bytes, a thousand at least.
 */
export function fit(payload: Record<string, unknown>, most = MOST_BYTES): Record<string, unknown> {
  if (isShort(payload) && bytes(payload) <= most) return payload
  const marked = { ...(shorten(payload, LONGEST_TEXT) as object), cut: true }
  if (bytes(marked) <= most) return marked
  const short: Record<string, unknown> = { ...(shorten(payload, SHORTER_TEXT) as object), cut: true }
  const members = Object.keys(short).filter(name => !KEPT.has(name) && name !== 'cut')
  for (const name of members.sort((a, b) => bytes(short[b]) - bytes(short[a]))) {
    if (bytes(short) <= most) return short
    short[name] = `… [left out, ${bytes(payload[name])} bytes]`
  }
  if (bytes(short) <= most) return short
  return {
    ...Object.fromEntries(
      [...KEPT].flatMap(name => {
        const kept = short[name]
        return kept === undefined ? [] : [[name, typeof kept === 'object' ? '… [left out]' : kept]]
      }),
    ),
    cut: true,
  }
}
