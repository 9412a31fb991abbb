import type { AttemptEntry, MessageEntry } from '@countersign/api'
import type { Connector } from '@countersign/kit'
import { recipientKey } from '../crypto/recipient-key.ts'
import { open } from '../crypto/seal.ts'
import { oneSpelling } from '../identifiers/one-spelling.ts'
import { attemptEntry, messageEntry } from './entry.ts'
import { answerContext, type LedgerRoom } from './room.ts'
import type { CostedRow, MessageFilter } from './store.ts'

/** The connector with an id; undefined for one that is not here any more. */
export type ConnectorOf = (id: string) => Connector | undefined

/** What a list of messages is cut down to. */
export interface ListFilter extends Omit<MessageFilter, 'recipientKey'> {
  /** A whole number or address, in any spelling. */
  recipient?: string | undefined
}

/** Counting more than this takes long, and nobody turns so many pages. */
const MOST_COUNTED = 10_000

function entryOf({ keys }: LedgerRoom, connectorOf: ConnectorOf, row: CostedRow): AttemptEntry {
  const answer = row.answer === null ? null : JSON.parse(open(keys.seal, row.answer, answerContext(row.id)))
  return attemptEntry(row, connectorOf(row.connector), answer)
}

/**
 * Lists messages with their attempts, newest first, for operators. It counts no further than anybody looks.
 *
 * @example const { messages } = await listMessages(room, connectorOf, { state: 'failed' }, { size: 20, offset: 0 })
 */
export async function listMessages(
  room: LedgerRoom,
  connectorOf: ConnectorOf,
  { recipient, ...filter }: ListFilter,
  { size, offset }: { size: number; offset: number },
): Promise<{ messages: MessageEntry[]; total: number; capped: boolean }> {
  const { keys, store } = room
  const wanted: MessageFilter = {
    ...filter,
    ...(recipient !== undefined && { recipientKey: recipientKey(keys, oneSpelling(recipient)) }),
  }
  const rows = await store.list(wanted, size, offset)
  const count = await store.count(wanted, MOST_COUNTED + 1)
  const attempts = await store.attemptsOf(rows.map(({ id }) => id))
  const byMessage = Map.groupBy(attempts, ({ message_id }) => message_id)
  const messages = rows.map(row =>
    messageEntry(
      row,
      (byMessage.get(row.id) ?? []).map(each => entryOf(room, connectorOf, each)),
    ),
  )
  return { messages, total: count, capped: count > MOST_COUNTED }
}
