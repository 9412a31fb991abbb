import { type Conversion, defineConnector, SendError, secret } from '@countersign/kit'
import { sampleSettings } from '@countersign/simulators'
import { expect, test } from 'vitest'
import { createConnections } from '../connections/connections.ts'
import type { Database } from '../db/database.ts'
import { eachDatabase } from '../db/testing.ts'
import { readRecipient } from '../identifiers/recipient.ts'
import { createLedger } from '../ledger/ledger.ts'
import { launch } from '../testing/launch.ts'
import { signInOperator } from '../testing/operator.ts'
import { byPhone, go } from '../testing/visitor.ts'
import { type TestWorld, testKeys, testWorld } from '../testing/world.ts'
import { createFeedback } from './feedback.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
/** Long enough for codes that are good for ten minutes. */
const OVER = 10 * MINUTE + 6 * SECOND

const text = (en: string) => ({ en, 'zh-CN': en })

/** A connector whose provider wants to hear of all codes. */
function toy(world: TestWorld) {
  const told: string[] = []
  const cloud = { answer: (_: Conversion): SendError | undefined => undefined }
  const connector = defineConnector({
    id: 'acme-sms',
    channel: 'sms',
    name: text('Acme'),
    description: text('Acme'),
    settings: { apiKey: secret({ label: text('API key') }) },
    failures: {},
    send: () => Promise.reject(new Error('nothing is sent here')),
    feedback: {
      needs: text('nothing'),
      takes: ({ ids }) => ids.id !== undefined,
      async report(conversion, { apiKey }) {
        expect(apiKey).toBe('key')
        const error = cloud.answer(conversion)
        told.push(
          `${conversion.ids.id} ${error ? error.failure : conversion.usedAt === undefined ? 'unused' : `after ${conversion.usedAt - conversion.sentAt}`}`,
        )
        if (error) throw error
      },
    },
  })
  return { connector: connector as never, told, cloud, world }
}

/** A connection whose provider is told, and what one node of it does; more nodes by `node()`. */
async function feedbackOn(db: Database, { lifetime = 10 * MINUTE } = {}) {
  const world = testWorld()
  const { connector, told, cloud } = toy(world)
  const byId = (id: string) => (id === 'acme-sms' ? connector : undefined)
  const ledger = createLedger({ db, keys: testKeys, world, timeout: 8000, keepDays: 30, connectorOf: byId })
  const connections = createConnections(db, testKeys, world, { all: [connector], byId, byFactoryId: byId })
  const node = () => createFeedback({ db, world, ledger, connections, validity: async () => lifetime })
  const { id } = await connections.create({ connector, config: { apiKey: 'key' }, feedback: true })
  const feedback = node()
  await feedback.tell()
  return {
    world,
    told,
    cloud,
    node,
    id,
    connections,
    feedback,
    /** Sends a message with one code and then with another one, of which the second is used. */
    async sendTwice(name: string) {
      const recipient = readRecipient({ type: 'phone', value: '8613800138000' })
      const asked = { id: name, recipient, usageType: 'SignIn', asker: { by: 'api' } } as const
      for (const [nth, code] of [
        [1, 'first'],
        [2, 'second'],
      ] as const) {
        const at = world.now()
        const attempt = { id: `${name}-${nth}`, nth, code, connector: 'acme-sms', connectionId: id, at }
        await ledger.begin(asked, attempt)
        await ledger.end(attempt, { ids: { id: `${name} ${code}` } })
        world.wait(1)
      }
      const verified = { verified_at: world.now() + 999, used_code: 2 }
      await db.updateTable('messages').set(verified).where('id', '=', name).execute()
    },
    /** Sends a message that the provider takes, and has its code used so many milliseconds later. */
    async send(name: string, { used, by = 'api' }: { used?: number; by?: 'api' | 'test' } = {}) {
      const recipient = readRecipient({ type: 'phone', value: '8613800138000' })
      const attempt = { id: `a-${name}`, nth: 1, connector: 'acme-sms', connectionId: id, at: world.now() }
      await ledger.begin({ id: name, recipient, usageType: 'SignIn', asker: { by } }, attempt)
      await ledger.end(attempt, { ids: { id: name } })
      if (used !== undefined)
        await db
          .updateTable('messages')
          .set({ verified_at: world.now() + used, used_code: 1 })
          .where('id', '=', name)
          .execute()
      world.wait(1)
    },
  }
}

