import { type Kysely, SqliteAdapter, sql } from 'kysely'
import { addSqliteTriggers } from './version-triggers.ts'

/**
 * Lets a channel have several connections, of which at most one is on. Those that are there stay on.
 *
 * SQLite cannot take a rule from a column, so the table is made anew there, and gets its triggers back.
 */
export async function keepSeveralConnections(db: Kysely<unknown>): Promise<void> {
  if (db.getExecutor().adapter instanceof SqliteAdapter) await makeAnew(db)
  else {
    await sql`alter table connections drop constraint connections_channel_key`.execute(db)
    await sql`alter table connections add column enabled integer not null default 1`.execute(db)
  }
  await sql`create unique index connections_in_use on connections (channel) where enabled = 1`.execute(db)
}

async function makeAnew(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table connections_of_channels (id text primary key, connector text not null, channel text not null,
      config text not null, metadata text not null, created_at bigint not null, updated_at bigint not null,
      enabled integer not null default 1)`.execute(db)
  await sql`
    insert into connections_of_channels (id, connector, channel, config, metadata, created_at, updated_at)
      select id, connector, channel, config, metadata, created_at, updated_at from connections`.execute(db)
  await sql`drop table connections`.execute(db)
  await sql`alter table connections_of_channels rename to connections`.execute(db)
  await addSqliteTriggers(db, 'connections')
}
