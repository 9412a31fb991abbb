import type { Database } from '../db/database.ts'
import { leftMessages } from './store.ts'

/** So many are read at once: others get a turn in between. */
const PAGE = 5_000

/** A message that left, by what it has in common with others. */
export interface LeftMessage {
  channel: 'sms' | 'email'
  at: number
  /** When its code was used; null where nobody did. */
  usedAt: number | null
  by: Record<'recipient' | 'address' | 'prefix' | 'country' | 'application', string | null>
}

/**
 * Reads the newest messages that have left since a moment, the oldest of them first, in parts.
 *
 * @example const { isCut } = await readLeft(db, now - 7 * DAY, 200_000, messages => replay.add(messages))
 *
 * @returns whether there were more of them
 */
export async function readLeft(
  db: Database,
  since: number,
  most: number,
  each: (messages: LeftMessage[]) => void,
): Promise<{ isCut: boolean; from: number }> {
  const within = () =>
    leftMessages(db)
      .where('created_at', '>=', since)
      // Limits do not count what operators send to try a connection.
      .where(({ or, eb }) => or([eb('asked_by', 'is', null), eb('asked_by', '<>', 'test')]))
  const before = await within()
    .select(['created_at', 'id'])
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .offset(most)
    .limit(1)
    .executeTakeFirst()
  let last = before
  for (;;) {
    const { created_at: at = since, id = '' } = last ?? {}
    const rows = await within()
      .select(['id', 'channel', 'created_at', 'verified_at'])
      .select(['recipient_key', 'network', 'prefix', 'country', 'application_id'])
      .where(({ eb, refTuple, tuple }) => eb(refTuple('created_at', 'id'), '>', tuple(at, id)))
      .orderBy('created_at')
      .orderBy('id')
      .limit(PAGE)
      .execute()
    each(
      rows.map(row => ({
        channel: row.channel as LeftMessage['channel'],
        at: Number(row.created_at),
        usedAt: row.verified_at === null ? null : Number(row.verified_at),
        by: {
          recipient: row.recipient_key,
          address: row.network,
          prefix: row.prefix,
          country: row.country,
          application: row.application_id,
        },
      })),
    )
    last = rows.at(-1)
    if (rows.length < PAGE) return { isCut: before !== undefined, from: before?.created_at ?? since }
    await new Promise(resolve => setImmediate(resolve))
  }
}
