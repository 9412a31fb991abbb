import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { rememberTable } from './version-triggers.ts'

/**
 * Makes the table of the connections that rest, or did. It is remembered: a row is written when a connection begins or
 * ends to rest and when one message tries it, so seldom, and every message must know it.
 */
export async function addConnectionHealth(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table connection_health (connection_id text primary key, settings text not null, state text not null, reason text,
      since bigint not null, retry_at bigint, tried_at bigint, tries integer not null default 0, failure text,
      provider_code text)`.execute(db)
  await rememberTable(db, 'connection_health')
}