const failing = (failure: 'unreachable' | 'credentials_rejected', code?: string) => () =>
  new SendError(failure, { code })

eachDatabase('a provider', openFresh => {
  test('is told of each code once, when its time is over: whether it was used, and when', async () => {
    const room = await feedbackOn(await openFresh())
    await room.send('used', { used: 4000 })
    await room.send('unused')
    await room.send('tried out', { by: 'test' })
    await room.sendTwice('hedged')
    room.world.wait(10 * MINUTE)
    await room.feedback.tell()
    expect(room.told).toEqual([])
    room.world.wait(6 * SECOND)
    await room.send('later', { used: 0 })
    for (const each of [room.feedback, room.node(), room.feedback]) await each.tell()
    expect(room.told).toEqual([
      'used after 4000',
      'unused unused',
      'hedged first unused',
      'hedged second after 1000',
    ])
    expect(await room.feedback.of(room.id)).toEqual({
      told: 4,
      failed: 0,
      pausedUntil: null,
      lastFailure: null,
    })
  })

  test('is told by one of several nodes, however many messages there are', async () => {
    const room = await feedbackOn(await openFresh())
    const names = Array.from({ length: 230 }, (_, nth) => `m${nth}`)
    for (const name of names) await room.send(name, { used: 1000 })
    room.world.wait(OVER)
    await Promise.all([room.feedback, room.node(), room.node()].map(each => each.tell()))
    await room.feedback.tell()
    expect(room.told.toSorted()).toEqual(names.map(name => `${name} after 1000`).toSorted())
    expect(await room.feedback.of(room.id)).toMatchObject({ told: 230, failed: 0 })
  })

  test('that is not reached is told twice more, and then no more', async () => {
    const room = await feedbackOn(await openFresh())
    await room.send('m1', { used: 1000 })
    room.world.wait(OVER)
    room.cloud.answer = failing('unreachable', 'ECONNRESET')
    for (let look = 0; look < 4; look += 1) await room.feedback.tell()
    expect(room.told).toEqual(Array(3).fill('m1 unreachable'))
    expect(await room.feedback.of(room.id)).toMatchObject({
      told: 0,
      failed: 1,
      lastFailure: { failure: 'unreachable', providerCode: 'ECONNRESET', at: room.world.now() },
    })
    await room.send('m2', { used: 1000 })
    room.world.wait(OVER)
    await room.feedback.tell()
    room.cloud.answer = () => undefined
    await room.feedback.tell()
    expect(room.told.slice(3)).toEqual(['m2 unreachable', 'm2 after 1000'])
  })

  test('that refuses is left alone for an hour after ten refusals, and then tried again', async () => {
    const room = await feedbackOn(await openFresh())
    for (let nth = 0; nth < 30; nth += 1) await room.send(`m${nth}`)
    room.cloud.answer = failing('credentials_rejected', 'isp.RAM_PERMISSION_DENY')
    room.world.wait(OVER)
    await room.feedback.tell()
    expect(room.told).toHaveLength(12)
    const pausedUntil = room.world.now() + HOUR
    const lastFailure = { failure: 'credentials_rejected', providerCode: 'isp.RAM_PERMISSION_DENY' }
    expect(await room.feedback.of(room.id)).toMatchObject({ failed: 12, pausedUntil, lastFailure })
    expect(room.world.lines.join()).toContain('provider not told of codes for an hour')
    // Neither this node nor another one tells it anything, and what happens meanwhile is dropped.
    await room.send('meanwhile')
    room.world.wait(59 * MINUTE)
    for (const each of [room.feedback, room.node()]) await each.tell()
    expect(room.told).toHaveLength(12)
    await room.send('again')
    room.world.wait(OVER)
    await room.feedback.tell()
    expect(room.told.slice(12)).toEqual(['again credentials_rejected'])
    expect(await room.feedback.of(room.id)).toMatchObject({ pausedUntil: room.world.now() + HOUR })
    room.cloud.answer = () => undefined
    room.world.wait(HOUR - MINUTE)
    await room.send('at last')
    room.world.wait(OVER)
    await room.feedback.tell()
    expect(room.told.slice(13)).toEqual(['at last unused'])
    expect(await room.feedback.of(room.id)).toMatchObject({ told: 1, pausedUntil: null })
  })

  test('is told nothing of what was sent before that was switched on, of what is long ago, and when it is off', async () => {
    const room = await feedbackOn(await openFresh())
    await room.send('long ago')
    room.world.wait(30 * MINUTE)
    await room.feedback.tell()
    await room.send('before')
    await room.connections.change(room.id, { feedback: false })
    room.world.wait(OVER)
    await room.feedback.tell()
    expect(room.told).toEqual([])
    await room.connections.change(room.id, { feedback: true })
    await room.feedback.tell()
    await room.send('since')
    room.world.wait(OVER)
    await room.feedback.tell()
    expect(room.told).toEqual(['since unused'])
    await room.connections.change(room.id, { enabled: false })
    await room.feedback.tell()
    expect(await room.feedback.of(room.id)).toMatchObject({ told: 0 })
    await room.connections.delete(room.id)
    await expect(room.feedback.of(room.id)).rejects.toMatchObject({ code: 'entity.not_found' })
  })

  test('hears after a quarter of an hour of codes that are good for longer, if they were used', async () => {
    const room = await feedbackOn(await openFresh(), { lifetime: HOUR })
    await room.send('used', { used: 1000 })
    await room.send('perhaps later')
    room.world.wait(15 * MINUTE + 6 * SECOND)
    await room.feedback.tell()
    expect(room.told).toEqual(['used after 1000'])
  })
})

