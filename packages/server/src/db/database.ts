import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Dialect, Kysely, SqliteAdapter } from 'kysely'
import type { Log } from '../world.ts'
import { placeOf } from './address.ts'
import { lookIntoFile, refuseForeign } from './foreign.ts'
import { giveMemory, memoryPlugin } from './memory.ts'
import { explainOpening } from './opening.ts'
import { patiently } from './patience.ts'
import { keepDataPrivate } from './private-files.ts'
import type { Schema } from './schema.ts'
import { type SqliteDialect, sqliteDialect } from './sqlite.ts'
import { bringUpToDate, refuseOthers } from './up-to-date.ts'
import { type DatabaseWatch, watchStatements } from './watch.ts'

export type Database = Kysely<Schema>

interface Options {
  log?: Log
  patient?: boolean
  asItIs?: boolean
  watch?: DatabaseWatch | undefined
}

/**
 * Opens the database and brings its tables up to date.
 *
 * @param url `postgres://…`, or empty for the SQLite file in `dataDir`; `sqlite::memory:` for tests.
 * @param options `log` is told of connections that break, and why; `patient`: no statement is cut short; `asItIs`: its
 *   tables are left as they are, so there may be none, or those of an earlier version; `watch` hears how long statements take
 * @throws StartError saying in one line why it cannot be opened and what to do
 * @example const db = await openDatabase('', '/var/lib/countersign')
 */
export async function openDatabase(url: string, dataDir: string, options: Options = {}): Promise<Database> {
  const file = url === 'sqlite::memory:' ? ':memory:' : join(dataDir, 'countersign.db')
  const isPostgres = /^postgres(?:ql)?:/.test(url)
  let db: Database | undefined
  try {
    if (url !== 'sqlite::memory:') keepDataPrivate(dataDir)
    if (!isPostgres && existsSync(file)) await refuseForeign(lookIntoFile(file))
    const dialect: Dialect & Partial<SqliteDialect> = isPostgres
      ? // Loaded only where it is used: it takes ten megabytes of memory.
        (await import('./postgres.ts')).postgresDialect(url, options)
      : sqliteDialect(file, options)
    const opened = new Kysely<Schema>({
      dialect,
      plugins: [memoryPlugin],
      ...(options.watch && { log: watchStatements(options.watch) }),
    })
    db = opened
    giveMemory(opened)
    await patiently(() => (options.asItIs ? refuseOthers(opened) : bringUpToDate(opened)))
    // Tests open hundreds of these, and making the tables takes a hundred times as long as copying them.
    if (url === 'sqlite::memory:') dialect.keepAsBeginning?.()
    return opened
  } catch (error) {
    await db?.destroy()
    throw explainOpening(error, placeOf(isPostgres ? url : '', resolve(file)))
  }
}

/** True where what is not standard SQL must be SQLite's. */
export const isSqlite = (db: Database): boolean => db.getExecutor().adapter instanceof SqliteAdapter

/**
 * True for the error that a unique column raises, on either database.
 *
 * @example if (isUniqueViolation(error, 'username')) throw new ApiError('user.username_already_in_use')
 */
export function isUniqueViolation(error: unknown, column: string): boolean {
  const { code, errcode, message, constraint } = error as Record<string, unknown>
  if (code === '23505') return typeof constraint === 'string' && constraint.includes(column)
  return (errcode === 2067 || errcode === 1555) && typeof message === 'string' && message.includes(column)
}

/** Work is begun again so often; a deadlock that comes back more often is none of chance. */
const TRIES = 5

/**
 * Begins again what PostgreSQL ended because it and another waited for each other ("deadlock detected"): it has left
 * nothing behind. SQLite has one writer at a time and never does so.
 *
 * @param work one statement or one whole transaction
 * @example await againAfterDeadlock(() => db.transaction().execute(work))
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
