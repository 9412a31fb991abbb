import { FRAUD_MODES, type FraudMode } from '@countersign/api'
import { sql } from 'kysely'
import type { Database } from '../db/database.ts'
import { COST } from './cost.ts'
import type { FraudNote } from './room.ts'
import { allMessages, attemptsWithMessages, usedMessages } from './store.ts'

/** What became of the messages that a finding of the fraud guard was noted with. */
export interface Noted {
  finding: string
  /** What was to be done with them. */
  mode: FraudMode
  /** `held_back`: a check was passed, but of such messages too few were used. `other`: something else stood in their way. */
  came: 'left' | 'held_up' | 'held_back' | 'other'
  times: number
}

/** What those cost that left, in one currency. */
export interface NotedCost {
  finding: string
  currency: string
  /** Millionths. */
  amount: number
}

const CAME: Record<string, Noted['came']> = { fraud: 'held_up', fraud_escalated: 'held_back' }

const partsOf = (note: string | null) => {
  const [mode, finding = ''] = (note ?? '').split('/')
  return { mode: mode as FraudMode, finding }
}

/**
 * Counts the messages that findings were noted with, and what they cost as far as it is known.
 *
 * @example const { counts } = await countNoted(db, [finding.id])
 */
export async function countNoted(
  db: Database,
  findings: readonly string[],
): Promise<{ counts: Noted[]; costs: NotedCost[] }> {
  if (findings.length === 0) return { counts: [], costs: [] }
  const notes = findings.flatMap(id => FRAUD_MODES.map(mode => `${mode}/${id}`))
  const counts = await allMessages(db)
    .where('fraud', 'in', notes)
    .select(({ fn }) => ['fraud', 'state', 'reason', fn.sum<number>('times').as('sum_times')])
    .groupBy(['fraud', 'state', 'reason'])
    .execute()
  const costs = await attemptsWithMessages(db)
    .select(['messages.fraud', 'attempts.currency', sql<number>`sum(${COST})`.as('sum_cost')])
    .where('messages.fraud', 'in', notes)
    .where('attempts.currency', 'is not', null)
    .groupBy(['messages.fraud', 'attempts.currency'])
    .execute()
  return {
    counts: counts.map(({ fraud, state, reason, sum_times }) => ({
      ...partsOf(fraud),
      came: state !== 'refused' && state !== 'suppressed' ? 'left' : (CAME[String(reason)] ?? 'other'),
      times: Number(sum_times),
    })),
    costs: costs.flatMap(({ fraud, currency, sum_cost }) =>
      currency === null ? [] : [{ finding: partsOf(fraud).finding, currency, amount: Number(sum_cost ?? 0) }],
    ),
  }
}

/**
 * How many messages with a note were used, of those that somebody on a page asked for since a moment.
 *
 * @example await countUsedNoted(db, `captcha/${finding.id}`, now - HOUR)
 */
export async function countUsedNoted(db: Database, note: FraudNote, since: number): Promise<number> {
  const { count } = await usedMessages(db)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('fraud', '=', note)
    .where('asked_by', '=', 'interaction')
    .where('created_at', '>=', since)
    .executeTakeFirstOrThrow()
  return Number(count)
}
