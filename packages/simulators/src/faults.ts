import type { Answer, Cloud } from './cloud.ts'
import type { CloudId } from './cloud-ids.ts'
import type { ApiRequest } from './request.ts'

export const FAULT_KINDS = [
  'drop-before',
  'drop-after',
  'hang',
  'slow',
  'late-answer',
  'slow-body',
  'http-500',
  'http-503',
  'html',
  'redirect',
  'empty',
  'cut-off',
  'huge',
  'wrong-type',
  'wrong-content-type',
  'throttle',
] as const
export type FaultKind = (typeof FAULT_KINDS)[number]

/** What goes wrong, by switch. Either a `kind` or a provider's `code`. */
export interface Fault {
  kind?: FaultKind
  /** A provider's code, to be answered in its own layer, status and shape. */
  code?: string
  /** Only requests to this cloud; all when absent. */
  cloud?: CloudId
  /** How many requests it applies to; all until it is lifted when absent. */
  times?: number
  /** Milliseconds, for `slow` and `late-answer`; 2000 when absent. */
  delay?: number
}

/** How late an answer comes when the fault does not say. */
const SLOW_MS = 2000

/** How often a byte comes under `slow-body`. */
export const TRICKLE_MS = 50

/** Where `redirect` points: the discard port of this machine, so that whoever follows it stays here. */
export const REDIRECT_TO = 'http://127.0.0.1:9/'

/** The length of a body under `huge`: a right answer after so many spaces, which JSON allows. */
export const HUGE_BYTES = 64 * 1024 * 1024

/** A request that gets no answer: what `fetch` would throw, with the code of the system's error. */
export class LostConnection extends TypeError {
  constructor(code: 'ECONNREFUSED' | 'ECONNRESET') {
    const text = code === 'ECONNREFUSED' ? 'connect ECONNREFUSED' : 'read ECONNRESET'
    super('fetch failed', { cause: Object.assign(new Error(text), { code, errno: -1, syscall: 'connect' }) })
  }
}

type Body = ReadableStream<Uint8Array<ArrayBuffer>>

const page = (status: number, title: string): Pick<Answer, 'status' | 'contentType' | 'body'> => ({
  status,
  contentType: 'text/html',
  body: `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`,
})

/**
 * Answers a request under a fault. The message is accepted with drop-after, slow, late-answer, slow-body, cut-off, huge and the
 * two wrong types, and not with the others. Throws LostConnection, or the signal's reason when the caller gives up.
 */
export async function answerWithFault(
  fault: Fault,
  cloud: Cloud,
  request: ApiRequest,
  signal: AbortSignal,
): Promise<Answer> {
  if (fault.code !== undefined) return cloud.answerWith(request, fault.code)
  const about = { action: '', keyId: '', code: `fault: ${fault.kind}` }
  switch (fault.kind) {
    case 'drop-before':
      throw new LostConnection('ECONNREFUSED')
    case 'drop-after':
      cloud.answer(request)
      throw new LostConnection('ECONNRESET')
    case 'hang':
      return await until(signal)
    case 'slow':
      await until(signal, fault.delay ?? SLOW_MS)
      return cloud.answer(request)
    case 'late-answer': {
      const answer = cloud.answer(request)
      await until(signal, fault.delay ?? SLOW_MS)
      return answer
    }
    case 'slow-body': {
      const answer = cloud.answer(request)
      return { ...answer, body: trickle(textOf(answer), signal) }
    }
    case 'http-500':
      return { ...page(500, '500 Internal Server Error'), ...about }
    case 'http-503':
      return { ...page(503, '503 Service Temporarily Unavailable'), ...about }
    case 'html':
      return { ...page(200, 'Welcome to nginx!'), ...about }
    case 'redirect': {
      const headers = { location: REDIRECT_TO }
      return { ...page(307, '307 Temporary Redirect'), headers, ...about }
    }
    case 'empty':
      return { status: 200, contentType: 'application/json', body: '', ...about }
    case 'cut-off': {
      const answer = cloud.answer(request)
      const body = textOf(answer)
      return { ...answer, body: body.slice(0, Math.floor(body.length / 2)) }
    }
    case 'huge': {
      const answer = cloud.answer(request)
      return { ...answer, body: padded(textOf(answer)) }
    }
    case 'wrong-content-type':
      return { ...cloud.answer(request), contentType: 'text/html;charset=utf-8' }
    case 'wrong-type':
      return {
        ...cloud.answer(request),
        status: 200,
        contentType: 'application/json',
        body: cloud.wrongTypeBody,
      }
    case 'throttle':
      return cloud.answerWith(request, cloud.throttleCode)
    default:
      return cloud.answer(request)
  }
}

/** Without a fault a cloud's body is a text. */
const textOf = ({ body }: Answer): string => (typeof body === 'string' ? body : '')

/** The text's first byte at once and then a space at a time, without end, until the signal aborts. */
function trickle(text: string, signal: AbortSignal): Body {
  let timer: NodeJS.Timeout | undefined
  return new ReadableStream({
    start(controller) {
      controller.enqueue(Buffer.from(text.slice(0, 1)))
      timer = setInterval(() => controller.enqueue(Buffer.from(' ')), TRICKLE_MS)
      timer.unref()
      const give_up = () => {
        clearInterval(timer)
        controller.error(signal.reason)
      }
      if (signal.aborted) give_up()
      else signal.addEventListener('abort', give_up, { once: true })
    },
    cancel: () => clearInterval(timer),
  })
}

/** The text after a great many spaces, made piece by piece as it is read. */
function padded(text: string): Body {
  const piece = Buffer.alloc(64 * 1024, ' ')
  let left = HUGE_BYTES
  return new ReadableStream({
    pull(controller) {
      left -= piece.byteLength
      controller.enqueue(new Uint8Array(piece))
      if (left > 0) return
      controller.enqueue(Buffer.from(text))
      controller.close()
    },
  })
}

/** Waits the given milliseconds, or for ever; rejects as soon as the signal aborts. */
function until(signal: AbortSignal, delay?: number): Promise<never> {
  return new Promise((resolve, reject) => {
    const timer = delay === undefined ? undefined : setTimeout(done, delay)
    function done() {
      signal.removeEventListener('abort', give_up)
      resolve(undefined as never)
    }
    function give_up() {
      clearTimeout(timer)
      reject(signal.reason)
    }
    if (signal.aborted) give_up()
    else signal.addEventListener('abort', give_up, { once: true })
  })
}
