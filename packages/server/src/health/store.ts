import { type Selectable, sql } from 'kysely'
import type { Database } from '../db/database.ts'
import { remembered } from '../db/memory.ts'
import type { Schema } from '../db/schema.ts'

export type HealthRow = Selectable<Schema['connection_health']>

/** The SQL of how connections work: `await healthStore(db).all()`. */
export const healthStore = (db: Database) => ({
  /** Every connection that rests, did, or is held back; from this node's memory until one of them changes. */
  all: (): Promise<readonly HealthRow[]> =>
    remembered(db, 'connection_health', () => db.selectFrom('connection_health').selectAll().execute()),
  /** As it is at this moment. */
  byId: (id: string): Promise<HealthRow | undefined> =>
    db.selectFrom('connection_health').selectAll().where('connection_id', '=', id).executeTakeFirst(),
  /** Writes a row in the place of the one that was read, unless somebody else has written it since. */
  replace(before: HealthRow | undefined, after: HealthRow): Promise<HealthRow | undefined> {
    if (!before)
      return db
        .insertInto('connection_health')
        .values(after)
        .onConflict(conflict => conflict.doNothing())
        .returningAll()
        .executeTakeFirst()
    return db
      .updateTable('connection_health')
      .set(after)
      .where('connection_id', '=', before.connection_id)
      .where('settings', '=', before.settings)
      .where('state', '=', before.state)
      .where(sql<boolean>`coalesce(reason, '') = ${before.reason ?? ''}`)
      .where('since', '=', before.since)
      .where('tries', '=', before.tries)
      .returningAll()
      .executeTakeFirst()
  },
  /**
   * Takes a connection that rests for one message that tries it; false when somebody was faster. `before` is the moment
   * before which another message must have tried it last, for it to be tried again although its time has not come.
   */
  async claim(
    { connection_id, tried_at, tries, retry_at }: HealthRow,
    { now, before }: { now: number; before: number | undefined },
  ): Promise<boolean> {
    const { numUpdatedRows } = await db
      .updateTable('connection_health')
      .set({ tried_at, tries, retry_at })
      .where('connection_id', '=', connection_id)
      .where('state', '=', 'resting')
      .where(({ or, eb }) =>
        or([eb('retry_at', '<=', now), ...(before === undefined ? [] : [eb('tried_at', '<=', before)])]),
      )
      .executeTakeFirst()
    return numUpdatedRows > 0n
  },
  /** Forgets connections that there are no more. */
  async purge(there: readonly string[]): Promise<void> {
    const gone = (await this.all()).filter(row => !there.includes(row.connection_id))
    for (const { connection_id } of gone)
      await db.deleteFrom('connection_health').where('connection_id', '=', connection_id).execute()
  },
})
