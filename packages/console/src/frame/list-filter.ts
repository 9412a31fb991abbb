/** A span of time in a list's filter: local times to the minute, as browsers write them, e.g. `2026-10-15T08:30`. */
export interface Period {
  /** Empty where it is open. */
  from: string
  to: string
}

const MINUTE = 60_000

/** A local time in milliseconds, as text; undefined for what is no time. */
function moment(local: string, add: number): string | undefined {
  const time = local === '' ? Number.NaN : new Date(local).getTime()
  return Number.isNaN(time) ? undefined : String(time + add)
}

/** When a period begins and ends, as the server is asked for it; the last minute counts to its end. */
export const periodQuery = ({ from, to }: Period) => ({
  start_time: moment(from, 0),
  end_time: moment(to, MINUTE - 1),
})

/** True when a period ends before it begins; the server would refuse it. */
export const isBackwards = ({ from, to }: Period): boolean =>
  from !== '' && to !== '' && new Date(from).getTime() > new Date(to).getTime()

/** The address of a list cut down by some members of its filter, e.g. `/logs?user=ada`; empty ones cut nothing. */
export function addressOf(path: string, filter: object): string {
  const search = new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== ''))
  return search.size > 0 ? `${path}?${search}` : path
}
