import type { IncomingMessage, ServerResponse } from 'node:http'
import { ApiError } from '../refusals/refusal.ts'
import type { Log } from '../world.ts'
import { type Admission, RETRY_AFTER } from './admission.ts'
import { statusOf } from './errors.ts'
import { SECURITY_HEADERS } from './headers.ts'
import { plainRefusal } from './plain-refusal.ts'
import type { TrustProxy } from './proxies.ts'
import { nodeCallerOf } from './request.ts'

type NodeHandler = (request: IncomingMessage, response: ServerResponse) => void

/** Whoever watches the server must hear from it just then. */
const ALWAYS = /^\/api\/(?:status|health)(?:[/?]|$)/

/** The log is told of a crowd once within so many milliseconds. */
const TELL_EVERY = 10_000

/**
 * Hands on the requests that an admission lets in, and answers the others with 503 and `Retry-After` at once.
 *
 * @example const handler = admit(createAdmission(1_000), config.trustProxy, world.log)(answer)
 */
export function admit(admission: Admission, trustProxy: TrustProxy, log: Log) {
  const tell = createTeller(log)
  return (handler: NodeHandler): NodeHandler =>
    (request, response) => {
      if (ALWAYS.test(request.url ?? '')) return handler(request, response)
      const leave = admission.enter(nodeCallerOf(request, trustProxy).ip)
      if (!leave) {
        tell()
        return turnAway(request, response)
      }
      response.once('close', leave)
      handler(request, response)
    }
}

function turnAway({ headers, url = '' }: IncomingMessage, response: ServerResponse): void {
  const refusal = new ApiError('server.overloaded', {
    data: { retryAfter: RETRY_AFTER },
    values: { seconds: RETRY_AFTER },
  })
  const { body, ...own } = plainRefusal(refusal, {
    path: url,
    accept: headers.accept ?? '',
    language: headers['accept-language'] ?? '',
  })
  response.writeHead(statusOf(refusal), {
    ...SECURITY_HEADERS,
    ...own,
    'Cache-Control': 'no-store',
    'Retry-After': String(RETRY_AFTER),
    // Its body is not read, so nothing could follow on this connection.
    Connection: 'close',
    'Content-Length': String(Buffer.byteLength(body)),
  })
  response.end(body)
}

/** A crowd of thousands is one line. */
function createTeller(log: Log): () => void {
  let turnedAway = 0
  let toldAt = Number.NEGATIVE_INFINITY
  return () => {
    turnedAway += 1
    if (performance.now() - toldAt < TELL_EVERY) return
    log('warn', `${turnedAway} turned away: more requests than MAX_REQUESTS at once`)
    turnedAway = 0
    toldAt = performance.now()
  }
}
