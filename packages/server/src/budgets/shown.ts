import type { Budget } from '@countersign/api'
import { usedOf } from '../counters/counters.ts'
import { keyOf } from './concerned.ts'
import { periodAt } from './periods.ts'
import type { KeptBudget } from './policy.ts'
import type { BudgetsRoom } from './room.ts'
import { type Level, levelOf, reachedStore } from './store.ts'

/**
 * Budgets as operators see them, each with how it stands in the period that runs.
 *
 * @example await shownBudgets(room, await keptBudgets(db))
 */
export async function shownBudgets(room: BudgetsRoom, budgets: readonly KeptBudget[]): Promise<Budget[]> {
  const { db, world, look } = room
  const now = world.now()
  const running = budgets.map(budget => {
    const period = periodAt(budget, now)
    return { budget, period, key: keyOf(budget, period) }
  })
  const keys = running.map(({ key }) => key)
  const [counts, reached] = await Promise.all([usedOf(db, keys, now), reachedStore(db).of(keys)])
  const shown: Budget[] = []
  for (const { budget, period, key } of running) {
    const { excess, final, unpriced } = await look({ budget, period, key })
    const used = Math.max(0, (counts.get(key)?.used ?? 0) - excess)
    const at = (level: Level) =>
      reached.find(each => each.key === key && each.level === levelOf(budget, level))?.at ?? null
    const { generation, ...settings } = budget
    shown.push({
      ...settings,
      // Older ones say nothing of it.
      atHard: budget.atHard ?? 'stop',
      current: {
        begin: period.begin,
        end: period.end,
        used,
        estimated: Math.max(0, used - final),
        unpriced,
        softAt: at('soft'),
        hardAt: at('hard'),
      },
    })
  }
  return shown
}
