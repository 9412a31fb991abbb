import { logRoutes } from '@countersign/api'
import type { Audit } from '../audit/audit.ts'
import type { Hooks } from '../hooks/hooks.ts'
import { ApiError } from '../http/errors.ts'
import type { Mount } from '../http/mount.ts'
import { isTrue } from './search.ts'

/** A moment in milliseconds. */
function momentOf(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined
  // Entries have whole milliseconds, and PostgreSQL compares them with nothing else.
  const moment = Math.trunc(Number(text))
  if (text.trim() === '' || !Number.isSafeInteger(moment)) throw new ApiError('guard.invalid_input')
  return moment
}

/**
 * The bounds that a list of entries is cut down to, both inclusive.
 *
 * @throws ApiError `guard.invalid_input`, `log.invalid_time_window`
 */
export function readTimeWindow(query: { start_time?: string | undefined; end_time?: string | undefined }) {
  const [from, to] = [momentOf(query.start_time), momentOf(query.end_time)]
  if (from !== undefined && to !== undefined && from > to) throw new ApiError('log.invalid_time_window')
  return { from, to }
}

/** The audit log of the Management API. Deliveries to webhooks have lists of their own. */
export function mountLogs(mount: Mount, audit: Audit, hooks: Hooks): void {
  mount
    .add(logRoutes.listLogs, async ({ query }, { page }) => {
      const { userId, applicationId, logKey: key } = query
      const { from, to } = readTimeWindow(query)
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
