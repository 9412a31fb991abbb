import { ApiError } from '../http/errors.ts'
import type { Limits, Reservation, SentinelPolicy } from './limits.ts'

/** A limit that was reached, for those who are to hear of it. */
export type LimitReached<I> =
  | { type: 'send-refused'; recipient: string }
  | { type: 'identifier-blocked'; identifier: I }

const isOf = (error: unknown, code: string) => error instanceof ApiError && error.code === code

/**
 * The limits of visitors, whose refusals are told; one for every door, since all count in the same places.
 *
 * `Where` is what a door says of the request it was.
 */
export function createGuards<I extends { value: string }, Where>(
  limits: Limits,
  tell: (reached: LimitReached<I>, where: Where) => Promise<void>,
) {
  return {
    /** Takes a place for a send. @throws ApiError `request.message_rate_limited` */
    async reserveSend(recipient: string, where: Where, options?: { unsent: boolean }): Promise<Reservation> {
      try {
        return await limits.reserveSend(recipient, options)
      } catch (error) {
        if (isOf(error, 'request.message_rate_limited'))
          await tell({ type: 'send-refused', recipient }, where)
        throw error
      }
    },
    /** Counts a check of a code or password. @throws ApiError `session.verification_blocked_too_many_attempts` */
    async report(identifier: I, right: boolean, policy: SentinelPolicy, where: Where): Promise<void> {
      try {
        await limits.report('visitor', identifier.value, right, policy)
      } catch (error) {
        if (isOf(error, 'session.verification_blocked_too_many_attempts'))
          await tell({ type: 'identifier-blocked', identifier }, where)
        throw error
      }
    },
  }
}
