import type { UsageType } from '@countersign/kit'
import { recipientKey } from '../crypto/recipient-key.ts'
import type { Recipient } from '../identifiers/recipient.ts'
import type { LedgerRoom } from './room.ts'

/** More attempts than that nobody needs to know to choose a connection. */
const MOST = 10

/** What became of an attempt of before. */
export interface LateAttempt {
  connectionId: string | null
  state: string
  failure: string | null
  receipt: string | null
  /** Milliseconds since it left. */
  age: number
  /** Whether another message over its connection is known to have arrived since. */
  othersArrive: boolean
}

/**
 * Gives the newest attempts to reach a recipient for a purpose, newest first. It is one query, by an index.
 *
 * @example await attemptsLately(room, { recipient, usageType: 'SignIn' }, 600_000)
 *
 * @param within milliseconds
 */
export async function attemptsLately(
  { keys, store, world }: LedgerRoom,
  { recipient, usageType }: { recipient: Recipient; usageType: UsageType },
  within: number,
): Promise<LateAttempt[]> {
  const now = world.now()
  const key = recipientKey(keys, recipient.canonical)
  const rows = await store.attemptsTo(key, usageType, now - within, MOST)
  return rows.map(row => ({
    connectionId: row.connection_id,
    state: row.state,
    failure: row.failure,
    receipt: row.receipt,
    age: now - row.created_at,
    othersArrive: Boolean(row.others_arrive),
  }))
}
