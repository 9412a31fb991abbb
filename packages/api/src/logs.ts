import { z } from 'zod'
import { JsonObject } from './common.ts'
import { defineRoute } from './route.ts'

export const AuditLog = z.object({
  tenantId: z.string(),
  id: z.string(),
  key: z.string(),
  /** Always with `key` and `result`, and when known `ip`, `userAgent`, `userId`, `applicationId`, `error`. */
  payload: JsonObject,
  createdAt: z.number(),
})
export type AuditLog = z.output<typeof AuditLog>

const tag = 'Audit logs'
const auth = 'management'

export const logRoutes = {
  listLogs: defineRoute({
    method: 'get',
    path: '/api/logs',
    operationId: 'ListLogs',
    tag,
    auth,
    summary: 'List what users, applications and operators did, newest first',
    query: z.object({
      page: z.string().optional(),
      page_size: z.string().optional(),
      userId: z.string().optional(),
      applicationId: z.string().optional(),
      logKey: z.string().optional(),
      start_time: z.string().optional(),
      end_time: z.string().optional(),
      enableCap: z.string().optional(),
    }),
    answers: { 200: z.array(AuditLog) },
    paginated: true,
  }),
  getLog: defineRoute({
    method: 'get',
    path: '/api/logs/{id}',
    operationId: 'GetLog',
    tag,
    auth,
    summary: 'Read an entry of the audit log',
    params: z.object({ id: z.string() }),
    answers: { 200: AuditLog },
  }),
}
