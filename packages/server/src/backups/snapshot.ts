import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import type { Database } from '../db/database.ts'
import { patiently } from '../db/patience.ts'
import { type Ask, askerOf, type Kind } from './store.ts'

/**
 * Runs work that sees the database as it is at one moment, whatever is written meanwhile, and holds up no writer.
 *
 * @param file of SQLite; undefined for PostgreSQL
 * @example await atOneMoment(db, undefined, ask => ask('select count(*) from users'))
 */
export async function atOneMoment<T>(
  db: Database,
  file: string | undefined,
  work: (kind: Kind, ask: Ask) => Promise<T>,
): Promise<T> {
  if (file !== undefined) return inSqlite(file, ask => work('SQLite', ask))
  return patiently(() =>
    db
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute(tx => work('PostgreSQL', askerOf(tx))),
  )
}

/** A connection of its own: the transactions of the server's driver are those of writers, and exclude others. */
async function inSqlite<T>(file: string, work: (ask: Ask) => Promise<T>): Promise<T> {
  const db = new DatabaseSync(file, { readOnly: true, timeout: 60_000 })
  try {
    db.exec('begin')
    return await work(
      async (text, values = []) =>
        db.prepare(text).all(...(values as SQLInputValue[])) as Record<string, unknown>[],
    )
  } finally {
    db.close()
  }
}
