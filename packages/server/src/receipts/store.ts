import type { Selectable } from 'kysely'
import type { Database } from '../db/database.ts'
import type { Schema } from '../db/schema.ts'

export type AddressRow = Selectable<Schema['receipt_addresses']>
export type AddressStore = ReturnType<typeof addressStore>

/** What is new of an address. */
export interface News {
  lastAt: number | null
  refused: number
  refusedAt: number | null
  refusedReason: string | null
}

/** The SQL of the addresses to which providers push their receipts. */
export const addressStore = (db: Database) => ({
  byHash: (hash: string) =>
    db.selectFrom('receipt_addresses').selectAll().where('hash', '=', hash).executeTakeFirst(),
  byConnection: (id: string) =>
    db.selectFrom('receipt_addresses').selectAll().where('connection_id', '=', id).executeTakeFirst(),
  /** Adds one, unless another request was faster. */
  add: (row: Pick<AddressRow, 'connection_id' | 'hash' | 'sealed' | 'created_at'>) =>
    db
      .insertInto('receipt_addresses')
      .values(row)
      .onConflict(conflict => conflict.column('connection_id').doNothing())
      .execute(),
  replace: (id: string, change: Pick<AddressRow, 'hash' | 'sealed' | 'created_at'>) =>
    db
      .updateTable('receipt_addresses')
      .set({ ...change, last_at: null, refused: 0, refused_at: null, refused_reason: null })
      .where('connection_id', '=', id)
      .execute(),
  note: (id: string, { lastAt, refused, refusedAt, refusedReason }: News) =>
    db
      .updateTable('receipt_addresses')
      .set(({ eb }) => ({
        refused: eb('refused', '+', refused),
        ...(lastAt !== null && { last_at: lastAt }),
        ...(refusedAt !== null && { refused_at: refusedAt, refused_reason: refusedReason }),
      }))
      .where('connection_id', '=', id)
      .execute(),
})
