import { ApiError } from '../http/errors.ts'
import type { Limits, Reservation, SentinelPolicy } from '../limits/limits.ts'
import type { Identifier } from '../users/users.ts'
import type { Step, Tell } from './happenings.ts'

const isOf = (error: unknown, code: string) => error instanceof ApiError && error.code === code

/** The limits of visitors, whose refusals are told. */
export function createGuards(limits: Limits, tell: Tell) {
  return {
    /** Takes a place for a send. @throws ApiError `request.message_rate_limited` */
    async reserveSend(recipient: string, step: Step): Promise<Reservation> {
      try {
        return await limits.reserveSend(recipient)
      } catch (error) {
        if (isOf(error, 'request.message_rate_limited')) await tell({ type: 'send-refused', recipient }, step)
        throw error
      }
    },
    /** Counts a check of a code or password. @throws ApiError `session.verification_blocked_too_many_attempts` */
    async report(
      { type, value }: Identifier,
      right: boolean,
      policy: SentinelPolicy,
      step: Step,
    ): Promise<void> {
      try {
        await limits.report('visitor', value, right, policy)
      } catch (error) {
        if (isOf(error, 'session.verification_blocked_too_many_attempts'))
          await tell({ type: 'identifier-blocked', identifier: { type, value } }, step)
        throw error
      }
    },
  }
}
