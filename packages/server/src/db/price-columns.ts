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

/** What messages came to and cost in an hour, once they are forgotten themselves. */
export async function addKeptCosts(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table kept_costs (hour bigint not null, country text not null, connection_id text not null,
      application_id text not null, currency text not null, sent integer not null, delivered integer not null,
      undelivered integer not null, verified integer not null, unpriced integer not null, amount bigint not null,
      estimated bigint not null, primary key (hour, country, connection_id, application_id, currency))`.execute(
    db,
  )
}
