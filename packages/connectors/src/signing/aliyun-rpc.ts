import { createHmac } from 'node:crypto'
import { assertWellFormed, canonicalPairs, percentEncode } from './percent-encode.ts'

export interface RpcInput {
  /** Upper case: `GET` or `POST`. */
  method: string
  accessKeySecret: string
  /** Every parameter of query and form, decoded, without `Signature`. */
  params: Readonly<Record<string, string>>
}

/**
 * Aliyun's RPC signature, SignatureVersion 1.0 (HMAC-SHA1). Pure; throws `SendError` on lone surrogates.
 * `signedQueryOrForm` is ready to be sent as query or form body.
 */
export function sign({ method, accessKeySecret, params }: RpcInput) {
  assertWellFormed(accessKeySecret)
  const canonicalizedQuery = canonicalPairs(params)
  const stringToSign = `${method}&%2F&${percentEncode(canonicalizedQuery)}`
  // The `&` after the secret is part of the scheme: it stands where a token secret would follow.
  const signature = createHmac('sha1', `${accessKeySecret}&`).update(stringToSign).digest('base64')
  const signaturePercentEncoded = percentEncode(signature)
  return {
    canonicalizedQuery,
    stringToSign,
    signature,
    signaturePercentEncoded,
    signedQueryOrForm: `${canonicalizedQuery}&Signature=${signaturePercentEncoded}`,
  }
}
