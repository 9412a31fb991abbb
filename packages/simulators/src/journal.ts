import type { CloudId } from './cloud-ids.ts'

/** One API request as the journal keeps it: no secrets, no recipients, no texts. */
export interface JournalEntry {
  at: number
  cloud: CloudId
  action: string
  /** The access key it named, masked. */
  key: string
  /** HTTP status of the answer; 0 when the answer was lost. */
  status: number
  code: string
}

/** Requests kept. */
export const JOURNAL_LIMIT = 100

/** Keeps the last requests, newest first. */
export function createJournal(): {
  add(entry: JournalEntry): void
  entries(): JournalEntry[]
  clear(): void
} {
  let entries: JournalEntry[] = []
  return {
    add(entry) {
      const key = mask(entry.key)
      entries = [{ ...entry, action: entry.action.slice(0, 64), key }, ...entries].slice(0, JOURNAL_LIMIT)
    },
    entries: () => [...entries],
    clear() {
      entries = []
    },
  }
}

/** Four characters at most, then stars: enough to tell keys apart, useless to an onlooker. */
function mask(key: string): string {
  return key === '' ? '' : `${key.slice(0, 4)}****`
}
