import {
  type HttpAnswer,
  isObject,
  networkCode,
  neverConnected,
  type ProviderAnswer,
  readCapped,
  SendError,
  type SendWorld,
} from '@countersign/kit'

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
 * Makes one HTTP request that a provider answers with JSON.
 *
 * Throws `SendError` `unreachable` when no answer came, and `provider_fault` when what came is no JSON object:
 * HTML, nothing, half of it, too much.
 */
export async function request(world: SendWorld, asked: HttpRequest): Promise<Answer> {
  const { answer, body } = await exchange(world, asked, MOST_BYTES)
  const raw: ProviderAnswer = { ...statusOf(answer), ...(body && { body: shown(body.bytes) }) }
  const parsed = body?.isWhole ? parse(body.bytes) : undefined
  if (!answer || !parsed) throw new SendError('provider_fault', { maybeSent: true, answer: raw })
  return { status: answer.status, headers: answer.headers, body: parsed, raw }
}

/**
 * Fetches a small file that a provider keeps for everybody, such as a certificate. A redirect is not followed.
 *
 * Throws `SendError` when it is not there, or has more bytes than `most`.
 */
export async function download(
  world: SendWorld,
  { url, proxy, most }: { url: string; proxy: string | undefined; most: number },
): Promise<Buffer> {
  const { answer, body } = await exchange(world, { method: 'GET', url, headers: {}, proxy }, most)
  if (answer?.status !== 200 || !body?.isWhole) throw new SendError('provider_fault')
  return body.bytes
}

/**
 * Makes one HTTP request; the only place that touches `world.fetch`. From the first byte out to the last byte in
 * it has `world.deadline` milliseconds, also when `fetch` ignores its signal. The body is missing where it broke off.
 */
async function exchange(
  world: SendWorld,
  { url, proxy, ...init }: Omit<HttpRequest, 'method'> & { method: 'GET' | 'POST' },
  most: number,
): Promise<{ answer?: HttpAnswer; body?: { bytes: Buffer; isWhole: boolean } }> {
  const controller = new AbortController()
  const { signal } = controller
  let answer: HttpAnswer | undefined
  let body: { bytes: Buffer; isWhole: boolean } | undefined
  async function run(): Promise<void> {
    answer = await world.fetch(url, { ...init, signal, redirect: 'manual', ...(proxy && { proxy }) })
    body = await readCapped(answer.body, most)
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
      run().then(resolve, reject)
    })
  } catch (error) {
    if (signal.aborted)
      throw new SendError('unreachable', { code: 'ETIMEDOUT', maybeSent: true, answer: statusOf(answer) })
    if (!answer)
      throw new SendError('unreachable', { code: networkCode(error), maybeSent: !neverConnected(error) })
    // The answer had begun and broke off: falls through without bytes.
  } finally {
    clearTimeout(timer)
  }

  return { ...(answer && { answer }), ...(body && { body }) }
}

const statusOf = (answer: HttpAnswer | undefined): ProviderAnswer => (answer ? { status: answer.status } : {})

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
