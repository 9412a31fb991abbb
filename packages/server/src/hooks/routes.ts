import { hookRoutes } from '@countersign/api'
import type { Mount } from '../http/mount.ts'
import { asksForPage } from '../http/pagination.ts'
import { isTrue, readTimeWindow } from '../http/query.ts'
import type { Hooks } from './hooks.ts'
import { eventOf } from './log.ts'

/** Webhooks of the Management API. */
export function mountHooks(mount: Mount, hooks: Hooks): void {
  const routes = hookRoutes
  mount
    .add(routes.listHooks, async ({ query }, { page }) => {
      const all = await hooks.list(isTrue(query.includeExecutionStats))
      if (!asksForPage(query)) return { status: 200, body: all }
      return { status: 200, body: all.slice(page.offset, page.offset + page.size), total: all.length }
    })
    .add(routes.createHook, async ({ body }) => ({ status: 201, body: await hooks.create(body) }))
    .add(routes.getHook, async ({ params, query }) => ({
      status: 200,
      body: await hooks.get(params.id, isTrue(query.includeExecutionStats)),
    }))
    .add(routes.updateHook, async ({ params, body }) => ({
      status: 200,
      body: await hooks.update(params.id, body),
    }))
    .add(routes.deleteHook, async ({ params }) => {
      await hooks.delete(params.id)
      return { status: 204 }
    })
    .add(routes.updateHookSigningKey, async ({ params }) => ({
      status: 200,
      body: await hooks.rotateKey(params.id),
    }))
    .add(routes.testHook, async ({ params, body }) => {
      await hooks.test(params.id, body.events, body.config)
      return { status: 204 }
    })
    .add(routes.listHookLogs, async ({ params, query }, { page }) => {
      const { from, to } = readTimeWindow(query)
      const event = query.logKey === undefined ? undefined : eventOf(query.logKey)
      const capped = isTrue(query.enableCap)
      const { entries, total, isCapped } = await hooks.log(params.id, { event, from, to, capped }, page)
      return { status: 200, body: entries, total, capped: isCapped }
    })
    .add(routes.redeliverHookEvent, async ({ params }) => ({
      status: 202,
      body: { id: await hooks.redeliver(params.id, params.logId) },
    }))
}
