import { getRandomValues } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Connector, Message, Sent } from './connector.ts'
import type { ReceiptRequest } from './receipts.ts'
import type { Fetch, HttpAnswer, SendWorld } from './send-world.ts'

/** A provider's stand-in; every test asks for a fresh one. */
export interface TestProvider {
  fetch: Fetch
  /** What has reached recipients: everything they would read, subject included. */
  delivered(): readonly { to: string; text: string }[]
  /** From now on every request is refused with this code, in the provider's own shape. */
  refuseWith(code: string): void
  /** What the provider tells of messages afterwards; left out where the connector says that it tells nothing. */
  receipts?: TestReceipts
}

/** How a provider's stand-in tells what became of messages. */
export interface TestReceipts {
  /**
   * Lets as much time pass as it takes until the messages so far have reached their recipients, or not, and gives the
   * requests by which the provider tells of them.
   */
  push(): Promise<ReceiptRequest[]>
  /** The provider signs its requests, so that one which was changed on the way must be refused. */
  signed?: boolean
}

/** A connector with what it takes to try it. */
export interface ConnectorSubject {
  // biome-ignore lint/suspicious/noExplicitAny: any connector can be tried, whatever its settings.
  connector: Connector<any>
  /** A configuration, as an operator would save it, that the stand-in accepts. */
  settings: Record<string, unknown>
  /** A recipient the stand-in delivers to; when absent, a mainland Chinese number or a mail address. */
  to?: string
  provider(): TestProvider
  /** A recipient whose messages the stand-in takes, but does not deliver. */
  unreachable?: string
  /** The stand-in's clock, in milliseconds; the system's when absent. */
  now?: () => number
}

export type Outcome = { sent: Sent } | { error: unknown }

/** What one send led to: how it ended, and the requests it made. */
export interface Trial {
  outcome: Outcome
  requests: { url: string; headers: Record<string, string>; body: string }[]
}

/** How long after its deadline a send may still take to end, in milliseconds; much, for slow machines. */
const GRACE = 5_000

/** The message of every trial; its code occurs nowhere else by chance. */
export function messageTo(subject: ConnectorSubject): Message {
  const fallback = subject.connector.channel === 'sms' ? '8613800138000' : 'ada.lovelace@example.com'
  return {
    to: subject.to ?? fallback,
    usageType: 'SignIn',
    payload: { code: '739152' },
    attemptId: 'attempt-4kq2m8x1',
  }
}

/** The outside as a connector is tried with it. */
export const worldOf = ({ now }: ConnectorSubject, fetch: Fetch, deadline = 20_000): SendWorld => ({
  now: now ?? Date.now,
  random: size => getRandomValues(new Uint8Array(size)),
  deadline,
  fetch,
})

/** Sends one message through `fetch`, watched. Fails when the send does not end although its deadline is over. */
export async function trySend(
  subject: ConnectorSubject,
  settings: unknown,
  fetch: Fetch,
  { message = messageTo(subject), deadline = 20_000 }: { message?: Message; deadline?: number } = {},
): Promise<Trial> {
  const requests: Trial['requests'] = []
  const watched: Fetch = (url, init) => {
    requests.push({ url, headers: init.headers, body: init.body ?? '' })
    return fetch(url, init)
  }
  const world = worldOf(subject, watched, deadline)
  const overdue = new AbortController()
  const outcome = await Promise.race([
    subject.connector.send(message, settings as never, world).then(
      (sent): Outcome => ({ sent }),
      (error: unknown): Outcome => ({ error }),
    ),
    sleep(deadline + GRACE, undefined, { signal: overdue.signal }).then((): Outcome => {
      throw new Error(`send() had not ended long after its deadline of ${deadline} ms`)
    }),
  ]).finally(() => overdue.abort())
  return { outcome, requests }
}

/** An answer from given pieces; without any its body is null. */
export const answerOf = (status: number, ...pieces: string[]): HttpAnswer => ({
  status,
  headers: { get: () => null },
  body: pieces.length === 0 ? null : stream(pieces),
})

async function* stream(pieces: string[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield new TextEncoder().encode(piece)
}

/** The whole body of an answer as text. */
export async function textOf(answer: HttpAnswer): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of answer.body ?? []) text += decoder.decode(chunk, { stream: true })
  return text
}
