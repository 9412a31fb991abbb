import type { Resource, ResourceScope } from '@countersign/api'
import { newId } from '../crypto/chance.ts'
import { type Database, isUniqueViolation } from '../db/database.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { World } from '../world.ts'
import type { StoredResource, StoredScope } from './store.ts'
import * as store from './store.ts'

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

/** The room that every use case of API resources takes first. */
export interface ResourcesRoom {
  db: Database
  world: World
}

/** The members of a new API: `{ name: 'Orders', indicator: 'https://orders.example.com' }`. */
export interface NewResource {
  name: string
  indicator: string
  accessTokenTtl?: number
}

async function get({ db }: ResourcesRoom, id: string): Promise<StoredResource> {
  const resource = id === MANAGEMENT.id ? MANAGEMENT : await store.byId(db, id)
  if (!resource) throw new ApiError('entity.not_exists_with_id')
  return resource
}

function requireOwn(id: string): void {
  if (id === MANAGEMENT.id) throw new ApiError('resource.cannot_modify_management_api')
}

async function scopesOf({ db }: ResourcesRoom, resourceIds: string[]): Promise<ResourceScope[]> {
  const own = await store.scopesOf(
    db,
    resourceIds.filter(id => id !== MANAGEMENT.id),
  )
  return (resourceIds.includes(MANAGEMENT.id) ? [MANAGEMENT_SCOPE, ...own] : own).map(wireScope)
}

/** Runs a write of scopes and tells when a name is taken. */
async function naming<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (isUniqueViolation(error, 'resource_scopes')) throw new ApiError('scope.name_exists')
    throw error
  }
}

/**
 * Finds the API with an indicator; undefined when there is none.
 *
 * @example await resourceOf(room, 'https://orders.example.com')
 */
export async function resourceOf(
  { db }: ResourcesRoom,
  indicator: string,
): Promise<StoredResource | undefined> {
  return indicator === MANAGEMENT_API ? MANAGEMENT : store.byIndicator(db, indicator)
}

/**
 * The indicator of the API that machines get tokens for when they name none.
 *
 * @example await defaultIndicator(room)
 */
export async function defaultIndicator({ db }: ResourcesRoom): Promise<string | undefined> {
  return (await store.byDefault(db))?.indicator
}

/**
 * All APIs: the server's own, then the newest.
 *
 * @example await listResources(room, true)
 */
export async function listResources(room: ResourcesRoom, withScopes: boolean): Promise<Resource[]> {
  const resources = [MANAGEMENT, ...(await store.list(room.db))]
  if (!withScopes) return resources.map(wire)
  const scopes = await scopesOf(
    room,
    resources.map(resource => resource.id),
  )
  return resources.map(resource => ({
    ...wire(resource),
    scopes: scopes.filter(scope => scope.resourceId === resource.id),
  }))
}

/**
 * One API.
 *
 * @throws ApiError `entity.not_exists_with_id`
 * @example await getResource(room, id)
 */
export const getResource = async (room: ResourcesRoom, id: string): Promise<Resource> =>
  wire(await get(room, id))

/**
 * Registers an API.
 *
 * @throws ApiError `resource.resource_identifier_in_use`
 * @example await createResource(room, { name: 'Orders', indicator: 'https://orders.example.com' })
 */
export async function createResource({ db, world }: ResourcesRoom, input: NewResource): Promise<Resource> {
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
    await store.insert(db, resource, world.now())
  } catch (error) {
    throw isUniqueViolation(error, 'indicator') ? taken : error
  }
  return { ...wire(resource), scopes: [] }
}

/**
 * Writes an API and its scopes as they were in another installation, in one transaction.
 *
 * @throws ApiError `resource.resource_identifier_in_use`, `scope.name_exists`, `resource.cannot_modify_management_api`
 * @example await importResource(room, resource, scopes)
 */
export async function importResource(
  { db, world }: ResourcesRoom,
  resource: StoredResource,
  scopes: StoredScope[],
): Promise<void> {
  requireOwn(resource.id)
  const taken = new ApiError('resource.resource_identifier_in_use')
  if (resource.indicator === MANAGEMENT_API) throw taken
  try {
    await naming(() => store.put(db, resource, scopes, world.now()))
  } catch (error) {
    throw isUniqueViolation(error, 'indicator') ? taken : error
  }
}

/**
 * Changes an API.
 *
 * @throws ApiError `entity.*`, `resource.cannot_modify_management_api`
 * @example await updateResource(room, id, { accessTokenTtl: 600 })
 */
