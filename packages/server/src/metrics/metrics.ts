import type { IncomingMessage, ServerResponse } from 'node:http'
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import { sameText } from '../crypto/keys.ts'
import { duringRequest } from '../db/patience.ts'
import { areaOf, bounded, methodOf } from './labels.ts'
import type { Meter } from './meter.ts'
import { createStanding, type Standing } from './standing.ts'

export type { Meter } from './meter.ts'
export type { Standing } from './standing.ts'

/** Each connection that there ever was in the life of a process makes some dozens of series. */
const MOST_CONNECTIONS = 200

const SECOND = 1000

/** Meters of messages and their codes. */
function meterOfMessages(registers: Registry[]) {
  const connectionOf = bounded(MOST_CONNECTIONS)
  const attempts = new Counter({
    name: 'countersign_send_attempts_total',
    help: 'Attempts to send by connection, outcome (accepted, failed, unconfirmed) and class of failure.',
    labelNames: ['connection', 'connector', 'outcome', 'failure'],
    registers,
  })
  const accepting = new Histogram({
    name: 'countersign_send_accept_seconds',
    help: 'Time until a provider took a message.',
    labelNames: ['connection', 'connector'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8],
    registers,
  })
  const receipts = new Histogram({
    name: 'countersign_receipt_seconds',
    help: 'Time from the sending of a message to its first final receipt.',
    labelNames: ['connection', 'connector', 'receipt'],
    buckets: [1, 2, 5, 10, 30, 60, 300, 1800],
    registers,
  })
  const unsent = new Counter({
    name: 'countersign_messages_unsent_total',
    help: 'Messages that did not leave, refused or suppressed, by reason: limits, budgets, the fraud guard and others.',
    labelNames: ['channel', 'state', 'reason'],
    registers,
  })
  const codes = new Counter({
    name: 'countersign_codes_checked_total',
    help: 'Codes that were typed: right, or the public code of the refusal.',
    labelNames: ['result'],
    registers,
  })
  const finished = new Counter({
    name: 'countersign_sign_ins_total',
    help: 'Interactions that have ended well: SignIn, Register, ForgotPassword.',
    labelNames: ['event'],
    registers,
  })
  // What has not happened yet is shown as none, so that an alert sees the first.
  for (const channel of ['sms', 'email']) unsent.inc({ channel, state: 'refused', reason: 'budget' }, 0)
  const named = (connectionId: string | undefined) =>
    connectionId === undefined ? 'unsaved' : connectionOf(connectionId)
  return {
    attempt({ connectionId, connector, outcome, failure = 'none', took }) {
      const connection = named(connectionId)
      attempts.inc({ connection, connector, outcome, failure })
      if (outcome === 'accepted') accepting.observe({ connection, connector }, took / SECOND)
    },
    receipt: ({ connectionId, connector, receipt, took }) =>
      receipts.observe({ connection: named(connectionId), connector, receipt }, took / SECOND),
    unsent: message => unsent.inc({ ...message }),
    code: result => codes.inc({ result }),
    finished: event => finished.inc({ event }),
  } satisfies Partial<Meter>
}

