import type { IncomingMessage, ServerResponse } from 'node:http'
import { ApiError } from '../refusals/refusal.ts'
import type { Log } from '../world.ts'
import { type Admission, RETRY_AFTER, type Visit } from './admission.ts'
import { statusOf } from './errors.ts'
import { SECURITY_HEADERS } from './headers.ts'
import { networkOfVisitor } from './network.ts'
import { createPacing } from './pacing.ts'
import { plainRefusal } from './plain-refusal.ts'
import type { TrustProxy } from './proxies.ts'
import { nodeCallerOf } from './request.ts'

type NodeHandler = (request: IncomingMessage, response: ServerResponse) => void

/** What admitting has to know. */
export interface AdmitOptions {
  trustProxy: TrustProxy
  log: Log
  /** Whether a `Cookie` header is that of a browser in the middle of a sign-in. */
  isUnderway: (cookies: string | undefined) => boolean
}

/** Whoever watches the server must hear from it just then. Paths that only begin so may lead elsewhere, by `..`. */
const ALWAYS = /^\/api\/(?:status|health\/(?:live|ready))(?:\?|$)/

/** The log is told of a crowd once within so many milliseconds. */
const TELL_EVERY = 10_000

/**
 * Hands on the requests that an admission lets in, one network after the other where they come faster than they are
 * answered, and answers the others with 503 and `Retry-After` at once.
 *
 * @example const handler = admit(createAdmission(1_000), { trustProxy: 1, log: world.log, isUnderway: oidc.isUnderway })(answer)
 */
export function admit(
  admission: Admission,
  { trustProxy, log, isUnderway }: AdmitOptions,
): (handler: NodeHandler) => NodeHandler {
  const tell = createTeller(log)
  const pacing = createPacing()
  return handler => (request, response) => {
    if (ALWAYS.test(request.url ?? '')) return handler(request, response)
    const network = networkOfVisitor(nodeCallerOf(request, trustProxy).ip)
    const leave = admission.enter(
      network,
      () => isUnderway(request.headers.cookie),
      visitOf(request, response),
    )
    if (!leave) {
      tell()
      return turnAway(request, response)
    }
    response.once('close', leave)
    pacing.begin(network, () => {
      // Whoever has gone away while waiting needs no answer.
      if (!response.destroyed) handler(request, response)
    })
  }
}

/**
 * A request that waits for the rest of what is sent, or for somebody to take the answer, waits for nobody but its client.
 * Where as much is here as Node takes in before anybody reads, it is ours to read.
 */
const visitOf = (request: IncomingMessage, response: ServerResponse): Visit => ({
  waitsForClient: () =>
    (!request.complete && request.readableLength < request.readableHighWaterMark) ||
    response.writableNeedDrain ||
    (response.writableEnded && !response.writableFinished),
  end: () => void request.socket.destroy(),
})

function turnAway({ method, headers, url = '' }: IncomingMessage, response: ServerResponse): void {
  const refusal = new ApiError('server.overloaded', {
    data: { retryAfter: RETRY_AFTER },
    values: { seconds: RETRY_AFTER },
  })
  const { body, ...own } = plainRefusal(refusal, {
    path: url,
    accept: headers.accept ?? '',
    language: headers['accept-language'] ?? '',
    // What was sent with a form must not be sent twice.
    ...(method === 'GET' && { again: RETRY_AFTER }),
  })
  response.writeHead(statusOf(refusal), {
    ...SECURITY_HEADERS,
    ...own,
    'Cache-Control': 'no-store',
    'Retry-After': String(RETRY_AFTER),
    // Its body is not read, so nothing could follow on this connection. A flood also has to connect again for its next
    // request: on open connections it comes back at once, and refusals are all that the server does.
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
