import { resourceRoutes } from '@countersign/api'
import type { Mount } from '../http/mount.ts'
import { asksForPage, cut, type Page } from '../http/pagination.ts'
import { isTrue } from '../http/query.ts'
import type { Resources } from './resources.ts'

/** A list that comes whole without a page. */
function optionalPage<T>(whole: T[], query: { page?: string; page_size?: string }, page: Page) {
  return asksForPage(query) ? { body: cut(whole, page), total: whole.length } : { body: whole }
}

/** API resources and their scopes. */
export function mountResources(mount: Mount, resources: Resources): void {
  const routes = resourceRoutes
  mount
    .add(routes.listResources, async ({ query }, { page }) => ({
      status: 200,
      ...optionalPage(await resources.list(isTrue(query.includeScopes)), query, page),
    }))
    .add(routes.createResource, async ({ body }) => ({ status: 201, body: await resources.create(body) }))
    .add(routes.getResource, async ({ params }) => ({ status: 200, body: await resources.get(params.id) }))
    .add(routes.updateResource, async ({ params, body }) => ({
      status: 200,
      body: await resources.update(params.id, body),
    }))
    .add(routes.deleteResource, async ({ params }) => {
      await resources.delete(params.id)
      return { status: 204 }
    })
    .add(routes.setDefaultResource, async ({ params, body }) => ({
      status: 200,
      body: await resources.setDefault(params.id, body.isDefault),
    }))
    .add(routes.listResourceScopes, async ({ params, query }, { page }) => ({
      status: 200,
      ...optionalPage(await resources.scopes(params.resourceId), query, page),
    }))
    .add(routes.createResourceScope, async ({ params, body }) => ({
      status: 201,
      body: await resources.addScope(params.resourceId, body.name, body.description ?? null),
    }))
    .add(routes.updateResourceScope, async ({ params, body }) => ({
      status: 200,
      body: await resources.updateScope(params.resourceId, params.scopeId, body),
    }))
    .add(routes.deleteResourceScope, async ({ params }) => {
      await resources.deleteScope(params.resourceId, params.scopeId)
      return { status: 204 }
    })
}
