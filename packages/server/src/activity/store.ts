import { type Kysely, sql } from 'kysely'
import { builtWrite } from '../db/built.ts'
import type { Database } from '../db/database.ts'
import type { Schema } from '../db/schema.ts'
import { userWithId } from '../users/joins.ts'

const mark = builtWrite((db, { day, userId }: { day: string; userId: string }) =>
  (db as Kysely<Schema>)
    .insertInto('active_days')
    .columns(['day', 'user_id'])
    .expression(userWithId(db, userId).select([sql.val(day).as('day'), 'id']))
    .onConflict(conflict => conflict.doNothing()),
)

/** The SQL of who was active when. */
export function activityStore(db: Database) {
  return {
    /** Nothing happens for a user who has gone meanwhile. */
    mark: (day: string, userId: string) => mark(db, { day, userId }),
    /** Users who were active on any of these days, both inclusive. */
    async activeBetween(first: string, last: string): Promise<number> {
      const { count } = await db
        .selectFrom('active_days')
        .select(({ fn }) => fn.count<number>('user_id').distinct().as('count'))
        .where('day', '>=', first)
        .where('day', '<=', last)
        .executeTakeFirstOrThrow()
      return Number(count)
    },
    /** Active users of each day that has any. */
    async activeByDay(first: string, last: string): Promise<Map<string, number>> {
      const rows = await db
        .selectFrom('active_days')
        .select(({ fn }) => ['day', fn.countAll<number>().as('count')])
        .where('day', '>=', first)
        .where('day', '<=', last)
        .groupBy('day')
        .execute()
      return new Map(rows.map(({ day, count }) => [day, Number(count)]))
    },
    purge: (before: string) => db.deleteFrom('active_days').where('day', '<', before).execute(),
  }
}
