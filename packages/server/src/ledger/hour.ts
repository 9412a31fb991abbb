import { sql } from 'kysely'
import type { Database } from '../db/database.ts'
import { leftMessages, newestAttempts } from './store.ts'

const HOUR = 60 * 60_000

/** More are not read at once: of many messages the newest say enough. */
const MOST_READ = 5_000

/** What became of the messages of one channel. */
export interface HourRow {
  channel: string
  /** That left, or may have. */
  sent: number
  /** Of them, those whose code was used. */
  verified: number
  delivered: number
  undelivered: number
}

/**
 * What became of the messages of the last hour that left, by channel; of many, of the newest.
 *
 * @example await countHour(db, world.now()) // [{ channel: 'sms', sent: 120, verified: 96, delivered: 101, undelivered: 3 }]
 */
export async function countHour(db: Database, now: number): Promise<HourRow[]> {
  const newest = leftMessages(db)
    .select(['channel', 'verified_at', 'receipt'])
    .where('created_at', '>=', now - HOUR)
    .orderBy('created_at', 'desc')
    .limit(MOST_READ)
  const rows = await db
    .selectFrom(newest.as('newest'))
    .select('channel')
    .select(({ fn }) => [fn.countAll<number>().as('sent'), fn.count<number>('verified_at').as('verified')])
    .select(sql<number>`count(case when receipt = 'delivered' then 1 end)`.as('delivered'))
    .select(sql<number>`count(case when receipt = 'undelivered' then 1 end)`.as('undelivered'))
    .groupBy('channel')
    .execute()
  return rows.map(({ channel, ...counts }) => ({
    channel,
    sent: Number(counts.sent),
    verified: Number(counts.verified),
    delivered: Number(counts.delivered),
    undelivered: Number(counts.undelivered),
  }))
}

/**
 * How many attempts of the last day wait for their provider to be asked although it is their turn; of many, of the newest.
 *
 * @example await countToAsk(db, world.now()) // 0
 */
export async function countToAsk(db: Database, now: number): Promise<number> {
  const { count } = await newestAttempts(db, now - 24 * HOUR, MOST_READ)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('ask_at', '<=', now)
    .executeTakeFirstOrThrow()
  return Number(count)
}