test('a sign-in with a number abroad is told to the cloud over which its code came, where the connection says so', async () => {
  const server = await launch()
  const templates = ['Register', 'SignIn', 'ForgotPassword', 'Generic'].map(usageType => ({
    usageType,
    templateCode: { china: 'SMS_100000004', overseas: 'SMS_100000024' },
  }))
  await server.connect('aliyun-sms', { templates })
  expect((await server.manage('PATCH', '/api/sign-in-exp', byPhone)).status).toBe(200)
  const operator = await signInOperator(server.app)
  const [connection] = (await (await operator('GET', '/api/connections')).json()) as { id: string }[]
  const path = `/api/connections/${connection!.id}`
  expect(await (await operator('GET', path)).json()).toMatchObject({ feedback: false })
  expect((await operator('PATCH', path, { feedback: true })).status).toBe(200)
  await server.app.feedback.tell()

  const [used, unused] = ['85261234567', '85261234568']
  for (const number of [used, unused]) {
    const visitor = await server.visit()
    const asked = await visitor.submit(await go(visitor, '/register'), { value: `+${number}` })
    if (number === used) await visitor.submit(asked, { code: server.codeFor(`+${used}`) })
  }
  server.wait(OVER)
  await server.app.feedback.tell()
  await server.app.feedback.tell()
  const conversions = server.clouds.control.receipts().map(each => each.conversions.map(({ used }) => used))
  expect(conversions).toEqual([[false], [true]])
  const feedback = { told: 2, failed: 0, pausedUntil: null, lastFailure: null }
  expect(await (await operator('GET', `${path}/feedback`)).json()).toEqual(feedback)

  const refused = await operator('POST', '/api/connections', {
    connectorId: 'aliyun-direct-mail',
    config: sampleSettings['aliyun-dm'],
    feedback: true,
  })
  expect(refused.status).toBe(400)
  expect(await refused.text()).toContain('is for providers that can be told')
})
