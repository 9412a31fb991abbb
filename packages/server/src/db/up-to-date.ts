import { setTimeout as sleep } from 'node:timers/promises'
import { type Kysely, SqliteAdapter, sql } from 'kysely'
import { lookIntoSchema, refuseForeign } from './foreign.ts'
import { migrations } from './migrations.ts'
import type { Schema } from './schema.ts'

/** The number of PostgreSQL's lock under which tables are changed: that of Kysely, which versions before took. */
const LOCK = '3853314791062309107'

/**
 * So long, in milliseconds, a migration waits for a table that others use: whoever comes to the table after it waits as
 * long, and a request waits no longer than for a statement.
 */
const FOR_TABLE = 1_000

/** So often it is tried again, after so many milliseconds each: a cleaning up may hold a table for a minute. */
const TRIES = 120
const AGAIN_AFTER = 500

/** PostgreSQL's codes for a table that was not had in time, and for two that wait for each other. */
const IN_USE = ['55P03', '40P01']

/**
 * Makes the migrations that are still to be made, all in one transaction or none. Of several servers that start at once
 * one makes them and the others wait: SQLite has one writer at a time, PostgreSQL a lock that the transaction holds, so
 * that it holds through a pooler too which gives each transaction another session.
 *
 * @param db a transaction too: then nothing is kept unless that is
 * @param wanted all migrations that are to have been made in the end; those of an earlier version make its tables
 * @throws StartError when the tables are another's, or of a version with which this one cannot work
 */
export async function bringUpToDate(db: Kysely<Schema>, wanted = migrations): Promise<void> {
  if (db.isTransaction) return makePending(db, wanted)
  if (pendingOf(wanted, await refuseOthers(db)).length === 0) return
  for (let tries = 1; ; tries += 1)
    try {
      return await db.transaction().execute(async tx => {
        if (!isSqlite(tx)) {
          await sql`select pg_advisory_xact_lock(${sql.lit(LOCK)}::bigint)`.execute(tx)
          await sql`select set_config('lock_timeout', ${String(FOR_TABLE)}, true)`.execute(tx)
        }
        await makePending(tx, wanted)
      })
    } catch (error) {
      if (!IN_USE.includes(String((error as { code?: unknown }).code)) || tries === TRIES) throw error
      await sleep(AGAIN_AFTER)
    }
}

/**
 * Keeps away from tables of others and of newer versions. A file of SQLite was looked into before it was opened.
 *
 * @returns the migrations that were made so far
 * @throws StartError that says what is in the way
 */
export async function refuseOthers(db: Kysely<Schema>): Promise<string[]> {
  if (isSqlite(db)) return doneMigrations(db)
  const found = await lookIntoSchema(db as never)
  await refuseForeign(found)
  return found.done
}

/** The migrations that were made on a database, in their order; none where there are no tables of ours. */
export async function doneMigrations(db: Kysely<Schema>): Promise<string[]> {
  const { rows: noted } = await (isSqlite(db)
    ? sql`select 1 from sqlite_schema where name = 'kysely_migration'`
    : sql`select 1 where to_regclass('kysely_migration') is not null`
  ).execute(db)
  return noted.length === 0 ? [] : doneIn(db)
}

const isSqlite = (db: Kysely<Schema>) => db.getExecutor().adapter instanceof SqliteAdapter

async function doneIn(db: Kysely<Schema>): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db)
  return rows.map(({ name }) => name)
}

/** @throws Error when one is missing that should have come before others */
function pendingOf(wanted: typeof migrations, done: readonly string[]): string[] {
  const pending = Object.keys(wanted).filter(name => !done.includes(name))
  const later = done.find(name => name > (pending[0] ?? name))
  if (later !== undefined)
    throw new Error(`corrupted migrations: ${later} was made, and ${pending[0]} before it was not`)
  return pending
}

async function makePending(tx: Kysely<Schema>, wanted: typeof migrations): Promise<void> {
  // The same table as Kysely's, which kept it for versions before.
  await sql`create table if not exists kysely_migration (
    name varchar(255) not null primary key, timestamp varchar(255) not null)`.execute(tx)
  const at = isSqlite(tx)
    ? sql`strftime('%Y-%m-%dT%H:%M:%fZ', 'now')`
    : sql`to_char(now() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
  // Another server may have made them while this one waited.
  for (const name of pendingOf(wanted, await doneIn(tx))) {
    await wanted[name]!.up(tx as never)
    await sql`insert into kysely_migration (name, timestamp) values (${name}, ${at})`.execute(tx)
  }
}
