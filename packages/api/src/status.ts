import { z } from 'zod'
import { JsonObject } from './common.ts'
import { defineRoute } from './route.ts'

const Ready = z.object({ status: z.literal('ready') })

const NotReady = z.object({
  status: z.literal('not_ready'),
  /** What is in the way, and why. */
  failing: z.array(z.object({ name: z.enum(['database', 'migrations', 'draining']), reason: z.string() })),
})

export const statusRoutes = {
  getStatus: defineRoute({
    method: 'get',
    path: '/api/status',
    operationId: 'GetStatus',
    tag: 'Status',
    auth: 'none',
    summary: 'Answers when the server is there; `/api/health/ready` says whether it can serve',
    answers: { 204: null },
  }),
  getLive: defineRoute({
    method: 'get',
    path: '/api/health/live',
    operationId: 'GetLive',
    tag: 'Status',
    auth: 'none',
    summary: 'Says that the process runs; whoever gets no answer starts it anew',
    answers: { 200: z.object({ status: z.literal('live') }) },
  }),
  getReady: defineRoute({
    method: 'get',
    path: '/api/health/ready',
    operationId: 'GetReady',
    tag: 'Status',
    auth: 'none',
    summary:
      'Says whether this server can serve: its database writes within a second and has all tables, and it is not about to stop',
    answers: { 200: Ready, 503: NotReady },
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
  getManagementDescription: defineRoute({
    method: 'get',
    path: '/api/.well-known/management.openapi.json',
    operationId: 'GetWellKnownManagementOpenapiJson',
    tag: 'Well-known',
    auth: 'none',
    summary: 'The description of the Management API alone',
    answers: { 200: JsonObject },
  }),
  getExperienceDescription: defineRoute({
    method: 'get',
    path: '/api/.well-known/experience.openapi.json',
    operationId: 'GetWellKnownExperienceOpenapiJson',
    tag: 'Well-known',
    auth: 'none',
    summary: 'The description of the Experience API alone',
    answers: { 200: JsonObject },
  }),
  getUserDescription: defineRoute({
    method: 'get',
    path: '/api/.well-known/user.openapi.json',
    operationId: 'GetWellKnownUserOpenapiJson',
    tag: 'Well-known',
    auth: 'none',
    summary: 'The description of what signed-in users can do alone',
    answers: { 200: JsonObject },
  }),
}
