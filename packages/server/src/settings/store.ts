import type { Database } from '../db/database.ts'

/** The SQL of the settings: one row for each, a text under its key. */
export function settingsStore(db: Database) {
  return {
    async read(key: string): Promise<string | undefined> {
      const row = await db.selectFrom('settings').select('value').where('key', '=', key).executeTakeFirst()
      return row?.value
    },
    async readAll(keys: string[]): Promise<Record<string, string>> {
      const rows = await db.selectFrom('settings').selectAll().where('key', 'in', keys).execute()
      return Object.fromEntries(rows.map(({ key, value }) => [key, value]))
    },
    async put(key: string, value: string): Promise<void> {
      await db
        .insertInto('settings')
        .values({ key, value })
        .onConflict(conflict => conflict.column('key').doUpdateSet({ value }))
        .execute()
    },
    async putIfMissing(key: string, value: string): Promise<void> {
      await db
        .insertInto('settings')
        .values({ key, value })
        .onConflict(conflict => conflict.column('key').doNothing())
        .execute()
    },
    /** Reads a setting and keeps its row locked until the transaction ends; stores `missing` where there is none. */
    async lock(key: string, missing: string): Promise<string> {
      // Writing the row as it is takes its lock, on both databases, whether or not it was there.
      const { value } = await db
        .insertInto('settings')
        .values({ key, value: missing })
        .onConflict(conflict =>
          conflict.column('key').doUpdateSet(({ ref }) => ({ value: ref('settings.value') })),
        )
        .returning('value')
        .executeTakeFirstOrThrow()
      return value
    },
    async update(key: string, value: string): Promise<void> {
      await db.updateTable('settings').set({ value }).where('key', '=', key).execute()
    },
    async replace(key: string, old: string, value: string): Promise<boolean> {
      const { numUpdatedRows } = await db
        .updateTable('settings')
        .set({ value })
        .where('key', '=', key)
        .where('value', '=', old)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },
    async delete(key: string, value: string): Promise<boolean> {
      const { numDeletedRows } = await db
        .deleteFrom('settings')
        .where('key', '=', key)
        .where('value', '=', value)
        .executeTakeFirst()
      return numDeletedRows === 1n
    },
  }
}
