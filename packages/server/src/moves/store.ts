import type { Selectable } from 'kysely'
import type { Database } from '../db/database.ts'
import type { Schema } from '../db/schema.ts'

export type MoveRow = Selectable<Schema['moves']>
export type MoveStore = ReturnType<typeof moveStore>

/** The SQL of moves. */
export const moveStore = (db: Database) => ({
  list: () => db.selectFrom('moves').selectAll().orderBy('began_at', 'desc').execute(),
  byId: (id: string) => db.selectFrom('moves').selectAll().where('connection_id', '=', id).executeTakeFirst(),
  /** Lets one node look after a move until a moment; false when another one does. */
  async claim(id: string, { now, until }: { now: number; until: number }): Promise<boolean> {
    const { numUpdatedRows } = await db
      .updateTable('moves')
      .set({ claimed_until: until })
      .where('connection_id', '=', id)
      .where('state', '=', 'moving')
      .where('claimed_until', '<=', now)
      .executeTakeFirst()
    return numUpdatedRows > 0n
  },
  /** Writes a move over the version of it that was read, or as a new one; false when it is another one by now. */
  async write(row: MoveRow, before: MoveRow | undefined): Promise<boolean> {
    if (!before) {
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('moves')
        .values(row)
        .onConflict(conflict => conflict.column('connection_id').doNothing())
        .executeTakeFirst()
      return (numInsertedOrUpdatedRows ?? 0n) > 0n
    }
    const { numUpdatedRows } = await db
      .updateTable('moves')
      .set(row)
      .where('connection_id', '=', row.connection_id)
      .where('version', '=', before.version)
      .executeTakeFirst()
    return numUpdatedRows > 0n
  },
})
