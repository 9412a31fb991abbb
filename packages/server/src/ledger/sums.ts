import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../db/database.ts'
import { COST, ESTIMATED, LEFT } from './cost.ts'
import { attemptsBetween, attemptsOfMessagesBefore } from './spans.ts'

/** What attempts are summed up by. */
export type SummedBy = 'day' | 'country' | 'connection' | 'application'

/** What is summed up. */
export interface SumsFilter {
  begin: number
  /** Not part of it. */
  end: number
  country?: string | undefined
  connectionId?: string | undefined
  applicationId?: string | undefined
  /** Where days begin: how far the clocks are ahead of UTC, and from when on; the first from ever. */
  offsets: readonly { from: number; ahead: number }[]
}

/** The attempts of one key and currency that left. */
export interface SumsRow {
  /** A day counted from 1970, two letters, or an id; null for messages without one. */
  key: string | number | null
  currency: string | null
  sent: number
  /** Those of which a receipt says that they were delivered, or that they were not. */
  delivered: number
  undelivered: number
  verified: number
  /** Of so many nobody knows the price. */
  unpriced: number
  /** Millionths. */
  amount: number
  estimated: number
}

const HOUR = 60 * 60_000
const DAY = 24 * HOUR

/** Numbers come as floating-point ones to SQLite, which divides as they are. */
const whole = (value: number) => sql<number>`cast(${value} as bigint)`

/**
 * The day of a moment, counted from 1970, by clocks that are ahead of UTC by these offsets.
 *
 * @example dayOf('attempts.created_at', offsets)
 */
export function dayOf(column: string, offsets: SumsFilter['offsets']): RawBuilder<number> {
  const moment = sql.ref<number>(column)
  const [first, ...later] = offsets
  const ahead = later.reduce(
    (before, offset) =>
      sql`case when ${moment} >= ${whole(offset.from)} then ${whole(offset.ahead)} else ${before} end`,
    whole(first?.ahead ?? 0) as RawBuilder<unknown>,
  )
  return sql<number>`(${moment} + ${ahead}) / ${sql.lit(DAY)}`
}

const KEYS = {
  country: 'messages.country',
  connection: 'attempts.connection_id',
  application: 'messages.application_id',
} as const

const count = (condition: RawBuilder<unknown>) => sql<number>`sum(case when ${condition} then 1 else 0 end)`

/** The code that it carries was used. */
const VERIFIED = sql`${sql.ref('messages.used_code')} = ${sql.ref('attempts.which_code')}`

const FIGURES = [
  sql<number>`count(*)`.as('sent'),
  count(sql`${sql.ref('attempts.receipt')} = 'delivered'`).as('delivered'),
  count(sql`${sql.ref('attempts.receipt')} = 'undelivered'`).as('undelivered'),
  count(VERIFIED).as('verified'),
  count(sql`${COST} is null`).as('unpriced'),
  sql<number>`coalesce(sum(${COST}), 0)`.as('amount'),
  sql<number>`coalesce(sum(case when ${ESTIMATED} = 1 then ${COST} end), 0)`.as('estimated'),
] as const

/**
 * What attempts came to and cost by the hour, of messages that are about to be forgotten. An empty text stands for none.
 *
 * @example tx.insertInto('kept_costs').expression(sumsByHour(tx, before))
 */
export const sumsByHour = (db: Database, before: number) => {
  const hour = sql<number>`${sql.ref('attempts.created_at')} / ${sql.lit(HOUR)} * ${sql.lit(HOUR)}`
  const orNone = (column: string) => sql<string>`coalesce(${sql.ref(column)}, '')`
  return attemptsOfMessagesBefore(db, before)
    .where(LEFT)
    .select([
      hour.as('sum_hour'),
      orNone(KEYS.country).as('sum_country'),
      orNone(KEYS.connection).as('sum_connection'),
      orNone(KEYS.application).as('sum_application'),
      orNone('attempts.currency').as('sum_currency'),
      ...FIGURES,
    ])
    .groupBy(['sum_hour', 'sum_country', 'sum_connection', 'sum_application', 'sum_currency'] as never)
}

/**
 * Sums up what attempts came to and cost.
 *
 * @example await sumAttempts(db, 'day', { begin, end, offsets: [{ from: 0, ahead: 0 }] })
 */
export async function sumAttempts(db: Database, by: SummedBy, filter: SumsFilter): Promise<SumsRow[]> {
  const { begin, end, country, connectionId, applicationId, offsets } = filter
  const key: RawBuilder<string | number | null> =
    by === 'day' ? dayOf('attempts.created_at', offsets) : sql`${sql.ref(KEYS[by])}`
  const rows = await attemptsBetween(db, begin, end)
    .where(LEFT)
    .$if(country !== undefined, query => query.where('messages.country', '=', country!))
    .$if(connectionId !== undefined, query => query.where('attempts.connection_id', '=', connectionId!))
    .$if(applicationId !== undefined, query => query.where('messages.application_id', '=', applicationId!))
    .select([key.as('sum_key'), 'attempts.currency as sum_currency', ...FIGURES])
    // Other names than columns have: PostgreSQL would take those.
    .groupBy(['sum_key', 'sum_currency'] as never)
    .execute()
  return rows.map(({ sum_key, sum_currency, ...figures }) => ({
    key: sum_key,
    currency: sum_currency,
    ...(Object.fromEntries(Object.entries(figures).map(([name, figure]) => [name, Number(figure)])) as {
      [name in keyof typeof figures]: number
    }),
  }))
}
