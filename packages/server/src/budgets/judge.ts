import { usedOf } from '../counters/counters.ts'
import { concernedBy, hasPartForKnown, type Spender } from './concerned.ts'
import { keptBudgets } from './policy.ts'
import { isSoftReached, keyIn, spentAmong } from './reaching.ts'
import { refusalBy, type Spent } from './refusal.ts'
import type { BudgetsRoom } from './room.ts'

/** What budgets object to, as the parts of the protection say it. */
export type BudgetObjection =
  /** There is money left, so the ledger does not say that there is none. */
  | { demands: 'captcha'; reason: 'captcha' }
  | { demands: 'refuse'; reason: 'budget'; retryAfter: number; refusal: Spent }

/**
 * Says what budgets object to in a message: it is refused where no money is left for it, and where a soft amount is
 * reached it goes to those alone who have passed a check for people or were here before. It costs a statement where a
 * budget counts the message, and else none; a few more where a soft amount is reached.
 *
 * @example const objection = await judgeMoney(room, message)
 */
export async function judgeMoney(
  room: BudgetsRoom,
  message: Spender & { humanity: 'passed' | 'missing' | 'impossible'; isKnown(): Promise<boolean> },
): Promise<BudgetObjection | undefined> {
  const { db, world } = room
  const budgets = await keptBudgets(db)
  const isPage = message.humanity !== 'impossible'
  const concerned = concernedBy(budgets, { ...message, isStranger: isPage }, world.now())
  if (concerned.length === 0) return undefined
  const counts = await usedOf(db, concerned.map(keyIn), world.now())
  let spent = await spentAmong(room, concerned, counts)
  if (isPage && spent.some(hasPartForKnown) && (await message.isKnown()))
    spent = await spentAmong(room, concernedBy(budgets, message, world.now()), counts)
  const barred = spent.flatMap(({ budget }) => (budget.scope === 'connection' ? budget.subject : []))
  const isOpen = message.connections.some(({ id }) => !barred.includes(id))
  const refusal = refusalBy(spent, isOpen, world.now())
  if (refusal) return { demands: 'refuse', reason: 'budget', retryAfter: refusal.retryAfter, refusal }
  if (message.humanity !== 'missing') return undefined
  for (const each of concerned)
    if (await isSoftReached(room, each, counts.get(each.key)?.used ?? 0))
      return (await message.isKnown()) ? undefined : { demands: 'captcha', reason: 'captcha' }
  return undefined
}
