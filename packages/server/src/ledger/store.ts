import { sql } from 'kysely'
import { FURTHEST_FIRST } from '../db/attempt-order.ts'
import { builtWrite } from '../db/built.ts'
import { againAfterDeadlock, type Database } from '../db/database.ts'
import { COST, ESTIMATED } from './cost.ts'
import { FILTERS, type MessageFilter } from './filter.ts'
import type { AttemptRow, BegunRow, Fate, MatchRow, MessageRow, NewAttemptRow, ReceiptRow } from './rows.ts'
import { ASKED, MATCHED, OPEN, TAKEN, UNKNOWN } from './taken.ts'

export type { MessageFilter } from './filter.ts'
export type * from './rows.ts'

export type LedgerStore = ReturnType<typeof ledgerStore>
export type ReceiptStore = ReturnType<typeof receiptStore>

/** A column of the attempt that came furthest of the message at hand. */
const furthestAttempt = (db: Database, column: 'id' | 'state') =>
  db
    .selectFrom('attempts')
    .select(`attempts.${column}`)
    .whereRef('attempts.message_id', '=', 'messages.id' as never)
    .orderBy(sql.raw(FURTHEST_FIRST))
    .limit(1)

/** The messages that a list is cut down to. */
function filtered(db: Database, { from, to, state, connectionId, ...columns }: MessageFilter) {
  let query = db.selectFrom('messages')
  if (state === 'delivered' || state === 'undelivered') query = query.where('receipt', '=', state)
  else if (state !== undefined) query = query.where('state', '=', state).where('receipt', 'is', null)
  for (const [name, column] of FILTERS) {
    const value = columns[name]
    if (value !== undefined) query = query.where(column, '=', value)
  }
  return query
    .$if(from !== undefined, cut => cut.where('created_at', '>=', from!))
    .$if(to !== undefined, cut => cut.where('created_at', '<=', to!))
    .$if(connectionId !== undefined, cut =>
      cut.where(({ exists, selectFrom }) =>
        exists(
          selectFrom('attempts')
            .select('attempts.id')
            .whereRef('attempts.message_id', '=', 'messages.id')
            .where('attempts.connection_id', '=', connectionId!),
        ),
      ),
    )
}

/** The SQL of receipts, and of what attempts come to by them. */
const receiptStore = (db: Database) => ({
  /** The attempts of a connector that receipts name, by our ids or by the provider's. */
  attemptsNamed: async (connector: string, ids: string[], keys: string[]): Promise<MatchRow[]> => {
    if (ids.length + keys.length === 0) return []
    const rows = await db
      .selectFrom('attempts')
      .leftJoin('messages', 'messages.id', 'attempts.message_id')
      .select(MATCHED)
      .select(({ selectFrom, fn }) =>
        selectFrom('receipts')
          .select(fn.countAll<number>().as('count'))
          .whereRef('receipts.attempt_id', '=', 'attempts.id')
          .as('receipts'),
      )
      .where('attempts.connector', '=', connector)
      .where(({ or, eb }) =>
        or([
          ...(ids.length > 0 ? [eb('attempts.id', 'in', ids)] : []),
          ...(keys.length > 0 ? [eb('attempts.provider_key', 'in', keys)] : []),
        ]),
      )
      .execute()
    return rows.map(row => ({ ...row, receipts: Number(row.receipts) }))
  },
  insertReceipts: async (rows: ReceiptRow[]): Promise<void> => {
    if (rows.length === 0) return
    await db
      .insertInto('receipts')
      .values(rows)
      .onConflict(conflict => conflict.column('mark').doNothing())
      .execute()
  },
  /** Keeps the newest of a connection's receipts that are about no attempt that is known. */
  dropWaiting: (connectionId: string, most: number) =>
    db
      .deleteFrom('receipts')
      .where('id', 'in', from =>
        from
          .selectFrom('receipts')
          .select('id')
          .where('connection_id', '=', connectionId)
          .where('attempt_id', 'is', null)
          .orderBy('received_at', 'desc')
          .orderBy('id')
          // SQLite knows no offset without a limit.
          .limit(1_000_000)
          .offset(most),
      )
      .execute(),
  /** Receipts whose attempt was not known when they came, and is now. */
  waitingWithAttempt: (limit: number) =>
    db
      .selectFrom('receipts')
      .innerJoin('attempts', join =>
        join
          .onRef('attempts.connector', '=', 'receipts.connector')
          .on(({ or, eb, ref }) =>
            or([
              eb('attempts.id', '=', ref('receipts.attempt_ref')),
              eb('attempts.provider_key', '=', ref('receipts.provider_key')),
            ]),
          ),
      )
      .selectAll('receipts')
      .select('attempts.id as found')
      .where('receipts.attempt_id', 'is', null)
      .limit(limit)
      .execute(),
  deleteReceipt: (id: string) => db.deleteFrom('receipts').where('id', '=', id).execute(),
  /** Its provider has the message, and knows no more yet. */
  confirm: (ids: string[]) =>
    db.updateTable('attempts').set(TAKEN).where('id', 'in', ids).where(OPEN).execute(),
  /** Writes the first final receipt of attempts. */
  conclude: (ids: string[], fate: Fate, now: number) =>
    db
      .updateTable('attempts')
      .set({ ...TAKEN, ...ASKED, ...fate, receipt_reason: null, receipt_at: now })
      .where('id', 'in', ids)
      .where(({ or, eb }) => or([eb('receipt', 'is', null), eb('receipt', '=', 'none')]))
      .execute(),
  /** The receipts of some attempts, in the order in which they came. */
  receiptsOf: async (attempts: string[]): Promise<ReceiptRow[]> =>
    attempts.length === 0
      ? []
      : db
          .selectFrom('receipts')
          .selectAll()
          .where('attempt_id', 'in', attempts)
          .orderBy('received_at')
          .orderBy('id')
          .execute(),
  async purgeReceipts(before: number, waitingBefore: number): Promise<void> {
    await db.deleteFrom('receipts').where('received_at', '<', before).execute()
    await db
      .deleteFrom('receipts')
      .where('attempt_id', 'is', null)
      .where('received_at', '<', waitingBefore)
      .execute()
  },
})

