import type { CostSums } from '@countersign/api'

type Group = CostSums['groups'][number]

/** Columns that a chart of days has at most; of more days each column is a week. */
const MOST_COLUMNS = 62

/** Lines that a chart of anything else has at most; the table has the others. */
const MOST_LINES = 12

const WEEK = 7

/** Several groups as one. */
function joined(groups: readonly Group[]): Group {
  const sum = (name: 'sent' | 'delivered' | 'undelivered' | 'verified' | 'unpriced') =>
    groups.reduce((before, each) => before + each[name], 0)
  const currencies = [...new Set(groups.flatMap(({ costs }) => costs.map(({ currency }) => currency)))]
  return {
    key: groups[0]?.key ?? null,
    sent: sum('sent'),
    delivered: sum('delivered'),
    undelivered: sum('undelivered'),
    verified: sum('verified'),
    unpriced: sum('unpriced'),
    costs: currencies.map(currency => {
      const all = groups.flatMap(({ costs }) => costs.filter(each => each.currency === currency))
      return {
        currency,
        amount: all.reduce((before, { amount }) => before + amount, 0),
        estimated: all.reduce((before, { estimated }) => before + estimated, 0),
      }
    }),
  }
}

/** The groups that a chart shows: days as they are or by weeks, of anything else those with the most. */
export function shownGroups({ by, groups }: Pick<CostSums, 'by' | 'groups'>): {
  groups: Group[]
  weeks: boolean
} {
  if (by !== 'day') return { groups: groups.slice(0, MOST_LINES), weeks: false }
  if (groups.length <= MOST_COLUMNS) return { groups, weeks: false }
  const weeks = Array.from({ length: Math.ceil(groups.length / WEEK) }, (_, week) =>
    joined(groups.slice(week * WEEK, (week + 1) * WEEK)),
  )
  return { groups: weeks, weeks: true }
}

/** How much of the room a bar takes, in percent; what is there can be seen, however little it is. */
export const share = (value: number, most: number): number =>
  value <= 0 || most <= 0 ? 0 : Math.max(1, (value / most) * 100)
