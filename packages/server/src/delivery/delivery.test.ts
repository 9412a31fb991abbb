import type { AttemptEntry, MessageEntry } from '@countersign/api'
import { createClouds, sampleSettings } from '@countersign/simulators'
import { describe, expect, test } from 'vitest'
import { type Connections, createConnections } from '../connections/connections.ts'
import { createRegistry } from '../connections/registry.ts'
import type { Database } from '../db/database.ts'
import { eachDatabase } from '../db/testing.ts'
import { readRecipient } from '../identifiers/recipient.ts'
import { createLedger } from '../ledger/ledger.ts'
import { simulatedFetch } from '../outside.ts'
import { type Launched, launch } from '../testing/launch.ts'
import { signInOperator } from '../testing/operator.ts'
import { testKeys, testWorld } from '../testing/world.ts'
import type { World } from '../world.ts'
import { createDelivery } from './delivery.ts'

const ADA = readRecipient({ type: 'phone', value: '8613800138000' })

const CLOUDS = ['aliyun-sms', 'aliyun-pnvs', 'aliyun-dm', 'tencent-sms'] as const
type Cloud = (typeof CLOUDS)[number]

const FAULTS = [
  'drop-before',
  'drop-after',
  'hang',
  'http-500',
  'http-503',
  'html',
  'empty',
  'cut-off',
  'wrong-type',
  'throttle',
] as const

/** A recipient of its own for every message, so that no limit of ours or of a cloud is met by chance. */
const recipientOf = (cloud: Cloud, index: number) =>
  cloud === 'aliyun-dm' ? { email: `visitor${index}@example.com` } : { phone: String(8613800138000 + index) }

const inboxName = (to: { email?: string; phone?: string }) => to.email ?? `+${to.phone}`

const send = (server: Launched, to: object) => server.manage('POST', '/api/verification-codes', to)

const check = (server: Launched, to: object, verificationCode: string) =>
  server.manage('POST', '/api/verification-codes/verify', { ...to, verificationCode })

async function attemptsOf(server: Launched): Promise<AttemptEntry[]> {
  const call = await signInOperator(server.app)
  const messages = (await (await call('GET', '/api/console/messages')).json()) as MessageEntry[]
  return messages.flatMap(message => message.attempts)
}

test.each(CLOUDS)(
  'whatever %s does, the answer is no 500, and a code that arrived can be used',
  async cloud => {
    const server = await launch({ SEND_TIMEOUT: '500' })
    await server.connect(cloud)
    for (const [index, kind] of FAULTS.entries()) {
      const to = recipientOf(cloud, index)
      server.clouds.control.setFault({ kind })
      const answer = await send(server, to)
      const text = await answer.text()
      expect([204, 400, 429], `${kind}: ${answer.status} ${text}`).toContain(answer.status)
      const message = server.clouds.inbox.messages().find(each => each.to === inboxName(to))
      if (message) expect((await check(server, to, message.code!)).status, kind).toBe(204)
      else if (answer.status === 204) expect(answer.headers.get('countersign-delivery')).toBe('unconfirmed')
    }
  },
)

test('a refused connection is tried a second time, and then the caller is told', async () => {
  const server = await launch()
  await server.connect('aliyun-sms')
  server.clouds.control.setFault({ kind: 'drop-before' })
  const answer = await send(server, { phone: '8613800138000' })
  expect(answer.status).toBe(400)
  expect(await answer.json()).toEqual({
    code: 'connector.general',
    message: expect.any(String),
    data: { failure: 'unreachable' },
  })
  const attempts = await attemptsOf(server)
  expect(attempts).toHaveLength(2)
  for (const attempt of attempts)
    expect(attempt).toMatchObject({
      state: 'failed',
      failure: 'unreachable',
      providerCode: 'ECONNREFUSED',
      meaning: { en: expect.any(String), 'zh-CN': expect.any(String) },
    })
})

test('a second try that succeeds is a success', async () => {
  const server = await launch()
  await server.connect('aliyun-sms')
  server.clouds.control.setFault({ kind: 'drop-before', times: 1 })
  expect((await send(server, { phone: '8613800138000' })).status).toBe(204)
  expect((await attemptsOf(server)).map(attempt => attempt.state).sort()).toEqual(['accepted', 'failed'])
  expect(server.clouds.inbox.messages()).toHaveLength(1)
})

test('a message whose answer was lost is not sent twice, and its code counts', async () => {
  const server = await launch()
  await server.connect('tencent-sms')
  server.clouds.control.setFault({ kind: 'drop-after' })
  const to = { phone: '8613800138000' }
  const answer = await send(server, to)
  expect(answer.status).toBe(204)
  expect(answer.headers.get('countersign-delivery')).toBe('unconfirmed')
  expect(server.clouds.inbox.messages()).toHaveLength(1)
  expect(await attemptsOf(server)).toMatchObject([{ state: 'unconfirmed', failure: 'unreachable' }])
  expect((await check(server, to, server.codeFor('+8613800138000'))).status).toBe(204)
})

