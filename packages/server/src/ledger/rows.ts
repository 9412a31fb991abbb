import type { Insertable, Selectable } from 'kysely'
import type { Schema } from '../db/schema.ts'

export type MessageRow = Selectable<Schema['messages']>
export type AttemptRow = Selectable<Schema['attempts']>
export type ReceiptRow = Selectable<Schema['receipts']>
export type NewAttemptRow = Insertable<Schema['attempts']>
export type BegunRow = Schema['begun_messages']
/** An attempt with what it costs, as far as that is known by now. */
export type CostedRow = AttemptRow & { cost: number | null; estimated: number }

/** What a final receipt makes of an attempt. */
export type Fate = Pick<AttemptRow, 'receipt' | 'receipt_code'> & { segments?: number }

/** An attempt that receipts may be about. */
export type MatchRow = Pick<
  AttemptRow,
  'id' | 'message_id' | 'provider_key' | 'connection_id' | 'receipt' | 'created_at'
> & {
  recipient_key: string | null
  /** How many receipts it has. */
  receipts: number
}
