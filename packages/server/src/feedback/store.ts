import { type Selectable, sql } from 'kysely'
import type { Database } from '../db/database.ts'
import type { Schema } from '../db/schema.ts'
import type { Place } from '../ledger/ledger.ts'

export type FeedbackRow = Selectable<Schema['conversion_feedback']>
export type FeedbackStore = ReturnType<typeof feedbackStore>

/** What some reports came to. */
export interface Tally {
  told: number
  failed: number
  /** Failures since the last success among them. */
  streak: number
  last?: { failure: string; providerCode: string | null; at: number } | undefined
  pausedUntil: number | null
}

/** The SQL of how far each connection's provider was told, and with what success. */
export const feedbackStore = (db: Database) => ({
  all: (): Promise<FeedbackRow[]> => db.selectFrom('conversion_feedback').selectAll().execute(),
  byConnection: (id: string): Promise<FeedbackRow | undefined> =>
    db.selectFrom('conversion_feedback').selectAll().where('connection_id', '=', id).executeTakeFirst(),
  /** Begins with what is sent from now on, unless another node was faster. */
  begin: (id: string, now: number) =>
    db
      .insertInto('conversion_feedback')
      .values({ connection_id: id, at: now, attempt_id: '' })
      .onConflict(conflict => conflict.column('connection_id').doNothing())
      .execute(),
  forget: (ids: string[]) => db.deleteFrom('conversion_feedback').where('connection_id', 'in', ids).execute(),
  /** Goes on from one place to another; false when another node has gone on before. */
  async advance(id: string, from: Place, to: Place): Promise<boolean> {
    const { numUpdatedRows } = await db
      .updateTable('conversion_feedback')
      .set({ at: to.at, attempt_id: to.attemptId })
      .where('connection_id', '=', id)
      .where('at', '=', from.at)
      .where('attempt_id', '=', from.attemptId)
      .executeTakeFirst()
    return numUpdatedRows > 0n
  },
  add: (id: string, { told, failed, streak, last, pausedUntil }: Tally) =>
    db
      .updateTable('conversion_feedback')
      .set(({ eb }) => ({
        told: eb('told', '+', told),
        failed: eb('failed', '+', failed),
        streak: told > 0 ? streak : sql<number>`streak + ${streak}`,
        paused_until: pausedUntil,
        ...(last && { failure: last.failure, provider_code: last.providerCode, failed_at: last.at }),
      }))
      .where('connection_id', '=', id)
      .execute(),
})
