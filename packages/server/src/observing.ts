import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Config } from './config.ts'
import { describeError } from './http/errors.ts'
import type { Place } from './http/listening.ts'
import type { Watchers } from './metering.ts'
import type { Log } from './world.ts'

/** What watches a server, and the listener that it needs. */
interface Observing {
  watchers: Watchers
  listeners: { handler(request: IncomingMessage, response: ServerResponse): void; place: Place }[]
}

/** Metrics, and the listener for them where they have a port of their own. */
async function createMetricsAt({ token, port, host }: NonNullable<Config['metrics']>, log: Log) {
  const { createMetrics } = await import('./metrics/metrics.ts')
  const metrics = createMetrics({
    token,
    ofProcess: true,
    failed: error => log('error', 'metrics not written', { error: describeError(error) }),
  })
  const handler = (request: IncomingMessage, response: ServerResponse) =>
    void (metrics.answer(request, response) || response.writeHead(404).end())
  const settings = { port: 'METRICS_PORT', host: 'METRICS_HOST' }
  return { metrics, listeners: port === undefined ? [] : [{ handler, place: { port, host, settings } }] }
}

/**
 * What watches the server, as the settings say. It is loaded only where it is wanted.
 *
 * @example const { watchers, listeners } = await createObserving(config, world.log)
 */
export async function createObserving(
  { metrics: wanted, traces, trustProxy }: Config,
  log: Log,
): Promise<Observing> {
  const { metrics, listeners = [] } = wanted ? await createMetricsAt(wanted, log) : {}
  const tracing = traces && (await import('./tracing/tracing.ts')).createTracing({ ...traces, trustProxy })
  return { watchers: { ...(metrics && { metrics }), ...(tracing && { tracing }) }, listeners }
}
