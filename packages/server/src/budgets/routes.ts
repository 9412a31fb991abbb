import { budgetRoutes } from '@countersign/api'
import type { Mount } from '../http/mount.ts'
import type { Budgets } from './budgets.ts'

/**
 * What may be spent on messages.
 *
 * @example mountBudgets(mount, budgets)
 */
export function mountBudgets(
  mount: Mount,
  budgets: Pick<Budgets, 'list' | 'create' | 'update' | 'delete'>,
): void {
  mount
    .add(budgetRoutes.listBudgets, async () => ({ status: 200, body: await budgets.list() }))
    .add(budgetRoutes.createBudget, async ({ body }) => ({ status: 201, body: await budgets.create(body) }))
    .add(budgetRoutes.updateBudget, async ({ params, body }) => {
      const given = Object.entries(body).filter(([, value]) => value !== undefined)
      return { status: 200, body: await budgets.update(params.id, Object.fromEntries(given)) }
    })
    .add(budgetRoutes.deleteBudget, async ({ params }) => {
      await budgets.delete(params.id)
      return { status: 204 }
    })
}
