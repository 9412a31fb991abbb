import { makeTemplates } from '../packages/server/src/db/testing-templates.ts'
import { missingPostgres, startPostgres } from './postgres.ts'

/**
 * Starts one PostgreSQL for the whole run, before any worker. Workers are forked afterwards and inherit the
 * environment, so a test reads its address from `process.env.TEST_DATABASE_URL`, makes a database or a schema of
 * its own in there, and skips its PostgreSQL half where the variable is missing. The databases that tests copy are made
 * here too.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const postgres = await startPostgres()
  if (postgres.url === null) console.error(missingPostgres(postgres.reason))
  else process.env.TEST_DATABASE_URL = postgres.url
  const removeTemplates = await makeTemplates(postgres.url ?? undefined)
  return async () => {
    await removeTemplates()
    await postgres.stop()
  }
}
