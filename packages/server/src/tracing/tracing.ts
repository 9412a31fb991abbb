import type { IncomingMessage, ServerResponse } from 'node:http'
import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import type { Database } from '../db/database.ts'
import type { TrustProxy } from '../http/proxies.ts'
import { isBelieved } from '../http/request.ts'
import { currentRequestId } from '../http/request-id.ts'
import { areaOf, methodOf } from '../metrics/labels.ts'
import type { World } from '../world.ts'
import { keepTraces } from './kept.ts'
import { createSpans, type TracesTo } from './spans.ts'
import { writeTraceparent } from './traceparent.ts'

/** A message on its way, as far as a trace may tell of it. */
interface TracedMessage {
  usageType: string
  recipient: { channel: string }
}

/** An attempt, as far as a trace may tell of it. */
interface TracedAttempt {
  id: string
  nth: number
  connector: string
  connectionId?: string | undefined
  at: number
}

/** The first final receipt of an attempt. */
interface TracedReceipt {
  attemptId: string
  connector: string
  receipt: string
  took: number
}

/**
 * Traces of what becomes of a click: the request, the message, each attempt with the cloud's call, and the receipt, which
 * may come hours later to another node: for that the trace of an attempt is kept in the database. Spans carry names of
 * closed lists and ids of our own; no number, address, code, key, path or text that anybody has written.
 *
 * @example
 * const sampling = { sampler: 'always_on', share: 1 }
 * const tracing = createTracing({ endpoint: 'http://127.0.0.1:4318', sampling, trustProxy: 0 })
 * await tracing.flush()
 */
export function createTracing({ trustProxy, ...traces }: { trustProxy: TrustProxy } & TracesTo) {
  const { within, start, run, flush, stop } = createSpans(traces)
  let kept: ReturnType<typeof keepTraces> | undefined

  return {
    /** Keeps the traces of attempts in this database from now on. */
    keepIn(db: Database, world: World): void {
      kept = keepTraces(db, world)
    },
    /** Runs what a request brings in its span. A trace is continued where a trusted proxy has begun it. */
    request(listener: string, request: IncomingMessage, response: ServerResponse, answer: () => void): void {
      const { method = '', url = '', headers } = request
      // Load balancers ask every second, and nobody looks for what they did.
      if (areaOf(url) === 'health') {
        answer()
        return
      }
      const span = start(
        {
          name: `${methodOf(method)} ${areaOf(url)}`,
          kind: SpanKind.SERVER,
          attributes: {
            'http.request.method': methodOf(method),
            'countersign.area': areaOf(url),
            'countersign.listener': listener,
            'countersign.request_id': currentRequestId() ?? '',
          },
        },
        isBelieved(request, trustProxy) ? headers.traceparent?.toString() : undefined,
      )
      response.once('close', () => {
        const { statusCode } = response
        span.setAttribute('http.response.status_code', statusCode)
        if (statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
        span.end()
      })
      run(span, answer)
    },
    /** Runs the delivery of a message in its span. */
    message: <T extends string>({ usageType, recipient }: TracedMessage, deliver: () => Promise<T>) =>
      within(
        {
          name: 'send message',
          attributes: { 'countersign.usage_type': usageType, 'countersign.channel': recipient.channel },
        },
        async span => {
          const outcome = await deliver()
          span.setAttribute('countersign.outcome', outcome)
          return outcome
        },
      ),
    /** Runs the call of an attempt in its span, and keeps to which trace it belongs, where that is handed on. */
    attempt: <T>(
      { id, nth, connector, connectionId, at }: TracedAttempt,
      call: () => Promise<T>,
    ): Promise<T> =>
      within(
        {
          name: 'attempt',
          attributes: {
            'countersign.attempt_id': id,
            'countersign.nth': nth,
            'countersign.connector': connector,
            'countersign.connection_id': connectionId ?? 'unsaved',
          },
        },
        span => {
          if (connectionId !== undefined && span.isRecording())
            kept?.add({ attempt_id: id, traceparent: writeTraceparent(span.spanContext()), at })
          return call()
        },
      ),
    /** The network, whose calls each have a span: to which host, and with what status. */
    outgoing:
      (world: Pick<World, 'fetch'>): World['fetch'] =>
      (url, init) =>
        within(
          {
            name: `call ${methodOf(init.method)}`,
            kind: SpanKind.CLIENT,
            attributes: {
              'http.request.method': methodOf(init.method),
              'server.address': new URL(url).hostname,
            },
          },
          async span => {
            const answer = await world.fetch(url, init)
            span.setAttribute('http.response.status_code', answer.status)
            return answer
          },
        ),
    /** Tells of a receipt in the trace of its attempt, where that has one. Nobody waits for it. */
    receipt({ attemptId, connector, receipt, took }: TracedReceipt): void {
      const attributes = {
        'countersign.attempt_id': attemptId,
        'countersign.connector': connector,
        'countersign.receipt': receipt,
        'countersign.after_ms': took,
      }
      const span = { name: 'receipt', kind: SpanKind.CONSUMER, attributes }
      void kept?.of(attemptId).then(traceparent => traceparent && start(span, traceparent).end())
    },
    /** Forgets the traces of attempts of which nothing is heard any more. */
    purge: async (): Promise<void> => kept?.purge(),
    /** Hands on what has not been handed on yet. */
    async flush(): Promise<void> {
      await kept?.settled()
      await flush()
    },
    async stop(): Promise<void> {
      await kept?.close()
      await stop()
    },
  }
}

export type Tracing = ReturnType<typeof createTracing>
