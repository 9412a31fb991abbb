import type { Database } from '../db/database.ts'
import type { Schema } from '../db/schema.ts'

export type AuditRow = Schema['audit_logs']

/** What a list of entries is cut down to. */
export interface AuditFilter {
  userId?: string | undefined
  applicationId?: string | undefined
  key?: string | undefined
  /** Moments, both inclusive. */
  from?: number | undefined
  to?: number | undefined
}

/** The SQL of the audit log. */
export function auditStore(db: Database) {
  const filtered = ({ userId, applicationId, key, from, to }: AuditFilter) =>
    db
      .selectFrom('audit_logs')
      .$if(userId !== undefined, query => query.where('user_id', '=', userId!))
      .$if(applicationId !== undefined, query => query.where('application_id', '=', applicationId!))
      .$if(key !== undefined, query => query.where('key', '=', key!))
      .$if(from !== undefined, query => query.where('created_at', '>=', from!))
      .$if(to !== undefined, query => query.where('created_at', '<=', to!))
  return {
    /** Writes entries; those that are there already stay as they are. */
    insert: (rows: AuditRow[]) =>
      db
        .insertInto('audit_logs')
        .values(rows)
        .onConflict(conflict => conflict.column('id').doNothing())
        .execute(),
    byId: (id: string) => db.selectFrom('audit_logs').selectAll().where('id', '=', id).executeTakeFirst(),
    /** Newest first. */
    list: (filter: AuditFilter, limit: number, offset: number) =>
      filtered(filter)
        .selectAll()
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .offset(offset)
        .execute(),
    /** How many there are; stops at `most`. */
    async count(filter: AuditFilter, most: number | undefined): Promise<number> {
      const some = filtered(filter)
        .select('id')
        .$if(most !== undefined, query => query.limit(most!))
        .as('some')
      const { count } = await db
        .selectFrom(some)
        .select(db.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
      return Number(count)
    },
    purge: (before: number) => db.deleteFrom('audit_logs').where('created_at', '<', before).execute(),
  }
}
