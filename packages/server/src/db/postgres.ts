import { type Dialect, PostgresDialect } from 'kysely'
import pg from 'pg'

// Moments are `bigint`: all of ours fit a double, so they come as numbers on both databases.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

/** Kysely over a pool of connections to PostgreSQL. */
export function postgresDialect(url: string): Dialect {
  const pool = new pg.Pool({ connectionString: url, max: 10 })
  // An idle connection that breaks, as all do when PostgreSQL restarts, would end the process. The pool makes
  // another; a query that was running fails by itself.
  pool.on('error', () => {})
  return new PostgresDialect({ pool })
}
