import { type Selectable, sql } from 'kysely'
import type { Database } from '../db/database.ts'
import type { Schema } from '../db/schema.ts'
import { COST, ESTIMATED } from './cost.ts'

export type MessageRow = Selectable<Schema['messages']>
export type AttemptRow = Selectable<Schema['attempts']>
export type BegunRow = Schema['begun_messages']
/** An attempt with what it costs, as far as that is known by now. */
export type CostedRow = AttemptRow & { cost: number | null; estimated: number }
export type LedgerStore = ReturnType<typeof ledgerStore>

/** What a list of messages is cut down to. */
export interface MessageFilter {
  recipientKey?: string | undefined
  country?: string | undefined
  connector?: string | undefined
  state?: string | undefined
  usageType?: string | undefined
  applicationId?: string | undefined
  /** Moments, both inclusive. */
  from?: number | undefined
  to?: number | undefined
}

const FILTERS = [
  ['recipientKey', 'recipient_key'],
  ['country', 'country'],
  ['connector', 'connector'],
  ['state', 'state'],
  ['usageType', 'usage_type'],
  ['applicationId', 'application_id'],
] as const

/** A column of the last attempt of the message at hand. */
const lastAttempt = (db: Database, column: 'id' | 'state') =>
  db
    .selectFrom('attempts')
    .select(`attempts.${column}`)
    .whereRef('attempts.message_id', '=', 'messages.id' as never)
    .orderBy('attempts.nth', 'desc')
    .limit(1)

/** The messages that a list is cut down to. */
function filtered(db: Database, { from, to, ...columns }: MessageFilter) {
  let query = db.selectFrom('messages')
  for (const [name, column] of FILTERS) {
    const value = columns[name]
    if (value !== undefined) query = query.where(column, '=', value)
  }
  return query
    .$if(from !== undefined, cut => cut.where('created_at', '>=', from!))
    .$if(to !== undefined, cut => cut.where('created_at', '<=', to!))
}

/**
 * The SQL of messages and their attempts.
 *
 * @example await ledgerStore(db).purge(world.now() - 30 * DAY)
 */
export function ledgerStore(db: Database) {
  return {
    insertMessage: (row: MessageRow) => db.insertInto('messages').values(row).execute(),
    /** Writes a message and its first attempt in one statement. */
    begin: (row: BegunRow) => db.insertInto('begun_messages').values(row).execute(),
    insertAttempt: (row: AttemptRow) => db.insertInto('attempts').values(row).execute(),
    deleteMessage: (id: string) => db.deleteFrom('messages').where('id', '=', id).execute(),
    deleteAttempt: (id: string) => db.deleteFrom('attempts').where('id', '=', id).execute(),
    /** Writes what an attempt came to; a trigger tells its message. */
    finish: (id: string, change: Partial<AttemptRow>) =>
      db.updateTable('attempts').set(change).where('id', '=', id).execute(),
    /** Adds messages that did not leave, or counts those that are there once more. No two of them have one id. */
    add: (rows: MessageRow[]) =>
      db
        .insertInto('messages')
        .values(rows)
        .onConflict(conflict =>
          conflict.column('id').doUpdateSet(({ eb, ref }) => ({
            times: eb('messages.times', '+', ref('excluded.times')),
            last_at: ref('excluded.last_at'),
          })),
        )
        .execute(),
    /** Ends attempts that were under way when their process died: nobody knows whether they went out. */
    endAttempts: (before: number) =>
      db
        .updateTable('attempts')
        .set({ state: 'unconfirmed', failure: 'unreachable', reason: 'interrupted' })
        .where('state', '=', 'sending')
        .where('created_at', '<', before)
        .execute(),
    /**
     * Ends messages that are under way without an attempt that is: as their last attempt ended, and without one they
     * have not left.
     */
    endMessages: (before: number) =>
      db
        .updateTable('messages')
        .set(({ fn, val }) => ({
          state: fn.coalesce(lastAttempt(db, 'state'), val('not_sent')),
          reason: sql<
            string | null
          >`case when exists ${lastAttempt(db, 'id')} then null else 'interrupted' end`,
        }))
        .where('state', '=', 'sending')
        .where('created_at', '<', before)
        .where(({ not, exists }) =>
          not(exists(lastAttempt(db, 'id').where('attempts.state', '=', 'sending'))),
        )
        .execute(),
    /** Newest first. */
    list: (filter: MessageFilter, limit: number, offset: number) =>
      filtered(db, filter)
        .selectAll()
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .offset(offset)
        .execute(),
    /** How many there are; stops at `most`. */
    async count(filter: MessageFilter, most: number): Promise<number> {
      const { count } = await db
        .selectFrom(filtered(db, filter).select('id').limit(most).as('some'))
        .select(db.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
      return Number(count)
    },
    /** The attempts of some messages, of each in their order. */
    attemptsOf: async (messages: string[]): Promise<CostedRow[]> =>
      messages.length === 0
        ? []
        : db
            .selectFrom('attempts')
            .selectAll()
            .select([COST.as('cost'), ESTIMATED.as('estimated')])
            .where('message_id', 'in', messages)
            .orderBy('nth')
            .orderBy('created_at')
            .execute(),
    async purge(before: number): Promise<void> {
      await db.deleteFrom('attempts').where('created_at', '<', before).execute()
      await db.deleteFrom('messages').where('created_at', '<', before).execute()
    },
  }
}
