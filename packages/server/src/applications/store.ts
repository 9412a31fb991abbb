import type { Application, ApplicationSecret, IdTokenAlgorithm } from '@countersign/api'
import type { Database } from '../db/database.ts'
import { remembered } from '../db/memory.ts'
import type { Schema } from '../db/schema.ts'
import { matches, runList, type Search } from '../db/search.ts'

type ApplicationRow = Schema['applications']

/** An application as the rooms know one. */
export interface StoredApplication {
  id: string
  name: string
  description: string | null
  type: Application['type']
  oidcClientMetadata: Application['oidcClientMetadata']
  customClientMetadata: Application['customClientMetadata']
  customData: Record<string, unknown>
  isThirdParty: boolean
  isAdmin: boolean
  createdAt: number
}

export type ApplicationChange = Partial<Omit<StoredApplication, 'id' | 'createdAt'>>

const fromRow = (row: ApplicationRow): StoredApplication => ({
  id: row.id,
  name: row.name,
  description: row.description,
  type: row.type as Application['type'],
  oidcClientMetadata: JSON.parse(row.oidc_client_metadata),
  customClientMetadata: JSON.parse(row.custom_client_metadata),
  customData: JSON.parse(row.custom_data),
  isThirdParty: row.is_third_party === 1,
  isAdmin: row.is_admin === 1 || row.has_management_role === 1,
  createdAt: row.created_at,
})

function toRow(change: ApplicationChange): Partial<ApplicationRow> {
  const row: Partial<ApplicationRow> = {}
  if (change.name !== undefined) row.name = change.name
  if (change.description !== undefined) row.description = change.description
  if (change.type !== undefined) row.type = change.type
  if (change.oidcClientMetadata !== undefined)
    row.oidc_client_metadata = JSON.stringify(change.oidcClientMetadata)
  if (change.customClientMetadata !== undefined)
    row.custom_client_metadata = JSON.stringify(change.customClientMetadata)
  if (change.customData !== undefined) row.custom_data = JSON.stringify(change.customData)
  if (change.isThirdParty !== undefined) row.is_third_party = change.isThirdParty ? 1 : 0
  if (change.isAdmin !== undefined) {
    row.is_admin = change.isAdmin ? 1 : 0
    // Taking the right away takes every way to it away.
    if (!change.isAdmin) row.has_management_role = 0
  }
  return row
}

/** The whole row of an application that is stored. */
const newRow = ({ id, createdAt, ...rest }: StoredApplication): ApplicationRow => ({
  ...(toRow(rest) as ApplicationRow),
  id,
  created_at: createdAt,
})

/** The conditions that a list is cut down by. */
export interface ApplicationFilter {
  types?: string[]
  isThirdParty?: boolean
  search?: Search
  withoutManagementRole?: boolean
}

const SEARCHED = { id: 'id', name: 'name', description: 'description' } as const

/** Names of the fields that a search may look in. */
export const SEARCHED_FIELDS = Object.keys(SEARCHED)

/** A secret with its value still sealed. */
export type SealedSecret = Omit<ApplicationSecret, 'tenantId'>

const filtered = (
  on: Database,
  { types = [], isThirdParty, search, withoutManagementRole }: ApplicationFilter,
) =>
  on
    .selectFrom('applications')
    .$if(types.length > 0, query => query.where('type', 'in', types))
    .$if(isThirdParty !== undefined, query => query.where('is_third_party', '=', isThirdParty ? 1 : 0))
    .$if(search !== undefined, query => query.where(matches(on, search!, SEARCHED)))
    .$if(withoutManagementRole === true, query => query.where('has_management_role', '=', 0))

/** The application with an id, from memory. */
export const byId = (db: Database, id: string): Promise<StoredApplication | undefined> =>
  remembered(db, `application/${id}`, async () => {
    const row = await db.selectFrom('applications').selectAll().where('id', '=', id).executeTakeFirst()
    return row && fromRow(row)
  })

/** The application of the house that people sign in to, from memory; undefined where there is none, or more than one. */
export const onlyOne = (db: Database): Promise<StoredApplication | undefined> =>
  remembered(db, 'only-application', async () => {
    const rows = await db
      .selectFrom('applications')
      .selectAll()
      .where('type', 'in', ['SPA', 'Traditional', 'Native'])
      .where('is_third_party', '=', 0)
      .limit(2)
      .execute()
    return rows.length === 1 ? fromRow(rows[0]!) : undefined
  })

/** The algorithms that applications chose for their ID tokens, each once. */
export const chosenAlgorithms = (db: Database): Promise<IdTokenAlgorithm[]> =>
  remembered(db, 'id-token-algorithms', async () => {
    const rows = await db
      .selectFrom('applications')
      .select('oidc_client_metadata')
      .where('oidc_client_metadata', 'like', '%"idTokenSignedResponseAlg"%')
      .execute()
    const chosen = rows.map(row => JSON.parse(row.oidc_client_metadata).idTokenSignedResponseAlg)
    return [...new Set<IdTokenAlgorithm>(chosen.filter(each => each !== undefined))]
  })

