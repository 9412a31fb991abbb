import { type Kysely, SqliteAdapter, sql } from 'kysely'

/** As of migration 0050; a table that comes later gets its triggers in its own migration. */
const TABLES = [
  'settings',
  'applications',
  'application_secrets',
  'connections',
  'custom_phrases',
  'email_templates',
  'resources',
  'hooks',
]

/**
 * Makes `memory_version` and the triggers that change it, so that no writer can forget to.
 *
 * The value is random and not a count: a database that is restored under a running server then never comes back to a
 * value under which something else is remembered. There is one row for all tables, and PostgreSQL writes it when the
 * transaction commits: it is the last lock that any transaction takes, so those that write to several tables cannot
 * wait for each other in a circle, and hold it only for the commit. Readers wait for nobody on either database.
 */
export async function addVersionTriggers(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('memory_version')
    .addColumn('id', 'integer', c => c.primaryKey())
    .addColumn('version', 'text', c => c.notNull())
    .execute()
  if (db.getExecutor().adapter instanceof SqliteAdapter) await addToSqlite(db)
  else await addToPostgres(db)
}

const NEXT_IN_SQLITE = 'lower(hex(randomblob(16)))'

async function addToSqlite(db: Kysely<unknown>): Promise<void> {
  await sql`insert into memory_version (id, version) values (1, ${sql.raw(NEXT_IN_SQLITE)})`.execute(db)
  for (const table of TABLES) await addSqliteTriggers(db, table)
}

/** Gives one table of SQLite its triggers; a table that is made anew has lost them. */
export async function addSqliteTriggers(db: Kysely<unknown>, table: string): Promise<void> {
  for (const event of ['insert', 'update', 'delete'])
    await sql
      .raw(
        `create trigger ${table}_${event}_changes_version after ${event} on ${table}
         begin update memory_version set version = ${NEXT_IN_SQLITE}; end`,
      )
      .execute(db)
}

async function addToPostgres(db: Kysely<unknown>): Promise<void> {
  const next = 'md5(random()::text || clock_timestamp()::text || pg_backend_pid()::text)'
  await sql`insert into memory_version (id, version) values (1, ${sql.raw(next)})`.execute(db)
  await sql
    .raw(
      `create function change_memory_version() returns trigger language plpgsql as $$
       begin
         update memory_version set version = ${next};
         return null;
       end $$`,
    )
    .execute(db)
  for (const table of TABLES) await addPostgresTrigger(db, table)
}

async function addPostgresTrigger(db: Kysely<unknown>, table: string): Promise<void> {
  await sql
    .raw(
      `create constraint trigger ${table}_changes_version after insert or update or delete on ${table}
       deferrable initially deferred for each row execute procedure change_memory_version()`,
    )
    .execute(db)
}

/** Gives a table that came later its triggers, on either database. */
export const rememberTable = (db: Kysely<unknown>, table: string): Promise<void> =>
  db.getExecutor().adapter instanceof SqliteAdapter
    ? addSqliteTriggers(db, table)
    : addPostgresTrigger(db, table)
