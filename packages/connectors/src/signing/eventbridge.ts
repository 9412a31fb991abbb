import {
  constants,
  createHash,
  createHmac,
  type KeyObject,
  publicDecrypt,
  timingSafeEqual,
  verify,
} from 'node:crypto'

/** What EventBridge sends to an HTTP target, as far as its signature covers it. */
export interface EventRequest {
  /** The whole address that stands in the target, with its query. */
  url: string
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>
  body: string
}

const PREFIX = 'x-eventbridge-signature'

/** The headers of each version whose lines are signed, in this order; one that is not there has no line. */
const SIGNED = {
  1: [`${PREFIX}-timestamp`, `${PREFIX}-method`, `${PREFIX}-version`, `${PREFIX}-url`, `${PREFIX}-token`],
  2: [
    `${PREFIX}-timestamp`,
    'x-eventbridge-hash-method',
    `${PREFIX}-version`,
    `${PREFIX}-url`,
    `${PREFIX}-token`,
  ],
} as const

/**
 * The texts that may be signed: the documents end with the body, while the vendor's own Java code for targets puts a
 * line feed behind it. UNVERIFIED which of the two is live, so both are tried.
 */
export function textsToSign(version: 1 | 2, { url, headers, body }: EventRequest): [string, string] {
  const lines = SIGNED[version].flatMap(name => {
    const value = headers[name]
    return value === undefined ? [] : `${name}: ${value}`
  })
  const text = [url, ...lines, body].join('\n')
  return [text, `${text}\n`]
}

/** The parts of the headers that say how to check a request. */
export const eventHeaders = (headers: EventRequest['headers']) => ({
  v1: headers[PREFIX],
  v2: headers[`${PREFIX}-v2`],
  method: headers[`${PREFIX}-method`],
  hashMethod: headers['x-eventbridge-hash-method'],
  secret: headers[`${PREFIX}-secret`],
  timestamp: headers[`${PREFIX}-timestamp`],
  certificateUrl: headers[`${PREFIX}-url`],
  token: headers[`${PREFIX}-token`],
})

/** Base64 of a signature or an encrypted secret by an RSA key: of 4096 bits at most. */
const BASE64 = /^[A-Za-z\d+/]{100,700}={0,2}$/

/** Whether a request carries a right signature of version 2: RSA with SHA-256, by the vendor's certificate. */
export function isSignedV2(key: KeyObject, request: EventRequest): boolean {
  const { v2 = '', hashMethod = '' } = eventHeaders(request.headers)
  if (!BASE64.test(v2) || !/^SHA-?256$/i.test(hashMethod)) return false
  const signature = Buffer.from(v2, 'base64')
  return textsToSign(2, request).some(text => verify('sha256', Buffer.from(text), key, signature))
}

/**
 * Whether a request carries a right signature of version 1: HMAC-SHA1 by a secret for this once, which the vendor has
 * encrypted with its private key. Whoever has ever got such a request can decrypt its secret, as anybody can, and sign
 * with it whatever he likes: so this alone proves nothing, and a token must stand beside it.
 */
export function isSignedV1(key: KeyObject, request: EventRequest): boolean {
  const { v1 = '', method = '', secret = '' } = eventHeaders(request.headers)
  if (!BASE64.test(secret) || !/^HMAC-SHA1$/i.test(method)) return false
  let hidden: Buffer
  try {
    hidden = publicDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, Buffer.from(secret, 'base64'))
  } catch {
    return false
  }
  return textsToSign(1, request).some(text =>
    isSameText(createHmac('sha1', hidden).update(text).digest('base64'), v1),
  )
}

/** Compares two texts in a time that does not depend on where they differ. */
export function isSameText(one: string, other: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(one), hash(other))
}
