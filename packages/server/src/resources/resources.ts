import type { Resource, ResourceScope } from '@countersign/api'
import { newId } from '../crypto/chance.ts'
import { type Database, isUniqueViolation } from '../db/database.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { World } from '../world.ts'
import { resourceStore, type StoredResource, type StoredScope } from './store.ts'

export type { StoredResource, StoredScope } from './store.ts'

/** The name of the server's own API, whatever its address: the audience of management tokens. */
export const MANAGEMENT_API = 'https://default.logto.app/api'

/** The server's own API. It is built in, so nobody can change or delete it. */
const MANAGEMENT: StoredResource = {
  id: 'management-api',
  name: 'Logto Management API',
  indicator: MANAGEMENT_API,
  isDefault: false,
  accessTokenTtl: 3600,
}

const MANAGEMENT_SCOPE: StoredScope = {
  id: 'management-api-all',
  resourceId: MANAGEMENT.id,
  name: 'all',
  description: 'Everything the Management API can do',
  createdAt: 0,
}

const wire = (resource: StoredResource): Resource => ({ tenantId: 'default', ...resource })
const wireScope = (scope: StoredScope): ResourceScope => ({ tenantId: 'default', ...scope })

/** The APIs that tokens can be for, and their scopes. */
export function createResources(db: Database, world: World) {
  const store = resourceStore(db)

  async function get(id: string): Promise<StoredResource> {
    const resource = id === MANAGEMENT.id ? MANAGEMENT : await store.byId(id)
    if (!resource) throw new ApiError('entity.not_exists_with_id')
    return resource
  }

  const requireOwn = (id: string) => {
    if (id === MANAGEMENT.id) throw new ApiError('resource.cannot_modify_management_api')
  }

  async function scopesOf(resourceIds: string[]): Promise<ResourceScope[]> {
    const own = await store.scopesOf(resourceIds.filter(id => id !== MANAGEMENT.id))
    return (resourceIds.includes(MANAGEMENT.id) ? [MANAGEMENT_SCOPE, ...own] : own).map(wireScope)
  }

  async function naming<T>(write: () => Promise<T>): Promise<T> {
    try {
      return await write()
    } catch (error) {
      if (isUniqueViolation(error, 'resource_scopes')) throw new ApiError('scope.name_exists')
      throw error
    }
  }

  return {
    /** What a token for this indicator is like; undefined when there is no such API. */
    byIndicator: async (indicator: string): Promise<StoredResource | undefined> =>
      indicator === MANAGEMENT_API ? MANAGEMENT : store.byIndicator(indicator),
    /** The indicator of the API that machines get tokens for when they name none. */
    defaultIndicator: async (): Promise<string | undefined> => (await store.default())?.indicator,
    /** All of them: the server's own, then the newest. */
    async list(withScopes: boolean): Promise<Resource[]> {
      const resources = [MANAGEMENT, ...(await store.list())]
      if (!withScopes) return resources.map(wire)
      const scopes = await scopesOf(resources.map(resource => resource.id))
      return resources.map(resource => ({
        ...wire(resource),
        scopes: scopes.filter(scope => scope.resourceId === resource.id),
      }))
    },
    /** @throws ApiError `entity.not_exists_with_id` */
    get: async (id: string): Promise<Resource> => wire(await get(id)),
    /** @throws ApiError `resource.resource_identifier_in_use` */
    async create(input: { name: string; indicator: string; accessTokenTtl?: number }): Promise<Resource> {
      const taken = new ApiError('resource.resource_identifier_in_use', {
        data: { indicator: input.indicator },
      })
      if (input.indicator === MANAGEMENT_API) throw taken
      const resource = {
        id: newId(world.random),
        name: input.name,
        indicator: input.indicator,
        isDefault: false,
        accessTokenTtl: input.accessTokenTtl ?? 3600,
      }
      try {
        await store.insert(resource, world.now())
      } catch (error) {
        throw isUniqueViolation(error, 'indicator') ? taken : error
      }
      return { ...wire(resource), scopes: [] }
    },
    /**
     * Writes an API and its scopes as they were in another installation, in one transaction.
     *
     * @throws ApiError `resource.resource_identifier_in_use`, `scope.name_exists`, `resource.cannot_modify_management_api`
     */
    async import(resource: StoredResource, scopes: StoredScope[]): Promise<void> {
      requireOwn(resource.id)
      const taken = new ApiError('resource.resource_identifier_in_use')
      if (resource.indicator === MANAGEMENT_API) throw taken
      try {
        await naming(() => store.put(resource, scopes, world.now()))
      } catch (error) {
        throw isUniqueViolation(error, 'indicator') ? taken : error
      }
    },
    /** @throws ApiError `entity.*`, `resource.cannot_modify_management_api` */
    async update(id: string, change: { name?: string; accessTokenTtl?: number }): Promise<Resource> {
      requireOwn(id)
      if (change.name === undefined && change.accessTokenTtl === undefined) {
        await get(id)
        throw new ApiError('entity.invalid_input')
      }
      const resource = await store.update(id, change)
      if (!resource) throw new ApiError('entity.not_exists_with_id')
      return wire(resource)
    },
    /** @throws ApiError `entity.not_exists_with_id`, `resource.cannot_modify_management_api` */
    async setDefault(id: string, isDefault: boolean): Promise<Resource> {
      requireOwn(id)
      await get(id)
      await store.setDefault(id, isDefault)
      return wire(await get(id))
    },
    /** @throws ApiError `entity.not_exists_with_id`, `resource.cannot_delete_management_api` */
    async delete(id: string): Promise<void> {
      if (id === MANAGEMENT.id) throw new ApiError('resource.cannot_delete_management_api')
      if (!(await store.delete(id))) throw new ApiError('entity.not_exists_with_id')
    },
    /** @throws ApiError `entity.not_exists_with_id` */
    async scopes(resourceId: string): Promise<ResourceScope[]> {
      await get(resourceId)
      return scopesOf([resourceId])
    },
    /** @throws ApiError `scope.name_exists`, `entity.not_exists_with_id`, `resource.cannot_modify_management_api` */
    async addScope(resourceId: string, name: string, description: string | null): Promise<ResourceScope> {
      requireOwn(resourceId)
      await get(resourceId)
      const scope = { id: newId(world.random), resourceId, name, description, createdAt: world.now() }
      await naming(() => store.insertScope(scope))
      return wireScope(scope)
    },
    /** @throws ApiError `scope.name_exists`, `entity.*`, `resource.cannot_modify_management_api` */
    async updateScope(
      resourceId: string,
      id: string,
      change: { name?: string; description?: string | null },
    ): Promise<ResourceScope> {
      requireOwn(resourceId)
      const { name, description } = change
      if (name === undefined && description === undefined) throw new ApiError('entity.invalid_input')
      const wanted = {
        ...(name !== undefined && { name }),
        ...(description !== undefined && { description }),
      }
      const scope = await naming(() => store.updateScope(resourceId, id, wanted))
      if (!scope) throw new ApiError('entity.not_exists_with_id')
      return wireScope(scope)
    },
    /** @throws ApiError `entity.not_exists_with_id`, `resource.cannot_modify_management_api` */
    async deleteScope(resourceId: string, id: string): Promise<void> {
      requireOwn(resourceId)
      if (!(await store.deleteScope(resourceId, id))) throw new ApiError('entity.not_exists_with_id')
    },
  }
}

export type Resources = ReturnType<typeof createResources>
