import { type AttemptEntry, FraudMode, type MessageEntry, type ReceiptEntry } from '@countersign/api'
import { type Connector, explain } from '@countersign/kit'
import { CODES } from './room.ts'
import type { CostedRow, MessageRow, ReceiptRow } from './store.ts'

/**
 * A receipt as operators see it, with what the carrier's code means.
 *
 * @example receiptEntry(row, registry.byId(row.connector), 'The phone is off').meaning
 *
 * @param detail the provider's words, opened
 */
export function receiptEntry(
  row: ReceiptRow,
  connector: Connector | undefined,
  detail: string | null,
): ReceiptEntry {
  const codes = connector?.receipts?.codes ?? {}
  const story = row.code !== null && Object.hasOwn(codes, row.code) ? codes[row.code] : undefined
  return {
    id: row.id,
    via: row.via as ReceiptEntry['via'],
    state: row.state as ReceiptEntry['state'],
    code: row.code,
    meaning: story?.meaning ?? null,
    remedy: story?.remedy ?? null,
    links: [...(story?.links ?? [])],
    detail,
    at: row.at,
    receivedAt: row.received_at,
  }
}

/**
 * An attempt as operators see it, with what a failure means and what to do about it.
 *
 * @example attemptEntry(row, registry.byId(row.connector), { answer, receipts }).remedy
 *
 * @param connector undefined when there is no such connector any more
 * @param opened the provider's raw answer, opened, and what it said afterwards
 */
export function attemptEntry(
  row: CostedRow,
  connector: Connector | undefined,
  opened: Pick<AttemptEntry, 'answer' | 'receipts'>,
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
    code: CODES[row.which_code - 1] ?? 'first',
    state: row.state as AttemptEntry['state'],
    reason: row.reason as AttemptEntry['reason'],
    ids: JSON.parse(row.ids),
    failure: row.failure,
    providerCode: row.provider_code,
    meaning: story?.meaning ?? null,
    remedy: story?.remedy ?? null,
    links: story?.links ?? [],
    ...opened,
    took: row.took,
    receipt: row.receipt as AttemptEntry['receipt'],
    receiptReason: row.receipt_reason as AttemptEntry['receiptReason'],
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
  state: (row.receipt ?? row.state) as MessageEntry['state'],
  reason: row.reason as MessageEntry['reason'],
  times: row.times,
  lastAt: row.last_at,
  verifiedAt: row.verified_at,
  usedCode: row.used_code === null ? null : (CODES[row.used_code - 1] ?? null),
  fraud: fraudOf(row.fraud),
  budget: row.budget,
  attempts,
})

/** With which finding a message was asked for, and what that did with it. */
function fraudOf(note: string | null): MessageEntry['fraud'] {
  const [mode, finding] = note?.split('/') ?? []
  return finding === undefined ? null : { mode: FraudMode.parse(mode), finding }
}
