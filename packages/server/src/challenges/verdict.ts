import type { Escalation } from '../fraud/fraud.ts'
import type { FraudNote, RefusalReason } from '../ledger/ledger.ts'
import { ApiError } from '../refusals/refusal.ts'
import { forSeconds } from '../refusals/waiting.ts'

/** What one part of the protection says of a message that it would rather not send. */
export interface Objection {
  /** `nothing`: it is only noted. `captcha`: it may go to whoever passes a check for people. `refuse`: it may not go. */
  demands: 'nothing' | 'captcha' | 'refuse'
  /** As the ledger notes it. */
  reason: RefusalReason
  /** After how many seconds it may go; only with `refuse`, and where that is known. */
  retryAfter?: number
  /** How it is refused, where that says more than the wait. */
  refusal?: ApiError
  /** What the ledger notes with the message, whatever becomes of it. */
  note?: FraudNote
  /** What the message is counted under where it goes because a check was passed; only with `captcha`. */
  passed?: Escalation
}

/**
 * Whether whoever asks has passed a check for people. `missing`: not yet, but a page can show one. `impossible`: it is a
 * back end or somebody who is signed in, whom no page stands between.
 */
export type Humanity = 'passed' | 'missing' | 'impossible'

/**
 * The objection that holds: a refusal before a check for people, and of several refusals the one that lasts longest. A
 * check holds up only those who could pass one; for all others the limits are what bounds them.
 *
 * @example heldUp([{ demands: 'captcha', reason: 'fraud' }], 'passed') // undefined: it may go
 */
export function heldUp(objections: readonly Objection[], humanity: Humanity): Objection | undefined {
  const waits = ({ retryAfter = Number.POSITIVE_INFINITY }: Objection) => retryAfter
  const [refusal] = objections
    .filter(({ demands }) => demands === 'refuse')
    .toSorted((a, b) => (waits(a) === waits(b) ? 0 : waits(b) - waits(a)))
  if (refusal || humanity !== 'missing') return refusal
  return objections.find(({ demands }) => demands === 'captcha')
}

/** Refuses a message that the protection holds up, and says why, for the ledger. */
export class HeldUp extends ApiError {
  readonly reason: RefusalReason

  constructor({ demands, reason, retryAfter }: Objection) {
    if (demands === 'captcha') super('session.captcha_required')
    else if (retryAfter === undefined) super('request.message_refused')
    else super('request.message_rate_limited', forSeconds(retryAfter))
    this.reason = reason
  }
}
