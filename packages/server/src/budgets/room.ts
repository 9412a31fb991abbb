import type { Along } from '../db/along.ts'
import type { Database } from '../db/database.ts'
import type { Spent, SpentFilter } from '../ledger/spent.ts'
import type { World } from '../world.ts'
import type { Concerned } from './concerned.ts'
import type { Level } from './store.ts'

/** An amount that was reached, for those who are told. */
export interface Reached extends Pick<Concerned, 'budget' | 'period'> {
  level: Level
  /** What counts by now, in millionths. */
  used: number
}

/** What the ledger says of a budget's period. */
export interface Look {
  /** What messages were counted for beyond what they cost. */
  excess: number
  /** What certainly was spent. */
  final: number
  unpriced: number
}

/** What budgets stand on. */
export interface SurroundingsOfBudgets {
  db: Database
  world: World
}

/** What every use case of budgets works with. */
export interface BudgetsRoom extends SurroundingsOfBudgets {
  /** What attempts were counted for when they left, and what they cost, by the ledger. */
  spent(filter: SpentFilter): Promise<Spent>
  /** Says what is written in the transaction in which an amount is reached. */
  telling(reached: Reached): Promise<Along<unknown>>
  /** Refuses what a budget is not to be for: a connection or application that there is not. */
  requireSubject(scope: 'connection' | 'application', id: string): Promise<void>
  /** Looks into the ledger, unless this node has just looked. */
  look(of: Pick<Concerned, 'budget' | 'period' | 'key'>): Promise<Look>
  /** What this node has seen last; it can only have become more since. */
  known(key: string): Look | undefined
  /** The amounts of which this node knows that they are told. */
  told: Set<string>
}
