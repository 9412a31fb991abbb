import type { Database } from '../db/database.ts'
import type { Schema } from '../db/schema.ts'

export type TraceRow = Schema['attempt_traces']

/** The SQL of which trace each attempt belongs to. */
export const traceStore = (db: Database) => ({
  insert: (rows: TraceRow[]) =>
    db
      .insertInto('attempt_traces')
      .values(rows)
      .onConflict(conflict => conflict.column('attempt_id').doNothing())
      .execute(),
  of: async (attemptId: string): Promise<string | undefined> =>
    (
      await db
        .selectFrom('attempt_traces')
        .select('traceparent')
        .where('attempt_id', '=', attemptId)
        .executeTakeFirst()
    )?.traceparent,
  purge: (before: number) => db.deleteFrom('attempt_traces').where('at', '<', before).execute(),
})