test('a failed send gives the place in the allowance back and leaves the earlier code alone', async () => {
  const server = await launch()
  await server.connect('aliyun-sms')
  const to = { phone: '8613800138000' }
  await send(server, to)
  const code = server.codeFor('+8613800138000')
  server.clouds.control.setFault({ code: 'isv.AMOUNT_NOT_ENOUGH' })
  for (let time = 0; time < 12; time += 1) expect((await send(server, to)).status).toBe(429)
  server.clouds.control.setFault(null)
  expect((await check(server, to, code)).status).toBe(204)
  expect((await send(server, to)).status).toBe(204)
})

describe('a refusal', () => {
  test.each([
    ['isv.BLACK_KEY_CONTROL_LIMIT', 400, 'connector.general', 'recipient_blocked'],
    ['isv.MOBILE_NUMBER_ILLEGAL', 400, 'connector.general', 'recipient_invalid'],
    ['isv.BUSINESS_LIMIT_CONTROL', 429, 'connector.rate_limit_exceeded', 'rate_limited'],
    ['Throttling.User', 429, 'connector.rate_limit_exceeded', 'throttled'],
    ['isv.AMOUNT_NOT_ENOUGH', 429, 'connector.usage_limit_exceeded', 'balance_exhausted'],
    ['SignatureDoesNotMatch', 400, 'connector.general', 'credentials_rejected'],
    ['isv.SMS_SIGNATURE_ILLEGAL', 400, 'connector.general', 'message_rejected'],
    ['isv.NOT_IN_ANY_TABLE', 400, 'connector.general', 'unrecognized'],
  ])('%s is told as %i %s, in our words', async (providerCode, status, code, failure) => {
    const server = await launch()
    await server.connect('aliyun-sms')
    server.clouds.control.setFault({ code: providerCode })
    const answer = await send(server, { phone: '8613800138000' })
    const text = await answer.text()
    expect(answer.status).toBe(status)
    expect(JSON.parse(text)).toMatchObject({ code, data: { failure } })
    // Neither the provider's code nor its Chinese sentence.
    expect(text).not.toMatch(/isv\.|Throttling|Signature|\p{Script=Han}/u)
    expect((await attemptsOf(server))[0]).toMatchObject({ state: 'failed', failure, providerCode })
  })

  test.each<[string, Cloud, object, string]>([
    ['a wrong key', 'aliyun-sms', { accessKeySecret: 'wrong-secret-of-tests' }, 'credentials_rejected'],
    ['a wrong key', 'tencent-sms', { accessKeySecret: 'wrong-secret-of-tests' }, 'credentials_rejected'],
    ['a wrong key', 'aliyun-dm', { accessKeySecret: 'wrong-secret-of-tests' }, 'credentials_rejected'],
    ['a signature under review', 'aliyun-sms', { signName: '待审签名' }, 'message_rejected'],
  ])('for %s at %s tells operators the raw answer without secret, code and recipient', async (...row) => {
    const [, cloud, change, failure] = row
    const server = await launch()
    await server.connect(cloud, change)
    const to = recipientOf(cloud, 7)
    const answer = await send(server, to)
    expect(await answer.json()).toMatchObject({ code: 'connector.general', data: { failure } })
    const [attempt] = await attemptsOf(server)
    expect(attempt).toMatchObject({ state: 'failed', failure })
    const body = attempt!.answer?.body ?? ''
    expect(body).toContain('RequestId')
    for (const secret of ['wrong-secret-of-tests', '13800138007', 'visitor7@example.com'])
      expect(body).not.toContain(secret)
    expect(body).not.toMatch(/code%22%3A%22\d{6}/)
  })
})

test('a connection without configuration is told as such, and nothing is sent', async () => {
  const server = await launch()
  await server.manage('POST', '/api/connectors', { connectorId: 'aliyun-short-message-service' })
  const answer = await send(server, { phone: '8613800138000' })
  expect(await answer.json()).toMatchObject({ code: 'connector.invalid_config' })
  expect(server.clouds.control.requests()).toHaveLength(0)
})

/** Delivery, and the ledger in which it writes. */
function deliveryWith(db: Database, world: World, { registry }: Connections) {
  const ledger = createLedger({
    db,
    keys: testKeys,
    world,
    timeout: 8000,
    keepDays: 30,
    connectorOf: registry.byId,
  })
  return { ledger, delivery: createDelivery({ world, ledger, timeout: 1200 }) }
}

const FIRST = { size: 10, offset: 0 }

