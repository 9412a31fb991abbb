import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../db/database.ts'
import { ESTIMATED, LEFT } from './cost.ts'
import { attemptsBetween } from './spans.ts'

/** Which attempts are looked at, and in what their cost is counted. Test sends of operators are none of them. */
export interface SpentFilter {
  begin: number
  /** Not part of it. */
  end: number
  channel: 'sms' | 'email'
  /** Only prices in this currency count. */
  currency: string
  /** So many segments are counted where nobody has said how many there were. */
  segments: number
  country?: string | undefined
  connectionId?: string | undefined
  applicationId?: string | undefined
}

/** What attempts that left came to, in millionths of the currency. */
export interface Spent {
  /** What they were counted for when they left: as if each had as many segments and was delivered. */
  bound: number
  /** What they cost by all that is known; never more than `bound` unless one had more segments. */
  cost: number
  /** The part of `cost` that stays as it is. */
  final: number
  /** Attempts without a price; they are in none of the sums. */
  unpriced: number
}

const of = (column: string) => sql.ref(`attempts.${column}`)

/**
 * Sums up what attempts were counted for when they left, and what they cost by what is known now.
 *
 * @example (await spentOn(db, { begin, end, channel: 'sms', currency: 'CNY', segments: 2 })).cost
 */
export async function spentOn(db: Database, filter: SpentFilter): Promise<Spent> {
  const { begin, end, channel, currency, segments, country, connectionId, applicationId } = filter
  const most = sql`cast(${segments} as bigint)`
  const times = (count: RawBuilder<unknown>) =>
    sql`${of('price')} * (case when ${of('price_unit')} = 'segment' then ${count} else 1 end)`
  const cost = sql`case when ${of('charged')} = 'receipt' and ${of('receipt')} = 'undelivered' then 0
    else ${times(sql`coalesce(${of('segments')}, ${most})`)} end`
  const sumOf = (what: RawBuilder<unknown>) =>
    sql<number>`coalesce(sum(case when ${of('currency')} = ${currency} then ${what} else 0 end), 0)`
  const row = await attemptsBetween(db, begin, end)
    .where(LEFT)
    .where('attempts.channel', '=', channel)
    .where('messages.asked_by', '<>', 'test')
    .$if(country !== undefined, query => query.where('messages.country', '=', country!))
    .$if(connectionId !== undefined, query => query.where('attempts.connection_id', '=', connectionId!))
    .$if(applicationId !== undefined, query => query.where('messages.application_id', '=', applicationId!))
    .select([
      sumOf(times(most)).as('bound'),
      sumOf(cost).as('cost'),
      sumOf(sql`case when ${ESTIMATED} = 0 then ${cost} else 0 end`).as('final'),
      sql<number>`coalesce(sum(case when ${of('price')} is null then 1 else 0 end), 0)`.as('unpriced'),
    ])
    .executeTakeFirstOrThrow()
  return {
    bound: Number(row.bound),
    cost: Number(row.cost),
    final: Number(row.final),
    unpriced: Number(row.unpriced),
  }
}
