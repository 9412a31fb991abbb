import { type MessageReason, MOST_REFUSALS, type Refusals } from '@countersign/api'
import type { Database } from '../db/database.ts'
import { newestMessages } from './store.ts'

const WEEK = 7 * 24 * 60 * 60_000

/** Enough to see whether any visitor's network is known. */
const NEWEST = 100

/**
 * Counts by reason what was refused within the last seven days, and of how many visitors' messages a network is known.
 * Strangers cause refusals, so both look at so many newest rows and no more.
 *
 * @example const { reasons } = await countRefusals(db, world.now())
 */
export async function countRefusals(db: Database, now: number): Promise<Refusals> {
  const counted = await newestMessages(db, { state: 'refused', from: now - WEEK }, MOST_REFUSALS + 1)
    .select(({ fn }) => [
      'reason',
      fn.sum<number>('times').as('sum_times'),
      fn.countAll<number>().as('lines'),
    ])
    .groupBy('reason')
    .execute()
  const visitors = await newestMessages(db, {}, NEWEST)
    .select(({ fn }) => [fn.countAll<number>().as('messages'), fn.count<number>('network').as('known')])
    .where('asked_by', '=', 'interaction')
    // What is counted without its recipient has lost its network too.
    .where('recipient_key', 'is not', null)
    .executeTakeFirstOrThrow()
  const lines = counted.reduce((sum, row) => sum + Number(row.lines), 0)
  return {
    reasons: counted
      .map(({ reason, sum_times }) => ({ reason: reason as MessageReason, times: Number(sum_times) }))
      .sort((a, b) => b.times - a.times || (a.reason < b.reason ? -1 : 1)),
    isCut: lines > MOST_REFUSALS,
    visitors: { messages: Number(visitors.messages), known: Number(visitors.known) },
  }
}
