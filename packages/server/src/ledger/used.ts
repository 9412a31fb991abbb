import type { Database } from '../db/database.ts'
import { usedMessages } from './store.ts'

/** What messages have in common of which limits count those that nobody used. */
export interface UsedOf {
  channel: 'sms' | 'email'
  by: 'recipient_key' | 'network' | 'prefix'
  value: string
}

/**
 * How many of some messages were used, of those that were asked for since a moment.
 *
 * @example await countUsed(db, { channel: 'sms', by: 'network', value: networkKey(keys, ip)! }, now - HOUR)
 */
export async function countUsed(
  db: Database,
  { channel, by, value }: UsedOf,
  since: number,
): Promise<number> {
  const { count } = await usedMessages(db)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where(by, '=', value)
    .where('created_at', '>=', since)
    .where('channel', '=', channel)
    .executeTakeFirstOrThrow()
  return Number(count)
}
