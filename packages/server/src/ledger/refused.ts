import { mac } from '../crypto/keys.ts'
import { writingTogether } from '../db/together.ts'
import { describeError } from '../http/errors.ts'
import type { AskedMessage, LedgerRoom, RefusalReason } from './room.ts'
import type { MessageRow } from './store.ts'
import { messageRow } from './writing.ts'

/** A message that was not sent: it was refused, or the answer was not to tell that there is nobody to send it to. */
export type Unsent =
  | { state: 'refused'; reason: RefusalReason }
  | { state: 'suppressed'; reason: 'no_account' | 'no_address' }

const HOUR = 60 * 60_000

/** So many rows of messages that were not sent a node adds in an hour, to whomever they would have gone. */
export const MOST_AN_HOUR = 1000

/** About what one takes while it waits to be written, in bytes. */
const ROW_BYTES = 500

/** Counts together what is of one row, so that a statement has each row once; in one order on all nodes. */
function added(rows: MessageRow[]): MessageRow[] {
  const byId = new Map<string, MessageRow>()
  for (const row of rows) {
    const { times = 0, created_at = row.created_at } = byId.get(row.id) ?? {}
    byId.set(row.id, { ...row, times: times + row.times, created_at })
  }
  return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}

/**
 * Counts messages that were not sent. Strangers cause them, and a million of them must not fill the disk: those of one
 * recipient, reason, usage type and asker within an hour are one row, and above a thousand rows an hour the others are
 * counted without their recipients. No answer waits for it, so none tells by its time what was decided.
 *
 * @example createRefused(room).add(message, { state: 'refused', reason: 'limit' })
 */
export function createRefused(room: LedgerRoom) {
  const { keys, store, world } = room
  const rows = writingTogether<MessageRow>({
    insert: each => store.add(added(each)),
    sizeOf: () => ROW_BYTES,
    lost: (count, reason) =>
      world.log('error', 'refused messages not counted', { error: `${count}: ${describeError(reason)}` }),
  })
  let hour = 0
  let known = new Set<string>()

  /** True while there is room for one more row in this hour. */
  function hasRoom(id: string, now: number): boolean {
    if (now !== hour) {
      hour = now
      known = new Set()
    }
    if (known.size < MOST_AN_HOUR) known.add(id)
    return known.has(id)
  }

  return {
    ...rows,
    add(message: AskedMessage, unsent: Unsent): void {
      const now = Math.floor(world.now() / HOUR)
      const row = messageRow(room, { ...message, id: '' }, unsent)
      const { recipient_key, channel, usage_type, asked_by, application_id, state, reason } = row
      // What findings and budgets are noted with is counted apart: there are few of these.
      const { fraud, budget } = message
      const found = [
        ...(fraud === undefined ? [] : [fraud]),
        ...(budget === undefined ? [] : ['budget', budget]),
      ]
      const idOf = (...more: string[]) =>
        mac(keys.lookup, 'not sent', String(now), state, String(reason), channel, ...found, ...more)
      const id = idOf(String(recipient_key), usage_type, String(asked_by), String(application_id))
      if (hasRoom(id, now)) rows.add({ ...row, id })
      else
        rows.add({
          ...row,
          id: idOf(),
          recipient_key: null,
          recipient: '',
          network: null,
          prefix: null,
          device: null,
          country: null,
          interaction_id: null,
          application_id: null,
          user_id: null,
          operator_id: null,
        })
    },
  }
}

export type Refused = ReturnType<typeof createRefused>
