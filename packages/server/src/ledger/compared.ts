import { sql } from 'kysely'
import type { Database } from '../db/database.ts'
import { attemptsBetween } from './spans.ts'
import { isFirstAsked } from './store.ts'

/** The messages of one country that went over one connection first, and what became of them. */
export interface FirstMessages {
  connectionId: string
  country: string | null
  sent: number
  /** Those that the connection could not send, but for failures that say something of the recipient. */
  failed: number
  /** Those that were sent before `ripe`, and those of them whose code was used as the connection carried it. */
  counted: number
  verified: number
}

/** What is compared. */
export interface CompareFilter {
  connectionIds: readonly string[]
  /** Messages of these applications alone; null for all, and for those of none. */
  applicationIds: readonly string[] | null
  begin: number
  end: number
  /** Codes of messages that were sent before have had their time. */
  ripe: number
  /** Failures that say something of the recipient, and nothing of the connection. */
  apart: readonly string[]
}

/** How soon a second message to one recipient is another try for the first. */
const ANOTHER_TRY = 15 * 60_000

const count = (condition: ReturnType<typeof sql>) =>
  sql<number>`sum(case when ${condition} then 1 else 0 end)`

const column = (name: string) => sql.ref(name)

/**
 * Counts what became of messages by the connection that was asked first. Who asks for a second code often goes over another
 * connection, because the first did not arrive: only first messages are counted, and what helped then counts for nobody.
 *
 * @example await firstMessages(db, { connectionIds, applicationIds: null, begin, end: now, ripe: now - 15 * MINUTE, apart: ['recipient_invalid'] })
 */
export async function firstMessages(
  db: Database,
  { connectionIds, applicationIds, begin, end, ripe, apart }: CompareFilter,
): Promise<FirstMessages[]> {
  if (connectionIds.length === 0) return []
  const failed = sql`${column('attempts.state')} = 'failed'`
  const isRipe = sql`${column('attempts.created_at')} < cast(${ripe} as bigint)`
  const rows = await attemptsBetween(db, begin, end)
    .where('attempts.nth', '=', 1)
    .where('attempts.connection_id', 'in', connectionIds)
    .where(({ eb, or }) => or([eb('messages.asked_by', 'is', null), eb('messages.asked_by', '<>', 'test')]))
    .where(isFirstAsked(ANOTHER_TRY))
    .$if(applicationIds !== null, query => query.where('messages.application_id', 'in', applicationIds!))
    .where(({ eb, or }) =>
      or([
        eb('attempts.state', '<>', 'failed'),
        eb('attempts.failure', 'is', null),
        eb('attempts.failure', 'not in', apart),
      ]),
    )
    .select(({ fn }) => [
      'attempts.connection_id',
      'messages.country',
      fn.countAll<number>().as('sent'),
      count(failed).as('failed'),
      count(isRipe).as('counted'),
      count(
        sql`${isRipe} and not ${failed} and ${column('messages.verified_at')} is not null
          and ${column('messages.used_code')} = ${column('attempts.which_code')}`,
      ).as('verified'),
    ])
    .groupBy(['attempts.connection_id', 'messages.country'])
    .execute()
  return rows.map(row => ({
    connectionId: row.connection_id!,
    country: row.country,
    sent: Number(row.sent),
    failed: Number(row.failed),
    counted: Number(row.counted),
    verified: Number(row.verified),
  }))
}
