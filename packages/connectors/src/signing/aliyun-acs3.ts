import { createHmac, hash } from 'node:crypto'
import { assertWellFormed, canonicalPairs } from './percent-encode.ts'

export interface Acs3Input {
  accessKeyId: string
  accessKeySecret: string
  /** Upper case: `GET` or `POST`. */
  method: string
  /** Decoded values. */
  query: Readonly<Record<string, string>>
  /** What the request carries; `host`, `content-type` and `x-acs-*` are signed, others are not. */
  headers: Readonly<Record<string, string>>
  /** The exact body text; it is hashed as it stands, so send this very string. */
  body?: string
}

const EMPTY_HASH = hash('sha256', '', 'hex')
const isSigned = (name: string) => name.startsWith('x-acs-') || name === 'host' || name === 'content-type'

/**
 * Aliyun's ACS3-HMAC-SHA256 signature. Pure; throws `SendError` on lone surrogates. Besides `Authorization` the
 * request must carry `x-acs-content-sha256` with `hashedRequestPayload`; `canonicalQuery` may be sent as the
 * query.
 */
export function sign({ accessKeyId, accessKeySecret, method, query, headers, body }: Acs3Input) {
  assertWellFormed(accessKeySecret)
  if (body) assertWellFormed(body)
  const hashedRequestPayload = body ? hash('sha256', body, 'hex') : EMPTY_HASH
  const signed: Record<string, string> = {}
  for (const name in headers) {
    const lowerCase = name.toLowerCase()
    if (isSigned(lowerCase)) signed[lowerCase] = headers[name]!.trim()
  }
  signed['x-acs-content-sha256'] = hashedRequestPayload

  const names = Object.keys(signed).sort()
  const signedHeaders = names.join(';')
  let canonicalHeaders = ''
  for (const name of names) canonicalHeaders += `${name}:${signed[name]}\n`
  assertWellFormed(canonicalHeaders)

  const canonicalQuery = canonicalPairs(query)
  const canonicalRequest = `${method}\n/\n${canonicalQuery}\n${canonicalHeaders}\n${signedHeaders}\n${hashedRequestPayload}`
  const hashedCanonicalRequest = hash('sha256', canonicalRequest, 'hex')
  const stringToSign = `ACS3-HMAC-SHA256\n${hashedCanonicalRequest}`
  const signature = createHmac('sha256', accessKeySecret).update(stringToSign).digest('hex')
  return {
    hashedRequestPayload,
    canonicalQuery,
    canonicalHeaders,
    signedHeaders,
    canonicalRequest,
    hashedCanonicalRequest,
    stringToSign,
    signature,
    authorization: `ACS3-HMAC-SHA256 Credential=${accessKeyId},SignedHeaders=${signedHeaders},Signature=${signature}`,
  }
}
