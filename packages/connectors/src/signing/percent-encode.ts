import { SendError } from '@countersign/kit'

const NOTHING_TO_ENCODE = /^[\w.~-]*$/
const LEFT_RAW_BY_JAVASCRIPT = /[!'()*]/g
const escapeAscii = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`

/**
 * Refuses text with half a surrogate pair: UTF-8 cannot express it, so what is signed and what is sent would
 * differ. Throws `SendError` `message_rejected` with the code `lone_surrogate`.
 */
export function assertWellFormed(text: string): void {
  if (!text.isWellFormed()) throw new SendError('message_rejected', { code: 'lone_surrogate' })
}

/**
 * Percent encoding as both Aliyun schemes sign it (RFC 3986): everything but `A-Z a-z 0-9 - _ . ~` becomes
 * upper-case `%XX` of its UTF-8 bytes. Throws on lone surrogates.
 */
export function percentEncode(text: string): string {
  if (NOTHING_TO_ENCODE.test(text)) return text
  assertWellFormed(text)
  return encodeURIComponent(text).replace(LEFT_RAW_BY_JAVASCRIPT, escapeAscii)
}

/**
 * `key=value` pairs joined by `&`, sorted by key. Sorted before encoding and by key alone: sorting encoded
 * pairs goes wrong as soon as one key is a prefix of another. Empty values stay as `key=`.
 */
export function canonicalPairs(parameters: Readonly<Record<string, string>>): string {
  let pairs = ''
  for (const key of Object.keys(parameters).sort())
    pairs += `${pairs && '&'}${percentEncode(key)}=${percentEncode(parameters[key]!)}`
  return pairs
}
