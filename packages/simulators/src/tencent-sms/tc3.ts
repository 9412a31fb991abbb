import type { ApiRequest } from '../request.ts'
import { equalTexts, hmacSha256, sha256Hex } from '../signatures.ts'
import { SECRET_KEYS, type SecretKey } from './accounts.ts'
import { Refusal } from './refusals.ts'
import { DISABLED_KEY_CODE, UNREADABLE_AUTHORIZATION_CODE } from './unverified.ts'

/** Longest difference between timestamp and server time. Source: Tencent Cloud API 3.0 documents, Signature v3. */
export const TIME_WINDOW_S = 5 * 60

/** The parts of a TC3 Authorization header. */
export interface Tc3Authorization {
  secretId: string
  date: string
  service: string
  signedHeaders: string[]
  signature: string
}

/** Reads an Authorization header, or answers undefined when it does not have the documented form. */
export function parseTc3(header: string): Tc3Authorization | undefined {
  const match =
    /^TC3-HMAC-SHA256\s+Credential=([^/,\s]+)\/(\d{4}-\d\d-\d\d)\/([^/,\s]+)\/tc3_request,\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/.exec(
      header,
    )
  if (!match) return undefined
  const [, secretId = '', date = '', service = '', names = '', signature = ''] = match
  return { secretId, date, service, signedHeaders: names.toLowerCase().split(';'), signature }
}

/**
 * The TC3-HMAC-SHA256 signature over the headers which the request lists, with `host` as the value of Host.
 * Source: Tencent Cloud API 3.0 documents, Signature v3.
 */
export function tc3Signature(
  request: ApiRequest,
  authorization: Pick<Tc3Authorization, 'date' | 'service' | 'signedHeaders'>,
  secret: { key: string; host: string; timestamp: string },
): string {
  const { date, service } = authorization
  const names = authorization.signedHeaders.toSorted()
  const headerValue = (name: string) => (name === 'host' ? secret.host : readHeader(request, name))
  const headers = names.map(name => `${name}:${headerValue(name).trim().toLowerCase()}\n`).join('')
  const query = request.method === 'POST' ? '' : request.rawQuery
  const canonical = [request.method, '/', query, headers, names.join(';'), sha256Hex(request.body)].join('\n')
  const scope = `${date}/${service}/tc3_request`
  const stringToSign = `TC3-HMAC-SHA256\n${secret.timestamp}\n${scope}\n${sha256Hex(canonical)}`
  const signingKey = hmacSha256(hmacSha256(hmacSha256(`TC3${secret.key}`, date), service), 'tc3_request')
  return hmacSha256(signingKey, stringToSign).toString('hex')
}

function readHeader(request: ApiRequest, name: string): string {
  try {
    return request.headers.get(name) ?? ''
  } catch {
    return '' // SignedHeaders may list what no header can be called.
  }
}

/** Checks who signed the request. `now` is in milliseconds. Throws Refusal. */
export function authenticate(request: ApiRequest, now: number): SecretKey {
  const authorization = parseTc3(request.headers.get('authorization') ?? '')
  if (!authorization) throw new Refusal(UNREADABLE_AUTHORIZATION_CODE)
  const timestamp = request.headers.get('x-tc-timestamp') ?? ''
  if (!timestamp) throw missing('Timestamp')
  if (!/^\d{1,12}$/.test(timestamp)) throw new Refusal('InvalidParameter')
  const secretKey = findKey(authorization.secretId, request)
  if (Math.abs(now / 1000 - Number(timestamp)) > TIME_WINDOW_S)
    throw new Refusal('AuthFailure.SignatureExpire')
  if (!isSignedBy(request, authorization, secretKey, timestamp)) {
    throw new Refusal('AuthFailure.SignatureFailure')
  }
  return secretKey
}

/** The refusal for a required parameter that is not there. */
export function missing(name: string): Refusal {
  return new Refusal('MissingParameter', `The request is missing a required parameter \`${name}\`.`)
}

function findKey(id: string, request: ApiRequest): SecretKey {
  const site = siteOf(request.hostname)
  const key = SECRET_KEYS.find(candidate => candidate.id === id && (!site || candidate.site === site))
  if (!key) throw new Refusal('AuthFailure.SecretIdNotFound')
  if (key.state === 'disabled') throw new Refusal(DISABLED_KEY_CODE)
  const token = request.headers.get('x-tc-token') ?? undefined
  if (token !== key.token) throw new Refusal('AuthFailure.TokenFailure')
  return key
}

/** The site a host belongs to; undefined for names of this machine, where keys of both work. */
function siteOf(hostname: string): SecretKey['site'] | undefined {
  if (!hostname.endsWith('.tencentcloudapi.com')) return undefined
  return hostname.includes('.intl.') ? 'international' : 'mainland'
}

function isSignedBy(
  request: ApiRequest,
  authorization: Tc3Authorization,
  { key }: SecretKey,
  timestamp: string,
): boolean {
  const { signedHeaders, date, service } = authorization
  if (!signedHeaders.includes('host') || !signedHeaders.includes('content-type')) return false
  // The date is that of the timestamp in UTC, not the caller's local one.
  if (new Date(Number(timestamp) * 1000).toISOString().slice(0, 10) !== date) return false
  // The service is the host's first label, which is `127` on a loopback address.
  if (siteOf(request.hostname) && service !== request.hostname.split('.')[0]) return false
  // The Node SDK signs the host without the port that it sends.
  const hosts = new Set([request.host, request.host.replace(/:\d+$/, '')])
  return [...hosts].some(host =>
    equalTexts(authorization.signature, tc3Signature(request, authorization, { key, host, timestamp })),
  )
}
