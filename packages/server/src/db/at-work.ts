import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { sql } from 'kysely'
import type { Database } from './database.ts'

/** What SQLite answers when another has what it is asked for. */
const SQLITE_BUSY = 5

/**
 * Whether anybody has a file of SQLite open now, as a server has as long as it runs. To be asked before this process opens
 * it. What a killed process has left behind is none.
 *
 * @example isOpenElsewhere('/var/lib/countersign/countersign.db')
 */
export function isOpenElsewhere(file: string): boolean {
  if (!existsSync(file)) return false
  const probe = new DatabaseSync(file)
  try {
    // Whoever has the file open in WAL mode holds a shared lock of it, at rest too; only this mode asks for all of it.
    probe.exec('pragma locking_mode = exclusive; begin exclusive; rollback')
    return false
  } catch (error) {
    // What else is wrong with the file is said when it is opened.
    return ((error as { errcode?: number }).errcode ?? 0) % 256 === SQLITE_BUSY
  } finally {
    probe.close()
  }
}

/**
 * The sessions (process ids) that servers and commands of ours have in a PostgreSQL under the user of this one. A server
 * that nobody asks for anything has two at least. PgBouncer keeps those of servers that have stopped for a while.
 *
 * @param db opened with `patient` and not asked for anything else meanwhile: so its one connection is not among them
 * @example await sessionsBeside(db) // [4711, 4712]
 */
export async function sessionsBeside(db: Database): Promise<number[]> {
  const { rows } = await sql<{ pid: number }>`
    select pid from pg_stat_activity where datname = current_database() and usename = current_user
    and application_name like 'countersign%' and pid <> pg_backend_pid() order by pid`.execute(db)
  return rows.map(({ pid }) => pid)
}
