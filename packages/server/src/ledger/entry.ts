import type { AttemptEntry, MessageEntry } from '@countersign/api'
import { type Connector, explain } from '@countersign/kit'
import type { CostedRow, MessageRow } from './store.ts'

/**
 * An attempt as operators see it, with what a failure means and what to do about it.
 *
 * @example attemptEntry(row, registry.byId(row.connector), answer).remedy
 *
 * @param connector undefined when there is no such connector any more
 * @param answer the provider's raw answer, opened
 */
export function attemptEntry(
  row: CostedRow,
  connector: Connector | undefined,
  answer: AttemptEntry['answer'],
): AttemptEntry {
  const story =
    row.failure === null
      ? undefined
      : explain(
          connector?.failures ?? {},
          row.failure as never,
          row.provider_code ?? undefined,
          connector?.pagesIn,
        )
  return {
    id: row.id,
    createdAt: row.created_at,
    nth: row.nth,
    connector: row.connector,
    connectionId: row.connection_id,
    state: row.state as AttemptEntry['state'],
    reason: row.reason as AttemptEntry['reason'],
    ids: JSON.parse(row.ids),
    failure: row.failure,
    providerCode: row.provider_code,
    meaning: story?.meaning ?? null,
    remedy: story?.remedy ?? null,
    links: story?.links ?? [],
    answer,
    took: row.took,
    segments: row.segments,
    cost: costOf(row),
  }
}

/** What an attempt costs; null for one that has not left. */
function costOf({ state, cost, currency, charged, estimated }: CostedRow): AttemptEntry['cost'] {
  if (state !== 'accepted' && state !== 'unconfirmed') return null
  return {
    amount: cost,
    currency,
    charged: charged as 'submission' | 'receipt' | null,
    isEstimate: estimated === 1,
  }
}

/**
 * A message as operators see it, with its attempts.
 *
 * @example messageEntry(row, attempts).state
 */
export const messageEntry = (row: MessageRow, attempts: AttemptEntry[]): MessageEntry => ({
  id: row.id,
  createdAt: row.created_at,
  channel: row.channel as MessageEntry['channel'],
  usageType: row.usage_type as MessageEntry['usageType'],
  recipient: row.recipient,
  country: row.country,
  askedBy: row.asked_by as MessageEntry['askedBy'],
  interactionId: row.interaction_id,
  applicationId: row.application_id,
  userId: row.user_id,
  operatorId: row.operator_id,
  connector: row.connector,
  state: row.state as MessageEntry['state'],
  reason: row.reason as MessageEntry['reason'],
  times: row.times,
  lastAt: row.last_at,
  verifiedAt: row.verified_at,
  attempts,
})