/** The SQL of who waits for a receipt: pages, and those who ask providers. */
const askingStore = (db: Database) => ({
  /** The last attempt of a message that was not delivered; undefined for any other message. */
  lastUndelivered: (messageId: string) =>
    db
      .selectFrom('attempts')
      .innerJoin('messages', 'messages.id', 'attempts.message_id')
      .select(['attempts.connector', 'attempts.receipt_code'])
      .where('messages.id', '=', messageId)
      .where('messages.receipt', '=', 'undelivered')
      .where('attempts.receipt', '=', 'undelivered')
      .orderBy('attempts.nth', 'desc')
      .limit(1)
      .executeTakeFirst(),
  /** The attempts of a connection whose turn it is, the longest due first. */
  toAsk: (connectionId: string, now: number, limit: number) =>
    db
      .selectFrom('attempts')
      .selectAll()
      .where('connection_id', '=', connectionId)
      .where('ask_at', '<=', now)
      .orderBy('ask_at')
      .limit(limit)
      .execute(),
  /** Takes an attempt to be asked about until then; undefined when another node was faster. */
  claim: (id: string, asks: number, until: number): Promise<AttemptRow | undefined> =>
    db
      .updateTable('attempts')
      .set({ asks: asks + 1, ask_at: until })
      .where('id', '=', id)
      .where('asks', '=', asks)
      .where('ask_at', 'is not', null)
      .returningAll()
      .executeTakeFirst(),
  /** When an attempt that has no final receipt is to be asked about again. */
  askAgain: (id: string, at: number) =>
    db
      .updateTable('attempts')
      .set({ ask_at: at })
      .where('id', '=', id)
      .where('ask_at', 'is not', null)
      .execute(),
  /** Ends an attempt about which nothing final was heard. */
  endAsking: (id: string, reason: string, now: number) =>
    db
      .updateTable('attempts')
      .set({ ...ASKED, receipt: 'none', receipt_reason: reason, receipt_at: now })
      .where('id', '=', id)
      .where('receipt', 'is', null)
      .execute(),
  /** Ends an attempt of which its provider certainly knows nothing; one that it had taken only lacks its receipt. */
  endUnknown: (id: string, now: number) =>
    db
      .updateTable('attempts')
      .set({ ...UNKNOWN, receipt_at: now })
      .where('id', '=', id)
      .where('receipt', 'is', null)
      .execute(),
  /** Ends all about which nobody could ask in time. */
  endUnasked: (before: number, now: number) =>
    db
      .updateTable('attempts')
      .set({ ...ASKED, receipt: 'none', receipt_reason: 'not_asked', receipt_at: now })
      .where('ask_at', 'is not', null)
      .where('created_at', '<', before)
      .execute(),
})

const begin = builtWrite((db, row: BegunRow) => db.insertInto('begun_messages').values(row))

const finish = builtWrite((db, { id, ...change }: Partial<AttemptRow> & { id: string }) =>
  db.updateTable('attempts').set(change).where('id', '=', id),
)

/**
 * Attempts, each with its message.
 *
 * @example attemptsWithMessages(db).select('attempts.id')
 */
export const attemptsWithMessages = (db: Database) =>
  db.selectFrom('attempts').innerJoin('messages', 'messages.id', 'attempts.message_id')

/** The messages whose codes were used: `usedMessages(db).select('id')`. */
export const usedMessages = (db: Database) => db.selectFrom('messages').where('verified_at', 'is not', null)

/** The messages that have left, or may have: `leftMessages(db).select('id')`. */
export const leftMessages = (db: Database) =>
  db.selectFrom('messages').where('state', 'in', ['sending', 'accepted', 'unconfirmed'])

/** All messages: `allMessages(db).select('id')`. */
export const allMessages = (db: Database) => db.selectFrom('messages')

