import type { Failure, SendWorld } from '@countersign/kit'
import { type Answer, request } from '../request.ts'
import { sign } from '../signing/aliyun-acs3.ts'
import { canonicalPairs } from '../signing/percent-encode.ts'

interface Call {
  host: string
  action: string
  version: string
  accessKeyId: string
  accessKeySecret: string
  /** Parameters in the URL; for small requests, as the official SDK sends `SendSms`. */
  query?: Readonly<Record<string, string>>
  /** Parameters in a form body; for large ones. */
  form?: Readonly<Record<string, string>>
}

/** Calls one action of an Aliyun API, signed with ACS3. Throws what `request` throws; judges no answer. */
export function callAliyun(world: SendWorld, { host, action, version, query = {}, form, ...key }: Call) {
  const body = form && canonicalPairs(form)
  const headers: Record<string, string> = {
    accept: 'application/json',
    'x-acs-action': action,
    'x-acs-version': version,
    'x-acs-date': `${new Date(world.now()).toISOString().slice(0, 19)}Z`,
    'x-acs-signature-nonce': Buffer.from(world.random(16)).toString('hex'),
    ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
  }
  const signed = sign({ ...key, method: 'POST', query, headers: { ...headers, host }, body })
  headers['x-acs-content-sha256'] = signed.hashedRequestPayload
  headers.authorization = signed.authorization
  // The host header is the platform's to write; it follows from the URL and is signed as such.
  const url = `https://${host}/${signed.canonicalQuery && `?${signed.canonicalQuery}`}`
  return request(world, { method: 'POST', url, headers, ...(body !== undefined && { body }) })
}

/** The code of an answer that is no success; `OK` beside a bad status means nothing. */
export const codeOf = ({ body }: Answer): unknown => (body.Code === 'OK' ? undefined : body.Code)

/** What an Aliyun code that no table has stands for, by its form. */
export function fallback(code: string): Failure {
  if (code.includes('Throttling')) return 'throttled'
  return code.startsWith('isp.') ? 'provider_fault' : 'unrecognized'
}
