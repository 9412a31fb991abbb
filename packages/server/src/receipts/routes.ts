import { connectionReceiptRoutes } from '@countersign/api'
import type { Context, Hono } from 'hono'
import { readText } from '../http/body.ts'
import type { Mount } from '../http/mount.ts'
import type { Receipts } from './receipts.ts'
import { LATER } from './taking.ts'

/** Most bytes of a push. */
const BODY_LIMIT = 1024 * 1024

/**
 * Where providers push to: one path for each connection, which nobody can guess. A path that is none answers as any
 * address does that nothing stands at.
 *
 * @example mountPushes(app, receipts, config.endpoint)
 */
export function mountPushes(app: Hono, receipts: Receipts, endpoint: string): void {
  app.post('/receipts/:secret', async http => {
    const connection = await receipts.connectionAt(http.req.param('secret'))
    if (!connection) return http.text('Not Found', 404)
    if (!receipts.mayCome(connection.id)) return answer(http, LATER)
    const { pathname, search } = new URL(http.req.url)
    return answer(
      http,
      await receipts.take(connection, {
        method: http.req.method,
        url: new URL(`${pathname}${search}`, endpoint).href,
        headers: Object.fromEntries(http.req.raw.headers),
        body: await readText(http, BODY_LIMIT),
      }),
    )
  })
}

const answer = (http: Context, { status, body }: typeof LATER) =>
  http.body(JSON.stringify(body), status as 200, { 'content-type': 'application/json; charset=utf-8' })

/**
 * Where operators and back ends read to which address a provider is to push.
 *
 * @example mountReceiptAddresses(mount, receipts)
 */
export function mountReceiptAddresses(mount: Mount, receipts: Pick<Receipts, 'addressOf' | 'renew'>): void {
  const routes = connectionReceiptRoutes
  mount
    .add(routes.getReceiptAddress, async ({ params }) => ({
      status: 200,
      body: await receipts.addressOf(params.id),
    }))
    .add(routes.renewReceiptAddress, async ({ params }) => ({
      status: 200,
      body: await receipts.renew(params.id),
    }))
}