/** So many of the newest messages that a filter leaves: `newestMessages(db, { from }, 100).selectAll()`. */
export const newestMessages = (db: Database, filter: MessageFilter, most: number) =>
  db.selectFrom(filtered(db, filter).selectAll().orderBy('created_at', 'desc').limit(most).as('newest'))

/** The newest attempts to reach a recipient for a purpose. */
const attemptsTo = (db: Database, recipientKey: string, usageType: string, after: number, most: number) =>
  db
    .selectFrom('messages')
    .innerJoin('attempts', 'attempts.message_id', 'messages.id')
    .select(['attempts.connection_id', 'attempts.state', 'attempts.failure', 'attempts.receipt'])
    .select('attempts.created_at')
    .select(({ exists, selectFrom }) =>
      exists(
        selectFrom('attempts as others')
          .select('others.id')
          .whereRef('others.connection_id', '=', 'attempts.connection_id')
          .where('others.receipt', '=', 'delivered')
          .whereRef('others.receipt_at', '>', 'attempts.created_at'),
      ).as('others_arrive'),
    )
    .where('messages.recipient_key', '=', recipientKey)
    .where('messages.usage_type', '=', usageType)
    .where('messages.created_at', '>', after)
    .orderBy('messages.created_at', 'desc')
    .orderBy('attempts.nth', 'desc')
    .limit(most)
    .execute()

/** So many of all the newest attempts that began since a moment: `newestAttempts(db, since, 1000).selectAll()`. */
export const newestAttempts = (db: Database, since: number, most: number) =>
  db.selectFrom(
    db
      .selectFrom('attempts')
      .selectAll()
      .where('created_at', '>=', since)
      .orderBy('created_at', 'desc')
      .limit(most)
      .as('newest'),
  )

/**
 * Whether nothing went to the recipient of a message within so many milliseconds before it.
 *
 * @example attemptsWithMessages(db).where(isFirstAsked(900_000))
 */
export const isFirstAsked = (within: number) => sql<boolean>`not exists (
  select 1 from messages as before
  where before.recipient_key = messages.recipient_key and before.created_at < messages.created_at
    and before.created_at >= messages.created_at - cast(${within} as bigint)
    and before.state not in ('refused', 'suppressed', 'not_sent'))`

/**
 * The SQL of messages, their attempts, and what providers tell of these.
 *
 * @example await ledgerStore(db).purge(world.now() - 30 * DAY)
 */
export function ledgerStore(db: Database) {
  return {
    ...receiptStore(db),
    ...askingStore(db),
    /** Does several things as one. */
    asOne: <T>(work: (store: ReturnType<typeof receiptStore>) => Promise<T>): Promise<T> =>
      againAfterDeadlock(() => db.transaction().execute(tx => work(receiptStore(tx)))),
    insertMessage: (row: MessageRow) => db.insertInto('messages').values(row).execute(),
    /** Writes a message and its first attempt in one statement. */
    begin: (row: BegunRow) => begin(db, row),
    insertAttempt: (row: NewAttemptRow) => db.insertInto('attempts').values(row).execute(),
    deleteMessage: (id: string) => db.deleteFrom('messages').where('id', '=', id).execute(),
    deleteAttempt: (id: string) => db.deleteFrom('attempts').where('id', '=', id).execute(),
    /** Writes what an attempt came to; a trigger tells its message. */
    finish: (id: string, change: Partial<AttemptRow>) => finish(db, { ...change, id }),
    /** Notes that another message leaves beside an attempt that is still under way. */
    hedge: (id: string) =>
      db
        .updateTable('attempts')
        .set({ state: 'unconfirmed', reason: 'hedged' })
        .where('id', '=', id)
        .where('state', '=', 'sending')
        .execute(),
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
    /** Ends messages under way of which no attempt is: as the one that came furthest, or as not sent where there is none. */
    endMessages: (before: number) =>
      db
        .updateTable('messages')
        .set(({ fn, val }) => ({
          state: fn.coalesce(furthestAttempt(db, 'state'), val('not_sent')),
          reason: sql<
            string | null
          >`case when exists ${furthestAttempt(db, 'id')} then null else 'interrupted' end`,
        }))
        .where('state', '=', 'sending')
        .where('created_at', '<', before)
        .where(({ not, exists }) =>
          not(exists(furthestAttempt(db, 'id').where('attempts.state', '=', 'sending'))),
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
    attemptsOf: async (messages: string[]) =>
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
    attemptsTo: attemptsTo.bind(null, db),
    /** Forgets messages with their attempts, after `keep` has noted what is to be known of them. */
    purge: (before: number, keep?: (tx: Database, before: number) => Promise<void>): Promise<void> =>
      againAfterDeadlock(() =>
        db.transaction().execute(async tx => {
          await keep?.(tx, before)
          const forgotten = tx.selectFrom('messages').select('id').where('created_at', '<', before)
          await tx.deleteFrom('attempts').where('message_id', 'in', forgotten).execute()
          await tx.deleteFrom('messages').where('created_at', '<', before).execute()
        }),
      ),
  }
}
