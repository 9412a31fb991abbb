import { type Kysely, sql } from 'kysely'

/**
 * Lets several connections of a channel be on at once, in the order of their positions. The one that was on stays the
 * first: among equal positions those that are on come first. Without destinations a connection sends everywhere.
 */
export async function orderConnections(db: Kysely<unknown>): Promise<void> {
  await sql`drop index connections_in_use`.execute(db)
  await sql`alter table connections add column name text`.execute(db)
  await sql`alter table connections add column position integer not null default 0`.execute(db)
  await sql`alter table connections add column destinations text`.execute(db)
}