/** Meters of requests, the database and the log. */
function meterOfWork(registers: Registry[]) {
  const requests = new Counter({
    name: 'countersign_http_requests_total',
    help: 'Requests by listener, part of the server, method and status.',
    labelNames: ['listener', 'area', 'method', 'status'],
    registers,
  })
  const answering = new Histogram({
    name: 'countersign_http_request_seconds',
    help: 'Time until a request was answered.',
    labelNames: ['listener', 'area'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  })
  const statements = new Histogram({
    name: 'countersign_database_statement_seconds',
    help: 'Time until the database answered a statement, by its kind.',
    labelNames: ['kind'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 3],
    registers,
  })
  const failures = new Counter({
    name: 'countersign_database_errors_total',
    help: 'Statements that the database refused or did not answer, by their kind.',
    labelNames: ['kind'],
    registers,
  })
  const connecting = new Histogram({
    name: 'countersign_database_connection_seconds',
    help: 'Time for which somebody waited for a connection to PostgreSQL.',
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
    registers,
  })
  const lines = new Counter({
    name: 'countersign_log_lines_total',
    help: 'Lines of the log by level, also those that LOG_LEVEL leaves out. Errors are faults to look at.',
    labelNames: ['level'],
    registers,
  })
  for (const level of ['info', 'warn', 'error']) lines.inc({ level }, 0)
  return {
    request({ listener, method, url, status, took }) {
      const area = areaOf(url)
      requests.inc({ listener, area, method: methodOf(method), status: String(status) })
      answering.observe({ listener, area }, took / SECOND)
    },
    statement({ kind, failed, took }) {
      statements.observe({ kind }, took / SECOND)
      if (failed) failures.inc({ kind })
    },
    connected: took => connecting.observe(took / SECOND),
    logged: level => lines.inc({ level }),
  } satisfies Partial<Meter>
}

/**
 * Measures what the server does, for Prometheus. Nothing is kept but numbers, by labels of which there are few: no
 * recipient, address or code, and nothing that a stranger or a client has written.
 *
 * @param options `token`: who asks must bring it; `ofProcess`: memory, processor and event loop of this process too; `failed`
 *   is told why metrics could not be written
 * @example
 * const metrics = createMetrics({ token, failed: console.error })
 * metrics.meter.finished('SignIn')
 * await metrics.text() // '# HELP countersign_sign_ins_total …'
 */
export function createMetrics({
  token,
  ofProcess = false,
  failed,
}: {
  token?: string | undefined
  ofProcess?: boolean
  failed(error: unknown): void
}) {
  const registry = new Registry()
  if (ofProcess) collectDefaultMetrics({ register: registry })
  const meter: Meter = { ...meterOfMessages([registry]), ...meterOfWork([registry]) }
  let refresh: () => Promise<unknown> = async () => {}

  async function text(): Promise<string> {
    await refresh()
    return registry.metrics()
  }

  return {
    meter,
    text,
    /** All metrics with their labels, as they are called in the registry: a histogram's parts are not named. */
    described: (): { name: string; type: string; labels: readonly string[] }[] =>
      registry.getMetricsAsArray().map(metric => {
        const { name, type, labelNames = [] } = metric as Described
        return { name, type: String(type), labels: labelNames }
      }),
    /** From now on what stands in the database is shown too. */
    watch(standing: Standing, now: () => number = () => performance.now()): void {
      refresh = createStanding(registry, standing, now)
    },
    /** Answers `GET /metrics`; false for requests to other addresses, which it leaves alone. */
    answer(request: IncomingMessage, response: ServerResponse): boolean {
      if (request.url?.split('?', 1)[0] !== '/metrics') return false
      const how = { token, text, type: registry.contentType, failed }
      duringRequest(() => void answer(request, response, how))
      return true
    },
  }
}

/** What the library keeps of a metric, and its types leave out in part. */
interface Described {
  name: string
  type: unknown
  labelNames?: string[]
}

export type Metrics = ReturnType<typeof createMetrics>

/** Answers who may ask with the metrics. */
async function answer(
  { method, headers }: IncomingMessage,
  response: ServerResponse,
  {
    token,
    text,
    type,
    failed,
  }: {
    token: string | undefined
    text(): Promise<string>
    type: string
    failed(error: unknown): void
  },
): Promise<void> {
  const refuse = (status: number, more: Record<string, string> = {}) =>
    response.writeHead(status, { 'content-type': 'text/plain', 'cache-control': 'no-store', ...more }).end()
  if (method !== 'GET') return void refuse(405, { allow: 'GET' })
  if (token !== undefined && !sameText(headers.authorization ?? '', `Bearer ${token}`))
    return void refuse(401, { 'www-authenticate': 'Bearer' })
  try {
    const body = await text()
    response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' }).end(body)
  } catch (error) {
    failed(error)
    refuse(500)
  }
}
