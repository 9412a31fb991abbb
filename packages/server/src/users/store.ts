import { sql } from 'kysely'
import { inTransaction } from '../db/along.ts'
import { built } from '../db/built.ts'
import { type Database, isSqlite } from '../db/database.ts'
import { onceInRequest } from '../db/memory.ts'
import { matches, runList, type Search } from '../db/search.ts'
import { emailKey } from '../identifiers/email.ts'
import { requireRoom } from './own-data.ts'
import { fromRow, type StoredUser, toRow, type UserChange, type UserRow } from './rows.ts'

export type { StoredUser, UserChange } from './rows.ts'

/** The session and the grant that go on when all others of a user end, by the hashes under which they are kept. */
export interface Kept {
  session?: string
  grant?: string
}

/** Members that are added to what a user's objects hold. */
export type UserMembers = Partial<Pick<StoredUser, 'customData' | 'profile'>>

/** Begins another epoch, of which sessions must be; what is named besides must be of it as well. */
const nextEpoch = (...also: ('grant_epoch' | 'token_epoch')[]) =>
  Object.fromEntries(
    ['session_epoch' as const, ...also].map(column => [column, sql<number>`session_epoch + 1`]),
  )

/**
 * The columns of a change of somebody who is there. A suspension ends sessions and tokens in the same statement, so that
 * a request that is under way cannot write them back; grants stay.
 */
const toSet = (change: UserChange) => ({
  ...toRow(change),
  ...(change.isSuspended && { ...nextEpoch('token_epoch'), kept_session: null }),
})

/** The columns of the identifiers that a user can sign in with. */
const IDENTIFIERS = ['username', 'primary_email', 'primary_phone'] as const

/** Fields that a search may name, and their columns. */
const SEARCHED = {
  id: 'id',
  primaryEmail: 'primary_email',
  primaryPhone: 'primary_phone',
  username: 'username',
  name: 'name',
} as const

/** Is there while usernames ignore case, so that no race can give two users one name. */
const FOLDED_INDEX = 'users_username_folded'

/** Names of the fields that a search may look in. */
export const SEARCHED_FIELDS = Object.keys(SEARCHED)

const one = async (query: { executeTakeFirst(): Promise<UserRow | undefined> }) => {
  const row = await query.executeTakeFirst()
  return row && fromRow(row)
}

const having = (column: 'id' | 'username' | 'email_key' | 'primary_phone') =>
  built((db, { value }: { value: string }) => db.selectFrom('users').selectAll().where(column, '=', value))

const HAVING = {
  id: having('id'),
  username: having('username'),
  email_key: having('email_key'),
  primary_phone: having('primary_phone'),
}

/** Read once by a request, until it writes to users itself; all writes name what they count on. */
async function by(db: Database, column: keyof typeof HAVING, value: string): Promise<StoredUser | undefined> {
  const find = async () => (await HAVING[column](db, { value }))[0]
  const row = await onceInRequest(db, ['users'], `${column}/${value}`, find)
  return row && fromRow(row)
}

/** The user with an id. */
export const byId = (db: Database, id: string) => by(db, 'id', id)

/** The user with exactly this username. */
export const byUsername = (db: Database, username: string) => by(db, 'username', username)

/** The user with this username in any case. */
export const byUsernameIgnoringCase = (db: Database, username: string) =>
  one(db.selectFrom('users').selectAll().where(sql`lower(username)`, '=', sql`lower(${username})`))

/** The user with an e-mail address, however it is spelt. */
export const byEmail = (db: Database, email: string) => by(db, 'email_key', emailKey(email))

/** The user with a phone number in its stored form. */
export const byPhone = (db: Database, phone: string) => by(db, 'primary_phone', phone)

/** True while somebody's password hash is one that another system made. */
export async function hasForeignHashes(db: Database): Promise<boolean> {
  const query = db.selectFrom('users').select('id').where('password_algorithm', 'is not', null).limit(1)
  return (await query.executeTakeFirst()) !== undefined
}

