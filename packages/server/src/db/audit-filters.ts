import { type Kysely, sql } from 'kysely'

/** So many entries are read at once. */
const BATCH = 500

interface Entry {
  id: string
  payload: string
}

/** Takes out of the entries of the audit log by whom and how it ended, so that lists can be cut down to it. */
export async function addAuditFilters(db: Kysely<unknown>): Promise<void> {
  await sql`alter table audit_logs add column failed integer not null default 0`.execute(db)
  await sql`alter table audit_logs add column operator_id text`.execute(db)
  await sql`alter table audit_logs add column operator_concerned_id text`.execute(db)
  // Every payload begins with these two members.
  await sql`update audit_logs set failed = 1
    where substr(payload, 1, length(key) + 26) = '{"key":"' || key || '","result":"Error"'`.execute(db)
  await tellOperators(db)
  // Most entries are neither, and are written without them.
  await sql`create index audit_logs_by_failure on audit_logs (created_at) where failed = 1`.execute(db)
  for (const column of ['operator_id', 'operator_concerned_id'])
    await sql`create index ${sql.raw(`audit_logs_by_${column}`)} on audit_logs (${sql.ref(column)}, created_at)
      where ${sql.ref(column)} is not null`.execute(db)
}

async function tellOperators(db: Kysely<unknown>): Promise<void> {
  let after = ''
  for (;;) {
    const { rows } = await sql<Entry>`select id, payload from audit_logs
      where id > ${after} and payload like '%"operator%' order by id limit ${BATCH}`.execute(db)
    for (const { id, payload } of rows) {
      const { operatorId = null, operator } = JSON.parse(payload) as Record<string, unknown>
      const concerned = (operator as { id?: unknown } | undefined)?.id ?? null
      await sql`update audit_logs set operator_id = ${operatorId}, operator_concerned_id = ${concerned}
        where id = ${id}`.execute(db)
    }
    if (rows.length < BATCH) return
    after = rows.at(-1)!.id
  }
}
