import { type CostsBy, CostsBy as Every, MOST_DAYS, PHONE_COUNTRIES } from '@countersign/api'

/** What sums of costs are cut down to and broken down by, as the address says it. Empty members cut nothing. */
export interface CostFilter {
  /** Days, e.g. `2026-01-31`; both are sums of. */
  from: string
  to: string
  by: CostsBy
  country: string
  connection: string
  application: string
}

const DAY = 24 * 60 * 60_000

/** The time zone in which the operator’s clocks go. */
export const timeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone

/** The day of a moment by the operator’s clocks. */
export const dayOf = (moment: number): string => {
  const date = new Date(moment)
  const two = (figure: number) => String(figure).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** A day so many days later. */
const shifted = (day: string, days: number) =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10)

const isDay = (text: string) => /^20\d\d-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))

/** The filter that an address asks for; without days, the last thirty. */
export function readCostFilter(search: URLSearchParams, now: number): CostFilter {
  const read = (name: keyof CostFilter) => search.get(name)?.trim() ?? ''
  const to = isDay(read('to')) ? read('to') : dayOf(now)
  return {
    from: isDay(read('from')) ? read('from') : shifted(to, -29),
    to,
    by: Every.safeParse(read('by')).data ?? 'day',
    country: PHONE_COUNTRIES.includes(read('country')) ? read('country') : '',
    connection: read('connection'),
    application: read('application'),
  }
}

/** What is wrong with the days. */
export function daysProblem({ from, to }: Pick<CostFilter, 'from' | 'to'>): 'backwards' | 'long' | undefined {
  if (from > to) return 'backwards'
  return Date.parse(to) - Date.parse(from) >= MOST_DAYS * DAY ? 'long' : undefined
}

/** The question to the server; of days that it would refuse, the last thirty. */
export const toCostQuery = ({ from, to, by, country, connection, application }: CostFilter) => ({
  from: daysProblem({ from, to }) ? shifted(to, -29) : from,
  to,
  by,
  timeZone: timeZone(),
  country: country || undefined,
  connectionId: connection || undefined,
  applicationId: application || undefined,
})
