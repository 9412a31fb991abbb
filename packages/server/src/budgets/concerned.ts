import { rateOf } from '../connections/prices.ts'
import type { Connection } from '../connections/room.ts'
import type { Allowance } from '../counters/counters.ts'
import type { Recipient } from '../identifiers/recipient.ts'
import { type Period, periodAt } from './periods.ts'
import type { KeptBudget } from './policy.ts'

/** A connection as far as its prices go. */
export type Priced = Pick<Connection, 'id' | 'connector' | 'config' | 'prices'>

/** A message that is to leave, as far as budgets look at it. */
export interface Spender {
  recipient: Recipient
  applicationId: string | undefined
  /** Those that it may go over. */
  connections: readonly Priced[]
  /** Whoever asks was not here before, or nobody has looked yet: for them a part of hard amounts is kept from. */
  isStranger?: boolean
}

/** A budget that counts a message. */
export interface Concerned {
  budget: KeptBudget
  period: Period
  key: string
  /** What the message may cost at most, in millionths of the budget's currency. */
  amount: number
  /** What may be spent on whoever asks: the hard amount, without what is kept for known visitors where it is a stranger. */
  most: number | null
}

/** More than any amount. */
const NO_BOUND = Number.MAX_SAFE_INTEGER

/**
 * The key under which a budget counts within a period.
 *
 * @example keyOf(budget, periodAt(budget, now))
 */
export const keyOf = ({ id, generation }: KeptBudget, { name }: Period): string =>
  `budget/${id}/${generation}/${name}`

/**
 * What a message may cost over a connection at most, in millionths of a budget's currency; 0 where the budget does not
 * count it: its price is in another currency, or unknown and the budget assumes none.
 *
 * @example amountOver(budget, connection, recipient) // 90_000
 */
export function amountOver(budget: KeptBudget, connection: Priced, recipient: Recipient): number {
  const rate = rateOf(connection, recipient)
  if (rate?.price == null) return budget.assumedPrice ?? 0
  if (rate.currency !== budget.currency) return 0
  return rate.price * (rate.unit === 'segment' ? budget.segments : 1)
}

function isOf({ scope, subject, channel }: KeptBudget, { recipient, applicationId }: Spender): boolean {
  if (channel !== recipient.channel) return false
  if (scope === 'country') return recipient.country === subject
  return scope !== 'application' || applicationId === subject
}

/** Strangers get what is left of the hard amount without the part that is kept for known visitors. */
function mostFor({ hard, keptForKnown }: KeptBudget, { isStranger = false }: Spender): number | null {
  if (hard === null || !isStranger) return hard
  return hard - Math.ceil((hard * keptForKnown) / 100)
}

/** Whether there is money under a budget that strangers do not get: `spent.some(hasPartForKnown)`. */
export const hasPartForKnown = ({ budget, most }: Concerned): boolean => most !== budget.hard

/**
 * The budgets that count a message, each with the dearest of the connections that it counts.
 *
 * @example concernedBy(budgets, { recipient, applicationId, connections }, now)
 */
export function concernedBy(budgets: readonly KeptBudget[], spender: Spender, now: number): Concerned[] {
  return budgets
    .filter(budget => isOf(budget, spender))
    .flatMap((budget): Concerned[] => {
      const counted = spender.connections.filter(({ id }) => isOver(budget, id))
      const amount = Math.max(0, ...counted.map(each => amountOver(budget, each, spender.recipient)))
      if (amount === 0) return []
      const period = periodAt(budget, now)
      return [{ budget, period, key: keyOf(budget, period), amount, most: mostFor(budget, spender) }]
    })
}

/**
 * Whether a budget counts what goes over a connection.
 *
 * @example isOver(budget, connection.id)
 */
export const isOver = ({ scope, subject }: KeptBudget, connectionId: string): boolean =>
  scope !== 'connection' || subject === connectionId

/**
 * What a message is counted under, so that a budget is never passed.
 *
 * @param excess what messages were counted for beyond what they cost, in millionths
 * @example allowanceOf(concerned, excess, now)
 */
export const allowanceOf = (
  { period, key, amount, most }: Concerned,
  excess: number,
  now: number,
): Allowance => ({
  key,
  n: amount,
  most: most === null ? NO_BOUND : most + excess,
  // The key is of this period alone, so that its window ends with it, whoever counts first.
  lasts: period.end - now,
  window: 'begun',
})
