import type { AttemptEntry, MessageEntry } from '@countersign/api'
import { recipientKey } from '../crypto/recipient-key.ts'
import { open } from '../crypto/seal.ts'
import { oneSpelling } from '../identifiers/one-spelling.ts'
import { attemptEntry, messageEntry, receiptEntry } from './entry.ts'
import type { MessageFilter } from './filter.ts'
import { answerContext, detailContext, type LedgerRoom } from './room.ts'
import type { CostedRow, ReceiptRow } from './store.ts'

/** What a list of messages is cut down to. */
export interface ListFilter extends Omit<MessageFilter, 'recipientKey'> {
  /** A whole number or address, in any spelling. */
  recipient?: string | undefined
}

/** Counting more than this takes long, and nobody turns so many pages. */
const MOST_COUNTED = 10_000

function entryOf(
  { connectorOf, keys }: LedgerRoom,
  row: CostedRow,
  receipts: readonly ReceiptRow[],
): AttemptEntry {
  const opened = (sealed: string | null, context: string) =>
    sealed === null ? null : open(keys.seal, sealed, context)
  const answer = opened(row.answer, answerContext(row.id))
  const connector = connectorOf(row.connector)
  return attemptEntry(row, connector, {
    answer: answer === null ? null : JSON.parse(answer),
    receipts: receipts.map(each =>
      receiptEntry(each, connector, opened(each.detail, detailContext(each.id))),
    ),
  })
}

/**
 * The filter as the tables know it: a recipient stands there by a hash alone.
 *
 * @example wantedBy(room, { recipient: '+86 138 0013 8000' })
 */
export const wantedBy = (
  { keys }: Pick<LedgerRoom, 'keys'>,
  { recipient, ...filter }: ListFilter,
): MessageFilter => ({
  ...filter,
  ...(recipient !== undefined && { recipientKey: recipientKey(keys, oneSpelling(recipient)) }),
})

/**
 * Lists messages with their attempts, newest first, for operators. It counts no further than anybody looks.
 *
 * @example const { messages } = await listMessages(room, { state: 'failed' }, { size: 20, offset: 0 })
 */
export async function listMessages(
  room: LedgerRoom,
  filter: ListFilter,
  { size, offset }: { size: number; offset: number },
): Promise<{ messages: MessageEntry[]; total: number; capped: boolean }> {
  const { store } = room
  const wanted = wantedBy(room, filter)
  const rows = await store.list(wanted, size, offset)
  const count = await store.count(wanted, MOST_COUNTED + 1)
  const attempts = await store.attemptsOf(rows.map(({ id }) => id))
  const receipts = await store.receiptsOf(attempts.map(({ id }) => id))
  const byAttempt = Map.groupBy(receipts, ({ attempt_id }) => attempt_id)
  const byMessage = Map.groupBy(attempts, ({ message_id }) => message_id)
  const messages = rows.map(row =>
    messageEntry(
      row,
      (byMessage.get(row.id) ?? []).map(each => entryOf(room, each, byAttempt.get(each.id) ?? [])),
    ),
  )
  return { messages, total: count, capped: count > MOST_COUNTED }
}
