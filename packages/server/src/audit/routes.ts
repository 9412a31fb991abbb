import { type AuditLog, logRoutes } from '@countersign/api'
import type { Mount } from '../http/mount.ts'
import { isTrue, readTimeWindow } from '../http/query.ts'
import type { Audit, UserIds } from './audit.ts'

/** Where deliveries to webhooks are found by their id. */
interface Deliveries {
  logEntry(id: string): Promise<Omit<AuditLog, 'tenantId'> | undefined>
}

/** Finds users by what somebody typed: any part of an id, name, username, address or number. */
interface People {
  idsFor(text: string): UserIds
}

/** The audit log of the Management API. Deliveries to webhooks have lists of their own. */
export function mountLogs(mount: Mount, audit: Audit, hooks: Deliveries, users: People): void {
  mount
    .add(logRoutes.listLogs, async ({ query }, { page }) => {
      const { userId, applicationId, logKey: key, result, operatorId } = query
      const text = query.user?.trim() || undefined
      const { from, to } = readTimeWindow(query)
      const { logs, total, capped } = await audit.list(
        {
          userId,
          anyOf: text === undefined ? undefined : { found: users.idsFor(text), id: text },
          applicationId,
          key,
          failed: result === undefined ? undefined : result === 'Error',
          operatorId,
          from,
          to,
        },
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
