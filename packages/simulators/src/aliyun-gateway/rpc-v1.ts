import { createHmac } from 'node:crypto'
import { canonicalQuery, percentEncode } from './encoding.ts'

/**
 * The RPC signature, SignatureVersion 1.0 (HMAC-SHA1, Base64), over the parameters of query and form together,
 * and the string it was made from. Source: Alibaba Cloud help, Request syntax and signature method V2 (RPC style).
 */
export function rpcSignature(
  method: string,
  pairs: [string, string][],
  secret: string,
): { signature: string; stringToSign: string } {
  const canonical = canonicalQuery(pairs.filter(([name]) => name !== 'Signature'))
  const stringToSign = `${method}&%2F&${percentEncode(canonical)}`
  const signature = createHmac('sha1', `${secret}&`).update(stringToSign, 'utf8').digest('base64')
  return { signature, stringToSign }
}
