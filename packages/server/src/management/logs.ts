import { logRoutes } from '@countersign/api'
import type { Audit } from '../audit/audit.ts'
import type { Hooks } from '../hooks/hooks.ts'
import { ApiError } from '../http/errors.ts'
import type { Mount } from '../http/mount.ts'
import { isTrue } from './search.ts'

/** A moment in milliseconds. @throws ApiError `guard.invalid_input` */
function momentOf(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined
  const moment = Number(text)
  if (!Number.isSafeInteger(Math.trunc(moment))) throw new ApiError('guard.invalid_input')
  return moment
}

/** The audit log of the Management API (contract sheet 7.7). Deliveries to webhooks have lists of their own (14.8). */
export function mountLogs(mount: Mount, audit: Audit, hooks: Hooks): void {
  mount
    .add(logRoutes.listLogs, async ({ query }, { page }) => {
      const { userId, applicationId, logKey: key } = query
      const [from, to] = [momentOf(query.start_time), momentOf(query.end_time)]
      if (from !== undefined && to !== undefined && from > to) throw new ApiError('log.invalid_time_window')
      const { logs, total, capped } = await audit.list(
        { userId, applicationId, key, from, to },
        { ...page, cap: isTrue(query.enableCap) },
      )
      return { status: 200, body: logs, total, capped }
    })
    .add(logRoutes.getLog, async ({ params }) => {
      const delivery = await hooks.logEntry(params.id)
      return {
        status: 200,
        body: delivery ? { tenantId: 'default', ...delivery } : await audit.get(params.id),
      }
    })
}
