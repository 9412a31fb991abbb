import { beginOf, dayAt, dayNumber, type Zone, zoneOf } from '../ledger/days.ts'

/** A day or a month of the calendar. */
export interface Period {
  /** `2026-11-30`, or `2026-11`. */
  name: string
  begin: number
  /** Not part of it. */
  end: number
}

/** So many periods that run are remembered: more than there are budgets. */
const MOST_REMEMBERED = 500

const running = new Map<string, Period>()

/** The name of the month after one: `monthAfter('2026-12') // '2027-01'`. */
function monthAfter(month: string): string {
  const [year, nth] = month.split('-').map(Number) as [number, number]
  return new Date(Date.UTC(year, nth, 1)).toISOString().slice(0, 7)
}

function reckon(zone: Zone, length: 'day' | 'month', now: number): Period {
  const day = dayAt(zone, now)
  if (length === 'day') {
    const number = dayNumber(day)
    return { name: day, begin: beginOf(zone, number), end: beginOf(zone, number + 1) }
  }
  const month = day.slice(0, 7)
  const beginOfMonth = (name: string) => beginOf(zone, dayNumber(`${name}-01`))
  return { name: month, begin: beginOfMonth(month), end: beginOfMonth(monthAfter(month)) }
}

/**
 * The day or month that runs by the clocks of a time zone.
 *
 * @example periodAt({ period: 'month', timeZone: 'Asia/Shanghai' }, Date.now()).name // '2026-11'
 */
export function periodAt(
  { period, timeZone }: { period: 'day' | 'month'; timeZone: string },
  now: number,
): Period {
  const key = `${period}/${timeZone}`
  const known = running.get(key)
  if (known && known.begin <= now && now < known.end) return known
  const zone = zoneOf(timeZone)
  if (!zone) throw new Error(`${timeZone} is no time zone`)
  const found = reckon(zone, period, now)
  if (running.size >= MOST_REMEMBERED) running.clear()
  running.set(key, found)
  return found
}
