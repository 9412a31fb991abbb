import { sql } from 'kysely'

/** What an attempt without news is, until its provider says that it took the message. */
export const OPEN = sql<boolean>`(state in ('sending', 'unconfirmed') or reason = 'unknown_to_provider')`

/** Its provider took the message: whatever was thought of the attempt before. */
export const TAKEN = {
  state: sql<string>`case when ${OPEN} then 'accepted' else state end`,
  failure: sql<string | null>`case when ${OPEN} then null else failure end`,
  reason: sql<string | null>`case when ${OPEN} then null else reason end`,
}

/** Nobody asks about it any more, so nobody needs the recipient. */
export const ASKED = { sealed_to: null, ask_at: null }
