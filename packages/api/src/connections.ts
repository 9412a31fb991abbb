import { z } from 'zod'
import { JsonObject } from './common.ts'
import { defineRoute } from './route.ts'

/** A saved connection without its configuration, which holds secrets. */
export const ConnectionSummary = z.object({
  id: z.string(),
  /** The connector's id on the wire, e.g. `aliyun-short-message-service`. */
  connectorId: z.string(),
  channel: z.enum(['sms', 'email']),
  /** Messages of the channel go over it; at most one of a channel. The others are only kept. */
  enabled: z.boolean(),
  createdAt: z.number(),
  /** When it was changed or switched on or off. */
  updatedAt: z.number(),
})
export type ConnectionSummary = z.output<typeof ConnectionSummary>

/** A saved connection as a whole, secrets in clear. */
export const Connection = ConnectionSummary.extend({ config: JsonObject })
export type Connection = z.output<typeof Connection>

const tag = 'Connections'
const auth = 'management'
const byId = z.object({ id: z.string() })

/**
 * Every saved connection, those that are switched off too; ours alone. As connectors in the sense of Logto
 * (`connectorRoutes`) there are only those that are on, and there new ones are saved.
 */
export const connectionRoutes = {
  listConnections: defineRoute({
    method: 'get',
    path: '/api/connections',
    operationId: 'ListConnections',
    tag,
    auth,
    summary: 'List the saved connections, on and off, without their configurations',
    answers: { 200: z.array(ConnectionSummary) },
  }),
  getConnection: defineRoute({
    method: 'get',
    path: '/api/connections/{id}',
    operationId: 'GetConnection',
    tag,
    auth,
    summary: 'Read a connection with its configuration',
    params: byId,
    answers: { 200: Connection },
  }),
  updateConnection: defineRoute({
    method: 'patch',
    path: '/api/connections/{id}',
    operationId: 'UpdateConnection',
    tag,
    auth,
    summary:
      'Switch a connection on, which switches off the one that its channel had, or off; replace its configuration as a whole',
    params: byId,
    body: z.object({ enabled: z.boolean().optional(), config: JsonObject.optional() }),
    answers: { 200: Connection },
  }),
  deleteConnection: defineRoute({
    method: 'delete',
    path: '/api/connections/{id}',
    operationId: 'DeleteConnection',
    tag,
    auth,
    summary: 'Delete a connection, on or off; no other is switched on in its place',
    params: byId,
    answers: { 204: null },
  }),
}