/** Groups of usernames that differ by case alone, the first ones of them with their users. */
export async function caseConflicts(db: Database, limit: number) {
  const groups = await db
    .selectFrom('users')
    .select(({ fn }) => [sql<string>`lower(username)`.as('name'), fn.countAll<number>().as('count')])
    .where('username', 'is not', null)
    .groupBy(sql`lower(username)`)
    .having(({ fn }) => fn.countAll(), '>', 1)
    .orderBy('name')
    .execute()
  const samples: { usernameLower: string; userIds: string[] }[] = []
  for (const { name } of groups.slice(0, limit)) {
    const rows = await db
      .selectFrom('users')
      .select('id')
      .where(sql`lower(username)`, '=', name)
      .orderBy('created_at')
      .execute()
    samples.push({ usernameLower: name, userIds: rows.map(row => row.id) })
  }
  return { totalConflicts: groups.length, samples }
}

/** In a transaction: nobody else writes users until it ends. SQLite lets but one transaction write anyway. */
export async function holdWriters(tx: Database): Promise<void> {
  if (!isSqlite(tx)) await sql`lock table users in share mode`.execute(tx)
}

/** Makes usernames unique without regard to case, or no longer. */
export async function setCaseSensitive(db: Database, caseSensitive: boolean): Promise<void> {
  const index = sql.ref(FOLDED_INDEX)
  await (caseSensitive
    ? sql`drop index if exists ${index}`
    : sql`create unique index if not exists ${index} on users (lower(username))`
  ).execute(db)
}

/** Stores a new user. */
export async function insert(db: Database, user: StoredUser): Promise<void> {
  const { id, createdAt, ...rest } = user
  await db
    .insertInto('users')
    .values({ ...(toRow(rest) as UserRow), id, created_at: createdAt })
    .execute()
}

const setColumns = built((db, { id, row }: { id: string; row: Partial<UserRow> }) =>
  db.updateTable('users').set(row).where('id', '=', id).returningAll(),
)

/**
 * Changes a user.
 *
 * @param keepIdentifier only when an identifier remains after the change. The row's own lock decides, so two
 *   changes at once cannot each count on what the other takes away.
 */
export async function update(
  db: Database,
  id: string,
  change: UserChange,
  keepIdentifier = false,
): Promise<StoredUser | undefined> {
  const next = toRow(change)
  if (!keepIdentifier && !change.isSuspended) {
    const [row] = await setColumns(db, { id, row: next })
    return row && fromRow(row)
  }
  const gains = IDENTIFIERS.some(column => typeof next[column] === 'string')
  const untouched = IDENTIFIERS.filter(column => next[column] === undefined)
  return one(
    db
      .updateTable('users')
      .set(toSet(change))
      .where('id', '=', id)
      .$if(keepIdentifier && !gains, query =>
        query.where(({ eb, or }) => or(untouched.map(column => eb(column, 'is not', null)))),
      )
      .returningAll(),
  )
}

/**
 * Changes a password, and ends sessions and grants in the same statement, so that nothing dies between the two.
 *
 * @param ends what outlives it; undefined where all goes on
 * @param seenEpoch only while the user is in that epoch
 */
export const changePassword = (
  db: Database,
  id: string,
  change: UserChange,
  ends: Kept | undefined,
  seenEpoch?: number,
): Promise<StoredUser | undefined> =>
  one(
    db
      .updateTable('users')
      .set(toRow(change))
      .$if(ends !== undefined, query =>
        query.set({
          ...nextEpoch('grant_epoch'),
          kept_session: ends!.session ?? null,
          kept_grant: ends!.grant ?? null,
        }),
      )
      .where('id', '=', id)
      .$if(seenEpoch !== undefined, query => query.where('session_epoch', '=', seenEpoch!))
      .returningAll(),
  )

