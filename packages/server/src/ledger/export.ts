import { MOST_EXPORTED } from '@countersign/api'
import { writeMillionths } from '@countersign/kit'
import { type Cell, csvOf } from '../http/csv.ts'
import { type ListFilter, wantedBy } from './list.ts'
import type { LedgerRoom } from './room.ts'
import type { CostedRow, MessageRow } from './store.ts'

/** Messages whose attempts are read at once; between two of these statements others get their turn. */
const BATCH = 500

const time = (moment: number | null) => (moment === null ? null : new Date(moment).toISOString())

/** What the attempts of a message cost together in a currency; null where one in it has no price. */
function spent(attempts: readonly CostedRow[], currency: string): Cell {
  const inIt = attempts.filter(each => each.currency === currency)
  if (inIt.some(({ cost }) => cost === null)) return null
  return Number(writeMillionths(inIt.reduce((sum, { cost }) => sum + (cost ?? 0), 0)))
}

/** How far to trust what stands under the currencies. */
function certainty(attempts: readonly CostedRow[]): string | null {
  const left = attempts.filter(({ state }) => state === 'accepted' || state === 'unconfirmed')
  if (left.length === 0) return null
  if (left.some(({ cost }) => cost === null)) return 'unknown'
  return left.some(({ estimated }) => estimated === 1) ? 'estimate' : 'certain'
}

/** Each column with what stands in it. */
const COLUMNS: Record<string, (message: MessageRow, attempts: readonly CostedRow[]) => Cell> = {
  time: ({ created_at }) => time(created_at),
  channel: ({ channel }) => channel,
  recipient: ({ recipient }) => recipient,
  country: ({ country }) => country,
  'usage type': ({ usage_type }) => usage_type,
  'asked by': ({ asked_by }) => asked_by,
  application: ({ application_id }) => application_id,
  user: ({ user_id }) => user_id,
  state: ({ receipt, state }) => receipt ?? state,
  reason: ({ reason }) => reason,
  times: ({ times }) => times,
  'code used': ({ verified_at }) => time(verified_at),
  connector: ({ connector }) => connector,
  connection: (_, attempts) => attempts.at(-1)?.connection_id ?? null,
  attempts: (_, attempts) => attempts.length,
  failure: (_, attempts) => attempts.at(-1)?.failure ?? null,
  'provider code': (_, attempts) => attempts.at(-1)?.provider_code ?? null,
  'carrier code': (_, attempts) => attempts.at(-1)?.receipt_code ?? null,
  segments: (_, attempts) =>
    attempts.reduce<number | null>(
      (sum, { segments }) => (segments === null ? sum : (sum ?? 0) + segments),
      null,
    ),
  cost: (_, attempts) => certainty(attempts),
}

/**
 * What became of messages as a table in CSV, newest first: a line for each, recipients masked as everywhere, and for each
 * currency what its attempts cost. The bodies of providers' answers stay where they are.
 *
 * @example await exportMessages(room, { state: 'failed' })
 */
export async function exportMessages(room: LedgerRoom, filter: ListFilter): Promise<string> {
  const { store } = room
  const messages = await store.list(wantedBy(room, filter), MOST_EXPORTED, 0)
  const byMessage = new Map<string, CostedRow[]>()
  for (let from = 0; from < messages.length; from += BATCH) {
    const ids = messages.slice(from, from + BATCH).map(({ id }) => id)
    for (const attempt of await store.attemptsOf(ids))
      byMessage.set(attempt.message_id!, [...(byMessage.get(attempt.message_id!) ?? []), attempt])
  }
  const all = [...byMessage.values()].flat()
  const currencies = [...new Set(all.flatMap(({ currency }) => currency ?? []))].sort()
  const columns = Object.values(COLUMNS)
  return csvOf([
    [...Object.keys(COLUMNS), ...currencies],
    ...messages.map(message => {
      const attempts = byMessage.get(message.id) ?? []
      return [
        ...columns.map(column => column(message, attempts)),
        ...currencies.map(currency => spent(attempts, currency)),
      ]
    }),
  ])
}
