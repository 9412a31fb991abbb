import type { CloudId } from '../cloud-ids.ts'
import { loopbackUrl } from './callback.ts'
import { createLedger } from './ledger.ts'
import { type Callback, createPushes, type PushOptions, type PushRules } from './pushes.ts'
import type { Receipt, Submission } from './receipt.ts'

/** Milliseconds between a message and its receipt, unless set otherwise. */
export const DEFAULT_RECEIPT_DELAY_MS = 1000

/** How often a live simulator looks whether something is due. */
const LIVE_INTERVAL_MS = 100

/** What can be set about receipts. */
export interface ReceiptSettings extends PushOptions {
  /** Milliseconds between a message and its receipt. */
  delay: number
}

/** The receipts of all clouds, and their way to the callbacks. */
export interface Receipts {
  add(submission: Submission): void
  /** Every receipt kept, oldest first. */
  all(): Receipt[]
  settings(): ReceiptSettings
  set(settings: Partial<ReceiptSettings>): void
  callbacks(): Partial<Record<CloudId, Callback>>
  setCallback(cloud: CloudId, callback: Callback | null): void
  /** Pushes what is due. */
  tick(): Promise<void>
  /** Pushes what is to come before the answer to the message itself. */
  early(): Promise<void>
  /** Lets so many milliseconds pass for receipts and retries, and pushes all that comes due, in its order. */
  advance(milliseconds: number): Promise<void>
  /** Pushes what is due by itself from now on, until the answer is called. */
  run(): () => void
  /** Forgets receipts and pushes; settings and callbacks stay. */
  clear(): void
}

/**
 * Creates the receipts. Their clock is `now`, ahead of it by what was advanced: the clouds' own clock must not move
 * on its own, for it judges the signatures of callers who have none but the real one.
 */
export function createReceipts(parts: {
  now(): number
  rules: Record<CloudId, PushRules>
  /** Where a cloud pushes to whose callback nobody has set. */
  usualCallback?: ((cloud: CloudId) => Promise<Callback | undefined>) | undefined
  send(request: Request): Promise<Response>
}): Receipts {
  let settings: ReceiptSettings = {
    delay: DEFAULT_RECEIPT_DELAY_MS,
    duplicates: false,
    sessionContext: false,
    mode: 'normal',
  }
  let ahead = 0
  const clock = () => parts.now() + ahead
  const callbacks = new Map<CloudId, Callback>()
  const usual = new Map<CloudId, Callback>()
  const ledger = createLedger()
  const pushes = createPushes({
    rules: parts.rules,
    callback: cloud => callbacks.get(cloud) ?? usual.get(cloud),
    options: () => settings,
    now: parts.now,
    send: parts.send,
  })

  async function step(): Promise<void> {
    const at = clock()
    const due = ledger.takeDue(at)
    for (const cloud of new Set(due.map(receipt => receipt.cloud))) await askWhereTo(cloud)
    pushes.enqueue(due, at)
    await pushes.deliver(at)
  }

  async function askWhereTo(cloud: CloudId): Promise<void> {
    if (callbacks.has(cloud)) return
    const callback = await parts.usualCallback?.(cloud).catch(() => undefined)
    const url = callback && loopbackUrl(callback.url)
    if (url === undefined) usual.delete(cloud)
    else usual.set(cloud, { ...callback, url })
  }

  // One after the other: two at once would push the same receipts twice.
  let turn: Promise<void> = Promise.resolve()
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    turn = turn.then(work)
    return turn
  }

  return {
    add(submission) {
      const sent = clock()
      ledger.add(submission, { sent, due: settings.mode === 'early' ? sent : sent + settings.delay })
    },
    all: () => ledger.all(clock()),
    settings: () => ({ ...settings }),
    set(changes) {
      settings = { ...settings, ...changes }
    },
    callbacks: () => Object.fromEntries(callbacks),
    setCallback(cloud, callback) {
      if (callback) callbacks.set(cloud, callback)
      else callbacks.delete(cloud)
    },
    tick: () => inTurn(step),
    early: () => (settings.mode === 'early' ? inTurn(step) : Promise.resolve()),
    advance: milliseconds =>
      inTurn(async () => {
        const end = clock() + milliseconds
        for (;;) {
          const next = Math.min(ledger.nextDue(), pushes.nextDue())
          if (next > end) break
          ahead += Math.max(0, next - clock())
          await step()
        }
        ahead += Math.max(0, end - clock())
      }),
    run() {
      let busy = false
      const timer = setInterval(async () => {
        if (busy) return
        busy = true
        await inTurn(step)
        busy = false
      }, LIVE_INTERVAL_MS)
      timer.unref()
      return () => clearInterval(timer)
    },
    clear() {
      ahead = 0
      ledger.clear()
      pushes.clear()
    },
  }
}
