import { z } from 'zod'
import { JsonObject } from './common.ts'
import { defineRoute } from './route.ts'

/** How somebody signed in: what tells a user which device a session is of. Never holds a secret. */
export const Submission = z.object({
  interactionEvent: z.string(),
  userId: z.string(),
  verificationRecords: z.array(JsonObject),
  signInContext: z.record(z.string(), z.string()).optional(),
})
export type Submission = z.output<typeof Submission>

/** A session of a browser, with the applications that took part in it. */
export const UserSession = z.object({
  payload: z.looseObject({
    uid: z.string(),
    jti: z.string(),
    kind: z.literal('Session'),
    accountId: z.string(),
    exp: z.number(),
    iat: z.number(),
    loginTs: z.number(),
    authorizations: z
      .record(
        z.string(),
        z.object({
          sid: z.string().optional(),
          grantId: z.string().optional(),
          persistsLogout: z.literal(true).optional(),
        }),
      )
      .optional(),
  }),
  lastSubmission: Submission.nullable(),
  clientId: z.string().nullable(),
  accountId: z.string().nullable(),
  expiresAt: z.number(),
})
export type UserSession = z.output<typeof UserSession>

/** What a user let an application have. */
export const UserGrant = z.object({
  id: z.string(),
  payload: z.looseObject({
    exp: z.number(),
    iat: z.number(),
    jti: z.string(),
    kind: z.literal('Grant'),
    clientId: z.string(),
    accountId: z.string(),
    openid: z.looseObject({ scope: z.string().optional() }).optional(),
  }),
  expiresAt: z.number(),
  application: z.object({ id: z.string(), name: z.string() }),
})
export type UserGrant = z.output<typeof UserGrant>

/** Which of a session's grants end with it, beside those that always do. */
const Revoke = z.object({ revokeGrantsTarget: z.enum(['all', 'firstParty']).optional() })
const Apps = z.object({ appType: z.enum(['firstParty', 'thirdParty']).optional() })

const Grants = z.object({ grants: z.array(UserGrant) })
const byUser = { userId: z.string() }
const bySession = { sessionId: z.string() }
const byGrant = { grantId: z.string() }

/** Sessions and grants of any user, for those who manage users. */
export const userSessionRoutes = {
  listUserSessions: defineRoute({
    method: 'get',
    path: '/api/users/{userId}/sessions',
    operationId: 'ListUserSessions',
    tag: 'Users',
    auth: 'management',
    summary: 'List the sessions of a user',
    params: z.object(byUser),
    answers: { 200: z.object({ sessions: z.array(UserSession) }) },
  }),
  getUserSession: defineRoute({
    method: 'get',
    path: '/api/users/{userId}/sessions/{sessionId}',
    operationId: 'GetUserSession',
    tag: 'Users',
    auth: 'management',
    summary: 'Read a session of a user',
    params: z.object({ ...byUser, ...bySession }),
    answers: { 200: UserSession },
  }),
  deleteUserSession: defineRoute({
    method: 'delete',
    path: '/api/users/{userId}/sessions/{sessionId}',
    operationId: 'DeleteUserSession',
    tag: 'Users',
    auth: 'management',
    summary: 'End a session of a user',
    params: z.object({ ...byUser, ...bySession }),
    query: Revoke,
    answers: { 204: null },
  }),
  listUserGrants: defineRoute({
    method: 'get',
    path: '/api/users/{userId}/grants',
    operationId: 'ListUserGrants',
    tag: 'Users',
    auth: 'management',
    summary: 'List what a user let applications have',
    params: z.object(byUser),
    query: Apps,
    answers: { 200: Grants },
  }),
  deleteUserGrant: defineRoute({
    method: 'delete',
    path: '/api/users/{userId}/grants/{grantId}',
    operationId: 'DeleteUserGrant',
    tag: 'Users',
    auth: 'management',
    summary: 'Take back what a user let an application have',
    params: z.object({ ...byUser, ...byGrant }),
    answers: { 204: null },
  }),
}

/** The same of the own account. */
export const mySessionRoutes = {
  listMySessions: defineRoute({
    method: 'get',
    path: '/api/my-account/sessions',
    operationId: 'GetSessions',
    tag: 'My account',
    auth: 'account',
    summary: 'List the own sessions',
    answers: { 200: z.object({ sessions: z.array(UserSession.extend({ isCurrent: z.boolean() })) }) },
  }),
  deleteMySession: defineRoute({
    method: 'delete',
    path: '/api/my-account/sessions/{sessionId}',
    operationId: 'DeleteSessionById',
    tag: 'My account',
    auth: 'account',
    summary: 'End an own session',
    params: z.object(bySession),
    query: Revoke,
    answers: { 204: null },
  }),
  listMyGrants: defineRoute({
    method: 'get',
    path: '/api/my-account/grants',
    operationId: 'GetUserAppGrants',
    tag: 'My account',
    auth: 'account',
    summary: 'List what applications may have of the own account',
    query: Apps,
    answers: { 200: Grants },
  }),
  deleteMyGrant: defineRoute({
    method: 'delete',
    path: '/api/my-account/grants/{grantId}',
    operationId: 'DeleteUserAppGrantById',
    tag: 'My account',
    auth: 'account',
    summary: 'Take back what an application may have',
    params: z.object(byGrant),
    answers: { 204: null },
  }),
}
