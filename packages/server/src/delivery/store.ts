import type { Database } from '../db/database.ts'
import type { Schema } from '../db/schema.ts'

export type AttemptRow = Schema['attempts']
export type AttemptStore = ReturnType<typeof attemptStore>

/**
 * The SQL of attempts.
 *
 * @example await attemptStore(db).purge(world.now() - 30 * DAY)
 */
export function attemptStore(db: Database) {
  const filtered = (state?: string) =>
    db.selectFrom('attempts').$if(state !== undefined, query => query.where('state', '=', state!))
  return {
    insert: (row: AttemptRow) => db.insertInto('attempts').values(row).execute(),
    delete: (id: string) => db.deleteFrom('attempts').where('id', '=', id).execute(),
    finish: (id: string, change: Partial<AttemptRow>) =>
      db.updateTable('attempts').set(change).where('id', '=', id).execute(),
    /** Attempts that were under way when their process died: nobody knows whether they went out. */
    markInterrupted: (before: number) =>
      db
        .updateTable('attempts')
        .set({ state: 'unconfirmed', failure: 'unreachable' })
        .where('state', '=', 'sending')
        .where('created_at', '<', before)
        .execute(),
    async list(state: string | undefined, limit: number, offset: number) {
      const rows = await filtered(state)
        .selectAll()
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .offset(offset)
        .execute()
      const { count } = await filtered(state)
        .select(db.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
      return { rows, total: Number(count) }
    },
    purge: (before: number) => db.deleteFrom('attempts').where('created_at', '<', before).execute(),
  }
}
