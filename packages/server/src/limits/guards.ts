import type { Along } from '../db/along.ts'
import type { Recipient } from '../identifiers/recipient.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { SentinelPolicy } from './budget.ts'
import { Limited, type Limits, Paused, type Reservation, type SendOptions } from './limits.ts'
import { type Attempt, Blocked, type BlockedBy } from './sentinel.ts'

/** A limit that was reached, for those who are to hear of it. */
export type LimitReached<I> =
  | { type: 'send-refused'; recipient: string }
  | { type: 'identifier-blocked'; identifier: I; by: BlockedBy }

/** Hears of limits, before the caller is answered. */
export interface LimitListener<I> {
  /** Hears of a refusal that changed nothing. Never throws. */
  refused(reached: LimitReached<I>): Promise<void>
  /** Says what is written in the transaction in which a block begins. */
  blockBegins(identifier: I, by: BlockedBy): Promise<Along<true>>
}

/**
 * Takes a place for a send, and tells when there is none.
 *
 * @example const place = await reserveSend(limits, recipient, { pause: 60_000 }, listener)
 *
 * @throws ApiError `request.message_rate_limited`
 */
export async function reserveSend(
  limits: Limits,
  recipient: Recipient,
  options: SendOptions,
  listener: Pick<LimitListener<never>, 'refused'> | undefined,
): Promise<Reservation> {
  try {
    return await limits.reserveSend(recipient, options)
  } catch (error) {
    // Whoever presses a button too soon is no news to anybody else.
    if (error instanceof Limited && !(error instanceof Paused))
      await listener?.refused({ type: 'send-refused', recipient: recipient.value })
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
 * @example await conclude(limits, identifier, { failure: undefined, kind: 'code', client, policy }, listener)
 *
 * @throws ApiError `session.verification_blocked_too_many_attempts`, `verification_code.exceed_max_try`, the failure
 */
export async function conclude<const I extends { type: string; value: string }>(
  limits: Limits,
  identifier: I,
  { failure, policy, ...attempt }: Conclusion,
  listener: LimitListener<I> | undefined,
): Promise<void> {
  const of = identifier.type === 'userId' ? 'account' : 'visitor'
  let left: number | undefined
  try {
    const counted = { ...attempt, succeeded: failure === undefined }
    const begins = async (by: BlockedBy) => listener?.blockBegins(identifier, by)
    left = (await limits.report(of, identifier.value, counted, policy, begins)).left
  } catch (error) {
    // The first refusal of a block was told with the block itself.
    if (error instanceof Blocked && !error.begins)
      await listener?.refused({ type: 'identifier-blocked', identifier, by: error.by })
    throw error
  }
  if (!failure) return
  const { left: promised } = failure.values ?? {}
  if (left === undefined || typeof promised !== 'number' || promised <= left) throw failure
  throw new ApiError(failure.code, { values: { ...failure.values, left } })
}
