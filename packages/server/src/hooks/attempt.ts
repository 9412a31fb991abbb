import { createHmac } from 'node:crypto'
import { RESERVED_HOOK_HEADERS, type RobotFailure } from '@countersign/api'
import type { Fetch, HttpAnswer } from '@countersign/kit'
import { readCapped } from '@countersign/kit'
import { TargetRefused } from '../http/targets.ts'
import type { StoredConfig } from './config.ts'
import { masked } from './masking.ts'

/** Milliseconds that one try may take, as in Logto. */
export const DEADLINE = 10_000

/** A receiver has nothing to say; more of its answer is not read, in bytes. */
const MOST_READ = 64 * 1024

/** As much of an answer is kept for operators, in characters. */
const MOST_KEPT = 4 * 1024

/** The call of one try. */
export interface Parcel {
  config: StoredConfig
  signingKey: string
  /** The exact text. */
  body: string
  eventId: string
}

/** The answer of a receiver. */
export interface Received {
  status: number
  /** Parsed where it is JSON, without secrets, cut. */
  body: unknown
}

/** The end of a try. */
export interface Ending {
  delivered: boolean
  response?: Received
  /** A sentence for operators; the class of an error tells them nothing. */
  error?: string
  /** Another try may end otherwise. */
  retry: boolean
  /** The receiver's wish, in milliseconds. */
  retryAfter?: number
  /** Of a robot: what its failure means. */
  failure?: RobotFailure
  /** Of a robot: the message that was sent. */
  sent?: string
}

/** One request, and how its answer is understood. */
export interface Call {
  url: string
  headers: Record<string, string>
  body: string
  /** `text` is the beginning of the answer, `wished` the seconds of its `Retry-After`. */
  judge(status: number, text: string, wished: number | undefined): Ending
}

/** How long a try may take, and what ends it before. */
export interface Patience {
  deadline?: number | undefined
  stop?: AbortSignal | undefined
}

/** Lower-case hexadecimal HMAC-SHA-256 over the exact body, keyed with the text of the signing key. */
export const signature = (signingKey: string, body: string): string =>
  createHmac('sha256', signingKey).update(body).digest('hex')

function headersOf({ config, signingKey, body, eventId }: Parcel): Record<string, string> {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'user-agent': 'Countersign',
  }
  for (const [given, value] of Object.entries(config.headers ?? {})) {
    const name = given.toLowerCase()
    if (!RESERVED_HOOK_HEADERS.includes(name)) headers[name] = value
  }
  return {
    ...headers,
    'logto-signature-sha-256': signature(signingKey, body),
    'countersign-event-id': eventId,
  }
}

/** Why no request can go to an address, if so. */
function problemOf(url: string): string | undefined {
  if (!URL.canParse(url)) return `Failed to parse URL from ${url}`
  const { protocol, username, password } = new URL(url)
  if (username || password) return 'The URL holds a user name or password; use a header instead'
  if (protocol !== 'http:' && protocol !== 'https:')
    return `Only http: and https: can be asked, not ${protocol}`
}

/** Makes one request, and says how it ended. Never throws. */
export async function makeCall(
  send: Fetch,
  { url, headers, body, judge }: Call,
  { deadline = DEADLINE, stop }: Patience,
): Promise<Ending> {
  let answer: HttpAnswer | undefined
  try {
    const signal = AbortSignal.any([AbortSignal.timeout(deadline), ...(stop ? [stop] : [])])
    answer = await send(url, { method: 'POST', headers, body, signal, redirect: 'manual' })
    const { bytes } = await readCapped(answer.body, MOST_READ)
    const after = answer.headers.get('retry-after') ?? ''
    return judge(answer.status, bytes.toString('utf8'), /^\d{1,9}$/.test(after) ? Number(after) : undefined)
  } catch (error) {
    // The status stands although the rest of the answer never came.
    if (answer) return judge(answer.status, '', undefined)
    return { delivered: false, error: describe(error), retry: isPassing(error) }
  }
}

/** Makes one try, and says how it ended. Never throws. */
export async function attempt(send: Fetch, parcel: Parcel, patience: Patience = {}): Promise<Ending> {
  const { url } = parcel.config
  const problem = problemOf(url)
  if (problem) return { delivered: false, error: problem, retry: false }
  return makeCall(send, { url, headers: headersOf(parcel), body: parcel.body, judge }, patience)
}

function judge(status: number, text: string, wished: number | undefined): Ending {
  const response: Received = { status, body: shownAnswer(text) }
  if (status >= 200 && status < 300) return { delivered: true, response, retry: false }
  const error = `Request failed with status code ${status}`
  const retry = status === 408 || status === 429 || status >= 500
  return {
    delivered: false,
    response,
    error: status >= 300 && status < 400 ? `${error}; redirects are not followed` : error,
    retry,
    ...(wished !== undefined && { retryAfter: wished * 1000 }),
  }
}

/** An answer as operators may see it: cut, and without what its members call secret. */
export function shownAnswer(text: string): unknown {
  let value: unknown = text
  try {
    if (text !== '') value = masked(JSON.parse(text))
  } catch {
    // It is no JSON, then it is text.
  }
  // NUL is a character that no database column takes, and a sealed text would bring it back.
  const shown = typeof value === 'string' ? value.replaceAll('\0', '') : JSON.stringify(value)
  return shown.length > MOST_KEPT
    ? `${shown.slice(0, MOST_KEPT)}…`
    : typeof value === 'string'
      ? shown
      : value
}

/** What is wrong with the target or the request itself stays wrong. */
const isPassing = (error: unknown) =>
  !(error instanceof TargetRefused) && (error as { code?: unknown }).code !== 'UND_ERR_INVALID_ARG'

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return 'The receiver did not answer in time'
  const inner = error instanceof AggregateError ? (error.errors[0] as Error | undefined) : undefined
  return error.message || (inner?.message ?? 'No answer came')
}
