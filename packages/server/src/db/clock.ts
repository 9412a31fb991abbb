import { sql } from 'kysely'
import { type Database, isSqlite } from './database.ts'

/**
 * Milliseconds by which the clock of PostgreSQL is ahead of ours, as far as the time for the question does not explain it;
 * undefined for SQLite, which has our own clock.
 *
 * @param now the clock of this machine
 * @example (await clockOf(db, Date.now)) ?? 0
 */
export async function clockOf(db: Database, now: () => number): Promise<number | undefined> {
  if (isSqlite(db)) return undefined
  const before = now()
  const { rows } = await sql<{ at: number }>`
    select (extract(epoch from clock_timestamp()) * 1000)::double precision as at`.execute(db)
  const [at, after] = [Number(rows[0]!.at), now()]
  if (at < before) return at - before
  return Math.max(0, at - after)
}
