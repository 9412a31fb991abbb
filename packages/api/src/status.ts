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
