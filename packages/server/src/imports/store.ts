import type { Database } from '../db/database.ts'

/** The SQL of what imports wrote. */
export function importStore(db: Database) {
  return {
    async fingerprint(kind: string, id: string): Promise<string | undefined> {
      const row = await db
        .selectFrom('imports')
        .select('fingerprint')
        .where('kind', '=', kind)
        .where('id', '=', id)
        .executeTakeFirst()
      return row?.fingerprint
    },
    async put(kind: string, id: string, fingerprint: string): Promise<void> {
      await db
        .insertInto('imports')
        .values({ kind, id, fingerprint })
        .onConflict(conflict => conflict.columns(['kind', 'id']).doUpdateSet({ fingerprint }))
        .execute()
    },
  }
}
