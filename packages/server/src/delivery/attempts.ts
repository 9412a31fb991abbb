import type { AttemptEntry } from '@countersign/api'
import { open } from '../crypto/seal.ts'
import { attemptEntry } from './entry.ts'
import { answerContext, type DeliveryRoom } from './room.ts'
import type { AttemptRow } from './store.ts'

/** A recipient's record of tries is kept this long. */
const KEEP_ATTEMPTS = 30 * 24 * 60 * 60_000

function toEntry({ keys, connections }: DeliveryRoom, row: AttemptRow): AttemptEntry {
  const answer = row.answer === null ? null : JSON.parse(open(keys.seal, row.answer, answerContext(row.id)))
  return attemptEntry(row, connections.registry.byId(row.connector), answer)
}

/**
 * Lists the tries, newest first, for operators.
 *
 * @example const { attempts, total } = await listAttempts(room, 'failed', 20, 0)
 */
export async function listAttempts(
  room: DeliveryRoom,
  state: string | undefined,
  limit: number,
  offset: number,
): Promise<{ attempts: AttemptEntry[]; total: number }> {
  const { rows, total } = await room.store.list(state, limit, offset)
  return { attempts: rows.map(row => toEntry(room, row)), total }
}

/**
 * Forgets tries that are older than thirty days.
 *
 * @example await purgeAttempts(room)
 */
export const purgeAttempts = ({ store, world }: DeliveryRoom) => store.purge(world.now() - KEEP_ATTEMPTS)
