import { type FraudFinding, FraudKind, type FraudModes } from '@countersign/api'
import type { Ledger } from '../ledger/ledger.ts'
import { partsOf } from './findings.ts'
import type { ToldFinding } from './room.ts'
import type { FindingRow } from './store.ts'

/** Characters of a network's keyed hash that tell it from others. */
const HASH_SHOWN = 8

function stateOf({ ended_at, allowed_until }: FindingRow): FraudFinding['state'] {
  if (ended_at !== null) return 'ended'
  return allowed_until === null ? 'open' : 'allowed'
}

/**
 * A finding as operators see it, but for what became of its messages.
 *
 * @example shownFinding(row, await chosenModes(db)).mode
 */
export function shownFinding(row: FindingRow, modes: FraudModes): ToldFinding {
  const { channel, kind, value } = partsOf(row.subject)
  const known = FraudKind.parse(kind)
  return {
    id: row.id,
    channel,
    kind: known,
    subject: known === 'network' ? value.slice(0, HASH_SHOWN) : value,
    state: stateOf(row),
    mode: modes[known],
    window: row.in_window as FraudFinding['window'],
    figures: { people: row.people, used: row.used },
    expected: row.expected,
    basis: row.basis as FraudFinding['basis'],
    before: { people: row.before_people, used: row.before_used },
    beganAt: row.began_at,
    seenAt: row.seen_at,
    endedAt: row.ended_at,
    endReason: row.end_reason as FraudFinding['endReason'],
    allowedUntil: row.allowed_until,
    allowedBy: row.allowed_by,
  }
}

type Noted = Awaited<ReturnType<Ledger['noted']>>

/** What became of a finding's messages, by what was done with them. */
function decisionsOf(id: string, { counts }: Noted): FraudFinding['decisions'] {
  const sum = (mode: string, came?: string) =>
    counts
      .filter(each => each.finding === id && each.mode === mode && (came === undefined || each.came === came))
      .reduce((total, { times }) => total + times, 0)
  return {
    recorded: sum('record'),
    passed: sum('captcha', 'left'),
    challenged: sum('captcha', 'held_up'),
    refused: sum('refuse', 'held_up'),
    heldBack: sum('captcha', 'held_back'),
  }
}

function costsOf(id: string, { costs }: Noted): FraudFinding['costs'] {
  const own = costs.filter(({ finding }) => finding === id)
  return [...Map.groupBy(own, ({ currency }) => currency)].map(([currency, rows]) => ({
    currency,
    amount: rows.reduce((total, { amount }) => total + amount, 0),
  }))
}

/**
 * Findings with what became of their messages.
 *
 * @example withDecisions([shownFinding(row, modes)], await ledger.noted([row.id]))
 */
export const withDecisions = (shown: readonly ToldFinding[], noted: Noted): FraudFinding[] =>
  shown.map(each => ({ ...each, decisions: decisionsOf(each.id, noted), costs: costsOf(each.id, noted) }))
