const SECONDS = { minutes: 60, hours: 3600, days: 86_400 } as const

export type Unit = keyof typeof SECONDS
export const UNITS = Object.keys(SECONDS) as Unit[]

/** A time as people say it. Empty while it is typed. */
export interface Lifetime {
  value: number | ''
  unit: Unit
}

/** What browsers keep a cookie at most, and the least that a page can be filled in within. */
const LONGEST = 400 * SECONDS.days
const SHORTEST = SECONDS.minutes

/** Seconds in the largest unit that says them exactly; what none does is said in minutes, rounded up. */
export function fromSeconds(seconds: number): Lifetime {
  const unit = UNITS.findLast(each => seconds >= SECONDS[each] && seconds % SECONDS[each] === 0) ?? 'minutes'
  return { value: Math.ceil(seconds / SECONDS[unit]), unit }
}

/** Whole seconds; undefined for what sessions cannot live. */
export function toSeconds({ value, unit }: Lifetime): number | undefined {
  const seconds = value === '' ? 0 : Math.round(value * SECONDS[unit])
  return seconds >= SHORTEST && seconds <= LONGEST ? seconds : undefined
}
