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

/** The key of an entry that tells whether an application heard that somebody signed out. */
export const BACKCHANNEL_LOGOUT = 'BackchannelLogout'

/** Why it did not: `payload.backchannelLogout.reason`. */
export const BACKCHANNEL_FAILURES = [
  'private_address',
  'no_such_host',
  'not_listening',
  'no_answer',
  'certificate',
  'redirects',
  'refused',
  'faulty',
  'network',
  'busy',
] as const
export type BackchannelFailure = (typeof BACKCHANNEL_FAILURES)[number]

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
      /** The user whose entries are asked for: any part of an ID, name, username, address or number, as people write it; ours. */
      user: z.string().max(256).optional(),
      /** Ours. */
      result: z.enum(['Success', 'Error']).optional(),
      /** The operator who did it, or to whom it was done; ours. */
      operatorId: z.string().optional(),
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
