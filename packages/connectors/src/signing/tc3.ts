import { createHmac, hash } from 'node:crypto'
import { assertWellFormed } from './percent-encode.ts'

export interface Tc3Input {
  secretId: string
  secretKey: string
  /** Upper case: `GET` or `POST`. */
  method: string
  /** As the `Host` header has it. */
  host: string
  /** Byte for byte as the header has it, charset included. */
  contentType: string
  /** Seconds since the Unix epoch, as in `X-TC-Timestamp`. */
  timestamp: number
  /** First label of the API's host, e.g. `sms`. */
  service: string
  /** The raw query string as it stands in the URL, without `?`. */
  query?: string
  /** The exact body text. */
  payload: string
  /** Further headers to sign, lower-case names. */
  extraSigned?: Readonly<Record<string, string>>
}

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()

/** Tencent Cloud's TC3-HMAC-SHA256 signature. Pure; throws `SendError` on lone surrogates. */
export function sign(input: Tc3Input) {
  const { secretId, secretKey, method, timestamp, service, query: canonicalQuery = '', payload } = input
  assertWellFormed(payload)
  assertWellFormed(secretKey)
  // The scope's date is UTC's: a local date fails from midnight to eight in Beijing.
  const date = new Date(timestamp * 1000).toISOString().slice(0, 10)
  const hashedRequestPayload = hash('sha256', payload, 'hex')

  let canonicalHeaders = `content-type:${input.contentType}\nhost:${input.host}\n`
  let signedHeaders = 'content-type;host'
  if (input.extraSigned) {
    const headers = Object.entries({
      ...input.extraSigned,
      'content-type': input.contentType,
      host: input.host,
    })
      .map(([name, value]) => [name.toLowerCase(), value.trim()] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1))
    canonicalHeaders = headers.map(([name, value]) => `${name}:${value}\n`).join('')
    signedHeaders = headers.map(([name]) => name).join(';')
  }
  assertWellFormed(canonicalHeaders)

  const canonicalRequest = `${method}\n/\n${canonicalQuery}\n${canonicalHeaders}\n${signedHeaders}\n${hashedRequestPayload}`
  const hashedCanonicalRequest = hash('sha256', canonicalRequest, 'hex')
  const credentialScope = `${date}/${service}/tc3_request`
  const stringToSign = `TC3-HMAC-SHA256\n${timestamp}\n${credentialScope}\n${hashedCanonicalRequest}`

  const kDate = hmac(`TC3${secretKey}`, date)
  const kService = hmac(kDate, service)
  const kSigning = hmac(kService, 'tc3_request')
  const signature = hmac(kSigning, stringToSign).toString('hex')
  return {
    date,
    hashedRequestPayload,
    canonicalQuery,
    canonicalHeaders,
    signedHeaders,
    canonicalRequest,
    hashedCanonicalRequest,
    credentialScope,
    stringToSign,
    signature,
    authorization: `TC3-HMAC-SHA256 Credential=${secretId}/${credentialScope}, SignedHeaders=${signedHeaders}, Signature=${signature}`,
  }
}
