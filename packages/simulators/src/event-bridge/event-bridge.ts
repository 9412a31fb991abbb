import { constants, createHmac, privateEncrypt, randomBytes, sign } from 'node:crypto'
import type { Mode } from '../receipts/modes.ts'
import type { ApiRequest } from '../request.ts'
import { type Identity, makeIdentity } from './certificate.ts'

/** The file that EventBridge's certificate is called. Source: Alibaba Cloud help, EventBridge, signatures. */
const FILE = 'x509_public_certificate_2021012501.pem'
/** Where it stands at its host. */
export const CERTIFICATE_PATH = `/${FILE}`
const HOST = /^[a-z]+(?:-[a-z0-9]+)+-eventbridge\.oss-accelerate\.aliyuncs\.com$/

/** Keys take a while to make, and every simulated EventBridge may have the same. */
let identity: Identity | undefined
const own = (): Identity => {
  identity ??= makeIdentity('eventbridge.simulated.example')
  return identity
}

/** True for the hosts at which EventBridge keeps its certificates. */
export const keepsCertificates = (hostname: string): boolean => HOST.test(hostname)

/** Answers a request for the certificate. */
export function certificateAnswer({ method, path }: Pick<ApiRequest, 'method' | 'path'>): Response {
  if (method !== 'GET' || path !== CERTIFICATE_PATH) return new Response('NoSuchKey', { status: 404 })
  return new Response(own().certificate, { headers: { 'content-type': 'application/octet-stream' } })
}

interface Event {
  /** The address that stands in the target. */
  url: string
  body: string
  token: string | undefined
  region: string
  at: number
  mode: Mode
}

/**
 * The headers of an event on its way to an HTTP target: signature version 2, RSA over SHA-256, or 1, HMAC-SHA1 by a secret
 * for this once, which comes along encrypted with the private key. Source: Alibaba Cloud help, EventBridge, signatures.
 */
export function eventHeaders({ url, body, token, region, at, mode }: Event): Record<string, string> {
  const host =
    mode === 'foreign-certificate' ? 'evil.example' : `${region}-eventbridge.oss-accelerate.aliyuncs.com`
  const isFirst = mode === 'version-1'
  // In this order.
  const signed: Record<string, string> = {
    'x-eventbridge-signature-timestamp': String(at - (mode === 'stale' ? 61_000 : 0)),
    ...(isFirst
      ? { 'x-eventbridge-signature-method': 'HMAC-SHA1' }
      : { 'x-eventbridge-hash-method': 'SHA256' }),
    'x-eventbridge-signature-version': '1.0',
    'x-eventbridge-signature-url': `https://${host}/${FILE}`,
    ...(token !== undefined && mode !== 'no-token' && { 'x-eventbridge-signature-token': token }),
  }
  const lines = Object.entries(signed).map(([name, value]) => `${name}: ${value}`)
  // UNVERIFIED whether a line feed ends the text: the documents have none, the vendor's own code has one.
  const text = [url, ...lines, body].join('\n') + (mode === 'line-feed' ? '\n' : '')
  const said = mode === 'bad-signature' ? `${text}!` : text
  return { ...signed, ...(isFirst ? firstVersion(said) : secondVersion(said)) }
}

const secondVersion = (text: string) => ({
  'x-eventbridge-signature-v2': sign('sha256', Buffer.from(text), own().privateKey).toString('base64'),
})

function firstVersion(text: string) {
  const secret = randomBytes(16).toString('hex')
  const key = { key: own().privateKey, padding: constants.RSA_PKCS1_PADDING }
  return {
    'x-eventbridge-signature': createHmac('sha1', secret).update(text).digest('base64'),
    'x-eventbridge-signature-secret': privateEncrypt(key, Buffer.from(secret)).toString('base64'),
  }
}
