import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeTemplates } from '../packages/server/src/db/testing-templates.ts'
import { missingPostgres, startPostgres } from './postgres.ts'

/**
 * Starts one PostgreSQL for the whole run, before any worker. Workers are forked afterwards and inherit the
 * environment, so a test reads its address from `process.env.TEST_DATABASE_URL`, makes a database or a schema of
 * its own in there, and skips its PostgreSQL half where the variable is missing. The databases that tests copy are made
 * here too, and it is said where processes keep what they have compiled: a server starts in half the time with what the
 * one before has compiled.
 */
export default async function setup(): Promise<() => Promise<void>> {
  // The folder that `enableCompileCache()` takes when it is not told one.
  process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'node-compile-cache')
  const postgres = await startPostgres()
  if (postgres.url === null) console.error(missingPostgres(postgres.reason))
  else process.env.TEST_DATABASE_URL = postgres.url
  const removeTemplates = await makeTemplates(postgres.url ?? undefined)
  return async () => {
    await removeTemplates()
    await postgres.stop()
  }
}
