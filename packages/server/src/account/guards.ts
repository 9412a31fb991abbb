import { ApiError } from '../http/errors.ts'
import type { Limits, Reservation, SentinelPolicy } from '../limits/limits.ts'
import type { Origin, TellOfAccount } from './events.ts'

const isOf = (error: unknown, code: string) => error instanceof ApiError && error.code === code

/** The limits that sign-in pages have too, counted in the same places; their refusals are told. */
export function createGuards(limits: Limits, tell: TellOfAccount) {
  return {
    /** Takes a place for a send. @throws ApiError `request.message_rate_limited` */
    async reserveSend(recipient: string, from: Origin): Promise<Reservation> {
      try {
        return await limits.reserveSend(recipient)
      } catch (error) {
        if (isOf(error, 'request.message_rate_limited')) await tell({ type: 'send-refused', recipient }, from)
        throw error
      }
    },
    /** Counts a check of a code or password. @throws ApiError `session.verification_blocked_too_many_attempts` */
    async report(
      identifier: { type: 'userId' | 'email' | 'phone'; value: string },
      right: boolean,
      policy: SentinelPolicy,
      from: Origin,
    ): Promise<void> {
      try {
        await limits.report('visitor', identifier.value, right, policy)
      } catch (error) {
        if (isOf(error, 'session.verification_blocked_too_many_attempts'))
          await tell({ type: 'identifier-blocked', identifier }, from)
        throw error
      }
    },
  }
}
