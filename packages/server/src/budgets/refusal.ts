import { ApiError } from '../refusals/refusal.ts'
import { secondsUntil } from '../refusals/waiting.ts'
import type { Concerned } from './concerned.ts'

/**
 * Refuses a message because budgets have no money left for it, until their periods end. It names the moment and no seconds,
 * of which there may be a million.
 */
export class Spent extends ApiError {
  /** The budget whose period ends last, as the ledger notes it: by its name. */
  readonly budget: string
  /** A code may go to the e-mail address of the number's owner instead: all budgets that stop the message say so. */
  readonly movesToEmail: boolean
  /** In seconds. */
  readonly retryAfter: number

  constructor(budgets: readonly Pick<Concerned, 'budget' | 'period'>[], now: number) {
    const last = budgets.reduce((one, other) => (other.period.end > one.period.end ? other : one))
    const { channel, timeZone, name } = last.budget
    const { end } = last.period
    const retryAfter = secondsUntil(end, now)
    super('request.message_rate_limited', {
      data: { retryAfter, reason: 'budget', until: end },
      notice: `${channel}_budget_spent`,
      values: { until: end, timeZone },
    })
    this.budget = name
    this.retryAfter = retryAfter
    this.movesToEmail = budgets.every(({ budget }) => budget.atHard === 'email')
  }
}

/**
 * The refusal of a message whose budgets are spent; undefined where it may go all the same, for only single connections are
 * spent and others are left.
 *
 * @param spent the budgets that leave too little for it
 * @param isOpen whether a connection is left whose own budget is not spent
 * @example const refusal = refusalBy(spent, connections.length > barred.length, world.now())
 */
export function refusalBy(spent: readonly Concerned[], isOpen: boolean, now: number): Spent | undefined {
  const stopping = spent.filter(({ budget }) => budget.scope !== 'connection')
  if (stopping.length > 0) return new Spent(stopping, now)
  return isOpen || spent.length === 0 ? undefined : new Spent(spent, now)
}
