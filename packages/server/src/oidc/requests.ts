import { IncomingMessage } from 'node:http'
import { fromUtf8, isObject, isUtf8Form, readCapped } from '@countersign/kit'
import type { Applications } from '../applications/applications.ts'

/** Most that a form may have, in bytes. */
const BODY_LIMIT = 56 * 1024

/**
 * Most characters of parameters that are stored while somebody signs in or out: as many as node takes in an address,
 * whichever way they come.
 */
const MOST_PARAMETERS = 16 * 1024

/** Where the provider is mounted. */
const MOUNT = '/oidc'

/** Where RFC 8414 has the metadata of a provider that is mounted there: the path goes behind and not before. */
const METADATA = /^\/\.well-known\/(oauth-authorization-server|openid-configuration)\/oidc\/?$/

const pathOf = (url: string) => url.split('?', 1)[0]!

/** True for the address of a request that the provider is to answer. */
export const isForProvider = (url: string): boolean =>
  /^\/oidc(?:[/?]|$)/.test(url) || METADATA.test(pathOf(url))

/** Endpoints that browsers reach by GET; a POST to them means the same. */
const BROWSER_ENDPOINTS = new Set(['/auth', '/session/end'])

/** Those, and where an authorization request is handed in beforehand. */
const STORING_ENDPOINTS = new Set([...BROWSER_ENDPOINTS, '/request'])

/** A request that is refused before the provider sees it. */
export class Refusal extends Error {
  readonly status: number

  constructor(status: number, description: string) {
    super(description)
    this.status = status
  }
}

/** A request as the provider gets it: its own copy, so that nothing else sees what is changed for it. */
export class ProviderRequest extends IncomingMessage {
  originalUrl = ''
  requestId = ''
  /** The form that it posts to an endpoint which is none for browsers. */
  form?: URLSearchParams
  /** Where it came from, as far as our own proxy is believed. */
  ip: string | undefined
  refusal?: Refusal
  /** What went wrong while it was answered, for the log and the choice of the answer. */
  failure?: unknown
  /** The public code that it was answered with. */
  code?: string
  applicationId?: string
}

async function readBody(request: IncomingMessage): Promise<string> {
  const { bytes, isWhole } = await readCapped(request.iterator({ destroyOnReturn: false }), BODY_LIMIT)
  if (!isWhole) throw new Refusal(413, `request body is larger than ${BODY_LIMIT} bytes`)
  return inCharset(bytes, /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(request.headers['content-type'] ?? '')?.[1])
}

const NOT_UTF8 = () => new Refusal(400, 'the request body is not UTF-8')

const decoderFor = (charset: string) => {
  try {
    return new TextDecoder(charset, { fatal: true })
  } catch {
    return undefined
  }
}

/** Bytes as the text that they are in the charset that the request declares, else in UTF-8. */
function inCharset(bytes: Uint8Array, charset = 'utf-8'): string {
  const decoder = decoderFor(charset)
  if (!decoder) throw new Refusal(400, 'the charset of the request body is unknown: send UTF-8')
  if (decoder.encoding === 'utf-8') {
    const text = fromUtf8(bytes)
    if (text === undefined) throw NOT_UTF8()
    return text
  }
  try {
    return decoder.decode(bytes)
  } catch {
    throw new Refusal(400, 'the request body is not in the charset that it declares')
  }
}

function fromJson(text: string): URLSearchParams {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    throw new Refusal(400, 'failed to parse the request body')
  }
  if (!isObject(body)) throw new Refusal(400, 'the request body must be a JSON object')
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(body)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each === null || each === undefined) continue
      if (typeof each === 'object') throw new Refusal(400, `${name} must be a text`)
      form.append(name, String(each))
    }
  }
  return form
}

/** The parameters of a POST; undefined for a content type that nothing here reads. */
async function readForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  const type = (request.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()
  const text = await readBody(request)
  if (type === 'application/x-www-form-urlencoded') {
    if (!isUtf8Form(text)) throw NOT_UTF8()
    return new URLSearchParams(text)
  }
  if (type === 'application/json') return text.trim() === '' ? new URLSearchParams() : fromJson(text)
  return type === '' && text === '' ? new URLSearchParams() : undefined
}

/** Checks parameters, and splits one `resource` with commas into several. */
function tidy(parameters: URLSearchParams): URLSearchParams {
  for (const part of parameters) {
    if (part.some(text => text.includes('\0'))) throw new Refusal(400, 'parameters must not hold NUL bytes')
  }
  const resources = parameters.getAll('resource')
  if (resources.length === 1 && resources[0]!.includes(',')) {
    parameters.delete('resource')
    for (const each of resources[0]!.split(',')) if (each.trim()) parameters.append('resource', each.trim())
  }
  return parameters
}

