import type { Link, Localized } from './failures.ts'
import type { SendWorld } from './send-world.ts'
import type { SettingsTable, Values } from './settings.ts'

/** What a provider says became of a message that it had taken. */
export interface Receipt {
  /** The provider's ids of the message, by the names under which `Sent` gave them; empty where it names none. */
  ids: Readonly<Record<string, string>>
  /** Our own id of the try, where the provider hands it back. */
  attemptId?: string
  /** The recipient as the provider writes it: one id may stand for several messages. */
  to?: string
  /** `pending`: the provider took the message and does not know more yet. */
  state: 'delivered' | 'failed' | 'pending'
  /** The carrier's code, or that of the mail server, as it stands. */
  code?: string
  /** The provider's own words. They may hold anything, so nobody but operators sees them. */
  detail?: string
  /** When that happened, in milliseconds since the Unix epoch. */
  at?: number
  /** How many messages the provider counts, and charges, for it. */
  segments?: number
}

/** A request by which a provider tells of receipts. */
export interface ReceiptRequest {
  method: string
  /** The public address that the provider called, with its query. */
  url: string
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>
  body: string
}

/** What is to be answered: providers repeat what is not answered in their own way. */
export interface ReceiptAnswer {
  status: number
  /** The JSON of the body. */
  body: unknown
}

/** What such a request says: receipts, or why it is not believed. */
export type ReceiptReading =
  | { receipts: Receipt[]; answer: ReceiptAnswer }
  /** It is forged or no request of the provider; `reason` is for operators. */
  | { refused: string; answer: ReceiptAnswer }

/** A message whose fate a provider is asked for. */
export interface AskedReceipt {
  to: string
  attemptId: string
  /** What the provider said when it took the message; empty where its answer never came. */
  ids: Readonly<Record<string, string>>
  /** When the message was handed over, in milliseconds since the Unix epoch. */
  sentAt: number
}

/** What helps a visitor whose message a carrier could not deliver. Pages have a sentence for each. */
export const RECEIPT_ADVICE = [
  'phone_off',
  'number_not_in_service',
  'blocked_by_recipient',
  'blocked_by_carrier',
  'inbox_full',
  'address_unknown',
] as const

/** One of the closed list. */
export type ReceiptAdvice = (typeof RECEIPT_ADVICE)[number]

/** A carrier's code, explained. */
export interface CarrierCode {
  meaning: Localized
  remedy: Localized
  /** What helps the visitor; left out where nothing on their side does. */
  advice?: ReceiptAdvice
  links?: Link[]
  /** Where the code is documented. */
  source: string
}

/** How a provider tells what became of messages. */
export interface Receipts<T extends SettingsTable = SettingsTable> {
  /** Carrier's code → explanation. */
  codes: Readonly<Record<string, CarrierCode>>
  /**
   * Reads what the provider has pushed. It throws never: what it does not understand it refuses, and members that it
   * does not know it passes over. Left out where the provider pushes nothing.
   */
  read?(request: ReceiptRequest, settings: Values<T>, world: SendWorld): Promise<ReceiptReading>
  /**
   * Asks the provider for one message: all receipts that it has of it, none where it knows nothing of it (yet), and
   * undefined where its answer does not tell that, e.g. because two messages fit: nobody may take that for a no.
   * Left out where it cannot be asked.
   *
   * @throws SendError
   */
  pull?(asked: AskedReceipt, settings: Values<T>, world: SendWorld): Promise<Receipt[] | undefined>
}