eachDatabase('attempts', openFresh => {
  /** A delivery with one connection, to the simulated cloud. */
  async function connected() {
    const db = await openFresh()
    const clouds = createClouds()
    const world = { ...testWorld(simulatedFetch(clouds)), now: Date.now }
    const connections = createConnections(db, testKeys, world)
    const connection = await connections.save({
      connector: createRegistry().byId('aliyun-sms')!,
      config: sampleSettings['aliyun-sms'],
    })
    return { db, clouds, world, connection, ...deliveryWith(db, world, connections) }
  }

  test('that a dead process left behind are shown as unconfirmed, those under way are not', async () => {
    const db = await openFresh()
    const world = testWorld()
    const connections = createConnections(db, testKeys, world)
    const { ledger } = deliveryWith(db, world, connections)
    const row = (id: string, age: number) => ({
      id,
      connector: 'aliyun-sms',
      channel: 'sms',
      usage_type: 'SignIn',
      recipient: '+86 138****8000',
      state: 'sending',
      ids: '{}',
      failure: null,
      provider_code: null,
      answer: null,
      took: null,
      created_at: world.now() - age,
    })
    await db
      .insertInto('attempts')
      .values([row('old', 60_000), row('young', 1_000)])
      .execute()
    await ledger.recover()
    const { messages } = await ledger.list({}, FIRST)
    expect(messages.map(({ id, state }) => [id, state])).toEqual([
      ['young', 'sending'],
      ['old', 'unconfirmed'],
    ])
    expect((await ledger.list({ state: 'unconfirmed' }, FIRST)).total).toBe(1)
  })

  test('are none when what belongs to a message could not be stored: it never leaves', async () => {
    const { clouds, delivery, ledger, connection } = await connected()
    const out = { recipient: ADA, usageType: 'SignIn', asker: { by: 'api' } } as const
    const before = Promise.reject(new Error('the disk is full'))
    for (const unsent of [false, true])
      await expect(
        delivery.deliver([connection], { ...out, unsent, payload: { code: '739154' } }, { before }),
      ).rejects.toThrow('the disk is full')
    expect(clouds.control.requests()).toHaveLength(0)
    expect((await ledger.list({}, FIRST)).total).toBe(0)
  })

  test.each<[string, () => Promise<string>, number]>([
    ['answers while the second code is being stored', async () => '428817', 0],
    [
      'is silent while a second code cannot be stored',
      () => Promise.reject(new Error('the disk is full')),
      1,
    ],
  ])('are not joined by another when the first %s', async (_, secondCode, complaints) => {
    const { clouds, connection, world, ledger, delivery } = await connected()
    let answer = () => {}
    const hanging = new Promise<void>(resolve => {
      answer = resolve
    })
    const { fetch } = clouds
    clouds.fetch = async request => {
      await hanging
      return fetch(request)
    }
    const out = { recipient: ADA, usageType: 'SignIn', asker: { by: 'api' } } as const
    const sent = await delivery.deliver([connection, { ...connection, id: 'other' }], {
      ...out,
      payload: { code: '739154' },
      async secondCode() {
        answer()
        // Until it has answered, and that is known here.
        await new Promise(resolve => setTimeout(resolve, 50))
        return secondCode()
      },
    })
    expect(sent).toBe('accepted')
    const [message] = (await ledger.list({}, FIRST)).messages
    expect(message!.attempts).toMatchObject([{ code: 'first', state: 'accepted', reason: null }])
    expect(clouds.inbox.messages().map(({ code }) => code)).toEqual(['739154'])
    expect(world.lines.filter(line => line.includes('not begun'))).toHaveLength(complaints)
  })

  test('take little room, whatever the provider answers', async () => {
    const db = await openFresh()
    const page = `<h1>${'é'.repeat(200_000)}</h1>`
    const world = { ...testWorld(async () => new Response(page, { status: 502 })), now: Date.now }
    const connections = createConnections(db, testKeys, world)
    const connector = createRegistry().byId('aliyun-sms')!
    const connection = await connections.save({ connector, config: sampleSettings['aliyun-sms'] })
    const { delivery, ledger } = deliveryWith(db, world, connections)
    const out = { recipient: ADA, usageType: 'SignIn', asker: { by: 'api' } } as const
    await delivery.deliver([connection], { ...out, payload: { code: '739154' } }).catch(() => undefined)
    const rows = await db.selectFrom('attempts').selectAll().execute()
    expect(JSON.stringify(rows).length).toBeLessThan(4_000)
    const [message] = (await ledger.list({}, FIRST)).messages
    expect(message!.attempts[0]!.answer?.body).toMatch(/^<h1>é+… \[cut, of \d+ bytes\]$/)
  })

  test('name no recipient and keep the raw answer sealed', async () => {
    const { db, clouds, delivery, ledger, connection } = await connected()
    clouds.control.setFault({ code: 'isv.SMS_SIGNATURE_ILLEGAL' })
    const out = { recipient: ADA, usageType: 'SignIn', asker: { by: 'api' } } as const
    await expect(delivery.deliver([connection], { ...out, payload: { code: '739154' } })).rejects.toThrow()
    const table = JSON.stringify(await db.selectFrom('attempts').selectAll().execute())
    expect(table).not.toMatch(/13800138000|739154|签名/)
    const [message] = (await ledger.list({ state: 'failed' }, FIRST)).messages
    expect(message!.attempts[0]!.answer?.body).toContain('isv.SMS_SIGNATURE_ILLEGAL')
  })
})
