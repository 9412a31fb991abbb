import { ApiError } from '../http/errors.ts'
import type { SentinelPolicy } from './budget.ts'
import type { Limits, Reservation } from './limits.ts'
import { type Attempt, Blocked, type BlockedBy } from './sentinel.ts'

/** A limit that was reached, for those who are to hear of it. */
export type LimitReached<I> =
  | { type: 'send-refused'; recipient: string }
  | { type: 'identifier-blocked'; identifier: I; by: BlockedBy }

/**
 * The limits of visitors, whose refusals are told; one for every door, since all count in the same places.
 *
 * `Where` is what a door says of the request it was.
 */
export function createGuards<I extends { type: string; value: string }, Where>(
  limits: Limits,
  tell: (reached: LimitReached<I>, where: Where) => Promise<void>,
) {
  return {
    /** Takes a place for a send. @throws ApiError `request.message_rate_limited` */
    async reserveSend(recipient: string, where: Where, options?: { unsent: boolean }): Promise<Reservation> {
      try {
        return await limits.reserveSend(recipient, options)
      } catch (error) {
        if (error instanceof ApiError && error.code === 'request.message_rate_limited')
          await tell({ type: 'send-refused', recipient }, where)
        throw error
      }
    },
    /**
     * Counts a check of a code or password, and ends as it is to end: with its failure, or with what the limits say.
     *
     * @throws ApiError `session.verification_blocked_too_many_attempts`, `verification_code.exceed_max_try`, the failure
     */
    async conclude(
      identifier: I,
      failure: ApiError | undefined,
      attempt: Omit<Attempt, 'succeeded'>,
      policy: SentinelPolicy,
      where: Where,
    ): Promise<void> {
      const of = identifier.type === 'userId' ? 'account' : 'visitor'
      let left: number | undefined
      try {
        const counted = { ...attempt, succeeded: failure === undefined }
        left = (await limits.report(of, identifier.value, counted, policy)).left
      } catch (error) {
        if (error instanceof Blocked)
          await tell({ type: 'identifier-blocked', identifier, by: error.by }, where)
        throw error
      }
      if (!failure) return
      const { left: promised } = failure.values ?? {}
      if (left === undefined || typeof promised !== 'number' || promised <= left) throw failure
      throw new ApiError(failure.code, { values: { ...failure.values, left } })
    },
  }
}
