import type { Database } from '../db/database.ts'
import { bringAlong } from '../db/memory.ts'

/**
 * The queries that other rooms join to their statements, since this room alone names the users' table in SQL. For
 * example: `leftJoin(owners(db), 'owner.id', 'oidc_payloads.account_id')`.
 */
export { countCreated, owners, userWithId } from './store.ts'

/**
 * Lets the current request go by the owner in a row, for which all columns of `owners` were selected; a row without an
 * owner tells nothing.
 */
export function ownerFound(db: Database, row: { id?: string | null | undefined }): void {
  if (row.id) bringAlong(db, ['users'], `id/${row.id}`, row)
}
