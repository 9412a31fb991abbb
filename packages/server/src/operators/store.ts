import type { Selectable } from 'kysely'
import { sameText } from '../crypto/keys.ts'
import type { Database } from '../db/database.ts'
import type { Schema } from '../db/schema.ts'
import { deleteSetting, putSetting, readSetting } from '../settings/settings.ts'

const FIRST_OPERATOR_LINK = 'first-operator-link'

/** Who writes to it changes alone how many operators there are. */
const COUNTED = 'operators-counted'

export type StoredOperator = Selectable<Schema['operators']>

type NewOperator = Pick<StoredOperator, 'id' | 'name' | 'name_key' | 'password_hash' | 'created_at'>

interface Link {
  hash: string
  expiresAt: number
}

/** The SQL of operators, their links and their sessions. */
export function operatorStore(db: Database) {
  /** Begins a transaction beside which no other operator is added or removed. */
  const alone = <T>(work: (tx: Database) => Promise<T>): Promise<T> =>
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

  return {
    async any(): Promise<boolean> {
      return (await db.selectFrom('operators').select('id').limit(1).executeTakeFirst()) !== undefined
    },
    byName: (nameKey: string) =>
      db.selectFrom('operators').selectAll().where('name_key', '=', nameKey).executeTakeFirst(),
    byId: (id: string) => db.selectFrom('operators').selectAll().where('id', '=', id).executeTakeFirst(),
    /** In the order in which they came, each with the end of its link. */
    list: () =>
      db
        .selectFrom('operators')
        .leftJoin('operator_links', 'operator_links.operator_id', 'operators.id')
        .selectAll('operators')
        .select('operator_links.expires_at as link_expires_at')
        .orderBy('operators.created_at')
        .orderBy('operators.id')
        .execute(),
    async setFirstLink({ hash, expiresAt }: Link): Promise<void> {
      await putSetting(db, FIRST_OPERATOR_LINK, `${hash} ${expiresAt}`)
    },
    isFirstLink: async (hash: string, now: number): Promise<boolean> =>
      (await firstLink(db, hash, now)) !== undefined,
    /** Spends the one-time link and stores the first operator together, or does neither. */
    insertFirst: (linkHash: string, operator: NewOperator, now: number): Promise<boolean> =>
      alone(async tx => {
        const link = await firstLink(tx, linkHash, now)
        const other = await tx.selectFrom('operators').select('id').limit(1).executeTakeFirst()
        if (!link || other) return false
        if (!(await deleteSetting(tx, FIRST_OPERATOR_LINK, link))) return false
        await tx.insertInto('operators').values(operator).execute()
        return true
      }),
    /** Stores an operator who has a link, unless there are as many as may be. @throws when the name is taken */
    insertInvited: (operator: NewOperator, link: Link, most: number): Promise<boolean> =>
      alone(async tx => {
        const { count } = await tx
          .selectFrom('operators')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .executeTakeFirstOrThrow()
        if (Number(count) >= most) return false
        await tx.insertInto('operators').values(operator).execute()
        await putLink(tx, operator.id, link)
        return true
      }),
    /** Removes an operator for another one, who must still be there: so one always stays. */
    remove: (id: string, by: string): Promise<boolean> =>
      alone(async tx => {
        const { numDeletedRows } = await tx
          .deleteFrom('operators')
          .where('id', '=', id)
          .where('id', '<>', by)
          .where(({ exists, selectFrom }) =>
            exists(selectFrom('operators as other').select('other.id').where('other.id', '=', by)),
          )
          .executeTakeFirst()
        return numDeletedRows === 1n
      }),
    /** Gives an operator a link in place of the password, of an earlier link and of every session. */
    startAnew: (id: string, link: Link): Promise<boolean> =>
      db.transaction().execute(async tx => {
        const { numUpdatedRows } = await tx
          .updateTable('operators')
          .set({ password_hash: '' })
          .where('id', '=', id)
          .executeTakeFirst()
        if (numUpdatedRows !== 1n) return false
        await tx.deleteFrom('operator_sessions').where('operator_id', '=', id).execute()
        await putLink(tx, id, link)
        return true
      }),
    byLink: (hash: string, now: number) =>
      db
        .selectFrom('operator_links')
        .innerJoin('operators', 'operators.id', 'operator_links.operator_id')
        .selectAll('operators')
        .where('operator_links.hash', '=', hash)
        .where('operator_links.expires_at', '>', now)
        .executeTakeFirst(),
    /** Spends a link and sets the password together, or does neither. */
    setPasswordByLink: (linkHash: string, id: string, passwordHash: string, now: number): Promise<boolean> =>
      db.transaction().execute(async tx => {
        const { numDeletedRows } = await tx
          .deleteFrom('operator_links')
          .where('hash', '=', linkHash)
          .where('operator_id', '=', id)
          .where('expires_at', '>', now)
          .executeTakeFirst()
        if (numDeletedRows !== 1n) return false
        await tx.updateTable('operators').set({ password_hash: passwordHash }).where('id', '=', id).execute()
        await tx.deleteFrom('operator_sessions').where('operator_id', '=', id).execute()
        return true
      }),
    /** Changes the password, unless it has been changed meanwhile, and ends every other session. */
    changePassword: (
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
      }),
    /**
     * Opens a session, unless the password has been changed since it was looked at. The oldest sessions of the operator
     * end when there are more than `most`.
     */
    addSession: (
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
        const newest = await tx
          .selectFrom('operator_sessions')
          .select('id_hash')
          .where('operator_id', '=', id)
          .orderBy('expires_at', 'desc')
          .limit(most)
          .execute()
        await tx
          .deleteFrom('operator_sessions')
          .where('operator_id', '=', id)
          .where(
            'id_hash',
            'not in',
            newest.map(row => row.id_hash),
          )
          .execute()
        return true
      }),
    bySession: (idHash: string, now: number) =>
      db
        .selectFrom('operator_sessions')
        .innerJoin('operators', 'operators.id', 'operator_sessions.operator_id')
        .select(['operators.id', 'operators.name'])
        .where('operator_sessions.id_hash', '=', idHash)
        .where('operator_sessions.expires_at', '>', now)
        .executeTakeFirst(),
    deleteSession: (idHash: string) =>
      db.deleteFrom('operator_sessions').where('id_hash', '=', idHash).execute(),
    addTry: (row: Schema['operator_failures']) => db.insertInto('operator_failures').values(row).execute(),
    deleteTry: (id: string) => db.deleteFrom('operator_failures').where('id', '=', id).execute(),
    /** The other tries of a name, and those from one place with any name. */
    tries: (
      { id, name_hash, from_hash }: Pick<Schema['operator_failures'], 'id' | 'name_hash' | 'from_hash'>,
      since: number,
    ) =>
      db
        .selectFrom('operator_failures')
        .select(['name_hash', 'from_hash', 'known', 'at'])
        .where('at', '>', since)
        .where('id', '<>', id)
        .where(({ or, eb }) => or([eb('name_hash', '=', name_hash), eb('from_hash', '=', from_hash)]))
        .execute(),
    forgetTries: (nameHash: string) =>
      db.deleteFrom('operator_failures').where('name_hash', '=', nameHash).execute(),
    /** Forgets what has ended, and failures from before `before`. */
    async purge(now: number, before: number): Promise<void> {
      await db.deleteFrom('operator_sessions').where('expires_at', '<', now).execute()
      await db.deleteFrom('operator_links').where('expires_at', '<', now).execute()
      await db.deleteFrom('operator_failures').where('at', '<', before).execute()
    },
  }
}

export type OperatorStore = ReturnType<typeof operatorStore>