/** Applications that a filter lets through, newest first; all of them when there is no limit. */
export async function list(
  db: Database,
  filter: ApplicationFilter,
  limit?: number,
  offset = 0,
): Promise<{ applications: StoredApplication[]; total: number }> {
  return runList(db, filter.search, async on => {
    const rows = await filtered(on, filter)
      .selectAll()
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .$if(limit !== undefined, query => query.limit(limit!).offset(offset))
      .execute()
    const { count } = await filtered(on, filter)
      .select(on.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    return { applications: rows.map(fromRow), total: Number(count) }
  })
}

/** Stores an application and its first secret together, or neither. */
export async function insert(
  db: Database,
  application: StoredApplication,
  secret?: SealedSecret,
): Promise<void> {
  await db.transaction().execute(async tx => {
    await tx.insertInto('applications').values(newRow(application)).execute()
    if (secret) await tx.insertInto('application_secrets').values(secretRow(secret)).execute()
  })
}

/** Stores an application, or brings the one of its id up to date; it keeps its age. Several nodes may do so at once. */
export async function ensure(db: Database, application: StoredApplication): Promise<void> {
  const row = newRow(application)
  const { created_at, ...change } = row
  await db
    .insertInto('applications')
    .values(row)
    .onConflict(conflict => conflict.column('id').doUpdateSet(change))
    .execute()
}

/** Stores an application with all its secrets and its role, in the place of one of the same id if need be. */
export async function put(
  db: Database,
  application: StoredApplication,
  secrets: SealedSecret[],
  hasRole: boolean,
): Promise<void> {
  const { id } = application
  const row = { ...newRow(application), has_management_role: hasRole ? 1 : 0 }
  await db.transaction().execute(async tx => {
    await tx
      .insertInto('applications')
      .values(row)
      .onConflict(conflict => conflict.column('id').doUpdateSet(row))
      .execute()
    await tx.deleteFrom('application_secrets').where('application_id', '=', id).execute()
    for (const secret of secrets)
      await tx.insertInto('application_secrets').values(secretRow(secret)).execute()
  })
}

/** Changes an application; undefined when there is none. */
export async function update(
  db: Database,
  id: string,
  change: ApplicationChange,
): Promise<StoredApplication | undefined> {
  const row = await db
    .updateTable('applications')
    .set(toRow(change))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  return row && fromRow(row)
}

/** Adds members to the custom data. Whoever comes meanwhile waits, so that no change is lost. */
export async function mergeCustomData(
  db: Database,
  id: string,
  members: Record<string, unknown>,
): Promise<Record<string, unknown> | undefined> {
  return db.transaction().execute(async tx => {
    // Writing the row as it is takes its lock, on both databases.
    const row = await tx
      .updateTable('applications')
      .set(({ ref }) => ({ custom_data: ref('custom_data') }))
      .where('id', '=', id)
      .returning('custom_data')
      .executeTakeFirst()
    if (!row) return undefined
    const next = { ...JSON.parse(row.custom_data), ...members }
    await tx
      .updateTable('applications')
      .set({ custom_data: JSON.stringify(next) })
      .where('id', '=', id)
      .execute()
    return next
  })
}

/** True for an application that may call the Management API. */
export async function hasManagementRole(db: Database, id: string): Promise<boolean> {
  const row = await db
    .selectFrom('applications')
    .select('has_management_role')
    .where('id', '=', id)
    .executeTakeFirst()
  return row?.has_management_role === 1
}

/** Gives or takes the role; false when it was so already. */
export async function setManagementRole(db: Database, id: string, has: boolean): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('applications')
    .set({ has_management_role: has ? 1 : 0 })
    .where('id', '=', id)
    .where('has_management_role', '=', has ? 0 : 1)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Those that have the role, oldest first. */
export async function withManagementRole(db: Database): Promise<StoredApplication[]> {
  const rows = await db
    .selectFrom('applications')
    .selectAll()
    .where('has_management_role', '=', 1)
    .orderBy('created_at')
    .execute()
  return rows.map(fromRow)
}

/** Deletes an application with its secrets; false when there was none. */
export async function remove(db: Database, id: string): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('applications').where('id', '=', id).executeTakeFirst()
  return numDeletedRows > 0n
}

/** The secrets of an application, from memory, oldest first. */
export async function secrets(db: Database, applicationId: string): Promise<readonly SealedSecret[]> {
  const found = await remembered(db, `application-secrets/${applicationId}`, async () => {
    const rows = await db
      .selectFrom('application_secrets')
      .selectAll()
      .where('application_id', '=', applicationId)
      .orderBy('created_at')
      .execute()
    return rows.length > 0 ? rows.map(fromSecretRow) : undefined
  })
  return found ?? []
}

/** Stores one more secret. */
export async function insertSecret(db: Database, secret: SealedSecret): Promise<void> {
  await db.insertInto('application_secrets').values(secretRow(secret)).execute()
}

/** Stores a secret in the place of one of the same name if need be. */
export async function replaceSecret(db: Database, secret: SealedSecret): Promise<void> {
  const row = secretRow(secret)
  await db
    .insertInto('application_secrets')
    .values(row)
    .onConflict(conflict =>
      conflict.columns(['application_id', 'name']).doUpdateSet({ value: row.value, expires_at: null }),
    )
    .execute()
}

/** Renames a secret; its value comes sealed anew, for it is sealed together with its name. */
export async function renameSecret(
  db: Database,
  applicationId: string,
  name: string,
  next: { name: string; value: string },
) {
  const { numUpdatedRows } = await db
    .updateTable('application_secrets')
    .set(next)
    .where('application_id', '=', applicationId)
    .where('name', '=', name)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Deletes a secret; false when there was none of that name. */
export async function deleteSecret(db: Database, applicationId: string, name: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('application_secrets')
    .where('application_id', '=', applicationId)
    .where('name', '=', name)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

const fromSecretRow = (row: Schema['application_secrets']): SealedSecret => ({
  applicationId: row.application_id,
  name: row.name,
  value: row.value,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
})

const secretRow = ({ applicationId, name, value, createdAt, expiresAt }: SealedSecret) => ({
  application_id: applicationId,
  name,
  value,
  created_at: createdAt,
  expires_at: expiresAt,
})
