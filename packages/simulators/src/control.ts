import type { Balances } from './balances.ts'
import type { CloudId } from './cloud-ids.ts'
import type { Fault } from './faults.ts'
import type { JournalEntry } from './journal.ts'
import { loopbackUrl } from './receipts/callback.ts'
import type { Callback } from './receipts/pushes.ts'
import type { Receipt } from './receipts/receipt.ts'
import type { ReceiptSettings, Receipts } from './receipts/receipts.ts'

/** The switches, for tests in process; the HTTP control API has the same. */
export interface Control {
  state(): ControlState
  /** Sets the fault that requests meet from now on; null lifts it. */
  setFault(fault: Fault | null): void
  /** Switches frequency control on the SMS clouds. */
  setFrequencyControl(on: boolean): void
  /** Sets what the account of a key may still send; null means without limit. Throws when no account has the key. */
  setBalance(key: string, messages: number | null): void
  /**
   * Sets where a cloud pushes its receipts; null ends it. Throws unless the address is one of this machine:
   * `localhost`, `127.…` or `[::1]`.
   */
  setCallback(cloud: CloudId, callback: Callback | null): void
  /** Changes how receipts come; what is not given stays. */
  setReceipts(settings: Partial<ReceiptSettings>): void
  /** What became of accepted messages, newest first. */
  receipts(): ReceiptView[]
  /** Pushes the receipts, and repeats the pushes, that are due. */
  tick(): Promise<void>
  /**
   * Lets so many milliseconds pass for receipts and for retries of their pushes, and does in order what comes due in
   * them. The clouds' clock stays: signatures and frequency are judged as before.
   */
  advance(milliseconds: number): Promise<void>
  /** Does from now on what comes due by itself, for a simulator that people use. The answer ends it. */
  run(): () => void
  /** The last 100 API requests, newest first, with secrets masked. */
  requests(): JournalEntry[]
  /**
   * Empties counters, nonces, journal, inbox and receipts, brings the balances back and lifts the fault. Frequency
   * control, callbacks and the settings of receipts stay as they are.
   */
  reset(): void
}

export interface ControlState {
  fault: Fault | null
  frequencyControl: boolean
  messages: number
  requests: number
  /** Messages each account may still send; null means without limit. */
  balances: Record<string, number | null>
  receipts: ReceiptSettings
  callbacks: Partial<Record<CloudId, Callback>>
}

/** A receipt as the control API shows it. */
export interface ReceiptView {
  id: string
  cloud: CloudId
  to: string
  /** BizId, SerialNo or EnvId. */
  messageId: string
  /** OutId or SessionContext. */
  reference: string
  state: 'waiting' | 'delivered' | 'undelivered'
  /** The cloud's receipt code; empty while waiting. */
  code: string
  sentAt: number
  reportedAt: number | null
  push: Receipt['push']
  /** What was reported of its code, oldest first. */
  conversions: Receipt['conversions']
}

/** Something asked of the control that it does not do; the message is for the caller. */
export class Refused extends Error {}

/** Puts the switches together. */
export function createControl(parts: {
  receipts: Receipts
  balances: Balances
  fault: { get(): Fault | null; set(fault: Fault | null): void }
  frequency: { get(): boolean; set(on: boolean): void }
  messages(): number
  requests(): JournalEntry[]
  clear(): void
}): Control {
  const { receipts, balances, fault, frequency } = parts
  return {
    state: () => ({
      fault: fault.get(),
      frequencyControl: frequency.get(),
      messages: parts.messages(),
      requests: parts.requests().length,
      balances: balances.all(),
      receipts: receipts.settings(),
      callbacks: receipts.callbacks(),
    }),
    setFault: fault.set,
    setFrequencyControl: frequency.set,
    setBalance(key, messages) {
      if (!balances.set(key, messages)) throw new Refused(`No account has the key "${key}".`)
    },
    setCallback(cloud, callback) {
      const url = callback && loopbackUrl(callback.url)
      if (callback && url === undefined) {
        throw new Refused(
          'Receipts are pushed to this machine only: give an http address at localhost, 127.0.0.1 or [::1].',
        )
      }
      receipts.setCallback(cloud, callback && { ...callback, url: url ?? '' })
    },
    setReceipts: receipts.set,
    receipts: () => receipts.all().reverse().map(view),
    tick: receipts.tick,
    advance: receipts.advance,
    run: receipts.run,
    requests: parts.requests,
    reset() {
      fault.set(null)
      receipts.clear()
      balances.reset()
      parts.clear()
    },
  }
}

function view(receipt: Receipt): ReceiptView {
  const {
    id,
    cloud,
    to,
    messageId,
    reference = '',
    outcome,
    sentAt,
    reportedAt = null,
    push,
    conversions,
  } = receipt
  const reported = outcome && reportedAt !== null
  return {
    id,
    cloud,
    to,
    messageId,
    reference,
    state: reported ? (outcome.delivered ? 'delivered' : 'undelivered') : 'waiting',
    code: reported ? outcome.code : '',
    sentAt,
    reportedAt,
    push: { ...push },
    conversions: conversions.map(each => ({ ...each })),
  }
}
