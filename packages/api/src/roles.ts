import { z } from 'zod'
import { defineRoute } from './route.ts'

export const Role = z.object({
  tenantId: z.string(),
  id: z.string(),
  name: z.string(),
  description: z.string(),
  type: z.enum(['User', 'MachineToMachine']),
  isDefault: z.boolean(),
})
export type Role = z.output<typeof Role>

/** A role in the list of all, with how many have it. */
export const CountedRole = Role.extend({
  usersCount: z.number(),
  featuredUsers: z.array(z.unknown()),
  applicationsCount: z.number(),
  featuredApplications: z.array(z.object({ id: z.string(), name: z.string(), type: z.string() })),
})
export type CountedRole = z.output<typeof CountedRole>

const pages = { page: z.string().optional(), page_size: z.string().optional() }
const roleIds = z.object({ roleIds: z.array(z.string().min(1)) })
const byApplication = z.object({ applicationId: z.string() })

const tag = 'Roles'
const auth = 'management'

/** Roles as far as it takes to give a machine the Management API. */
export const roleRoutes = {
  listRoles: defineRoute({
    method: 'get',
    path: '/api/roles',
    operationId: 'ListRoles',
    tag,
    auth,
    summary: 'List the roles',
    query: z.object({ ...pages, type: z.enum(['User', 'MachineToMachine']).optional() }),
    answers: { 200: z.array(CountedRole) },
    paginated: true,
  }),
  listApplicationRoles: defineRoute({
    method: 'get',
    path: '/api/applications/{applicationId}/roles',
    operationId: 'ListApplicationRoles',
    tag,
    auth,
    summary: 'List the roles of an application',
    params: byApplication,
    query: z.object(pages),
    answers: { 200: z.array(Role) },
    paginated: true,
  }),
  addApplicationRoles: defineRoute({
    method: 'post',
    path: '/api/applications/{applicationId}/roles',
    operationId: 'AssignApplicationRoles',
    tag,
    auth,
    summary: 'Give roles to an application',
    params: byApplication,
    body: roleIds,
    answers: { 201: z.object({ roleIds: z.array(z.string()), addedRoleIds: z.array(z.string()) }) },
  }),
  replaceApplicationRoles: defineRoute({
    method: 'put',
    path: '/api/applications/{applicationId}/roles',
    operationId: 'ReplaceApplicationRoles',
    tag,
    auth,
    summary: 'Give an application these roles and no others',
    params: byApplication,
    body: roleIds,
    answers: { 200: null },
  }),
  removeApplicationRole: defineRoute({
    method: 'delete',
    path: '/api/applications/{applicationId}/roles/{roleId}',
    operationId: 'DeleteApplicationRole',
    tag,
    auth,
    summary: 'Take a role away from an application',
    params: z.object({ applicationId: z.string(), roleId: z.string() }),
    answers: { 204: null },
  }),
}
