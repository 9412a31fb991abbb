import type { Database } from '../db/database.ts'
import type { Schema } from '../db/schema.ts'

export type TestIdentityRow = Schema['test_identities']

/** The SQL of test identities. */
export function testIdentityStore(db: Database) {
  const all = () => db.selectFrom('test_identities').selectAll()
  return {
    list: () => all().orderBy('created_at', 'desc').orderBy('id', 'desc').execute(),
    byId: (id: string) => all().where('id', '=', id).executeTakeFirst(),
    /** The one of an address that has not ended. */
    active: (valueKey: string, now: number) =>
      all().where('value_key', '=', valueKey).where('expires_at', '>', now).executeTakeFirst(),
    insert: (row: TestIdentityRow) => db.insertInto('test_identities').values(row).execute(),
    change: (id: string, change: Partial<TestIdentityRow>) =>
      db
        .updateTable('test_identities')
        // Without a change the row is written as it is.
        .set(({ ref }) => ({ id: ref('id'), ...change }))
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst(),
    /** Writes down whose account an active one opens. */
    setUser: (valueKey: string, userId: string, now: number) =>
      db
        .updateTable('test_identities')
        .set({ user_id: userId })
        .where('value_key', '=', valueKey)
        .where('expires_at', '>', now)
        .execute(),
    delete: (id: string) =>
      db.deleteFrom('test_identities').where('id', '=', id).returningAll().executeTakeFirst(),
    /** Counts those that have not ended, and says when the first of them does. */
    async summary(now: number): Promise<{ active: number; nextEnd: number | null }> {
      const { active, nextEnd } = await db
        .selectFrom('test_identities')
        .select(({ fn }) => [
          fn.countAll<number>().as('active'),
          fn.min<number | null>('expires_at').as('nextEnd'),
        ])
        .where('expires_at', '>', now)
        .executeTakeFirstOrThrow()
      return { active: Number(active), nextEnd: nextEnd === null ? null : Number(nextEnd) }
    },
  }
}
