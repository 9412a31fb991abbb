import { applicationRoutes } from '@countersign/api'
import type { Mount } from '../http/mount.ts'
import { asksForPage } from '../http/pagination.ts'
import { isTrue } from '../http/query.ts'
import { readSearch, searching } from '../http/search.ts'
import { ApiError } from '../refusals/refusal.ts'
import { type Applications, SEARCHED_FIELDS, wireApplication } from './applications.ts'
import { builtInApplication } from './built-in.ts'
import { MANAGEMENT_ROLE } from './roles.ts'

/** Applications of the Management API. */
export function mountApplications(mount: Mount, applications: Applications): void {
  const routes = applicationRoutes
  mount
    .add(routes.listApplications, async ({ query }, { page }) => {
      const { types, isThirdParty } = query
      const search = readSearch(query, SEARCHED_FIELDS)
      const filter = {
        ...(types !== undefined && { types: [types].flat() }),
        ...(isThirdParty !== undefined && { isThirdParty: isTrue(isThirdParty) }),
        ...(search && { search }),
        withoutManagementRole: query.excludeRoleId === MANAGEMENT_ROLE.id,
      }
      const paged = asksForPage(query)
      const { applications: found, total } = await searching(() =>
        paged ? applications.list(filter, page.size, page.offset) : applications.list(filter),
      )
      return { status: 200, body: found.map(wireApplication), ...(paged && { total }) }
    })
    .add(routes.createApplication, async ({ body }) => ({
      status: 200,
      body: wireApplication(await applications.create(body)),
    }))
    .add(routes.getApplication, async ({ params }) => {
      const builtIn = builtInApplication(params.id)
      const application = builtIn ?? (await applications.get(params.id))
      const body = { ...wireApplication(application), isAdmin: application.isAdmin }
      return { status: 200, body: builtIn ? { ...body, secret: 'N/A' } : body }
    })
    .add(routes.updateApplication, async ({ params, body }) => ({
      status: 200,
      body: wireApplication(await applications.update(params.id, body)),
    }))
    .add(routes.deleteApplication, async ({ params }) => {
      await applications.delete(params.id)
      return { status: 204 }
    })
    .add(routes.listApplicationSecrets, async ({ params }) => ({
      status: 200,
      body: await applications.secrets(params.id),
    }))
    .add(routes.createApplicationSecret, async ({ params, body }) => ({
      status: 201,
      body: await applications.addSecret(params.id, body.name, body.expiresAt ?? null),
    }))
    .add(routes.renameApplicationSecret, async ({ params, body }) => ({
      status: 200,
      body: await applications.renameSecret(params.id, params.name, body.name),
    }))
    .add(routes.deleteLegacyApplicationSecret, async ({ params }) => {
      await applications.get(params.id)
      throw new ApiError('application.no_legacy_secret_found')
    })
    .add(routes.updateApplicationCustomData, async ({ params, body }) => ({
      status: 200,
      body: await applications.mergeCustomData(params.applicationId, body),
    }))
    .add(routes.deleteApplicationSecret, async ({ params }) => {
      await applications.deleteSecret(params.id, params.name)
      return { status: 204 }
    })
}
