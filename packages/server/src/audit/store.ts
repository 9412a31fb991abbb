import { type SelectQueryBuilder, sql } from 'kysely'
import { builtWrite } from '../db/built.ts'
import type { Database } from '../db/database.ts'
import type { Schema } from '../db/schema.ts'

export type AuditRow = Schema['audit_logs']

/** A query for the ids of users, to be part of another. */
export type UserIds = SelectQueryBuilder<Schema, 'users', { id: string }>

/** What a list of entries is cut down to. */
export interface AuditFilter {
  userId?: string | undefined
  /** The users whose entries are asked for: those whom the query finds, and whoever has, or had, this very id. */
  anyOf?: { found: UserIds; id: string } | undefined
  applicationId?: string | undefined
  key?: string | undefined
  failed?: boolean | undefined
  /** The operator who did it, or to whom it was done. */
  operatorId?: string | undefined
  /** Moments, both inclusive. */
  from?: number | undefined
  to?: number | undefined
}

const insertRows = builtWrite((db, rows: AuditRow[]) =>
  db
    .insertInto('audit_logs')
    .values(rows)
    .onConflict(conflict => conflict.column('id').doNothing()),
)

/** The largest power of two that is no more than a number: so few lengths of lists that each has its statement. */
const roundDown = (number: number) => 2 ** Math.floor(Math.log2(number))

/** The SQL of the audit log. */
export function auditStore(db: Database) {
  const filtered = ({ userId, anyOf, applicationId, key, failed, operatorId, from, to }: AuditFilter) =>
    db
      .selectFrom('audit_logs')
      .$if(userId !== undefined, query => query.where('user_id', '=', userId!))
      .$if(applicationId !== undefined, query => query.where('application_id', '=', applicationId!))
      .$if(anyOf !== undefined, query => {
        // One query for both, so that the index of user_id is of use; a user who was deleted is in no other table.
        const { found, id } = anyOf!
        const itself = db.selectNoFrom(sql<string>`cast(${id} as text)`.as('id'))
        return query.where('user_id', 'in', found.unionAll(itself))
      })
      .$if(key !== undefined, query => query.where('key', '=', key!))
      // Written out, so that the index of failures is of use.
      .$if(failed !== undefined, query => query.where('failed', '=', sql.lit(failed ? 1 : 0)))
      .$if(operatorId !== undefined, query =>
        query.where(({ or, eb }) =>
          or([eb('operator_id', '=', operatorId!), eb('operator_concerned_id', '=', operatorId!)]),
        ),
      )
      .$if(from !== undefined, query => query.where('created_at', '>=', from!))
      .$if(to !== undefined, query => query.where('created_at', '<=', to!))
  return {
    /** Writes entries; those that are there already stay as they are. */
    async insert(rows: AuditRow[]): Promise<void> {
      const parts: AuditRow[][] = []
      for (let next = 0; next < rows.length; next += parts.at(-1)!.length)
        parts.push(rows.slice(next, next + roundDown(rows.length - next)))
      await Promise.all(parts.map(part => insertRows(db, part)))
    },
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
