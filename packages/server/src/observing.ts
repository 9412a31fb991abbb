import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Config } from './config.ts'
import type { Place } from './http/listening.ts'
import type { AppExtras } from './rooms.ts'

/** What watches a server, and the listener that it needs. */
interface Observing {
  extras: Pick<AppExtras, 'metrics'>
  listeners: { handler(request: IncomingMessage, response: ServerResponse): void; place: Place }[]
}

/**
 * What watches the server, as the settings say. It is loaded only where it is wanted.
 *
 * @example const { extras, listeners } = await createObserving(config)
 */
export async function createObserving({ metrics: wanted }: Config): Promise<Observing> {
  if (!wanted) return { extras: {}, listeners: [] }
  const { createMetrics } = await import('./metrics/metrics.ts')
  const metrics = createMetrics({ token: wanted.token, ofProcess: true })
  const { port, host } = wanted
  const settings = { port: 'METRICS_PORT', host: 'METRICS_HOST' }
  return {
    extras: { metrics },
    listeners:
      port === undefined
        ? []
        : [
            {
              handler: (request, response) =>
                void (metrics.answer(request, response) || response.writeHead(404).end()),
              place: { port, host, settings },
            },
          ],
  }
}
