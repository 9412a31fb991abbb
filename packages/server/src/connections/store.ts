import type { Database } from '../db/database.ts'
import type { Schema } from '../db/schema.ts'

export type ConnectionRow = Schema['connections']

/** The SQL of connections. */
export function connectionStore(db: Database) {
  return {
    list: (): Promise<ConnectionRow[]> => db.selectFrom('connections').selectAll().orderBy('id').execute(),
    byId: (id: string): Promise<ConnectionRow | undefined> =>
      db.selectFrom('connections').selectAll().where('id', '=', id).executeTakeFirst(),
    byChannel: (channel: string): Promise<ConnectionRow | undefined> =>
      db.selectFrom('connections').selectAll().where('channel', '=', channel).executeTakeFirst(),
    /** Stores a connection in place of the one its channel had, or changes nothing. */
    async replace(row: ConnectionRow): Promise<void> {
      await db.transaction().execute(async tx => {
        await tx.deleteFrom('connections').where('channel', '=', row.channel).execute()
        await tx.insertInto('connections').values(row).execute()
      })
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
