import { sql } from 'kysely'
import { openDatabase } from '../db/database.ts'

/**
 * Every row of every table of a database that `env` names, so that a test can say that nothing has changed. What
 * lives by itself, such as tokens and logs, is left out.
 */
export async function contentsOf(env: Record<string, string>): Promise<Record<string, string[]>> {
  const db = await openDatabase(env.DATABASE_URL ?? '', env.DATA_DIR ?? '')
  try {
    const names = (await db.introspection.getTables()).map(({ name }) => name)
    const contents: Record<string, string[]> = {}
    for (const name of names.filter(each => !LIVELY.includes(each))) {
      const { rows } = await sql`select * from ${sql.table(name)}`.execute(db)
      contents[name] = rows.map(row => JSON.stringify(row)).sort()
    }
    return contents
  } finally {
    await db.destroy()
  }
}

const LIVELY = [
  'oidc_payloads',
  'audit_logs',
  'active_days',
  'hook_deliveries',
  'interactions',
  'memory_version',
  'readiness',
]
