/** Moments at which another offset from UTC begins; the first one has no beginning. */
export interface Offset {
  /** Milliseconds before which it does not count. */
  from: number
  /** What a clock there is ahead of UTC by, in milliseconds. */
  ahead: number
}

const MINUTE = 60_000
export const DAY = 24 * 60 * MINUTE

/**
 * A time zone by its name; undefined for what is none.
 *
 * @example zoneOf('Asia/Shanghai')?.aheadAt(Date.now()) // 28_800_000
 */
export function zoneOf(name: string) {
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    })
  } catch {
    return undefined
  }
  /** How far a clock there is ahead of UTC. */
  function aheadAt(moment: number): number {
    const parts = Object.fromEntries(
      format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]),
    )
    const { year, month, day, hour, minute } = parts as Record<string, number>
    return Date.UTC(year!, month! - 1, day, hour, minute) - Math.floor(moment / MINUTE) * MINUTE
  }
  return { name: format.resolvedOptions().timeZone, aheadAt }
}

export type Zone = NonNullable<ReturnType<typeof zoneOf>>

/** The first moment, to the minute, at which something holds that does not hold before it. */
function firstWhere(low: number, high: number, holds: (moment: number) => boolean): number {
  let [before, after] = [Math.floor(low / MINUTE), Math.ceil(high / MINUTE)]
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (holds(middle * MINUTE)) after = middle
    else before = middle
  }
  return after * MINUTE
}

/**
 * The day of a moment by the clocks of a zone, such as `2026-01-31`.
 *
 * @example dayAt(zone, Date.now())
 */
export const dayAt = ({ aheadAt }: Zone, moment: number): string => dayName((moment + aheadAt(moment)) / DAY)

/**
 * The name of a day that is counted from 1970.
 *
 * @example dayName(20_000) // '2024-10-04'
 */
export const dayName = (day: number): string => new Date(Math.floor(day) * DAY).toISOString().slice(0, 10)

/**
 * The number of a day, counted from 1970; NaN for a date that there is not, such as the 30th of February.
 *
 * @example dayNumber('2024-10-04') // 20_000
 */
export function dayNumber(day: string): number {
  const moment = Date.parse(`${day}T00:00:00Z`)
  return dayName(moment / DAY || 0) === day ? moment / DAY : Number.NaN
}

/**
 * When a day begins in a zone: not everywhere at midnight, where clocks are put forward at that time.
 *
 * @example beginOf(zone, dayNumber('2026-03-08'))
 */
export const beginOf = (zone: Zone, day: number): number =>
  firstWhere(day * DAY - DAY, day * DAY + DAY, moment => moment + zone.aheadAt(moment) >= day * DAY)

/**
 * How far clocks of a zone are ahead of UTC between two moments, and since when.
 *
 * @example offsetsBetween(zone, begin, end) // [{ from: -Infinity, ahead: 28_800_000 }]
 */
export function offsetsBetween({ aheadAt }: Zone, begin: number, end: number): Offset[] {
  const offsets: Offset[] = [{ from: Number.NEGATIVE_INFINITY, ahead: aheadAt(begin) }]
  for (let moment = begin; moment < end; moment += DAY) {
    const next = Math.min(moment + DAY, end)
    const ahead = aheadAt(next)
    if (ahead !== offsets.at(-1)!.ahead)
      offsets.push({ from: firstWhere(moment, next, each => aheadAt(each) === ahead), ahead })
  }
  return offsets
}
