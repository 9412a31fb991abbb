import type { AttemptEntry } from '@countersign/api'
import { type Connector, explain } from '@countersign/kit'
import type { AttemptRow } from './store.ts'

/**
 * A try as operators see it, with what a failure means and what to do about it.
 *
 * @example attemptEntry(row, registry.byId(row.connector), answer).remedy
 *
 * @param connector undefined when there is no such connector any more
 * @param answer the provider's raw answer, opened
 */
export function attemptEntry(
  row: AttemptRow,
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
    connector: row.connector,
    channel: row.channel as AttemptEntry['channel'],
    usageType: row.usage_type as AttemptEntry['usageType'],
    recipient: row.recipient,
    state: row.state as AttemptEntry['state'],
    ids: JSON.parse(row.ids),
    failure: row.failure,
    providerCode: row.provider_code,
    meaning: story?.meaning ?? null,
    remedy: story?.remedy ?? null,
    links: story?.links ?? [],
    answer,
    took: row.took,
  }
}
