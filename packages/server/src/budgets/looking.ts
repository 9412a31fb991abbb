import type { Spent, SpentFilter } from '../ledger/spent.ts'
import type { World } from '../world.ts'
import type { Concerned } from './concerned.ts'
import type { Period } from './periods.ts'
import type { KeptBudget } from './policy.ts'
import type { Look } from './room.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

/** So long what was seen is good enough; longer where the ledger took long to say it. */
const FRESH_FOR = 5_000
const TIMES_AS_LONG = 20

/** After so long receipts have told what they tell, so the sums of a day are kept. */
const SETTLED_AFTER = 2 * DAY

/** So many periods are remembered: more than budgets have at once. */
const MOST_REMEMBERED = 200

/**
 * Messages that were counted in the last moments of a period may leave in the first ones of the next, and are not in its
 * count. What leaves so early is never reckoned as costing less than it was counted for.
 */
const TAIL = MINUTE

interface Seen extends Look {
  freshUntil: number
  /** The days that were summed up for good, by their begin. */
  days: Map<number, Spent>
}

/**
 * The part of the ledger that a budget counts.
 *
 * @example await spentOn(db, filterOf(budget, begin, end))
 */
export function filterOf(budget: KeptBudget, begin: number, end: number): SpentFilter {
  const { channel, currency, segments, scope, subject } = budget
  return {
    begin,
    end,
    channel,
    currency,
    segments,
    ...(scope === 'country' && { country: subject! }),
    ...(scope === 'connection' && { connectionId: subject! }),
    ...(scope === 'application' && { applicationId: subject! }),
  }
}

/**
 * Looks into the ledger for what messages of a period were counted for beyond what they cost. That only ever grows: so
 * what was seen before never lets more be spent than there is.
 *
 * @example const { look } = createLooking(world, ledger.spent)
 */
export function createLooking(world: Pick<World, 'now'>, spent: (filter: SpentFilter) => Promise<Spent>) {
  const seen = new Map<string, Seen>()
  const looking = new Map<string, Promise<Look>>()

  async function sumsOf(budget: KeptBudget, { begin }: Period, now: number, days: Seen['days']) {
    const all: Spent[] = []
    for (let from = begin; from < now + MINUTE; from += DAY) {
      const to = Math.min(from + DAY, now + MINUTE)
      const day = days.get(from) ?? (await spent(filterOf(budget, from === begin ? begin + TAIL : from, to)))
      if (from + DAY < now - SETTLED_AFTER) days.set(from, day)
      all.push(day)
    }
    return all
  }

  async function lookNow(of: Pick<Concerned, 'budget' | 'period' | 'key'>): Promise<Look> {
    const began = performance.now()
    const now = world.now()
    const days = seen.get(of.key)?.days ?? new Map<number, Spent>()
    const all = await sumsOf(of.budget, of.period, now, days)
    const sum = (name: keyof Spent) => all.reduce((total, day) => total + day[name], 0)
    const took = performance.now() - began
    if (seen.size >= MOST_REMEMBERED) seen.clear()
    const found: Seen = {
      excess: sum('bound') - sum('cost'),
      final: sum('final'),
      unpriced: sum('unpriced'),
      freshUntil: now + Math.max(FRESH_FOR, TIMES_AS_LONG * took),
      days,
    }
    seen.set(of.key, found)
    return found
  }

  return {
    known: (key: string): Look | undefined => seen.get(key),
    look(of: Pick<Concerned, 'budget' | 'period' | 'key'>): Promise<Look> {
      const known = seen.get(of.key)
      if (known && world.now() < known.freshUntil) return Promise.resolve(known)
      const running = looking.get(of.key)
      if (running) return running
      const begun = lookNow(of).finally(() => looking.delete(of.key))
      looking.set(of.key, begun)
      return begun
    },
  }
}
