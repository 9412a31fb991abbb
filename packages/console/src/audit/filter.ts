/** What the list of the audit log is cut down to, as its address says it. Empty members cut nothing. */
export interface LogFilter {
  /** Any part of an id, name, username, address or number. */
  user: string
  application: string
  key: string
  /** `Success` or `Error`. */
  result: string
  /** An operator's id. */
  operator: string
  /** Local times to the minute, as browsers write them: `2026-10-15T08:30`. */
  from: string
  to: string
}

export const FILTERS = [
  'user',
  'application',
  'operator',
  'key',
  'result',
  'from',
  'to',
] as const satisfies (keyof LogFilter)[]

/** How an entry may have ended. */
export const RESULTS = ['Success', 'Error'] as const

const resultOf = (text: string) => RESULTS.find(each => each === text)

const MINUTE = 60_000

/** The filter that an address asks for. */
export function readFilter(search: URLSearchParams): LogFilter {
  const read = (name: keyof LogFilter) => search.get(name)?.trim() ?? ''
  return {
    user: read('user'),
    application: read('application'),
    operator: read('operator'),
    key: read('key'),
    result: resultOf(read('result')) ?? '',
    from: read('from'),
    to: read('to'),
  }
}

/** A local time in milliseconds, as text; undefined for what is no time. */
function moment(local: string, add: number): string | undefined {
  const time = local === '' ? Number.NaN : new Date(local).getTime()
  return Number.isNaN(time) ? undefined : String(time + add)
}

/** The question to the server. The last minute counts to its end. */
export const toQuery = ({ user, application, operator, key, result, from, to }: LogFilter) => ({
  user: user || undefined,
  applicationId: application || undefined,
  operatorId: operator || undefined,
  logKey: key || undefined,
  result: resultOf(result),
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
