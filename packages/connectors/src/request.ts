import { type HttpAnswer, type ProviderAnswer, SendError, type SendWorld } from '@countersign/kit'

/** What a provider answered: always a JSON object, whatever its status. */
export interface Answer {
  status: number
  headers: HttpAnswer['headers']
  body: Readonly<Record<string, unknown>>
  /** For `SendError.answer`. */
  raw: ProviderAnswer
}

export interface HttpRequest {
  method: 'POST'
  url: string
  headers: Record<string, string>
  body?: string
  /** The address of an HTTP proxy to go through. */
  proxy?: string | undefined
}

/** No real answer of these clouds passes a few kilobytes; what does is not from them. */
const MOST_BYTES = 256 * 1024
/** How much of the answer an operator gets to see, in bytes. */
const SHOWN_BYTES = 4 * 1024
/** `setTimeout` takes no more. */
const LONGEST_TIMER = 2 ** 31 - 1

/**
 * Makes one HTTP request; the only place that touches `world.fetch`. From the first byte out to the last byte in
 * it has `world.deadline` milliseconds, also when `fetch` ignores its signal.
 *
 * Throws `SendError` `unreachable` when no answer came, and `provider_fault` when what came is no JSON object:
 * HTML, nothing, half of it, too much.
 */
export async function request(world: SendWorld, { url, proxy, ...init }: HttpRequest): Promise<Answer> {
  const controller = new AbortController()
  const { signal } = controller
  let answer: HttpAnswer | undefined
  let bytes: Buffer | undefined
  async function exchange(): Promise<void> {
    answer = await world.fetch(url, { ...init, signal, redirect: 'manual', ...(proxy && { proxy }) })
    bytes = await read(answer.body)
  }

  let timer: NodeJS.Timeout | undefined
  try {
    // One promise settled by whichever comes first; `Promise.race` would cost several for each step.
    await new Promise<void>((resolve, reject) => {
      const expire = () => {
        controller.abort(new DOMException('The deadline has passed', 'TimeoutError'))
        reject(signal.reason)
      }
      timer = setTimeout(expire, Math.min(world.deadline, LONGEST_TIMER))
      exchange().then(resolve, reject)
    })
  } catch (error) {
    if (signal.aborted)
      throw new SendError('unreachable', { code: 'ETIMEDOUT', maybeSent: true, answer: statusOf(answer) })
    if (!answer)
      throw new SendError('unreachable', { code: networkCode(error), maybeSent: !nothingLeft(error) })
    // The answer had begun and broke off: falls through without bytes.
  } finally {
    clearTimeout(timer)
  }

  const raw: ProviderAnswer = { ...statusOf(answer), ...(bytes && { body: shown(bytes) }) }
  const body = bytes && bytes.length <= MOST_BYTES ? parse(bytes) : undefined
  if (!answer || !body) throw new SendError('provider_fault', { maybeSent: true, answer: raw })
  return { status: answer.status, headers: answer.headers, body, raw }
}

const statusOf = (answer: HttpAnswer | undefined): ProviderAnswer => (answer ? { status: answer.status } : {})

/** Reads until the end, or until it is clear that there is too much. */
async function read(body: HttpAnswer['body']): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body ?? []) {
    chunks.push(chunk)
    size += chunk.length
    if (size > MOST_BYTES) break
  }
  return chunks.length === 1 ? Buffer.from(chunks[0]!) : Buffer.concat(chunks, size)
}

function parse(bytes: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

// `stream` keeps a character that the cut went through from showing as a replacement mark.
const shown = (bytes: Buffer) => new TextDecoder().decode(bytes.subarray(0, SHOWN_BYTES), { stream: true })

/** Whether a parsed value is a JSON object. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const NEVER_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  // The proxy would not make a tunnel, so there was nothing to send the request through.
  'PROXY_REFUSED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'HOSTNAME_MISMATCH',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

/** The innermost errors: `fetch` wraps the cause, and several addresses tried make an `AggregateError`. */
function leaves(error: unknown, depth = 0): Record<string, unknown>[] {
  if (typeof error !== 'object' || error === null || depth > 8) return []
  const { cause, errors } = error as { cause?: unknown; errors?: unknown }
  const inner = [...(Array.isArray(errors) ? errors : []), cause].flatMap(each => leaves(each, depth + 1))
  return inner.length > 0 ? inner : [error as Record<string, unknown>]
}

const isCertain = ({ code, syscall }: Record<string, unknown>) =>
  // A reset may come at any time, whatever the error says it was doing.
  ((syscall === 'connect' || syscall === 'getaddrinfo') && code !== 'ECONNRESET') ||
  (typeof code === 'string' && (NEVER_CONNECTED.has(code) || code.startsWith('CERT_')))

/** True only when it is certain that no byte of the request reached the provider. */
function nothingLeft(error: unknown): boolean {
  const all = leaves(error)
  return all.length > 0 && all.every(isCertain)
}

/** Node's own code of what went wrong, e.g. `ECONNREFUSED`: it tells an operator where to look. */
function networkCode(error: unknown): string | undefined {
  const code = leaves(error).find(leaf => typeof leaf.code === 'string')?.code
  return typeof code === 'string' && /^[A-Z][A-Z_]{2,50}$/.test(code) ? code : undefined
}
