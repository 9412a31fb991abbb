import { MessageState, PHONE_COUNTRIES, UsageType } from '@countersign/api'
import { addressOf, isBackwards, type Period, periodQuery } from '../frame/list-filter.ts'

/** What the list of messages is cut down to, as its address says it. Empty members cut nothing. */
export interface MessageFilter extends Period {
  /** A whole number or address, in any spelling. */
  recipient: string
  country: string
  connector: string
  /** The id of a saved one that any attempt went over. */
  connection: string
  state: string
  usageType: string
  application: string
}

export const FILTERS = [
  'recipient',
  'state',
  'application',
  'connector',
  'connection',
  'country',
  'usageType',
  'from',
  'to',
] as const satisfies (keyof MessageFilter)[]

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
    connection: read('connection'),
    state: one('state', MessageState.options),
    usageType: one('usageType', UsageType.options),
    application: read('application'),
    from: read('from'),
    to: read('to'),
  }
}

/** The address of the list cut down to some of it. */
export const deliveriesAddress = (filter: Partial<MessageFilter>): string => addressOf('/deliveries', filter)

/** True for what is no whole number and no whole address: no part of either can be found. */
export const isPart = ({ recipient }: MessageFilter): boolean =>
  recipient !== '' &&
  !/.[@＠].*\../.test(recipient) &&
  ((recipient.match(/\p{Nd}/gu)?.length ?? 0) < SHORTEST || /[\p{L}*]/u.test(recipient))

/** The question to the server. What it would refuse the fields say themselves. */
export const toQuery = (filter: MessageFilter) => ({
  recipient: isPart(filter) ? undefined : filter.recipient || undefined,
  country: filter.country || undefined,
  connector: filter.connector || undefined,
  connectionId: filter.connection || undefined,
  state: MessageState.safeParse(filter.state).data,
  usageType: UsageType.safeParse(filter.usageType).data,
  applicationId: filter.application || undefined,
  ...periodQuery(isBackwards(filter) ? { ...filter, from: '' } : filter),
})
