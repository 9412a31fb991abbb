import type { Database } from '../db/database.ts'
import { remembered } from '../db/memory.ts'
import type { Schema } from '../db/schema.ts'

export type ConnectionRow = Schema['connections']

/** The SQL of connections. */
export function connectionStore(db: Database) {
  // At most one for each channel, so all are remembered together, their configurations sealed as they are stored.
  const list = (): Promise<readonly ConnectionRow[]> =>
    remembered(db, 'connections', () => db.selectFrom('connections').selectAll().orderBy('id').execute())
  return {
    list,
    byId: async (id: string): Promise<ConnectionRow | undefined> => (await list()).find(row => row.id === id),
    byChannel: async (channel: string): Promise<ConnectionRow | undefined> =>
      (await list()).find(row => row.channel === channel),
    /** Stores a connection in place of the one its channel had, or changes nothing. */
    async replace(row: ConnectionRow): Promise<void> {
      const { channel: _, ...change } = row
      // One statement: two that arrive at once must not fail each other, nor leave the channel without one.
      await db
        .insertInto('connections')
        .values(row)
        .onConflict(conflict => conflict.column('channel').doUpdateSet(change))
        .execute()
    },
    update: (id: string, config: string, at: number): Promise<ConnectionRow | undefined> =>
      db
        .updateTable('connections')
        .set({ config, updated_at: at })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst(),
    async delete(id: string): Promise<boolean> {
      const { numDeletedRows } = await db.deleteFrom('connections').where('id', '=', id).executeTakeFirst()
      return numDeletedRows > 0n
    },
  }
}
