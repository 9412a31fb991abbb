import type { Recipient } from '../identifiers/recipient.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { SentinelPolicy } from './budget.ts'
import { type Limits, Paused, type Reservation, type SendOptions } from './limits.ts'
import { type Attempt, Blocked, type BlockedBy } from './sentinel.ts'

/** A limit that was reached, for those who are to hear of it. */
export type LimitReached<I> =
  | { type: 'send-refused'; recipient: string }
  | { type: 'identifier-blocked'; identifier: I; by: BlockedBy }

/** Tells of a limit that was reached, before the caller is answered. */
export type TellLimit<I> = (reached: LimitReached<I>) => Promise<void>

/** Takes a place for a send, and tells when there is none. @throws ApiError `request.message_rate_limited` */
export async function reserveSend(
  limits: Limits,
  recipient: Recipient,
  options: SendOptions,
  tell: TellLimit<never> | undefined,
): Promise<Reservation> {
  try {
    return await limits.reserveSend(recipient, options)
  } catch (error) {
    // Whoever presses a button too soon is no news to anybody else.
    const isNews = error instanceof ApiError && !(error instanceof Paused)
    if (isNews && error.code === 'request.message_rate_limited')
      await tell?.({ type: 'send-refused', recipient: recipient.value })
    throw error
  }
}

/** How a check of a code or password ended, before the limits have their say. */
export interface Conclusion extends Omit<Attempt, 'succeeded'> {
  failure: ApiError | undefined
  policy: SentinelPolicy
}

/**
 * Counts a check of a code or password, and ends as it is to end: with its failure, or with what the limits say.
 *
 * @throws ApiError `session.verification_blocked_too_many_attempts`, `verification_code.exceed_max_try`, the failure
 */
export async function conclude<const I extends { type: string; value: string }>(
  limits: Limits,
  identifier: I,
  { failure, policy, ...attempt }: Conclusion,
  tell: TellLimit<I> | undefined,
): Promise<void> {
  const of = identifier.type === 'userId' ? 'account' : 'visitor'
  let left: number | undefined
  try {
    const counted = { ...attempt, succeeded: failure === undefined }
    left = (await limits.report(of, identifier.value, counted, policy)).left
  } catch (error) {
    if (error instanceof Blocked) await tell?.({ type: 'identifier-blocked', identifier, by: error.by })
    throw error
  }
  if (!failure) return
  const { left: promised } = failure.values ?? {}
  if (left === undefined || typeof promised !== 'number' || promised <= left) throw failure
  throw new ApiError(failure.code, { values: { ...failure.values, left } })
}
