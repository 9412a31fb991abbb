import type { Database } from '../db/database.ts'
import { DAY } from '../ledger/days.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { World } from '../world.ts'
import { keepSums, keptCosts } from './store.ts'
import { type Asked, sumCosts } from './sums.ts'

export { keepSums }

/** Two years of sums are kept: enough to compare with the year before. */
const KEEP_DAYS = 730

/**
 * What messages came to and cost: of those that the ledger has, and of those that it has forgotten.
 *
 * @example await createCosts(db, ledger, world).sum({ by: 'day', zone, first, last })
 */
export function createCosts(db: Database, ledger: Pick<Ledger, 'sums'>, world: Pick<World, 'now'>) {
  const kept = keptCosts(db)
  return {
    keepDays: KEEP_DAYS,
    sum: (asked: Asked) =>
      sumCosts(
        async (by, filter) => [...(await kept.sums(by, filter)), ...(await ledger.sums(by, filter))],
        asked,
      ),
    /** Forgets sums that are older than they are kept. */
    purge: () => kept.purge(world.now() - KEEP_DAYS * DAY),
  }
}

export type Costs = ReturnType<typeof createCosts>
