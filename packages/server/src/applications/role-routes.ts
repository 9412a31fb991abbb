import { roleRoutes } from '@countersign/api'
import type { Mount } from '../http/mount.ts'
import { cut } from '../http/pagination.ts'
import type { Roles } from './roles.ts'

/** Roles of machines. */
export function mountRoles(mount: Mount, roles: Roles): void {
  const routes = roleRoutes
  mount
    .add(routes.listRoles, async ({ query }, { page }) => {
      const all = await roles.list()
      const found = all.filter(role => query.type === undefined || role.type === query.type)
      return { status: 200, body: cut(found, page), total: found.length }
    })
    .add(routes.listApplicationRoles, async ({ params }, { page }) => {
      const found = await roles.of(params.applicationId)
      return { status: 200, body: cut(found, page), total: found.length }
    })
    .add(routes.addApplicationRoles, async ({ params, body: { roleIds } }) => ({
      status: 201,
      body: { roleIds, addedRoleIds: await roles.add(params.applicationId, roleIds) },
    }))
    .add(routes.replaceApplicationRoles, async ({ params, body }) => {
      await roles.replace(params.applicationId, body.roleIds)
      return { status: 200, text: 'OK' }
    })
    .add(routes.removeApplicationRole, async ({ params }) => {
      await roles.remove(params.applicationId, params.roleId)
      return { status: 204 }
    })
}
