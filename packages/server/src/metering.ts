import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Audit } from './audit/audit.ts'
import type { Budgets } from './budgets/budgets.ts'
import type { Codes } from './codes/codes.ts'
import type { Config } from './config.ts'
import type { Connections } from './connections/connections.ts'
import type { DatabaseWatch } from './db/watch.ts'
import type { Delivery } from './delivery/delivery.ts'
import type { HealthOfConnections } from './health/health.ts'
import type { Hooks } from './hooks/hooks.ts'
import { identified, withRequestId } from './http/request-id.ts'
import type { Tell } from './interactions/happenings.ts'
import type { Ledger, LedgerNeeds } from './ledger/ledger.ts'
import type { Meter, Metrics, Standing } from './metrics/metrics.ts'
import { ApiError } from './refusals/refusal.ts'
import type { Tracing } from './tracing/tracing.ts'
import { waitingChecks } from './users/turns.ts'
import type { Log, World } from './world.ts'

/**
 * Joins the rooms with the meter and the traces, which none of them knows. Without them everything is handed on as it is:
 * what is not wanted costs nothing.
 */

/** What watches a server; each is there only where a setting asks for it. */
export interface Watchers {
  metrics?: Metrics
  tracing?: Tracing
}

/** How the database is watched, and where its pool can be counted; undefined without a meter. */
export function watchDatabase(meter: Meter | undefined): { watch?: DatabaseWatch; pool: Standing['pool'] } {
  let count = (): Record<string, number> => ({})
  const pool = async () => count()
  if (!meter) return { pool }
  const { statement, connected } = meter
  return {
    pool,
    watch: {
      statement,
      connected,
      pool(counted) {
        count = counted
      },
    },
  }
}

/** The ledger, which also tells the meter of attempts that end and of messages that do not leave. */
export function meteredLedger(ledger: Ledger, meter: Meter | undefined, now: () => number): Ledger {
  if (!meter) return ledger
  return {
    ...ledger,
    end(attempt, outcome, along) {
      const { connectionId, connector, at } = attempt
      const failed = 'failed' in outcome ? outcome.failed : undefined
      meter.attempt({
        connectionId,
        connector,
        outcome: !failed ? 'accepted' : failed.maybeSent ? 'unconfirmed' : 'failed',
        failure: failed?.failure,
        took: Math.max(0, now() - at),
      })
      return ledger.end(attempt, outcome, along)
    },
    notSent(message, unsent) {
      meter.unsent({ channel: message.recipient.channel, state: unsent.state, reason: unsent.reason })
      ledger.notSent(message, unsent)
    },
  }
}

/** The codes, which also tell the meter how checks end. */
export function meteredCodes(codes: Codes, meter: Meter | undefined): Codes {
  if (!meter) return codes
  return {
    ...codes,
    async verify(...check) {
      try {
        const right = await codes.verify(...check)
        meter.code('right')
        return right
      } catch (error) {
        meter.code(error instanceof ApiError ? error.code : 'failed')
        throw error
      }
    },
  }
}

/** Whoever is told of what happens in interactions, and the meter. */
export const meteredTell = (tell: Tell, meter: Meter | undefined): Tell =>
  meter
    ? (happening, step) => {
        if (happening.type === 'finished') meter.finished(step.event)
        return tell(happening, step)
      }
    : tell

/** The log, and the meter, which counts its lines. */
const meteredLog = (log: Log, meter: Meter | undefined): Log =>
  meter
    ? (level, event, fields) => {
        meter.logged(level)
        log(level, event, fields)
      }
    : log

type Handler = (request: IncomingMessage, response: ServerResponse) => void

/** Deliveries, each of which has a span in the trace of its request. */
export const tracedDelivery = (delivery: Delivery, tracing: Tracing | undefined): Delivery =>
  tracing
    ? {
        ...delivery,
        deliver: (candidates, out, along) =>
          tracing.message(out, () => delivery.deliver(candidates, out, along)),
      }
    : delivery

/** Whoever hears of receipts; undefined where nobody wants to. */
export const hearing = ({ metrics, tracing }: Watchers): LedgerNeeds['heard'] =>
  metrics || tracing
    ? received => {
        metrics?.meter.receipt(received)
        tracing?.receipt(received)
      }
    : undefined

/**
 * The world of a server: lines of its log name the request that they were written for, and are counted; its calls have
 * spans.
 */
export const watchedWorld = (world: World, { metrics, tracing }: Watchers): World => ({
  ...world,
  log: withRequestId(meteredLog(world.log, metrics?.meter)),
  ...(tracing && { fetch: tracing.outgoing(world) }),
})

/** A listener's handler, whose requests the meter counts. */
const meteredHandler = (
  handler: Handler,
  listener: 'public' | 'console',
  meter: Meter | undefined,
): Handler =>
  meter
    ? (request, response) => {
        const began = performance.now()
        const { method = '', url = '' } = request
        response.once('close', () => {
          // A client that has gone before it was answered is no answer of ours.
          const status = response.headersSent ? response.statusCode : 499
          meter.request({ listener, method, url, status, took: performance.now() - began })
        })
        handler(request, response)
      }
    : handler

/** A handler before which `/metrics` is answered, where the settings give a token and no port of its own. */
const withMetrics = (handler: Handler, config: Config, metrics: Metrics | undefined): Handler =>
  metrics && config.metrics && config.metrics.port === undefined
    ? (request, response) => void (metrics.answer(request, response) || handler(request, response))
    : handler

/** A listener's handler, whose requests have an id each, are counted and traced. */
export function watchedHandler(
  handler: Handler,
  listener: 'public' | 'console',
  { config, world, metrics, tracing }: Watchers & { config: Config; world: World },
): Handler {
  const counted = meteredHandler(handler, listener, metrics?.meter)
  const traced: Handler = tracing
    ? (request, response) => tracing.request(listener, request, response, () => counted(request, response))
    : counted
  const { trustProxy } = config
  const known: Handler = (request, response) =>
    identified(request, { trustProxy, world }, () => traced(request, response))
  return listener === 'console' ? withMetrics(known, config, metrics) : known
}

/** The rooms in which something stands that can be measured. */
interface StandingRooms {
  audit: Pick<Audit, 'waiting'>
  budgets: Pick<Budgets, 'list'>
  connections: Pick<Connections, 'list'>
  health: Pick<HealthOfConnections, 'of'>
  hooks: Pick<Hooks, 'waiting'>
  ledger: Pick<Ledger, 'hour' | 'waitingToAsk'>
  pool: Standing['pool']
}

/** What stands in the database and in memory of the rooms, for whoever asks for metrics. */
export function standingOf(rooms: StandingRooms): Standing {
  const { audit, budgets, connections, health, hooks, ledger, pool } = rooms
  return {
    async connections() {
      const kept = await connections.list()
      return Promise.all(
        kept.map(async connection => ({
          id: connection.id,
          connector: connection.connector.id,
          state: (await health.of(connection)).state,
        })),
      )
    },
    budgets: async () =>
      (await budgets.list()).map(({ id, currency, soft, hard, current: { used } }) => ({
        id,
        currency,
        soft,
        hard,
        used,
      })),
    messages: ledger.hour,
    queues: async () => ({
      webhooks: await hooks.waiting(),
      receipts: await ledger.waitingToAsk(),
      audit_entries: audit.waiting(),
      password_checks: waitingChecks(),
    }),
    pool,
  }
}
