import { startPostgres } from './postgres.ts'

/**
 * Starts one PostgreSQL for the whole run, before any worker. Workers are forked afterwards and inherit the
 * environment, so a test reads its address from `process.env.TEST_DATABASE_URL`, makes a database or a schema of
 * its own in there, and skips its PostgreSQL half where the variable is missing.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const postgres = await startPostgres()
  if (postgres.url === null) {
    console.error(missingPostgres(postgres.reason))
    return async () => {}
  }
  process.env.TEST_DATABASE_URL = postgres.url
  return () => postgres.stop()
}

/** What a run without PostgreSQL says, so that nobody takes half a run for a whole one. */
export function missingPostgres(reason: string): string {
  return [
    '!'.repeat(100),
    'NO POSTGRESQL: the PostgreSQL half of the database tests DOES NOT RUN; SQLite alone is tested.',
    `Why: ${reason}`,
    'Give one in TEST_DATABASE_URL=postgres://…, or install PostgreSQL on this machine.',
    '!'.repeat(100),
  ].join('\n')
}
