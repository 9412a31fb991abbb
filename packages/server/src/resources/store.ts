import type { Resource, ResourceScope } from '@countersign/api'
import { sql } from 'kysely'
import type { Database } from '../db/database.ts'
import { remembered } from '../db/memory.ts'
import type { Schema } from '../db/schema.ts'

/** A registered API as the rooms know one. */
export type StoredResource = Omit<Resource, 'tenantId' | 'scopes'>
export type StoredScope = Omit<ResourceScope, 'tenantId'>

const fromRow = (row: Schema['resources']): StoredResource => ({
  id: row.id,
  name: row.name,
  indicator: row.indicator,
  isDefault: row.is_default === 1,
  accessTokenTtl: row.access_token_ttl,
})

const fromScopeRow = (row: Schema['resource_scopes']): StoredScope => ({
  id: row.id,
  resourceId: row.resource_id,
  name: row.name,
  description: row.description,
  createdAt: row.created_at,
})

const one = (db: Database, column: 'id' | 'indicator' | 'is_default', value: string | number) =>
  remembered(db, `resource/${column}/${value}`, async () => {
    const row = await db.selectFrom('resources').selectAll().where(column, '=', value).executeTakeFirst()
    return row && fromRow(row)
  })

/** The API with an id, from memory. */
export const byId = (db: Database, id: string) => one(db, 'id', id)

/** The API with an indicator, from memory. */
export const byIndicator = (db: Database, indicator: string) => one(db, 'indicator', indicator)

/** The API that machines get tokens for when they name none, from memory. */
export const byDefault = (db: Database) => one(db, 'is_default', 1)

/** All APIs, newest first. */
export async function list(db: Database): Promise<StoredResource[]> {
  const rows = await db
    .selectFrom('resources')
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return rows.map(fromRow)
}

/** Stores a new API. */
export const insert = (
  db: Database,
  { id, name, indicator, accessTokenTtl }: StoredResource,
  createdAt: number,
) =>
  db
    .insertInto('resources')
    .values({
      id,
      name,
      indicator,
      access_token_ttl: accessTokenTtl,
      is_default: 0,
      created_at: createdAt,
    })
    .execute()

/** Stores an API with just these scopes, in the place of one of the same id if need be. */
export const put = (db: Database, resource: StoredResource, scopes: StoredScope[], createdAt: number) =>
  db.transaction().execute(async tx => {
    const { id, name, indicator, accessTokenTtl, isDefault } = resource
    const row = { name, indicator, access_token_ttl: accessTokenTtl, is_default: isDefault ? 1 : 0 }
    // There is one default at most.
    if (isDefault) await tx.updateTable('resources').set({ is_default: 0 }).execute()
    await tx
      .insertInto('resources')
      .values({ id, ...row, created_at: createdAt })
      .onConflict(conflict => conflict.column('id').doUpdateSet(row))
      .execute()
    await tx.deleteFrom('resource_scopes').where('resource_id', '=', id).execute()
    for (const scope of scopes)
      await tx
        .insertInto('resource_scopes')
        .values({
          id: scope.id,
          resource_id: id,
          name: scope.name,
          description: scope.description,
          created_at: scope.createdAt,
        })
        .execute()
  })

/** Changes an API; undefined when there is none. */
export async function update(db: Database, id: string, change: { name?: string; accessTokenTtl?: number }) {
  const row = await db
    .updateTable('resources')
    .set({
      ...(change.name !== undefined && { name: change.name }),
      ...(change.accessTokenTtl !== undefined && { access_token_ttl: change.accessTokenTtl }),
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  return row && fromRow(row)
}

/** Makes this one the default and no other; or none, when it was. */
export const setDefault = (db: Database, id: string, isDefault: boolean) =>
  db
    .updateTable('resources')
    .set({ is_default: isDefault ? sql<number>`case when id = ${id} then 1 else 0 end` : 0 })
    .$if(!isDefault, query => query.where('id', '=', id))
    .execute()

/** Deletes an API with its scopes; false when there was none. */
export async function remove(db: Database, id: string): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('resources').where('id', '=', id).executeTakeFirst()
  return numDeletedRows > 0n
}

/** The scopes of these resources, oldest first. */
export async function scopesOf(db: Database, resourceIds: string[]): Promise<StoredScope[]> {
  if (resourceIds.length === 0) return []
  const rows = await db
    .selectFrom('resource_scopes')
    .selectAll()
    .where('resource_id', 'in', resourceIds)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  return rows.map(fromScopeRow)
}

/** Stores a new scope. */
export const insertScope = (db: Database, scope: StoredScope) =>
  db
    .insertInto('resource_scopes')
    .values({
      id: scope.id,
      resource_id: scope.resourceId,
      name: scope.name,
      description: scope.description,
      created_at: scope.createdAt,
    })
    .execute()

/** Changes a scope; undefined when there is none. */
export async function updateScope(
  db: Database,
  resourceId: string,
  id: string,
  change: Partial<Pick<StoredScope, 'name' | 'description'>>,
): Promise<StoredScope | undefined> {
  const row = await db
    .updateTable('resource_scopes')
    .set(change)
    .where('resource_id', '=', resourceId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  return row && fromScopeRow(row)
}

/** Deletes a scope; false when there was none. */
export async function deleteScope(db: Database, resourceId: string, id: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('resource_scopes')
    .where('resource_id', '=', resourceId)
    .where('id', '=', id)
    .executeTakeFirst()
  return numDeletedRows > 0n
}
