import type { UsernameConflicts } from '@countersign/api'
import type { Database } from '../db/database.ts'
import { ApiError } from '../refusals/refusal.ts'
import * as store from './store.ts'

/** So many conflicts are named when nobody says how many. */
export const SAMPLES = 20

/** @throws ApiError `…username_policy_case_conflicts_exist` when two users would have one name */
export async function requireNoCaseConflicts(
  caseConflicts: (limit: number) => Promise<UsernameConflicts>,
): Promise<void> {
  const conflicts = await caseConflicts(SAMPLES)
  if (conflicts.totalConflicts > 0)
    throw new ApiError('sign_in_experiences.username_policy_case_conflicts_exist', { data: conflicts })
}

/**
 * Makes usernames unique with or without regard to case, in the transaction that changes the policy. Whoever
 * registers meanwhile comes before it and counts as a conflict, or after it and is refused.
 *
 * @throws ApiError `…username_policy_case_conflicts_exist` when two users would have one name
 */
export async function setUsernameCase(tx: Database, caseSensitive: boolean): Promise<void> {
  if (!caseSensitive) {
    await store.holdWriters(tx)
    await requireNoCaseConflicts(store.caseConflicts.bind(null, tx))
  }
  await store.setCaseSensitive(tx, caseSensitive)
}