const decoded = (text: string) => {
  try {
    return decodeURIComponent(text.replaceAll('+', '%20'))
  } catch {
    return undefined
  }
}

/** Id and secret of a Basic header, as they stand in it. */
function credentialsOf(header: string): [id: string, secret: string] | undefined {
  const [scheme = '', credentials = ''] = header.split(' ')
  const text = Buffer.from(credentials, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (scheme.toLowerCase() !== 'basic' || colon < 0 || text.includes('\0')) return undefined
  return [text.slice(0, colon), text.slice(colon + 1)]
}

/**
 * Libraries put the id of an application without a secret into a Basic header with an empty one; others send an empty
 * `client_secret`. Both name the application and prove nothing, so the first becomes the second.
 */
function moveBareId(copy: ProviderRequest, form: URLSearchParams): void {
  const [name, secret] = credentialsOf(copy.headers.authorization ?? '') ?? []
  const id = name && decoded(name)
  if (!id || secret !== '') return
  delete copy.headers.authorization
  // One that differs makes two, which are refused.
  if (form.get('client_id') !== id) form.append('client_id', id)
}

/**
 * OAuth wants id and secret URL-encoded before they go into a Basic header; many clients, Logto's among them,
 * send them as they are. Where the two readings differ and the plain one is right, the header is put as OAuth
 * wants it.
 */
async function readBasic(header: string, applications: Applications): Promise<string> {
  const [id, secret] = credentialsOf(header) ?? []
  if (id === undefined || secret === undefined) return header
  if (decoded(id) === id && decoded(secret) === secret) return header
  if ((await applications.checkSecret(id, secret)) === 'wrong') return header
  return `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`
}

async function fill(
  copy: ProviderRequest,
  request: IncomingMessage,
  applications: Applications,
): Promise<void> {
  const url = URL.parse(request.url ?? '', 'http://mount')
  if (!url) throw new Refusal(400, 'malformed address')
  const method = request.method ?? 'GET'
  const [, metadata] = METADATA.exec(url.pathname) ?? []
  let path = metadata ? `/.well-known/${metadata}` : url.pathname.slice(MOUNT.length) || '/'
  if (!path.startsWith('/')) throw new Refusal(404, 'unrecognized route')
  const { authorization } = request.headers
  if (authorization) copy.headers.authorization = await readBasic(authorization, applications)
  let query = tidy(url.searchParams)
  const plain = path.length > 1 ? path.replace(/\/$/, '') : path
  if (method === 'POST') {
    const form = await readForm(request)
    const size = `${query}`.length + `${form ?? ''}`.length
    if (STORING_ENDPOINTS.has(plain) && size > MOST_PARAMETERS)
      throw new Refusal(413, `the parameters are larger than ${MOST_PARAMETERS} bytes together`)
    if (form && BROWSER_ENDPOINTS.has(plain)) {
      copy.method = 'GET'
      query = tidy(new URLSearchParams([...query, ...form]))
      path = plain
    } else if (form) {
      moveBareId(copy, form)
      // okta-auth-js puts what it does not know itself behind the endpoint's address.
      if (plain === '/token' && !form.has('resource'))
        for (const each of query.getAll('resource')) form.append('resource', each)
      copy.form = tidy(form)
      const body = form.toString()
      copy.headers['content-type'] = 'application/x-www-form-urlencoded'
      copy.headers['content-length'] = String(Buffer.byteLength(body))
      copy.push(body)
    }
  }
  copy.url = query.size > 0 ? `${path}?${query}` : path
  copy.originalUrl = MOUNT + copy.url
}

/**
 * Makes the request that the provider sees: without the mount, as if it had come by the public address
 * whatever the headers say, JSON bodies as forms.
 */
export async function toProviderRequest(
  request: IncomingMessage,
  endpoint: string,
  applications: Applications,
): Promise<ProviderRequest> {
  const copy = new ProviderRequest(request.socket)
  const { host, protocol } = new URL(endpoint)
  copy.httpVersion = request.httpVersion
  copy.httpVersionMajor = request.httpVersionMajor
  copy.httpVersionMinor = request.httpVersionMinor
  copy.method = request.method
  copy.headers = { ...request.headers, host, 'x-forwarded-proto': protocol.slice(0, -1) }
  delete copy.headers['x-forwarded-host']
  delete copy.headers['transfer-encoding']
  if (request.method === 'POST') copy.headers['content-length'] = '0'
  copy.url = '/'
  copy.originalUrl = MOUNT
  try {
    await fill(copy, request, applications)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    copy.refusal = error
  }
  // An incomplete message would take the connection down with it when it is thrown away.
  copy.complete = true
  copy.push(null)
  return copy
}
