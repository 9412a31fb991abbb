import { z } from 'zod'
import { defineRoute } from './route.ts'

export const ListedOperator = z.object({
  id: z.string(),
  name: z.string(),
  /** `invited`: has yet to set a password by a link. */
  state: z.enum(['active', 'invited']),
  createdAt: z.number(),
  lastSignInAt: z.number().nullable(),
  /** When the open link ends; null without one. */
  linkEndsAt: z.number().nullable(),
})
export type ListedOperator = z.output<typeof ListedOperator>

/** A link with which an operator sets a password, told this once. */
export const OperatorLink = z.object({
  operator: z.object({ id: z.string(), name: z.string() }),
  link: z.string(),
  expiresAt: z.number(),
})
export type OperatorLink = z.output<typeof OperatorLink>

const tag = 'Console'
const params = z.object({ id: z.string().max(64) })
const token = z.string().min(1).max(128)

/** A name as somebody signs in with it. */
export const OperatorName = z.string().trim().min(1).max(128)

/** A name for a new operator: one line of what can be seen. */
export const NewOperatorName = OperatorName.regex(
  /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]+$/u,
  'must have letters, digits, signs and spaces alone',
)

/** What else a password must be, the policy says. */
export const NewPassword = z.string().min(1).max(256)

/** The operators of this installation. */
export const operatorRoutes = {
  listOperators: defineRoute({
    method: 'get',
    path: '/api/console/operators',
    operationId: 'ListOperators',
    tag,
    auth: 'operator',
    summary: 'List the operators',
    answers: { 200: z.array(ListedOperator) },
  }),
  addOperator: defineRoute({
    method: 'post',
    path: '/api/console/operators',
    operationId: 'AddOperator',
    tag,
    auth: 'operator',
    summary: 'Add an operator, who sets a password by a one-time link',
    body: z.object({ name: NewOperatorName }),
    answers: { 201: OperatorLink },
  }),
  removeOperator: defineRoute({
    method: 'delete',
    path: '/api/console/operators/{id}',
    operationId: 'RemoveOperator',
    tag,
    auth: 'operator',
    summary: 'Remove another operator, whose sessions end',
    params,
    answers: { 204: null },
  }),
  resetOperator: defineRoute({
    method: 'post',
    path: '/api/console/operators/{id}/link',
    operationId: 'ResetOperator',
    tag,
    auth: 'operator',
    summary: 'Give another operator a new one-time link; password and sessions end, and so does a lock-out',
    params,
    answers: { 200: OperatorLink },
  }),
  changeOperatorPassword: defineRoute({
    method: 'patch',
    path: '/api/console/password',
    operationId: 'ChangeOperatorPassword',
    tag,
    auth: 'operator',
    summary: 'Change the own password; the other sessions end',
    body: z.object({ currentPassword: z.string().min(1).max(256), password: NewPassword }),
    answers: { 204: null },
  }),
  readOperatorLink: defineRoute({
    method: 'post',
    path: '/api/console/link',
    operationId: 'ReadOperatorLink',
    tag,
    auth: 'none',
    changes: false,
    summary: 'Say whose password a one-time link sets',
    body: z.object({ token }),
    answers: { 200: z.object({ name: z.string() }) },
  }),
  setOperatorPassword: defineRoute({
    method: 'post',
    path: '/api/console/link/password',
    operationId: 'SetOperatorPassword',
    tag,
    auth: 'none',
    summary: 'Set the password with the one-time link, and sign in',
    body: z.object({ token, password: NewPassword }),
    answers: { 204: null },
  }),
}
