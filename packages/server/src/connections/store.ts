import { type Selectable, sql } from 'kysely'
import { type Database, isSqlite } from '../db/database.ts'
import { remembered } from '../db/memory.ts'
import type { Schema } from '../db/schema.ts'

export type ConnectionRow = Selectable<Schema['connections']>

/** The SQL of connections. */
export const connectionStore = (db: Database) => ({
  ...rowsOf(db),
  /** Does several things as one, while nobody else writes connections, on whichever node. */
  alone: <T>(work: (rows: ConnectionRows, tx: Database) => Promise<T>): Promise<T> =>
    db.transaction().execute(async tx => {
      // SQLite has one writer at a time by itself. On PostgreSQL there may be no row yet that could be locked.
      if (!isSqlite(db)) await sql`lock table connections in share row exclusive mode`.execute(tx)
      return work(rowsOf(tx), tx)
    }),
})

export type ConnectionRows = ReturnType<typeof rowsOf>

function rowsOf(db: Database) {
  // There are few, so all are remembered together, their configurations sealed as they are stored.
  const list = (): Promise<readonly ConnectionRow[]> =>
    remembered(db, 'connections', () =>
      db
        .selectFrom('connections')
        .selectAll()
        .orderBy('channel', 'desc')
        .orderBy('position')
        // Positions are equal where nobody has ever put them into an order.
        .orderBy('enabled', 'desc')
        .orderBy('updated_at', 'desc')
        .orderBy('id')
        .execute(),
    )
  return {
    /** All of them, those of each channel in their order. */
    list,
    byId: async (id: string): Promise<ConnectionRow | undefined> => (await list()).find(row => row.id === id),
    async insert(row: ConnectionRow): Promise<void> {
      await db.insertInto('connections').values(row).execute()
    },
    update: (id: string, change: Partial<ConnectionRow>): Promise<ConnectionRow | undefined> =>
      db.updateTable('connections').set(change).where('id', '=', id).returningAll().executeTakeFirst(),
    async delete(id: string): Promise<boolean> {
      const { numDeletedRows } = await db.deleteFrom('connections').where('id', '=', id).executeTakeFirst()
      return numDeletedRows > 0n
    },
  }
}
