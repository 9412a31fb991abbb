import { type Kysely, sql } from 'kysely'
import { beginWith, OF_MESSAGE } from './receipt-tables.ts'

/**
 * Lets a message say by which pass of a known browser it was asked for, so that strangers can be counted apart. Nobody
 * looks for single ones, so it has no index.
 */
export async function addMessageDevices(db: Kysely<unknown>): Promise<void> {
  await sql`alter table messages add column device text`.execute(db)
  await beginWith(db, `${OF_MESSAGE}, network, prefix, fraud, budget, device`)
}
