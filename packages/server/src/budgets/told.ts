import type { Along } from '../db/along.ts'
import type { Reached } from './room.ts'

/** Prepares to tell webhooks that an amount is reached, in the transaction that notes it. */
export type Telling = (
  event: 'Budget.SoftReached' | 'Budget.HardReached',
  prepare: () => () => Record<string, unknown>,
) => Promise<Along<unknown>>

/**
 * Tells webhooks which budget is reached in which period. Amounts are in millionths of the currency, moments in
 * milliseconds since the Unix epoch.
 *
 * @example createBudgets({ …, telling: tellOfBudgets(hooks.telling) })
 */
export const tellOfBudgets =
  (telling: Telling) =>
  ({ budget, period, level, used }: Reached): Promise<Along<unknown>> =>
    telling(level === 'soft' ? 'Budget.SoftReached' : 'Budget.HardReached', () => () => ({
      data: {
        id: budget.id,
        name: budget.name,
        channel: budget.channel,
        scope: budget.scope,
        subject: budget.subject,
        // Such as `2026-11`.
        period: period.name,
        state: level,
        timeZone: budget.timeZone,
        begin: period.begin,
        end: period.end,
        currency: budget.currency,
        soft: budget.soft,
        hard: budget.hard,
        used,
      },
    }))
