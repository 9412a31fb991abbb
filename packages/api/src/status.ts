import { JsonObject } from './common.ts'
import { defineRoute } from './route.ts'

export const statusRoutes = {
  getStatus: defineRoute({
    method: 'get',
    path: '/api/status',
    operationId: 'GetStatus',
    tag: 'Status',
    auth: 'none',
    summary: 'Answers when the server is ready',
    answers: { 204: null },
  }),
  getApiDescription: defineRoute({
    method: 'get',
    path: '/api/swagger.json',
    operationId: 'GetSwaggerJson',
    tag: 'Status',
    auth: 'none',
    summary: 'This description',
    answers: { 200: JsonObject },
  }),
}