export async function updateResource(
  room: ResourcesRoom,
  id: string,
  change: { name?: string; accessTokenTtl?: number },
): Promise<Resource> {
  requireOwn(id)
  if (change.name === undefined && change.accessTokenTtl === undefined) {
    await get(room, id)
    throw new ApiError('entity.invalid_input')
  }
  const resource = await store.update(room.db, id, change)
  if (!resource) throw new ApiError('entity.not_exists_with_id')
  return wire(resource)
}

/**
 * Makes an API the default, or no longer.
 *
 * @throws ApiError `entity.not_exists_with_id`, `resource.cannot_modify_management_api`
 * @example await setDefault(room, id, true)
 */
export async function setDefault(room: ResourcesRoom, id: string, isDefault: boolean): Promise<Resource> {
  requireOwn(id)
  await get(room, id)
  await store.setDefault(room.db, id, isDefault)
  return wire(await get(room, id))
}

/**
 * Deletes an API with its scopes.
 *
 * @throws ApiError `entity.not_exists_with_id`, `resource.cannot_delete_management_api`
 * @example await deleteResource(room, id)
 */
export async function deleteResource({ db }: ResourcesRoom, id: string): Promise<void> {
  if (id === MANAGEMENT.id) throw new ApiError('resource.cannot_delete_management_api')
  if (!(await store.remove(db, id))) throw new ApiError('entity.not_exists_with_id')
}

/**
 * The scopes of an API.
 *
 * @throws ApiError `entity.not_exists_with_id`
 * @example await listScopes(room, resourceId)
 */
export async function listScopes(room: ResourcesRoom, resourceId: string): Promise<ResourceScope[]> {
  await get(room, resourceId)
  return scopesOf(room, [resourceId])
}

/**
 * Adds a scope to an API.
 *
 * @throws ApiError `scope.name_exists`, `entity.not_exists_with_id`, `resource.cannot_modify_management_api`
 * @example await addScope(room, resourceId, 'read:orders', null)
 */
export async function addScope(
  room: ResourcesRoom,
  resourceId: string,
  name: string,
  description: string | null,
): Promise<ResourceScope> {
  const { db, world } = room
  requireOwn(resourceId)
  await get(room, resourceId)
  const scope = { id: newId(world.random), resourceId, name, description, createdAt: world.now() }
  await naming(() => store.insertScope(db, scope))
  return wireScope(scope)
}

/**
 * Changes a scope.
 *
 * @throws ApiError `scope.name_exists`, `entity.*`, `resource.cannot_modify_management_api`
 * @example await updateScope(room, resourceId, id, { name: 'write:orders' })
 */
export async function updateScope(
  { db }: ResourcesRoom,
  resourceId: string,
  id: string,
  { name, description }: { name?: string; description?: string | null },
): Promise<ResourceScope> {
  requireOwn(resourceId)
  if (name === undefined && description === undefined) throw new ApiError('entity.invalid_input')
  const wanted = {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
  }
  const scope = await naming(() => store.updateScope(db, resourceId, id, wanted))
  if (!scope) throw new ApiError('entity.not_exists_with_id')
  return wireScope(scope)
}

/**
 * Deletes a scope.
 *
 * @throws ApiError `entity.not_exists_with_id`, `resource.cannot_modify_management_api`
 * @example await deleteScope(room, resourceId, id)
 */
export async function deleteScope({ db }: ResourcesRoom, resourceId: string, id: string): Promise<void> {
  requireOwn(resourceId)
  if (!(await store.deleteScope(db, resourceId, id))) throw new ApiError('entity.not_exists_with_id')
}

/** The APIs that tokens can be for, and their scopes: each use case in its room. */
export function createResources(db: Database, world: World) {
  const room: ResourcesRoom = { db, world }
  return {
    byIndicator: resourceOf.bind(null, room),
    defaultIndicator: defaultIndicator.bind(null, room),
    list: listResources.bind(null, room),
    get: getResource.bind(null, room),
    create: createResource.bind(null, room),
    import: importResource.bind(null, room),
    update: updateResource.bind(null, room),
    setDefault: setDefault.bind(null, room),
    delete: deleteResource.bind(null, room),
    scopes: listScopes.bind(null, room),
    addScope: addScope.bind(null, room),
    updateScope: updateScope.bind(null, room),
    deleteScope: deleteScope.bind(null, room),
  }
}

export type Resources = ReturnType<typeof createResources>
