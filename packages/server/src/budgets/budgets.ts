import type { BudgetSettings } from '@countersign/api'
import { issue } from '../connections/changing.ts'
import type { Connections } from '../connections/connections.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { createBudget, deleteBudget, updateBudget } from './changing.ts'
import { judgeMoney } from './judge.ts'
import { createLooking } from './looking.ts'
import { keptBudgets } from './policy.ts'
import type { BudgetsRoom, SurroundingsOfBudgets } from './room.ts'
import { shownBudgets } from './shown.ts'
import { type Asking, spendingOf } from './spending.ts'
import { reachedStore } from './store.ts'
import { type Telling, tellOfBudgets } from './told.ts'

export { Spent } from './refusal.ts'
export type { Spending } from './spending.ts'

/** What budgets need of other rooms. */
interface BudgetNeeds extends SurroundingsOfBudgets {
  ledger: Pick<Ledger, 'spent'>
  connections: Pick<Connections, 'list'>
  /** The application with an id. */
  clientById(id: string): Promise<unknown>
  hooks: { telling: Telling }
}

/**
 * Budgets: what may be spent on messages in a day or a month. Money is reserved before a message leaves, for the most that
 * it may cost, and what was reserved too much goes back when the ledger knows better. One function a use case.
 *
 * @example
 * const spending = await budgets.spending({ recipient, applicationId, connections })
 * await spending?.settle([connection.id])
 */
export function createBudgets({ db, world, ledger, connections, clientById, hooks }: BudgetNeeds) {
  const { spent } = ledger
  const room: BudgetsRoom = {
    db,
    world,
    spent,
    telling: tellOfBudgets(hooks.telling),
    async requireSubject(scope, id) {
      const isThere =
        scope === 'connection'
          ? (await connections.list()).some(each => each.id === id)
          : (await clientById(id)) !== undefined
      if (!isThere) throw issue('subject', `names no ${scope}: ${id}`)
    },
    ...createLooking(world, spent),
    told: new Set(),
  }
  return {
    judge: (message: Parameters<typeof judgeMoney>[1]) => judgeMoney(room, message),
    spending: (spender: Asking) => spendingOf(room, spender),
    list: async () => shownBudgets(room, await keptBudgets(db)),
    create: async (settings: BudgetSettings) =>
      (await shownBudgets(room, [await createBudget(room, settings)]))[0]!,
    update: async (id: string, change: Partial<BudgetSettings>) =>
      (await shownBudgets(room, [await updateBudget(room, id, change)]))[0]!,
    delete: (id: string) => deleteBudget(room, id),
    /** Forgets which amounts were reached in periods that are over. */
    purge: async (): Promise<void> => void (await reachedStore(db).purge(world.now())),
  }
}

export type Budgets = ReturnType<typeof createBudgets>
