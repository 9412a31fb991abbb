import type { ApiRequest } from '../request.ts'
import { hmacSha256, sha256Hex } from '../signatures.ts'
import { canonicalQuery } from './encoding.ts'

export const ACS3 = 'ACS3-HMAC-SHA256'

/** The three parts of an ACS3 Authorization header. */
export interface Acs3Authorization {
  keyId: string
  signedHeaders: string[]
  signature: string
}

/** Reads an Authorization header, or answers undefined when it does not have the documented form. */
export function parseAcs3(header: string): Acs3Authorization | undefined {
  const match =
    /^ACS3-HMAC-SHA256\s+Credential=([^,\s]*),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/.exec(
      header,
    )
  if (!match) return undefined
  const [, keyId = '', names = '', signature = ''] = match
  return { keyId, signedHeaders: names.toLowerCase().split(';'), signature }
}

/**
 * The ACS3 signature over the headers which the request itself lists, and what it was made from.
 * Source: Alibaba Cloud help, Request syntax and signature method V3.
 */
export function acs3Signature(
  request: ApiRequest,
  signedHeaders: string[],
  secret: string,
): { signature: string; stringToSign: string; canonicalRequest: string } {
  const names = signedHeaders.toSorted()
  const headers = names.map(name => `${name}:${headerOf(request, name).trim()}\n`).join('')
  const canonicalRequest = [
    request.method,
    request.path,
    canonicalQuery([...new URLSearchParams(request.rawQuery)]),
    headers,
    names.join(';'),
    sha256Hex(request.body),
  ].join('\n')
  const stringToSign = `${ACS3}\n${sha256Hex(canonicalRequest)}`
  return {
    signature: hmacSha256(secret, stringToSign).toString('hex'),
    stringToSign,
    canonicalRequest,
  }
}

/** A header's value; a request made in process carries no Host header, so its URL stands for it. */
export function headerOf(request: ApiRequest, name: string): string {
  if (name === 'host') return request.host
  try {
    return request.headers.get(name) ?? ''
  } catch {
    return '' // SignedHeaders may list what no header can be called.
  }
}
