import { type Kysely, sql } from 'kysely'

/**
 * What an attempt costs is kept with it as it was when it was sent: how many segments, the price of a unit in millionths
 * of its currency, what a unit is, and when it is charged. A connection has prices of its own where an operator wrote some.
 */
export async function addPrices(db: Kysely<unknown>): Promise<void> {
  for (const column of [
    'segments integer',
    'price bigint',
    'currency text',
    'price_unit text',
    'charged text',
  ])
    await sql`alter table attempts add column ${sql.raw(column)}`.execute(db)
  await sql`alter table connections add column prices text`.execute(db)
}
