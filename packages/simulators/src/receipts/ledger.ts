import type { Receipt, Submission } from './receipt.ts'

/** Receipts kept; older ones are dropped, so that a load test does not fill the memory. */
export const RECEIPT_LIMIT = 2000

/** What the clouds remember of accepted messages. */
export interface Ledger {
  add(submission: Submission, at: { sent: number; due: number }): void
  /** Everything kept, oldest first. Reports what is due by the given time. */
  all(at: number): Receipt[]
  /** Receipts that are due and were not handed out by this call before. */
  takeDue(at: number): Receipt[]
  /** When the next receipt is due; Infinity when none is. */
  nextDue(): number
  clear(): void
}

/** Creates an empty ledger. */
export function createLedger(): Ledger {
  let kept: Receipt[] = []
  let waiting = new Set<Receipt>()
  let last = 0
  const report = (at: number) => {
    for (const receipt of waiting) {
      const { dueAt = Number.POSITIVE_INFINITY } = receipt
      if (dueAt <= at) receipt.reportedAt ??= dueAt
    }
  }
  return {
    add(submission, { sent, due }) {
      last += 1
      const receipt: Receipt = {
        ...submission,
        id: String(last),
        sentAt: sent,
        dueAt: submission.outcome && due,
        reportedAt: undefined,
        push: { state: 'none', attempts: 0 },
        conversions: [],
      }
      kept.push(receipt)
      if (submission.outcome) waiting.add(receipt)
      if (kept.length >= 2 * RECEIPT_LIMIT) kept = kept.slice(-RECEIPT_LIMIT)
    },
    all(at) {
      report(at)
      return kept.slice(-RECEIPT_LIMIT)
    },
    takeDue(at) {
      report(at)
      const due = [...waiting].filter(({ reportedAt }) => reportedAt !== undefined)
      for (const receipt of due) waiting.delete(receipt)
      return due
    },
    nextDue() {
      let next = Number.POSITIVE_INFINITY
      for (const { dueAt = next } of waiting) next = Math.min(next, dueAt)
      return next
    },
    clear() {
      kept = []
      waiting = new Set()
    },
  }
}
