import type { CountedRole, Role } from '@countersign/api'
import type { Database } from '../db/database.ts'
import { ApiError } from '../refusals/refusal.ts'
import { applicationStore } from './store.ts'

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

/** Who has which role. An application that manages through `isAdmin` alone has none that is shown. */
export function createRoles(db: Database) {
  const store = applicationStore(db)

  async function applicationOf(id: string) {
    const application = await store.byId(id)
    if (!application) throw new ApiError('entity.not_exists_with_id')
    return application
  }

  /** Refuses, before anything is changed, what cannot be given. */
  async function check(id: string, roleIds: string[]): Promise<void> {
    const { type } = await applicationOf(id)
    if (type !== 'MachineToMachine') throw new ApiError('application.invalid_type')
    if (roleIds.some(roleId => roleId !== MANAGEMENT_ROLE.id)) throw new ApiError('entity.not_exists_with_id')
  }

  return {
    /** Every role, with who has it. */
    async list(): Promise<CountedRole[]> {
      const owners = await store.withManagementRole()
      return [
        {
          ...MANAGEMENT_ROLE,
          usersCount: 0,
          featuredUsers: [],
          applicationsCount: owners.length,
          featuredApplications: owners.slice(0, FEATURED).map(({ id, name, type }) => ({ id, name, type })),
        },
      ]
    },
    /** @throws ApiError `entity.not_exists_with_id` */
    async of(applicationId: string): Promise<Role[]> {
      await applicationOf(applicationId)
      return (await store.hasManagementRole(applicationId)) ? [MANAGEMENT_ROLE] : []
    },
    /**
     * Gives roles; returns those that are new.
     *
     * @throws ApiError `entity.not_exists_with_id`, `application.invalid_type`
     */
    async add(applicationId: string, roleIds: string[]): Promise<string[]> {
      await check(applicationId, roleIds)
      if (roleIds.length === 0) return []
      return (await store.setManagementRole(applicationId, true)) ? [MANAGEMENT_ROLE.id] : []
    },
    /** Gives these roles and takes the others. @throws ApiError as `add` */
    async replace(applicationId: string, roleIds: string[]): Promise<void> {
      await check(applicationId, roleIds)
      await store.setManagementRole(applicationId, roleIds.length > 0)
    },
    /** @throws ApiError `entity.not_exists_with_id` for the application, `entity.not_found` for its role */
    async remove(applicationId: string, roleId: string): Promise<void> {
      await applicationOf(applicationId)
      const removed = roleId === MANAGEMENT_ROLE.id && (await store.setManagementRole(applicationId, false))
      if (!removed) throw new ApiError('entity.not_found')
    },
  }
}

export type Roles = ReturnType<typeof createRoles>
