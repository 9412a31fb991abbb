import { sql } from 'kysely'

/** What an attempt without news is, until its provider says that it took the message. */
export const OPEN = sql<boolean>`(state in ('sending', 'unconfirmed') or receipt_reason = 'unknown_to_provider')`

/** Its provider took the message: whatever was thought of the attempt before. */
export const TAKEN = {
  state: sql<string>`case when ${OPEN} then 'accepted' else state end`,
  failure: sql<string | null>`case when ${OPEN} then null else failure end`,
  // That another message left meanwhile stays true.
  reason: sql<string | null>`case when ${OPEN} and reason <> 'hedged' then null else reason end`,
}

/** Nobody asks about it any more, so nobody needs the recipient. */
export const ASKED = { sealed_to: null, ask_at: null }

/** Its provider certainly knows nothing of the message; where it had said before that it took it, only the receipt lacks. */
export const UNKNOWN = {
  ...ASKED,
  receipt: 'none',
  receipt_reason: sql<string>`case when ${OPEN} then 'unknown_to_provider' else 'no_receipt' end`,
  reason: sql<
    string | null
  >`case when ${OPEN} and coalesce(reason, '') <> 'hedged' then 'unknown_to_provider' else reason end`,
  state: sql<string>`case when ${OPEN} then 'failed' else state end`,
}

/** What receipts are matched by, and told along. */
export const MATCHED = [
  'attempts.id',
  'attempts.message_id',
  'attempts.provider_key',
  'attempts.connection_id',
  'attempts.receipt',
  'attempts.created_at',
  'messages.recipient_key',
] as const
