import type { BudgetSettings } from '@countersign/api'
import type { Database } from '../db/database.ts'
import { changeDocument, readDocument } from '../settings/settings.ts'

const KEY = 'budgets'

/** A budget as it is kept. */
export interface KeptBudget extends BudgetSettings {
  id: string
  createdAt: number
  /** Another one whenever what it counts changes: then it counts anew, under another key. */
  generation: string
}

/** What budgets of older versions do not have. */
const NEWER = { keptForKnown: 0 }

interface Kept {
  budgets: KeptBudget[]
}

/**
 * The budgets that are set, oldest first; from this node's memory.
 *
 * @example const budgets = await keptBudgets(db)
 */
export const keptBudgets = async (db: Database): Promise<readonly KeptBudget[]> =>
  ((await readDocument<Kept>(db, KEY)).budgets ?? []).map(budget => ({ ...NEWER, ...budget }))

/**
 * Changes the list of budgets; `change` may throw, and then nothing is changed.
 *
 * @example await changeBudgets(db, budgets => [...budgets, budget])
 */
export const changeBudgets = async (
  db: Database,
  change: (budgets: readonly KeptBudget[]) => KeptBudget[],
): Promise<void> =>
  void (await changeDocument<Kept>(db, KEY, ({ budgets = [] }) => ({ budgets: change(budgets) })))

/** What decides which messages a budget counts, and for how much. */
const COUNTS = [
  'channel',
  'period',
  'timeZone',
  'scope',
  'subject',
  'currency',
  'segments',
  'assumedPrice',
] as const satisfies (keyof BudgetSettings)[]

/**
 * Whether two settings of a budget count the same messages for the same amounts.
 *
 * @example countsAlike(budget, { ...budget, hard: 2_000_000 }) // true
 */
export const countsAlike = (one: BudgetSettings, other: BudgetSettings): boolean =>
  COUNTS.every(name => one[name] === other[name])
