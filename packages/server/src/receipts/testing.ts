import { defineConnector, type Receipt, secret } from '@countersign/kit'
import type { Hono } from 'hono'
import { createConnections } from '../connections/connections.ts'
import type { Database } from '../db/database.ts'
import { baseApp } from '../http/app.ts'
import { readRecipient } from '../identifiers/recipient.ts'
import { createLedger, type HeardReceipt } from '../ledger/ledger.ts'
import { type TestWorld, testKeys, testWorld } from '../testing/world.ts'
import { createReceipts } from './receipts.ts'
import { mountPushes } from './routes.ts'

export const PHONE = '8613800138000'
export const SECOND = 1000
export const MINUTE = 60 * SECOND
/** How long codes are good here. */
export const VALIDITY = 10 * MINUTE

const text = (en: string) => ({ en, 'zh-CN': en })

/** What a cloud of the tests says when it is asked; an error is thrown. */
export type Asked = (asked: { to: string; attemptId: string }) => Receipt[] | Error | undefined

/** A connector whose provider pushes lists of receipts, signed with a word, and can be asked. */
const connectorOf = (asked: { answer: Asked }, { pulls }: { pulls: boolean }) =>
  defineConnector({
    id: 'acme-sms',
    channel: 'sms',
    name: text('Acme'),
    description: text('Acme'),
    settings: { apiKey: secret({ label: text('API key') }) },
    failures: {},
    send: () => Promise.reject(new Error('nothing is sent here')),
    receipts: {
      codes: {
        OFF: {
          meaning: text('The phone is off.'),
          remedy: text('Nothing can be done.'),
          advice: 'phone_off',
          source: 'https://acme.example/codes',
        },
      },
      async read({ body, headers, url }, { apiKey }) {
        const answer = { status: 200, body: { code: 0 } }
        if (headers['x-key'] !== apiKey || !url.startsWith('https://auth.example.com/receipts/'))
          return { refused: 'the key is another one', answer: { status: 403, body: { code: 1 } } }
        try {
          return { receipts: JSON.parse(body), answer }
        } catch {
          return { refused: 'the body is no JSON', answer: { status: 400, body: { code: 2 } } }
        }
      },
      ...(pulls && {
        async pull(question: { to: string; attemptId: string }) {
          const told = asked.answer(question)
          if (told instanceof Error) throw told
          return told
        },
      }),
    },
  })

/** A ledger with a connection whose provider tells of receipts, and what one node does with them. */
export async function receiptsOn(db: Database, { pulls = true, world = testWorld() } = {}) {
  const asked: { answer: Asked } = { answer: () => [] }
  const connector = connectorOf(asked, { pulls })
  const byId = (id: string) => (id === connector.id ? (connector as never) : undefined)
  const registry = { all: [connector as never], byId, byFactoryId: byId }
  const heard: HeardReceipt[] = []
  const ledger = createLedger({
    db,
    keys: testKeys,
    world,
    timeout: 8000,
    keepDays: 30,
    connectorOf: byId,
    heard: receipt => void heard.push(receipt),
  })
  const connections = createConnections(db, testKeys, world, registry)
  const receipts = createReceipts({
    db,
    keys: testKeys,
    world,
    ledger,
    connections,
    endpoint: 'https://auth.example.com',
    validity: async () => VALIDITY,
  })
  const app: Hono = baseApp(world)
  mountPushes(app, receipts, 'https://auth.example.com')
  const connection =
    (await connections.list())[0] ??
    (await connections.create({ connector: connector as never, config: { apiKey: 'key' } }))
  const { address } = await receipts.addressOf(connection.id)

  return {
    ...sending(ledger, world, connection.id),
    db,
    world,
    ledger,
    /** The final receipts that were told to whoever listens. */
    heard,
    receipts,
    connection,
    connections,
    asked,
    address: address!,
    app,
    /** Pushes as the provider does. */
    async push(body: unknown, { to = address!, key = 'key' } = {}) {
      const answer = await app.request(new URL(to).pathname, {
        method: 'POST',
        headers: { 'x-key': key },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      })
      return { status: answer.status, body: await answer.text() }
    },
  }
}

function sending(ledger: ReturnType<typeof createLedger>, world: TestWorld, connectionId: string) {
  const attemptOf = (id: string, nth = 1) => ({
    id: `${id}-${nth}`,
    nth,
    connector: 'acme-sms',
    connectionId,
    at: world.now(),
  })
  const begin = async (id: string, nth = 1) => {
    const attempt = attemptOf(id, nth)
    const recipient = readRecipient({ type: 'phone', value: PHONE })
    await ledger.begin({ id, recipient, usageType: 'SignIn', asker: { by: 'api' } }, attempt)
    return attempt
  }
  return {
    begin,
    /** Sends a message that the provider accepts: its attempt is `<id>-1`, and its id there `<id>^0`. */
    async send(id: string, nth = 1) {
      const attempt = await begin(id, nth)
      await ledger.end(attempt, { ids: { BizId: `${id}^0`, RequestId: `R-${id}` } })
    },
    /** Messages, the newest first. */
    messages: async () => (await ledger.list({}, { size: 200, offset: 0 })).messages,
    /** A message and its last attempt. */
    async of(id: string) {
      const { messages } = await ledger.list({}, { size: 200, offset: 0 })
      const message = messages.find(each => each.id === id)!
      return { ...message, attempt: message.attempts.at(-1)! }
    },
  }
}

/** A receipt as the provider of the tests writes it. */
export const receipt = (
  id: string,
  state: Receipt['state'] = 'delivered',
  more: Partial<Receipt> = {},
): Receipt => ({
  ids: { BizId: `${id}^0` },
  state,
  code: state === 'failed' ? 'OFF' : state.toUpperCase(),
  ...more,
})
