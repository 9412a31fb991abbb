import type { Selectable } from 'kysely'
import { sameText } from '../crypto/keys.ts'
import type { Database } from '../db/database.ts'
import type { Schema } from '../db/schema.ts'
import { deleteSetting, putSetting, readSetting } from '../settings/settings.ts'

const FIRST_OPERATOR_LINK = 'first-operator-link'

/** A setting that is written first: whoever has written it changes alone how many operators there are. */
const COUNTED = 'operators-counted'

/** An operator as the table has one; the password hash of an invited one is the empty text. */
export type StoredOperator = Selectable<Schema['operators']>

/** A try at a password, as the table has it. */
export type StoredTry = Schema['operator_failures']

type NewOperator = Pick<StoredOperator, 'id' | 'name' | 'name_key' | 'password_hash' | 'created_at'>

interface Link {
  hash: string
  expiresAt: number
}

/** Begins a transaction beside which no other operator is added or removed. */
const alone = <T>(db: Database, work: (tx: Database) => Promise<T>): Promise<T> =>
  db.transaction().execute(async tx => {
    await putSetting(tx, COUNTED, '')
    return work(tx)
  })

const putLink = (tx: Database, operatorId: string, { hash, expiresAt }: Link) =>
  tx
    .insertInto('operator_links')
    .values({ operator_id: operatorId, hash, expires_at: expiresAt })
    .onConflict(conflict => conflict.column('operator_id').doUpdateSet({ hash, expires_at: expiresAt }))
    .execute()

/** The link's row, when it is this one and still holds. */
async function firstLink(tx: Database, hash: string, now: number) {
  const value = await readSetting(tx, FIRST_OPERATOR_LINK)
  const [known, expiresAt] = (value ?? '').split(' ')
  return sameText(known ?? '', hash) && Number(expiresAt) > now ? value : undefined
}

const endSessions = (tx: Database, operatorId: string) =>
  tx.deleteFrom('operator_sessions').where('operator_id', '=', operatorId).execute()

/** True when there is an operator. */
export const any = async (db: Database): Promise<boolean> =>
  (await db.selectFrom('operators').select('id').limit(1).executeTakeFirst()) !== undefined

/** The operator with a name, in the form in which names are compared. */
export const byName = (db: Database, nameKey: string) =>
  db.selectFrom('operators').selectAll().where('name_key', '=', nameKey).executeTakeFirst()

/** The operator with an id. */
export const byId = (db: Database, id: string) =>
  db.selectFrom('operators').selectAll().where('id', '=', id).executeTakeFirst()

/** All operators in the order in which they came, each with the end of the open link. */
export const list = (db: Database) =>
  db
    .selectFrom('operators')
    .leftJoin('operator_links', 'operator_links.operator_id', 'operators.id')
    .selectAll('operators')
    .select('operator_links.expires_at as link_expires_at')
    .orderBy('operators.created_at')
    .orderBy('operators.id')
    .execute()

/** Stores the link by which the first operator is created, in place of an earlier one. */
export const setFirstLink = (db: Database, { hash, expiresAt }: Link): Promise<void> =>
  putSetting(db, FIRST_OPERATOR_LINK, `${hash} ${expiresAt}`)

/** True for the link by which the first operator is created, while it holds. */
export const isFirstLink = async (db: Database, hash: string, now: number): Promise<boolean> =>
  (await firstLink(db, hash, now)) !== undefined

/** Spends the one-time link and stores the first operator together, or does neither. */
export const insertFirst = (
  db: Database,
  linkHash: string,
  operator: NewOperator,
  now: number,
): Promise<boolean> =>
  alone(db, async tx => {
    const link = await firstLink(tx, linkHash, now)
    if (!link || (await any(tx))) return false
    if (!(await deleteSetting(tx, FIRST_OPERATOR_LINK, link))) return false
    await tx.insertInto('operators').values(operator).execute()
    return true
  })

/** Stores an operator who has a link, unless there are as many as may be. @throws when the name is taken */
export const insertInvited = (
  db: Database,
  operator: NewOperator,
  link: Link,
  most: number,
): Promise<boolean> =>
  alone(db, async tx => {
    const { count } = await tx
      .selectFrom('operators')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    if (Number(count) >= most) return false
    await tx.insertInto('operators').values(operator).execute()
    await putLink(tx, operator.id, link)
    return true
  })

/** Removes an operator for another one, who must still be there: so one always stays. */
export const remove = (db: Database, id: string, by: string): Promise<boolean> =>
  alone(db, async tx => {
    const { numDeletedRows } = await tx
      .deleteFrom('operators')
      .where('id', '=', id)
      .where('id', '<>', by)
      .where(({ exists, selectFrom }) =>
        exists(selectFrom('operators as other').select('other.id').where('other.id', '=', by)),
      )
      .executeTakeFirst()
    return numDeletedRows === 1n
  })

/** Gives an operator a link in place of the password, of an earlier link and of every session. */
export const startAnew = (db: Database, id: string, link: Link): Promise<boolean> =>
  db.transaction().execute(async tx => {
    const { numUpdatedRows } = await tx
      .updateTable('operators')
      .set({ password_hash: '' })
      .where('id', '=', id)
      .executeTakeFirst()
    if (numUpdatedRows !== 1n) return false
    await endSessions(tx, id)
    await putLink(tx, id, link)
    return true
  })

