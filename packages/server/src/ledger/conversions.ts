import type { Conversion } from '@countersign/kit'
import type { Database } from '../db/database.ts'
import { attemptsBetween } from './spans.ts'

/** Where somebody stands who goes through the attempts by their age: behind this one. */
export interface Place {
  at: number
  attemptId: string
}

/** What became of the code of one message, and where its attempt stands. */
export interface PlacedConversion extends Conversion {
  place: Place
}

/**
 * What became of codes that went out over a connection, oldest attempt first. Only attempts that its provider has taken
 * count, and none of messages that operators sent to try the connection out.
 *
 * @example await conversionsOf(db, { connectionId, after: { at: 0, attemptId: '' }, before: now - 600_000, limit: 100 })
 *
 * @param of.before attempts of this moment and later are left out
 */
export async function conversionsOf(
  db: Database,
  of: { connectionId: string; after: Place; before: number; limit: number },
): Promise<PlacedConversion[]> {
  const { connectionId, after, before, limit } = of
  const rows = await attemptsBetween(db, after.at, before)
    .where(({ eb, or }) =>
      or([eb('attempts.created_at', '>', after.at), eb('attempts.id', '>', after.attemptId)]),
    )
    .where('attempts.connection_id', '=', connectionId)
    .where('attempts.ids', '<>', '{}')
    .where('messages.asked_by', 'in', ['interaction', 'account', 'api'])
    .select(['attempts.id', 'attempts.created_at', 'attempts.ids', 'attempts.which_code'])
    .select(['messages.country', 'messages.verified_at', 'messages.used_code'])
    .orderBy('attempts.created_at')
    .orderBy('attempts.id')
    .limit(limit)
    .execute()
  return rows.map(row => ({
    place: { at: row.created_at, attemptId: row.id },
    ids: JSON.parse(row.ids),
    destination: row.country === 'CN' ? 'china' : 'overseas',
    sentAt: row.created_at,
    // Of two codes of one message only one is used.
    ...(row.verified_at !== null && row.used_code === row.which_code && { usedAt: row.verified_at }),
  }))
}