/** Changes a user who is still as seen; false when a change or a sign-in came first. */
export async function replaceSeen(
  db: Database,
  id: string,
  change: UserChange,
  seen: StoredUser,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('users')
    .set(toSet(change))
    .where('id', '=', id)
    .where('updated_at', '=', seen.updatedAt)
    .where('password_hash', seen.passwordHash === null ? 'is' : '=', seen.passwordHash)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Puts a hash in the place of just that one; whoever was faster with another password keeps it. */
export async function rehash(db: Database, id: string, old: string, passwordHash: string): Promise<void> {
  await db
    .updateTable('users')
    .set({ password_hash: passwordHash, password_algorithm: null })
    .where('id', '=', id)
    .where('password_hash', '=', old)
    .execute()
}

/** Changes a user and adds members to the objects. Whoever comes meanwhile waits, so that no change is lost. */
export async function updateAdding(
  db: Database,
  id: string,
  change: UserChange,
  members: UserMembers,
  most?: number,
): Promise<StoredUser | undefined> {
  if (!members.customData && !members.profile) return update(db, id, change)
  return inTransaction(db, async tx => {
    // Writing the row takes its lock, on both databases; only then are the objects read.
    const row = await tx
      .updateTable('users')
      .set(toSet(change))
      .where('id', '=', id)
      .returning(['custom_data', 'profile'])
      .executeTakeFirst()
    if (!row) return undefined
    const added = (old: string, more: Record<string, unknown> | undefined) =>
      more && { ...JSON.parse(old), ...more }
    const next = {
      customData: added(row.custom_data, members.customData),
      profile: added(row.profile, members.profile),
    }
    if (most !== undefined) requireRoom(next, most)
    return one(tx.updateTable('users').set(toRow(next)).where('id', '=', id).returningAll())
  })
}

/** Deletes a user, and returns who it was. */
export const remove = (db: Database, id: string) =>
  one(db.deleteFrom('users').where('id', '=', id).returningAll())

const found = (db: Database, search: Search | undefined) =>
  db.selectFrom('users').$if(search !== undefined, query => query.where(matches(db, search!, SEARCHED)))

/** Users that a search finds, or all, newest first, and how many there are. */
export function list(db: Database, search: Search | undefined, limit: number, offset: number) {
  const find = async (on: Database) => {
    const all = found(on, search)
    const newest = all.selectAll().orderBy('created_at', 'desc').orderBy('id', 'desc')
    const rows = await newest.limit(limit).offset(offset).execute()
    const { count } = await all.select(on.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
    return { users: rows.map(fromRow), total: Number(count) }
  }
  return runList(db, search, find)
}

/** The ids of users whom a search finds, to be part of another statement: `where('user_id', 'in', idsOf(db, search))`. */
export const idsOf = (db: Database, search: Search) => found(db, search).select('users.id')

/**
 * The user with this id, for a statement of another room that writes only if there is one. For example:
 * `insertInto('active_days').columns(['user_id']).expression(userWithId(db, id).select('id'))`.
 */
export const userWithId = (db: Database, id: string) => db.selectFrom('users').where('id', '=', id)

/**
 * The user whom a row belongs to, to be joined as `owner`: sessions must be of `session_epoch`, which counts how often
 * all were ended, grants of `grant_epoch` or a later one, tokens of `token_epoch` or a later one; `kept_session` and
 * `kept_grant` go on all the same. For example: `leftJoin(owners(db), 'owner.id', 'oidc_payloads.account_id')`.
 */
export const owners = (db: Database) => db.selectFrom('users').selectAll().as('owner')

/** Counts the users who came from one moment up to another, which is not part of it. */
export async function countCreated(db: Database, from: number, to: number): Promise<number> {
  const { count } = await db
    .selectFrom('users')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('created_at', '>=', from)
    .where('created_at', '<', to)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** The identifiers of a user as they stand in their columns. */
export type KeptIdentifiers = Pick<UserRow, 'id' | 'primary_email' | 'email_key' | 'primary_phone'>

/** A thousand users behind `last` by their ids, who were changed since; or, of these, those with the given ids. */
export const identifiersAfter = (db: Database, last: string, since: number, ids?: readonly string[]) =>
  db
    .selectFrom('users')
    .select(['id', 'primary_email', 'email_key', 'primary_phone'])
    .where('id', '>', last)
    .where('updated_at', '>=', since)
    .$if(ids !== undefined, query => query.where('id', 'in', ids!))
    .orderBy('id')
    .limit(1000)
    .execute()

/** Writes identifiers of a user who still has those that were read; the user counts as unchanged. */
export const rewriteIdentifiers = (db: Database, read: KeptIdentifiers, change: Partial<KeptIdentifiers>) =>
  db
    .updateTable('users')
    .set(change)
    .where('id', '=', read.id)
    .where('primary_phone', 'is not distinct from', read.primary_phone)
    .where('email_key', 'is not distinct from', read.email_key)
    .execute()
