import { join } from 'node:path'
import { Kysely, SqliteAdapter } from 'kysely'
import { Migrator } from 'kysely/migration'
import type { Log } from '../world.ts'
import { giveMemory, memoryPlugin } from './memory.ts'
import { migrations } from './migrations.ts'
import { patiently } from './patience.ts'
import { keepDataPrivate } from './private-files.ts'
import type { Schema } from './schema.ts'
import { sqliteDialect } from './sqlite.ts'

export type Database = Kysely<Schema>

/**
 * Opens the database and brings its tables up to date.
 *
 * @param url `postgres://…`, or empty for the SQLite file in `dataDir`; `sqlite::memory:` for tests.
 * @param options `log` is told of connections that break, and why; `patient`: no statement is cut short
 */
export async function openDatabase(
  url: string,
  dataDir: string,
  options: { log?: Log; patient?: boolean } = {},
): Promise<Database> {
  if (url !== 'sqlite::memory:') keepDataPrivate(dataDir)
  const dialect = /^postgres(?:ql)?:/.test(url)
    ? // Loaded only where it is used: it takes ten megabytes of memory.
      (await import('./postgres.ts')).postgresDialect(url, options)
    : sqliteDialect(url === 'sqlite::memory:' ? ':memory:' : join(dataDir, 'countersign.db'), options)
  const db = new Kysely<Schema>({ dialect, plugins: [memoryPlugin] })
  giveMemory(db)
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  const { error } = await patiently(() => migrator.migrateToLatest())
  if (error) {
    await db.destroy()
    throw new Error('The tables could not be brought up to date', { cause: error })
  }
  return db
}

/** True where what is not standard SQL must be SQLite's. */
export const isSqlite = (db: Database): boolean => db.getExecutor().adapter instanceof SqliteAdapter

/** True for the error that a unique column raises, on either database. */
export function isUniqueViolation(error: unknown, column: string): boolean {
  const { code, errcode, message, constraint } = error as Record<string, unknown>
  if (code === '23505') return typeof constraint === 'string' && constraint.includes(column)
  return (errcode === 2067 || errcode === 1555) && typeof message === 'string' && message.includes(column)
}

/** How often work is begun again; a deadlock that comes back so often is none of chance. */
const TRIES = 5

/**
 * Begins again what PostgreSQL ended because it and another waited for each other ("deadlock detected"): it has left
 * nothing behind. SQLite has one writer at a time and never does so.
 *
 * @param work one statement or one whole transaction
 */
export async function againAfterDeadlock<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work()
    } catch (error) {
      if ((error as { code?: unknown }).code !== '40P01' || tries === TRIES) throw error
    }
  }
}
