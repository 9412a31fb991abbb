import { type Kysely, sql } from 'kysely'
import { beginWith, OF_MESSAGE } from './receipt-tables.ts'

/** Lets a message say which budget stopped it, or the text message in whose place it goes. */
export async function addMessageBudgets(db: Kysely<unknown>): Promise<void> {
  await sql`alter table messages add column budget text`.execute(db)
  await beginWith(db, `${OF_MESSAGE}, network, prefix, fraud, budget`)
}
