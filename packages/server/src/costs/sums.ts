import type { CostFigures, CostSums, CostsBy } from '@countersign/api'
import { beginOf, DAY, dayName, offsetsBetween, type Zone } from '../ledger/days.ts'
import type { SummedBy, SumsFilter, SumsRow } from '../ledger/sums.ts'

/** What sums of costs are made of. */
export interface Asked {
  by: CostsBy
  zone: Zone
  /** The first and the last day, counted from 1970. */
  first: number
  last: number
  country?: string | undefined
  connectionId?: string | undefined
  applicationId?: string | undefined
}

/** Sums up one span of time, as the ledger does. */
type SumSpan = (by: SummedBy, filter: SumsFilter) => Promise<SumsRow[]>

/** Groups that are told; an installation has fewer connections and countries. Days are never cut. */
export const MOST_GROUPS = 500

/** Days that one statement sums up: between two of them there is time for whoever signs in. */
const DAYS_AT_ONCE = 10

const nothing = (): CostFigures => ({
  sent: 0,
  delivered: 0,
  undelivered: 0,
  verified: 0,
  unpriced: 0,
  costs: [],
})

/** What has no key comes last. */
const compareKeys = (one: string | null, other: string | null) =>
  one === null ? 1 : other === null || one < other ? -1 : 1

/** Adds the figures of a currency. */
function add(figures: CostFigures, { currency, amount, estimated, ...counts }: SumsRow): void {
  for (const name of ['sent', 'delivered', 'undelivered', 'verified', 'unpriced'] as const)
    figures[name] += counts[name]
  if (currency === null) return
  let sum = figures.costs.find(each => each.currency === currency)
  if (!sum) {
    sum = { currency, amount: 0, estimated: 0 }
    figures.costs.push(sum)
    figures.costs.sort((one, other) => (one.currency < other.currency ? -1 : 1))
  }
  sum.amount += amount
  sum.estimated += estimated
}

/**
 * Sums up what messages came to and cost, over as many days as are asked for.
 *
 * @example await sumCosts(ledger.sums, { by: 'day', zone, first, last })
 */
export async function sumCosts(
  sumSpan: SumSpan,
  { by, zone, first, last, ...filter }: Asked,
): Promise<Omit<CostSums, 'keptDays'>> {
  const total = nothing()
  const groups = new Map<string | null, CostFigures>()
  const group = (key: string | null) => {
    const figures = groups.get(key) ?? nothing()
    groups.set(key, figures)
    return figures
  }
  // A day without messages is a day too.
  if (by === 'day') for (let day = first; day <= last; day += 1) group(dayName(day))
  for (let day = first; day <= last; day += DAYS_AT_ONCE) {
    const begin = beginOf(zone, day)
    const end = beginOf(zone, Math.min(day + DAYS_AT_ONCE, last + 1))
    const offsets = offsetsBetween(zone, begin, end)
    for (const row of await sumSpan(by, { begin, end, offsets, ...filter })) {
      add(total, row)
      add(group(by === 'day' ? dayName(Number(row.key)) : (row.key as string | null)), row)
    }
  }
  const all = [...groups].map(([key, figures]) => ({ key, ...figures }))
  if (by !== 'day') all.sort((one, other) => other.sent - one.sent || compareKeys(one.key, other.key))
  const told = by === 'day' ? all : all.slice(0, MOST_GROUPS)
  return {
    from: dayName(first),
    to: dayName(last),
    timeZone: zone.name,
    by,
    total,
    groups: told,
    isCut: told.length < all.length,
  }
}

/**
 * The first and the last day that are asked for, counted from 1970; a month that ends today where none is.
 *
 * @example spanOf({ to: dayNumber('2026-01-31') }, today) // { first: …, last: … }
 */
export function spanOf(asked: { from?: number | undefined; to?: number | undefined }, now: number) {
  const today = Math.floor(now / DAY)
  const last = asked.to ?? Math.max(today, asked.from ?? today)
  return { first: asked.from ?? last - 29, last }
}
