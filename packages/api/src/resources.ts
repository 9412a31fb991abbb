import { z } from 'zod'
import { defineRoute } from './route.ts'

export const ResourceScope = z.object({
  tenantId: z.string(),
  id: z.string(),
  resourceId: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  createdAt: z.number(),
})
export type ResourceScope = z.output<typeof ResourceScope>

export const Resource = z.object({
  tenantId: z.string(),
  id: z.string(),
  name: z.string(),
  indicator: z.string(),
  isDefault: z.boolean(),
  accessTokenTtl: z.number(),
  scopes: z.array(ResourceScope).optional(),
})
export type Resource = z.output<typeof Resource>

/** What OAuth takes for the name of a resource: an absolute address without fragment. */
const Indicator = z
  .string()
  .max(2048)
  .refine(
    value => URL.canParse(value) && !value.includes('#'),
    'must be an absolute address without fragment',
  )

const ScopeName = z.string().max(256).regex(/^\S+$/, 'must hold no spaces')

const tag = 'Resources'
const auth = 'management'
const byId = z.object({ id: z.string() })
const byResource = z.object({ resourceId: z.string() })
const byScope = z.object({ resourceId: z.string(), scopeId: z.string() })
const pages = { page: z.string().optional(), page_size: z.string().optional() }
const name = z.string().min(1).max(256)
const accessTokenTtl = z.int().min(1).max(31_536_000)

/** The APIs that tokens can be for. */
export const resourceRoutes = {
  listResources: defineRoute({
    method: 'get',
    path: '/api/resources',
    operationId: 'ListResources',
    tag,
    auth,
    summary: 'List the API resources',
    query: z.object({ ...pages, includeScopes: z.string().optional() }),
    answers: { 200: z.array(Resource) },
    paginated: true,
  }),
  createResource: defineRoute({
    method: 'post',
    path: '/api/resources',
    operationId: 'CreateResource',
    tag,
    auth,
    summary: 'Register an API resource',
    body: z.object({ name, indicator: Indicator, accessTokenTtl: accessTokenTtl.optional() }),
    answers: { 201: Resource },
  }),
  getResource: defineRoute({
    method: 'get',
    path: '/api/resources/{id}',
    operationId: 'GetResource',
    tag,
    auth,
    summary: 'Read an API resource',
    params: byId,
    answers: { 200: Resource },
  }),
  updateResource: defineRoute({
    method: 'patch',
    path: '/api/resources/{id}',
    operationId: 'UpdateResource',
    tag,
    auth,
    summary: 'Change an API resource',
    params: byId,
    body: z.object({ name: name.optional(), accessTokenTtl: accessTokenTtl.optional() }),
    answers: { 200: Resource },
  }),
  deleteResource: defineRoute({
    method: 'delete',
    path: '/api/resources/{id}',
    operationId: 'DeleteResource',
    tag,
    auth,
    summary: 'Delete an API resource',
    params: byId,
    answers: { 204: null },
  }),
  setDefaultResource: defineRoute({
    method: 'patch',
    path: '/api/resources/{id}/is-default',
    operationId: 'UpdateResourceIsDefault',
    tag,
    auth,
    summary: 'Make an API resource the one that machines get tokens for when they name none',
    params: byId,
    body: z.object({ isDefault: z.boolean() }),
    answers: { 200: Resource },
  }),
  listResourceScopes: defineRoute({
    method: 'get',
    path: '/api/resources/{resourceId}/scopes',
    operationId: 'ListResourceScopes',
    tag,
    auth,
    summary: 'List the scopes of an API resource',
    params: byResource,
    query: z.object(pages),
    answers: { 200: z.array(ResourceScope) },
    paginated: true,
  }),
  createResourceScope: defineRoute({
    method: 'post',
    path: '/api/resources/{resourceId}/scopes',
    operationId: 'CreateResourceScope',
    tag,
    auth,
    summary: 'Add a scope to an API resource',
    params: byResource,
    body: z.object({ name: ScopeName, description: z.string().nullable().optional() }),
    answers: { 201: ResourceScope },
  }),
  updateResourceScope: defineRoute({
    method: 'patch',
    path: '/api/resources/{resourceId}/scopes/{scopeId}',
    operationId: 'UpdateResourceScope',
    tag,
    auth,
    summary: 'Change a scope of an API resource',
    params: byScope,
    body: z.object({ name: ScopeName.optional(), description: z.string().nullable().optional() }),
    answers: { 200: ResourceScope },
  }),
  deleteResourceScope: defineRoute({
    method: 'delete',
    path: '/api/resources/{resourceId}/scopes/{scopeId}',
    operationId: 'DeleteResourceScope',
    tag,
    auth,
    summary: 'Delete a scope of an API resource',
    params: byScope,
    answers: { 204: null },
  }),
}
