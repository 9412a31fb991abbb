import type { CountedRole, Role } from '@countersign/api'
import type { Database } from '../db/database.ts'
import { ApiError } from '../refusals/refusal.ts'
import * as store from './store.ts'

/** The one role that there is: it opens the Management API to a machine. */
export const MANAGEMENT_ROLE: Role = {
  tenantId: 'default',
  id: 'management-api-access',
  name: 'Logto Management API access',
  description: 'Full access to the Management API.',
  type: 'MachineToMachine',
  isDefault: false,
}

/** So many applications are named in the list of roles. */
const FEATURED = 3

async function applicationOf(db: Database, id: string) {
  const application = await store.byId(db, id)
  if (!application) throw new ApiError('entity.not_exists_with_id')
  return application
}

async function requireMachine(db: Database, id: string): Promise<void> {
  const { type } = await applicationOf(db, id)
  if (type !== 'MachineToMachine') throw new ApiError('application.invalid_type')
}

/** Refuses, before anything is changed, what cannot be given. */
async function check(db: Database, id: string, roleIds: string[]): Promise<void> {
  await requireMachine(db, id)
  if (roleIds.some(roleId => roleId !== MANAGEMENT_ROLE.id)) throw new ApiError('entity.not_exists_with_id')
}

/**
 * Every role, with the applications that have it.
 *
 * @example await listRoles(db)
 */
export async function listRoles(db: Database): Promise<CountedRole[]> {
  const owners = await store.withManagementRole(db)
  return [
    {
      ...MANAGEMENT_ROLE,
      usersCount: 0,
      featuredUsers: [],
      applicationsCount: owners.length,
      featuredApplications: owners.slice(0, FEATURED).map(({ id, name, type }) => ({ id, name, type })),
    },
  ]
}

/**
 * The roles of a machine.
 *
 * @throws ApiError `entity.not_exists_with_id`, `application.invalid_type`
 * @example await rolesOf(db, application.id)
 */
export async function rolesOf(db: Database, applicationId: string): Promise<Role[]> {
  await requireMachine(db, applicationId)
  return (await store.hasManagementRole(db, applicationId)) ? [MANAGEMENT_ROLE] : []
}

/**
 * Gives an application roles; returns those that are new.
 *
 * @throws ApiError `entity.not_exists_with_id`, `application.invalid_type`
 * @example await addRoles(db, application.id, [MANAGEMENT_ROLE.id])
 */
export async function addRoles(db: Database, applicationId: string, roleIds: string[]): Promise<string[]> {
  await check(db, applicationId, roleIds)
  if (roleIds.length === 0) return []
  return (await store.setManagementRole(db, applicationId, true)) ? [MANAGEMENT_ROLE.id] : []
}

/**
 * Gives an application these roles and takes the others.
 *
 * @throws ApiError as `addRoles` does
 * @example await replaceRoles(db, application.id, [])
 */
export async function replaceRoles(db: Database, applicationId: string, roleIds: string[]): Promise<void> {
  await check(db, applicationId, roleIds)
  await store.setManagementRole(db, applicationId, roleIds.length > 0)
}

/**
 * Takes a role away.
 *
 * @throws ApiError `entity.not_exists_with_id` for the application, `entity.not_found` for its role
 * @example await removeRole(db, application.id, MANAGEMENT_ROLE.id)
 */
export async function removeRole(db: Database, applicationId: string, roleId: string): Promise<void> {
  await applicationOf(db, applicationId)
  const removed = roleId === MANAGEMENT_ROLE.id && (await store.setManagementRole(db, applicationId, false))
  if (!removed) throw new ApiError('entity.not_found')
}

/** The roles of applications. An application that manages through `isAdmin` alone has none that is shown. */
export function createRoles(db: Database) {
  return {
    list: listRoles.bind(null, db),
    of: rolesOf.bind(null, db),
    add: addRoles.bind(null, db),
    replace: replaceRoles.bind(null, db),
    remove: removeRole.bind(null, db),
  }
}

export type Roles = ReturnType<typeof createRoles>
