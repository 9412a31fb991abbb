import type { AskedReceipt } from '@countersign/kit'
import { open } from '../crypto/seal.ts'
import { type LedgerRoom, recipientContext } from './room.ts'
import type { AttemptRow } from './store.ts'

/** Nobody is asked about a message of yesterday, and nobody's number is kept for it. */
const GIVE_UP_AFTER = 24 * 60 * 60_000

/** An attempt whose provider is to be asked what became of it. */
export interface Unreceipted {
  id: string
  /** How often it was claimed. */
  asks: number
  sentAt: number
}

/** Why an attempt ends without a receipt. */
export type NoReceipt = 'no_receipt' | 'unknown_to_provider'

const unreceipted = ({ id, asks, created_at }: AttemptRow): Unreceipted => ({ id, asks, sentAt: created_at })

/**
 * The attempts of a connection whose turn it is, the longest due first.
 *
 * @example await attemptsToAsk(room, connection.id, 10)
 */
export const attemptsToAsk = async (
  { store, world }: LedgerRoom,
  connectionId: string,
  limit: number,
): Promise<Unreceipted[]> => (await store.toAsk(connectionId, world.now(), limit)).map(unreceipted)

/**
 * Takes an attempt to ask about it, for so many milliseconds; undefined when another node did.
 *
 * @example const asked = await claimAttempt(room, attempt, 60_000)
 */
export async function claimAttempt(
  { keys, store, world }: LedgerRoom,
  { id, asks }: Unreceipted,
  lease: number,
): Promise<AskedReceipt | undefined> {
  const row = await store.claim(id, asks, world.now() + lease)
  if (!row) return undefined
  return {
    to: row.sealed_to === null ? '' : open(keys.seal, row.sealed_to, recipientContext(id)),
    attemptId: id,
    ids: JSON.parse(row.ids),
    sentAt: row.created_at,
  }
}

/**
 * Ends an attempt of which nothing final was heard. `unknown_to_provider`: its provider certainly knows nothing of it, so
 * it did not leave, unless the provider had said before that it took it.
 *
 * @example await endWithoutReceipt(room, attempt, 'no_receipt')
 */
export async function endWithoutReceipt(
  { store, world }: LedgerRoom,
  { id }: Unreceipted,
  reason: NoReceipt,
): Promise<void> {
  if (reason === 'unknown_to_provider') await store.endUnknown(id, world.now())
  else await store.endAsking(id, reason, world.now())
}

/**
 * Ends all attempts about which nobody could ask for a day, and with it the keeping of their recipients.
 *
 * @example await endUnasked(room)
 */
export async function endUnasked({ store, world }: LedgerRoom): Promise<void> {
  await store.endUnasked(world.now() - GIVE_UP_AFTER, world.now())
}
