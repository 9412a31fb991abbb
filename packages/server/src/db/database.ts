import { join } from 'node:path'
import { Kysely, PostgresDialect } from 'kysely'
import { Migrator } from 'kysely/migration'
import pg from 'pg'
import { migrations } from './migrations.ts'
import type { Schema } from './schema.ts'
import { sqliteDialect } from './sqlite.ts'

export type Database = Kysely<Schema>

// Moments are `bigint`: all of ours fit a double, so they come as numbers on both databases.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

/**
 * Opens the database and brings its tables up to date.
 *
 * @param url `postgres://…`, or empty for the SQLite file in `dataDir`; `sqlite::memory:` for tests.
 */
export async function openDatabase(url: string, dataDir: string): Promise<Database> {
  const dialect = /^postgres(?:ql)?:/.test(url)
    ? new PostgresDialect({ pool: postgresPool(url) })
    : sqliteDialect(url === 'sqlite::memory:' ? ':memory:' : join(dataDir, 'countersign.db'))
  const db = new Kysely<Schema>({ dialect })
  const { error } = await new Migrator({
    db,
    provider: { getMigrations: async () => migrations },
  }).migrateToLatest()
  if (error) {
    await db.destroy()
    throw new Error('The tables could not be brought up to date', { cause: error })
  }
  return db
}

function postgresPool(url: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: 10 })
  // An idle connection that breaks, as all do when PostgreSQL restarts, would end the process. The pool makes
  // another; a query that was running fails by itself.
  pool.on('error', () => {})
  return pool
}

/** True for the error that a unique column raises, on either database. */
export function isUniqueViolation(error: unknown, column: string): boolean {
  const { code, errcode, message, constraint } = error as Record<string, unknown>
  if (code === '23505') return typeof constraint === 'string' && constraint.includes(column)
  return (errcode === 2067 || errcode === 1555) && typeof message === 'string' && message.includes(column)
}
