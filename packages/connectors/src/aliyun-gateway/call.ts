import type { Failure, SendWorld } from '@countersign/kit'
import { type Answer, request } from '../request.ts'
import { originOf } from '../route.ts'
import * as acs3 from '../signing/aliyun-acs3.ts'
import * as rpc from '../signing/aliyun-rpc.ts'
import { canonicalPairs } from '../signing/percent-encode.ts'

/** What the settings of every Aliyun connector say about access. */
export interface Access {
  accessKeyId: string
  accessKeySecret: string
  securityToken?: string | undefined
  signatureVersion?: 'v3' | 'v1'
  endpoint?: string | undefined
  proxy?: string | undefined
}

interface Call {
  access: Access
  host: string
  action: string
  version: string
  /** Parameters in the URL; for small requests, as the official SDK sends `SendSms`. */
  query?: Readonly<Record<string, string>>
  /** Parameters in a form body; for large ones. */
  form?: Readonly<Record<string, string>>
}

const FORM = 'application/x-www-form-urlencoded'

/** Calls one action of an Aliyun API, signed. Throws what `request` throws; judges no answer. */
export function callAliyun(world: SendWorld, call: Call): Promise<Answer> {
  return call.access.signatureVersion === 'v1' ? callWithRpc(world, call) : callWithAcs3(world, call)
}

const timeOf = (world: SendWorld) => `${new Date(world.now()).toISOString().slice(0, 19)}Z`
const nonceOf = (world: SendWorld) => Buffer.from(world.random(16)).toString('hex')

function callWithAcs3(world: SendWorld, { access, action, version, query = {}, form, ...call }: Call) {
  const { accessKeyId, accessKeySecret, securityToken, endpoint, proxy } = access
  const { origin, host } = originOf(call.host, endpoint)
  const body = form && canonicalPairs(form)
  const headers: Record<string, string> = {
    accept: 'application/json',
    'x-acs-action': action,
    'x-acs-version': version,
    'x-acs-date': timeOf(world),
    'x-acs-signature-nonce': nonceOf(world),
    ...(securityToken && { 'x-acs-security-token': securityToken, 'x-acs-accesskey-id': accessKeyId }),
    ...(body !== undefined && { 'content-type': FORM }),
  }
  const signed = acs3.sign({
    accessKeyId,
    accessKeySecret,
    method: 'POST',
    query,
    headers: { ...headers, host },
    body,
  })
  headers['x-acs-content-sha256'] = signed.hashedRequestPayload
  headers.authorization = signed.authorization
  // The host header is the platform's to write; it follows from the URL and is signed as such.
  const url = `${origin}/${signed.canonicalQuery && `?${signed.canonicalQuery}`}`
  return request(world, { method: 'POST', url, headers, proxy, ...(body !== undefined && { body }) })
}

function callWithRpc(world: SendWorld, { access, action, version, query, form, ...call }: Call) {
  const { accessKeyId, accessKeySecret, securityToken, endpoint, proxy } = access
  const params = {
    AccessKeyId: accessKeyId,
    Action: action,
    Format: 'JSON',
    SignatureMethod: 'HMAC-SHA1',
    SignatureNonce: nonceOf(world),
    SignatureVersion: '1.0',
    Timestamp: timeOf(world),
    Version: version,
    ...(securityToken && { SecurityToken: securityToken }),
    ...query,
    ...form,
  }
  // Everything in the body, also what this scheme takes in the URL: addresses end up in the logs of proxies.
  const body = rpc.sign({ method: 'POST', accessKeySecret, params }).signedQueryOrForm
  const url = `${originOf(call.host, endpoint).origin}/`
  return request(world, { method: 'POST', url, headers: { 'content-type': FORM }, body, proxy })
}

/** The code of an answer that is no success; `OK` beside a bad status means nothing. */
export const codeOf = ({ body }: Answer): unknown => (body.Code === 'OK' ? undefined : body.Code)

/** Seconds that a throttling gateway asks to wait; its header counts milliseconds, as the official SDK reads it. */
export function throttledFor({ body, headers }: Answer): number | undefined {
  if (typeof body.Code !== 'string' || !body.Code.includes('Throttling')) return undefined
  const wait = headers.get('x-acs-retry-after')
  return wait && /^\d{1,9}$/.test(wait) ? Math.ceil(Number(wait) / 1000) : undefined
}

/** What an Aliyun code that no table has stands for, by its form. */
export function fallback(code: string): Failure {
  if (code.includes('Throttling')) return 'throttled'
  return code.startsWith('isp.') ? 'provider_fault' : 'unrecognized'
}
