import type { ConnectionFeedback } from '@countersign/api'
import { ApiError } from '../refusals/refusal.ts'
import type { FeedbackRoom } from './room.ts'
import { feedbackStore } from './store.ts'
import { createTelling } from './telling.ts'

/**
 * Says how often the provider of a connection was told whether a code was used, and how that went last.
 *
 * @throws ApiError `entity.not_found`
 * @example const { told, failed } = await feedbackOf(room, id)
 */
export async function feedbackOf(
  { connections, store, world }: FeedbackRoom,
  id: string,
): Promise<ConnectionFeedback> {
  if (!(await connections.list()).some(each => each.id === id)) throw new ApiError('entity.not_found')
  const row = await store.byConnection(id)
  const { paused_until: until = null, failure = null } = row ?? {}
  return {
    told: row?.told ?? 0,
    failed: row?.failed ?? 0,
    pausedUntil: until !== null && until > world.now() ? until : null,
    lastFailure:
      failure === null ? null : { failure, providerCode: row!.provider_code, at: row!.failed_at ?? 0 },
  }
}

/**
 * Tells providers whether codes were used, for connections that say so: in the background, each message at most once,
 * and nothing that could not be told in time.
 *
 * @example createFeedback({ db, world, ledger, connections, validity }).start()
 */
export function createFeedback({
  db,
  ...others
}: Omit<FeedbackRoom, 'store'> & { db: Parameters<typeof feedbackStore>[0] }) {
  const room: FeedbackRoom = { ...others, store: feedbackStore(db) }
  const telling = createTelling(room)
  return {
    of: (id: string) => feedbackOf(room, id),
    /** Tells once of all that is due now. */
    tell: telling.once,
    start: telling.start,
    stop: telling.stop,
  }
}

export type FeedbackOfCodes = ReturnType<typeof createFeedback>
