import { addressOf, type Period, periodQuery } from '../frame/list-filter.ts'

/** What the list of the audit log is cut down to, as its address says it. Empty members cut nothing. */
export interface LogFilter extends Period {
  /** Any part of an id, name, username, address or number. */
  user: string
  application: string
  key: string
  /** `Success` or `Error`. */
  result: string
  /** An operator's id. */
  operator: string
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

/** The question to the server. */
export const toQuery = ({ user, application, operator, key, result, ...period }: LogFilter) => ({
  user: user || undefined,
  applicationId: application || undefined,
  operatorId: operator || undefined,
  logKey: key || undefined,
  result: resultOf(result),
  ...periodQuery(period),
})

/** The address of the log cut down to some of it. */
export const logsAddress = (filter: Partial<LogFilter>): string => addressOf('/logs', filter)
