import UAParser from 'ua-parser-js'

/**
 * A log entry's payload with what its `User-Agent` header says, taken apart. It is done when the entry is read: most
 * entries never are, and what is known of user agents grows.
 */
export function withUserAgent(payload: Record<string, unknown>): Record<string, unknown> {
  const { userAgent } = payload
  if (typeof userAgent !== 'string' || userAgent === '') return payload
  return { ...payload, userAgentParsed: new UAParser(userAgent).getResult() }
}
