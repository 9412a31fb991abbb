import { type BudgetSettings, budgetProblem, MOST_BUDGETS } from '@countersign/api'
import { issue } from '../connections/changing.ts'
import { beginWith } from '../counters/counters.ts'
import { newShortId } from '../crypto/chance.ts'
import { zoneOf } from '../ledger/days.ts'
import { ApiError } from '../refusals/refusal.ts'
import { keyOf } from './concerned.ts'
import { filterOf } from './looking.ts'
import { periodAt } from './periods.ts'
import { changeBudgets, countsAlike, type KeptBudget, keptBudgets } from './policy.ts'
import type { BudgetsRoom } from './room.ts'

/** @throws ApiError `guard.invalid_input`, naming what is wrong and the remedy */
async function requireSound(room: BudgetsRoom, budget: BudgetSettings): Promise<void> {
  const problem = budgetProblem(budget)
  if (problem) throw issue(problem.path[0], problem.message)
  if (!zoneOf(budget.timeZone))
    throw issue('timeZone', 'must be the name of a time zone, such as Asia/Shanghai')
  const { scope, subject } = budget
  if (scope === 'connection' || scope === 'application') await room.requireSubject(scope, subject!)
}

/**
 * Lets a budget begin with what was spent in its period already, for as much as messages are counted for when they leave.
 * Those that are under way at this moment are not in it.
 */
async function beginCounting({ db, world, spent }: BudgetsRoom, budget: KeptBudget): Promise<void> {
  const period = periodAt(budget, world.now())
  const { bound, unpriced } = await spent(filterOf(budget, period.begin, world.now() + 1))
  const used = bound + unpriced * (budget.assumedPrice ?? 0)
  await beginWith(db, { key: keyOf(budget, period), used, until: period.end })
}

/**
 * Makes a budget.
 *
 * @throws ApiError `guard.invalid_input`
 * @example await createBudget(room, { name: 'Texts', period: 'month', hard: 500_000_000, … })
 */
export async function createBudget(room: BudgetsRoom, settings: BudgetSettings): Promise<KeptBudget> {
  const { db, world } = room
  await requireSound(room, settings)
  const [id, generation] = [newShortId(world.random), newShortId(world.random)]
  const budget = { ...settings, id, generation, createdAt: world.now() }
  await beginCounting(room, budget)
  await changeBudgets(db, budgets => {
    if (budgets.length >= MOST_BUDGETS)
      throw issue('name', `there are ${MOST_BUDGETS} budgets, which is the most; delete one first`)
    return [...budgets, budget]
  })
  return budget
}

/**
 * Changes a budget. Where it counts other messages from now on, or for other amounts, it counts its period anew.
 *
 * @throws ApiError `entity.not_found`, `guard.invalid_input`
 * @example await updateBudget(room, id, { hard: 1_000_000_000 })
 */
export async function updateBudget(
  room: BudgetsRoom,
  id: string,
  change: Partial<BudgetSettings>,
): Promise<KeptBudget> {
  const { db, world } = room
  const before = (await keptBudgets(db)).find(budget => budget.id === id)
  if (!before) throw new ApiError('entity.not_found')
  const next = { ...before, ...change }
  await requireSound(room, next)
  const isSame = countsAlike(before, next)
  const budget = isSame ? next : { ...next, generation: newShortId(world.random) }
  if (!isSame) await beginCounting(room, budget)
  await changeBudgets(db, budgets => {
    // Somebody else may have changed or deleted it meanwhile; the last word counts.
    if (!budgets.some(each => each.id === id)) throw new ApiError('entity.not_found')
    return budgets.map(each => (each.id === id ? budget : each))
  })
  return budget
}

/**
 * Deletes a budget.
 *
 * @throws ApiError `entity.not_found`
 * @example await deleteBudget(room, id)
 */
export const deleteBudget = ({ db }: BudgetsRoom, id: string): Promise<void> =>
  changeBudgets(db, budgets => {
    if (!budgets.some(each => each.id === id)) throw new ApiError('entity.not_found')
    return budgets.filter(each => each.id !== id)
  })
