import { type Kysely, sql } from 'kysely'
import { beginWith, OF_MESSAGE } from './receipt-tables.ts'

/** Lets a message say from which network it was asked for, and what its number begins with. */
export async function addMessageOrigins(db: Kysely<unknown>): Promise<void> {
  for (const column of ['network', 'prefix']) {
    await sql`alter table messages add column ${sql.ref(column)} text`.execute(db)
    // Limits ask how many of these were used; only what was used is asked for.
    await sql`create index ${sql.raw(`messages_used_by_${column}`)} on messages (${sql.ref(column)}, created_at)
      where ${sql.ref(column)} is not null and verified_at is not null`.execute(db)
  }
  await beginWith(db, `${OF_MESSAGE}, network, prefix`)
}
