import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import type { Connector, Message } from '../connector.ts'
import type { Failure } from '../failures.ts'
import { SendError } from '../send-error.ts'
import type { Fetch } from '../send-world.ts'
import { settingsSchema } from '../settings.ts'
import { type ConnectorSubject, messageTo, type Trial, trySend } from '../test-world.ts'

/** How a runner takes one test, e.g. `test` of Vitest or of `node:test`. */
export type RunTest = (name: string, run: () => Promise<void>) => unknown

/** A part of the suite: hands its tests to the runner. */
export type Part = (test: RunTest, trials: Trials) => void

/** What the parts of the suite try a connector with. */
export interface Trials {
  subject: ConnectorSubject
  connector: Connector
  /** The message that is sent where a test does not say otherwise. */
  message: Message
  /** The subject's configuration as connectors get it, with defaults filled in. */
  settings(): unknown
  /** Sends a message through `fetch` and tells how that ended. */
  send(fetch: Fetch, options?: { message?: Message; deadline?: number }): Promise<Trial>
}

/** Prepares the trials of a connector. For example: `await trialsOf(subject).send(subject.provider().fetch)`. */
export function trialsOf(subject: ConnectorSubject): Trials {
  const schema = settingsSchema(subject.connector.settings)
  const settings = () => schema.parse(subject.settings)
  return {
    subject,
    connector: subject.connector,
    message: messageTo(subject),
    settings,
    send: (fetch, options) => trySend(subject, settings(), fetch, options),
  }
}

/** Tells how a trial ended: `describe({ sent: { ids: {} } })` is `'a success'`. */
export function describe(outcome: Trial['outcome']): string {
  return 'sent' in outcome ? 'a success' : String(outcome.error)
}

/** Makes an error as Node makes them: `failure('ECONNRESET').code` is `'ECONNRESET'`. */
export const failure = (code: string) => Object.assign(new Error(code), { code })

/**
 * Asserts that a send made one request and threw a `SendError` of one of these failures, and returns it. For example:
 * `failureOf(await send(failing('ECONNRESET')), ['unreachable']).maybeSent`.
 */
export function failureOf({ outcome, requests }: Trial, expected: Failure[]): SendError {
  assert.ok('error' in outcome, 'the send succeeded')
  const { error } = outcome
  assert.ok(error instanceof SendError, `only SendError is thrown: ${inspect(error)}`)
  assert.ok(expected.includes(error.failure), `expected ${expected.join(' or ')}, got ${error.message}`)
  assert.equal(requests.length, 1, 'a send makes exactly one request')
  return error
}
