/** What the list of the audit log is cut down to, as its address says it. Empty members cut nothing. */
export interface LogFilter {
  user: string
  application: string
  key: string
  /** Local times to the minute, as browsers write them: `2026-10-15T08:30`. */
  from: string
  to: string
}

export const FILTERS = ['user', 'application', 'key', 'from', 'to'] as const satisfies (keyof LogFilter)[]

const MINUTE = 60_000

/** The filter that an address asks for. */
export function readFilter(search: URLSearchParams): LogFilter {
  const [user, application, key, from, to] = FILTERS.map(name => search.get(name)?.trim() ?? '')
  return { user: user!, application: application!, key: key!, from: from!, to: to! }
}

/** A local time in milliseconds, as text; undefined for what is no time. */
function moment(local: string, add: number): string | undefined {
  const time = local === '' ? Number.NaN : new Date(local).getTime()
  return Number.isNaN(time) ? undefined : String(time + add)
}

/** The question to the server. The last minute counts to its end. */
export const toQuery = ({ user, application, key, from, to }: LogFilter) => ({
  userId: user || undefined,
  applicationId: application || undefined,
  logKey: key || undefined,
  start_time: moment(from, 0),
  end_time: moment(to, MINUTE - 1),
})

/** The address of the log cut down to some of it. */
export function logsAddress(filter: Partial<LogFilter>): string {
  const search = new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== ''))
  return search.size > 0 ? `/logs?${search}` : '/logs'
}

/** True when the range ends before it begins; the server would refuse it. */
export const isBackwards = ({ from, to }: LogFilter): boolean =>
  from !== '' && to !== '' && new Date(from).getTime() > new Date(to).getTime()
