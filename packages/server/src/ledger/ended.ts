import type { Failure } from '@countersign/kit'
import type { Database } from '../db/database.ts'
import { newestAttempts } from './store.ts'

/** An attempt that is under way for so many milliseconds counts as silent: nearly every answer of a cloud comes sooner. */
export const SILENT_AFTER = 3000

/**
 * So many of all the newest attempts are looked through, those of ten seconds at a hundred messages a second: that is quick,
 * and needs no index that every message would have to write.
 */
const MOST_LOOKED_THROUGH = 1000

/** How an attempt ended. */
interface Ended {
  /** Null when the provider took the message. */
  failure: Failure | null
  endedAt: number
}

/**
 * How the attempts over a connection ended that began since a moment, or that they are silent.
 *
 * @example await endedAttempts(db, connectionId, since, { now: world.now(), timeout: 8000 })
 *
 * @param moment the milliseconds that a send takes at most beside the clock
 */
export async function endedAttempts(
  db: Database,
  connectionId: string,
  since: number,
  { now, timeout }: { now: number; timeout: number },
): Promise<Ended[]> {
  const rows = await newestAttempts(db, since, MOST_LOOKED_THROUGH)
    .select(['state', 'failure', 'took', 'created_at'])
    .where('connection_id', '=', connectionId)
    .where(({ or, and, eb }) =>
      or([
        and([
          eb('state', 'in', ['accepted', 'failed', 'unconfirmed']),
          // One beside which another has left is among them. What a process left that died says nothing of its provider.
          or([eb('reason', 'is', null), eb('reason', '=', 'hedged')]),
        ]),
        and([
          eb('state', '=', 'sending'),
          // What is older than a send may be was left by a process that died.
          eb('created_at', '>=', now - timeout),
          eb('created_at', '<=', now - SILENT_AFTER),
        ]),
      ]),
    )
    .execute()
  return rows.map(({ state, failure, took, created_at }) => ({
    failure: state === 'accepted' ? null : ((failure ?? 'unreachable') as Failure),
    endedAt: created_at + (took ?? 0),
  }))
}
