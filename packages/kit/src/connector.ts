import type { FailureTable, Localized } from './failures.ts'
import type { SettingsTable, Values } from './settings.ts'
import type { UsageType } from './template.ts'

/** One message to one recipient. */
export interface Message {
  /** An e-mail address, or a phone number as digits, country code first, no `+`. */
  to: string
  usageType: UsageType
  /** What templates may use; `code` is the one-time code. Context such as `locale` is for choosing, never for sending on. */
  payload: { code?: string; link?: string; locale?: string; [name: string]: unknown }
  /** Our own id of this try; handed to the provider where it takes a correlation id. */
  attemptId: string
}

/** The part of an HTTP answer that connectors read; a `Response` is one. */
export interface HttpAnswer {
  status: number
  headers: { get(name: string): string | null }
  body: AsyncIterable<Uint8Array> | null
}

/**
 * Makes one HTTP request. `fetch` of the platform is one; rejects when no answer came. `redirect` keeps a signed
 * request from being sent on to wherever an answer points.
 */
export type Fetch = (
  url: string,
  init: {
    method: string
    headers: Record<string, string>
    body?: string
    signal: AbortSignal
    redirect?: 'manual'
  },
) => Promise<HttpAnswer>

/** The outside as a connector sees it. */
export interface SendWorld {
  fetch: Fetch
  /** Milliseconds since the Unix epoch. */
  now(): number
  /** Cryptographically random bytes. */
  random(size: number): Uint8Array
  /** How long the send may take, in milliseconds, from request to the last byte of the answer. */
  deadline: number
}

/** What the provider said when it accepted: its ids, by its own names (`BizId`, `SerialNo`, `EnvId`, `RequestId`). */
export interface Sent {
  ids: Record<string, string>
}

export interface Connector<T extends SettingsTable = SettingsTable> {
  /** `aliyun-sms`, … : folder name, CLI name and Logto's `target`. */
  id: string
  channel: 'sms' | 'email'
  name: Localized
  description: Localized
  settings: T
  failures: FailureTable
  /** Makes exactly one request. Resolves only on the provider's own success mark, else throws `SendError`. */
  send(message: Message, settings: Values<T>, world: SendWorld): Promise<Sent>
}

/** Declares a connector; the types of `send` follow from the settings table. */
export function defineConnector<const T extends SettingsTable>(connector: Connector<T>): Connector<T> {
  return connector
}
