import { z } from 'zod'
import { defineRoute } from './route.ts'

/** Browsers keep no cookie longer than 400 days. */
const LONGEST_SESSION = 400 * 86_400

/** A new key need not wait longer than a month. */
const LONGEST_GRACE = 30 * 86_400

const seconds = (least: number, most: number) =>
  z
    .number()
    .refine(
      value => Number.isInteger(value) && value >= least && value <= most,
      `must be a whole number of seconds from ${least} to ${most}`,
    )

/** `private-keys` sign tokens, `cookie-keys` sign the cookies of sign-in. */
export const OidcKeyType = z.enum(['private-keys', 'cookie-keys'])

/** A key without the key itself. */
export const OidcKey = z.object({
  id: z.string(),
  createdAt: z.number(),
  signingKeyAlgorithm: z.enum(['RSA', 'EC']).optional(),
  status: z.enum(['Next', 'Current', 'Previous']),
  /** From when on it signs; ms. */
  effectiveAt: z.number(),
  /** It signs for the applications alone that chose its algorithm. */
  forApplications: z.literal(true).optional(),
})
export type OidcKey = z.output<typeof OidcKey>

const SessionConfig = z.object({ ttl: z.number() })
const byType = { keyType: OidcKeyType }

/** What operators may change of OpenID Connect while it runs. */
export const configRoutes = {
  getOidcSessionConfig: defineRoute({
    method: 'get',
    path: '/api/configs/oidc/session',
    operationId: 'GetOidcSessionConfig',
    tag: 'Configs',
    auth: 'management',
    summary: 'Read how long sessions live',
    answers: { 200: SessionConfig },
  }),
  updateOidcSessionConfig: defineRoute({
    method: 'patch',
    path: '/api/configs/oidc/session',
    operationId: 'UpdateOidcSessionConfig',
    tag: 'Configs',
    auth: 'management',
    summary: 'Change how long sessions live',
    body: z.object({ ttl: seconds(1, LONGEST_SESSION).optional() }),
    answers: { 200: SessionConfig },
  }),
  getOidcKeys: defineRoute({
    method: 'get',
    path: '/api/configs/oidc/{keyType}',
    operationId: 'GetOidcKeys',
    tag: 'Configs',
    auth: 'management',
    summary: 'List the keys that sign tokens or cookies',
    params: z.object(byType),
    answers: { 200: z.array(OidcKey) },
  }),
  rotateOidcKeys: defineRoute({
    method: 'post',
    path: '/api/configs/oidc/{keyType}/rotate',
    operationId: 'RotateOidcKeys',
    tag: 'Configs',
    auth: 'management',
    summary: 'Make a new key, which is shown first and signs later',
    params: z.object(byType),
    body: z.object({
      signingKeyAlgorithm: z.enum(['RSA', 'EC']).optional(),
      rotationGracePeriod: seconds(0, LONGEST_GRACE).optional(),
    }),
    answers: { 200: z.array(OidcKey) },
  }),
  deleteOidcKey: defineRoute({
    method: 'delete',
    path: '/api/configs/oidc/{keyType}/{keyId}',
    operationId: 'DeleteOidcKey',
    tag: 'Configs',
    auth: 'management',
    summary: 'Delete a key that does not sign',
    params: z.object({ ...byType, keyId: z.string() }),
    answers: { 204: null },
  }),
}
