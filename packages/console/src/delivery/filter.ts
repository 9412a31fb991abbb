import { MessageState, PHONE_COUNTRIES, UsageType } from '@countersign/api'

/** What the list of messages is cut down to, as its address says it. Empty members cut nothing. */
export interface MessageFilter {
  /** A whole number or address, in any spelling. */
  recipient: string
  country: string
  connector: string
  state: string
  usageType: string
  application: string
  /** Local times to the minute, as browsers write them: `2026-10-15T08:30`. */
  from: string
  to: string
}

export const FILTERS = [
  'recipient',
  'state',
  'application',
  'connector',
  'country',
  'usageType',
  'from',
  'to',
] as const satisfies (keyof MessageFilter)[]

const MINUTE = 60_000

/** Digits of the shortest number that has a country code. */
const SHORTEST = 7

/** The filter that an address asks for; what the server would refuse is none. */
export function readFilter(search: URLSearchParams): MessageFilter {
  const read = (name: keyof MessageFilter) => search.get(name)?.trim() ?? ''
  const one = (name: keyof MessageFilter, of: readonly string[]) =>
    of.includes(read(name)) ? read(name) : ''
  return {
    recipient: read('recipient'),
    country: one('country', PHONE_COUNTRIES),
    connector: read('connector'),
    state: one('state', MessageState.options),
    usageType: one('usageType', UsageType.options),
    application: read('application'),
    from: read('from'),
    to: read('to'),
  }
}

/** A local time in milliseconds, as text; undefined for what is no time. */
function moment(local: string, add: number): string | undefined {
  const time = local === '' ? Number.NaN : new Date(local).getTime()
  return Number.isNaN(time) ? undefined : String(time + add)
}

/** The address of the list cut down to some of it. */
export function deliveriesAddress(filter: Partial<MessageFilter>): string {
  const search = new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== ''))
  return search.size > 0 ? `/deliveries?${search}` : '/deliveries'
}

/** True for what is no whole number and no whole address: no part of either can be found. */
export const isPart = ({ recipient }: MessageFilter): boolean =>
  recipient !== '' &&
  !/.[@＠].*\../.test(recipient) &&
  ((recipient.match(/\p{Nd}/gu)?.length ?? 0) < SHORTEST || /[\p{L}*]/u.test(recipient))

/** True when the range ends before it begins. */
export const isBackwards = ({ from, to }: MessageFilter): boolean =>
  from !== '' && to !== '' && new Date(from).getTime() > new Date(to).getTime()

/** The question to the server. The last minute counts to its end. What is refused the fields say themselves. */
export const toQuery = (filter: MessageFilter) => ({
  recipient: isPart(filter) ? undefined : filter.recipient || undefined,
  country: filter.country || undefined,
  connector: filter.connector || undefined,
  state: MessageState.safeParse(filter.state).data,
  usageType: UsageType.safeParse(filter.usageType).data,
  applicationId: filter.application || undefined,
  start_time: isBackwards(filter) ? undefined : moment(filter.from, 0),
  end_time: moment(filter.to, MINUTE - 1),
})