/** The operator whose password a link sets, while it holds. */
export const byLink = (db: Database, hash: string, now: number) =>
  db
    .selectFrom('operator_links')
    .innerJoin('operators', 'operators.id', 'operator_links.operator_id')
    .selectAll('operators')
    .where('operator_links.hash', '=', hash)
    .where('operator_links.expires_at', '>', now)
    .executeTakeFirst()

/** Spends a link and sets the password together, or does neither. */
export const setPasswordByLink = (
  db: Database,
  linkHash: string,
  id: string,
  passwordHash: string,
  now: number,
): Promise<boolean> =>
  db.transaction().execute(async tx => {
    const { numDeletedRows } = await tx
      .deleteFrom('operator_links')
      .where('hash', '=', linkHash)
      .where('operator_id', '=', id)
      .where('expires_at', '>', now)
      .executeTakeFirst()
    if (numDeletedRows !== 1n) return false
    await tx.updateTable('operators').set({ password_hash: passwordHash }).where('id', '=', id).execute()
    await endSessions(tx, id)
    return true
  })

/** Changes the password, unless it has been changed meanwhile, and ends every other session. */
export const changePassword = (
  db: Database,
  { id, password_hash: before }: Pick<StoredOperator, 'id' | 'password_hash'>,
  after: string,
  sessionHash: string,
): Promise<boolean> =>
  db.transaction().execute(async tx => {
    const { numUpdatedRows } = await tx
      .updateTable('operators')
      .set({ password_hash: after })
      .where('id', '=', id)
      .where('password_hash', '=', before)
      .executeTakeFirst()
    if (numUpdatedRows !== 1n) return false
    await tx
      .deleteFrom('operator_sessions')
      .where('operator_id', '=', id)
      .where('id_hash', '<>', sessionHash)
      .execute()
    return true
  })

/** Ends the oldest sessions of an operator who has more than `most`. */
async function keepNewest(tx: Database, operatorId: string, most: number): Promise<void> {
  const newest = await tx
    .selectFrom('operator_sessions')
    .select('id_hash')
    .where('operator_id', '=', operatorId)
    .orderBy('expires_at', 'desc')
    .limit(most)
    .execute()
  const hashes = newest.map(row => row.id_hash)
  await tx
    .deleteFrom('operator_sessions')
    .where('operator_id', '=', operatorId)
    .where('id_hash', 'not in', hashes)
    .execute()
}

/**
 * Opens a session, unless the password has been changed since it was looked at. The oldest sessions of the operator
 * end when there are more than `most`.
 */
export const addSession = (
  db: Database,
  session: { idHash: string; expiresAt: number },
  { id, password_hash: password }: Pick<StoredOperator, 'id' | 'password_hash'>,
  { now, most }: { now: number; most: number },
): Promise<boolean> =>
  db.transaction().execute(async tx => {
    const { numUpdatedRows } = await tx
      .updateTable('operators')
      .set({ last_sign_in_at: now })
      .where('id', '=', id)
      .where('password_hash', '=', password)
      .executeTakeFirst()
    if (numUpdatedRows !== 1n) return false
    await tx
      .insertInto('operator_sessions')
      .values({ id_hash: session.idHash, operator_id: id, expires_at: session.expiresAt })
      .execute()
    await keepNewest(tx, id, most)
    return true
  })

/** The operator whose session this is, while it lasts. */
export const bySession = (db: Database, idHash: string, now: number) =>
  db
    .selectFrom('operator_sessions')
    .innerJoin('operators', 'operators.id', 'operator_sessions.operator_id')
    .select(['operators.id', 'operators.name'])
    .where('operator_sessions.id_hash', '=', idHash)
    .where('operator_sessions.expires_at', '>', now)
    .executeTakeFirst()

/** Ends a session. */
export async function deleteSession(db: Database, idHash: string): Promise<void> {
  await db.deleteFrom('operator_sessions').where('id_hash', '=', idHash).execute()
}

/** Counts a try at a password. */
export async function addTry(db: Database, row: StoredTry): Promise<void> {
  await db.insertInto('operator_failures').values(row).execute()
}

/** Counts a try no longer. */
export async function deleteTry(db: Database, id: string): Promise<void> {
  await db.deleteFrom('operator_failures').where('id', '=', id).execute()
}

/** The other tries of a name, and those from one place with any name. */
export const tries = (
  db: Database,
  { id, name_hash, from_hash }: Pick<StoredTry, 'id' | 'name_hash' | 'from_hash'>,
  since: number,
) =>
  db
    .selectFrom('operator_failures')
    .select(['name_hash', 'from_hash', 'known', 'at'])
    .where('at', '>', since)
    .where('id', '<>', id)
    .where(({ or, eb }) => or([eb('name_hash', '=', name_hash), eb('from_hash', '=', from_hash)]))
    .execute()

/** Counts no try of a name any longer. */
export async function forgetTries(db: Database, nameHash: string): Promise<void> {
  await db.deleteFrom('operator_failures').where('name_hash', '=', nameHash).execute()
}

/** Forgets what has ended, and failures from before `before`. */
export async function purge(db: Database, now: number, before: number): Promise<void> {
  await db.deleteFrom('operator_sessions').where('expires_at', '<', now).execute()
  await db.deleteFrom('operator_links').where('expires_at', '<', now).execute()
  await db.deleteFrom('operator_failures').where('at', '<', before).execute()
}
