/** What a list of messages is cut down to. */
export interface MessageFilter {
  recipientKey?: string | undefined
  country?: string | undefined
  connector?: string | undefined
  /** One that any attempt went over. */
  connectionId?: string | undefined
  state?: string | undefined
  usageType?: string | undefined
  applicationId?: string | undefined
  /** Moments, both inclusive. */
  from?: number | undefined
  to?: number | undefined
}

/** The filters that are columns, by the names of both. */
export const FILTERS = [
  ['recipientKey', 'recipient_key'],
  ['country', 'country'],
  ['connector', 'connector'],
  ['usageType', 'usage_type'],
  ['applicationId', 'application_id'],
] as const
