import type { Move } from '@countersign/api'
import { sampleSettings } from '@countersign/simulators'
import { expect, test } from 'vitest'
import { createConnections } from '../connections/connections.ts'
import type { Database } from '../db/database.ts'
import { eachDatabase, eachServerDatabase } from '../db/testing.ts'
import { readRecipient } from '../identifiers/recipient.ts'
import { createLedger } from '../ledger/ledger.ts'
import { call, code } from '../testing/calls.ts'
import { ADMIN, launch } from '../testing/launch.ts'
import { signInOperator } from '../testing/operator.ts'
import { errorOf, type TestWorld, testKeys, testWorld } from '../testing/world.ts'
import { createMoves } from './moves.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** The rooms of one node over a database. */
function nodeOf(db: Database, world: TestWorld) {
  const connections = createConnections(db, testKeys, world)
  const ledger = createLedger({
    db,
    keys: testKeys,
    world,
    timeout: 10_000,
    keepDays: 30,
    connectorOf: connections.registry.byId,
  } as never)
  const steps: unknown[] = []
  const state = { rests: false }
  const moves = createMoves({
    db,
    world,
    connections,
    ledger,
    audit: { record: (_: string, facts: unknown) => void steps.push(facts) },
    rests: async () => state.rests,
  })
  return { db, world, connections, ledger, moves, steps, state }
}

type Node = ReturnType<typeof nodeOf>

/** Two connections, the old one first, and messages to be moved to the second. */
async function setUp(db: Database) {
  const node = nodeOf(db, testWorld())
  const { connections } = node
  const connector = connections.registry.byId('aliyun-sms')!
  const add = (name: string) =>
    connections.create({ connector, config: { ...sampleSettings['aliyun-sms'], note: name }, name })
  const before = await add('old')
  const after = await add('new')
  const places = async () =>
    (await connections.list()).map(({ name, share }) => `${name} ${share}`).join(', ')
  return { ...node, old: before.id, new: after.id, places }
}

let messages = 0

/** Sends messages over a connection first, of which some are used, and waits until all have had their time. */
async function sendOver(
  { db, ledger, world }: Node,
  connectionId: string,
  { sent, verified, failed = 0 }: { sent: number; verified: number; failed?: number },
) {
  const ids = Array.from({ length: sent }, (_, n) => `message-${messages + n}`)
  messages += sent
  await Promise.all(
    ids.map((id, n) => {
      const attempt = { id, nth: 1, connector: 'aliyun-sms', connectionId, at: world.now() }
      const phone = `${8_613_800_000_000 + messages - n}`
      const recipient = readRecipient({ type: 'phone', value: phone })
      return ledger.begin({ id, recipient, usageType: 'SignIn', asker: { by: 'api' } }, attempt as never)
    }),
  )
  const set = async (change: { state: string; failure?: string }, some: string[]) => {
    if (some.length > 0) await db.updateTable('attempts').set(change).where('id', 'in', some).execute()
  }
  await set({ state: 'failed', failure: 'provider_fault' }, ids.slice(0, failed))
  await set({ state: 'accepted' }, ids.slice(failed))
  const used = ids.slice(failed, failed + verified)
  if (used.length > 0)
    await db
      .updateTable('messages')
      .set({ verified_at: world.now(), used_code: 1 })
      .where('id', 'in', used)
      .execute()
  world.wait(20 * MINUTE)
}

const stateOf = ({ state, share }: Move) => `${state} ${share}`
const current = async ({ moves }: Pick<Node, 'moves'>) => stateOf((await moves.list())[0]!)

eachDatabase('a move of messages to another connection', openFresh => {
  test('goes up by the ledger’s figures, to the first place in the end, and every step is audited', async () => {
    const room = await setUp(await openFresh())
    const { moves, places, steps, world } = room
    expect(stateOf(await moves.begin(room.new, 'ada'))).toBe('moving 5')
    expect(await places()).toBe('old 100, new 5')
    await sendOver(room, room.old, { sent: 60, verified: 48 })
    await sendOver(room, room.new, { sent: 50, verified: 40 })
    await moves.look()
    expect((await moves.list())[0]).toMatchObject({
      share: 5,
      waitsFor: 'time',
      figures: { sent: 50, failed: 0, counted: 50, verified: 40, expected: 0.8 },
    })
    world.wait(HOUR)
    await moves.look()
    expect([await current(room), await places()]).toEqual(['moving 25', 'old 100, new 25'])
    await moves.step(room.new, 'ada')
    await sendOver(room, room.old, { sent: 60, verified: 48 })
    await sendOver(room, room.new, { sent: 50, verified: 40 })
    world.wait(HOUR)
    await moves.look()
    expect([await current(room), await places()]).toEqual(['moving 100', 'new 100, old 100'])
    await sendOver(room, room.new, { sent: 50, verified: 40 })
    world.wait(24 * HOUR)
    await moves.look()
    expect(await current(room)).toBe('done 100')
    expect(steps).toMatchObject([
      { connectionId: room.new, from: 5, to: 25, reason: 'as_good' },
      { from: 50, to: 100 },
      { from: 100, to: 100, state: 'done', figures: { verified: 40 } },
    ])
    const [{ history }] = (await moves.list()) as [Move]
    expect(history.map(({ share, reason, by }) => [share, reason, by])).toEqual([
      [100, 'as_good', null],
      [100, 'as_good', null],
      [50, 'faster', 'ada'],
      [25, 'as_good', null],
      [5, 'begun', 'ada'],
    ])
  })

  test('falls back when fewer codes are used, when many fail and when the breaker opens, and ends at its start', async () => {
    const room = await setUp(await openFresh())
    const { moves, places, state, world } = room
    await moves.begin(room.new, 'ada')
    await moves.step(room.new, 'ada')
    await moves.step(room.new, 'ada')
    await sendOver(room, room.old, { sent: 60, verified: 54 })
    await sendOver(room, room.new, { sent: 30, verified: 10 })
    await moves.look()
    expect([await current(room), await places()]).toEqual(['moving 25', 'old 100, new 25'])
    world.wait(MINUTE)
    await sendOver(room, room.new, { sent: 12, verified: 5, failed: 6 })
    await moves.look()
    expect(await current(room)).toBe('moving 5')
    world.wait(MINUTE)
    state.rests = true
    await moves.look()
    expect([await current(room), await places()]).toEqual(['fallen 0', 'old 100, new 100'])
    state.rests = false
    expect(stateOf(await moves.begin(room.new, 'ada'))).toBe('moving 5')
  })

  test('can be hurried, stopped, gone on with and undone, and stops when somebody changes the connection', async () => {
    const room = await setUp(await openFresh())
    const { connections, moves, places, steps, world } = room
    await moves.begin(room.new, 'ada')
    expect(stateOf(await moves.step(room.new, 'bob'))).toBe('moving 25')
    expect(stateOf(await moves.stopAt(room.new, 'bob'))).toBe('stopped 25')
    await moves.look()
    expect([await current(room), await places()]).toEqual(['stopped 25', 'old 100, new 25'])
    expect(stateOf(await moves.begin(room.new, 'ada'))).toBe('moving 25')
    await connections.change(room.new, { share: 30 })
    await moves.look()
    expect([await current(room), await places()]).toEqual(['stopped 25', 'old 100, new 30'])
    expect(stateOf(await moves.begin(room.new, 'ada'))).toBe('moving 5')
    await moves.step(room.new, 'ada')
    await moves.step(room.new, 'ada')
    await moves.step(room.new, 'ada')
    expect(stateOf(await moves.step(room.new, 'ada'))).toBe('done 100')
    expect([stateOf(await moves.undo(room.new, 'ada')), await places()]).toEqual([
      'undone 0',
      'old 100, new 100',
    ])
    expect((await errorOf(moves.undo(room.new, 'ada'))).code).toBe('entity.invalid_input')
    await moves.begin(room.new, 'ada')
    world.wait(MINUTE)
    await connections.change(room.new, { enabled: false })
    await moves.look()
    expect(await current(room)).toBe('stopped 5')
    expect(steps).toMatchObject([{ reason: 'changed' }, { reason: 'off' }])
    await connections.delete(room.new)
    expect(await moves.list()).toEqual([])
  })

  test('is looked after by one node at a time, and two that decide at once take one step', async () => {
    const db = await openFresh()
    const room = await setUp(db)
    const other = nodeOf(db, room.world)
    await room.moves.begin(room.new, 'ada')
    await sendOver(room, room.old, { sent: 60, verified: 48 })
    await sendOver(room, room.new, { sent: 50, verified: 40 })
    room.world.wait(HOUR)
    await Promise.all([room.moves.look(), other.moves.look(), room.moves.look()])
    expect([await current(other), room.steps.length + other.steps.length]).toEqual(['moving 25', 1])
    await Promise.all([room.moves.step(room.new, 'ada'), other.moves.stopAt(room.new, 'bob')])
    const [move] = await room.moves.list()
    expect(move!.history.map(({ reason }) => reason).toSorted()).toEqual(
      ['as_good', 'begun', 'faster', 'stopped'].toSorted(),
    )
  })

  test('is the only one of its channel, whoever begins another at the same moment', async () => {
    const db = await openFresh()
    const room = await setUp(db)
    const other = nodeOf(db, room.world)
    const connector = room.connections.registry.byId('tencent-sms')!
    const third = await room.connections.create({ connector, config: sampleSettings['tencent-sms'] })
    const begun = await Promise.allSettled([
      room.moves.begin(room.new, 'ada'),
      other.moves.begin(third.id, 'bob'),
    ])
    expect(begun.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(await room.moves.list()).toHaveLength(1)
  })

  test('counts first messages alone: another try, a test and a number that is none say nothing', async () => {
    const room = await setUp(await openFresh())
    const { connections, db, ledger, moves, world } = room
    await moves.begin(room.new, 'ada')
    await sendOver(room, room.new, { sent: 3, verified: 1 })
    const say = async (id: string, phone: string, by: 'api' | 'test', failure: string | null = null) => {
      const attempt = { id, nth: 1, connector: 'aliyun-sms', connectionId: room.new, at: world.now() }
      const recipient = readRecipient({ type: 'phone', value: phone })
      await ledger.begin({ id, recipient, usageType: 'SignIn', asker: { by } }, attempt as never)
      const ended = failure ? { state: 'failed', failure } : { state: 'accepted' }
      await db.updateTable('attempts').set(ended).where('id', '=', id).execute()
    }
    await say('first', '8613911112222', 'api')
    world.wait(MINUTE)
    await say('second', '8613911112222', 'api')
    await say('tried', '8613911113333', 'test')
    await say('no number', '8613911114444', 'api', 'recipient_invalid')
    expect((await moves.list())[0]!.figures).toMatchObject({ sent: 4, failed: 0, counted: 3, verified: 1 })
    // Where it is for single applications, only their messages are compared.
    await connections.change(room.new, { applications: ['shop'] })
    expect((await moves.list())[0]!.figures).toMatchObject({ sent: 0 })
  })
})

eachServerDatabase('moves by API', fresh => {
  test('are begun, hurried, stopped, undone and listed, and what is no way to move is refused with its field', async () => {
    const server = await launch(await fresh())
    const add = async (connectorId: string, config: object) =>
      (await call(server, 'POST', '/api/connections', { connectorId, config })).body.id as string
    const PATH = '/api/connection-moves'
    const begin = (connectionId: string) => call(server, 'POST', PATH, { connectionId })
    const a = await add('aliyun-short-message-service', sampleSettings['aliyun-sms'])
    const refused = async (id: string, why: string) => {
      const answer = await begin(id)
      expect(answer).toMatchObject(code(400, 'guard.invalid_input'))
      expect(answer.body.details).toContain(`Error in key path "connectionId": (custom) ${why}`)
    }
    await refused(a, 'is the only connection')
    const b = await add('tencent-short-message-service', sampleSettings['tencent-sms'])
    await refused(a, 'gets the messages first already')
    await refused('nobody', 'names no connection')
    expect(await begin(b)).toMatchObject({
      status: 201,
      body: { connectionId: b, state: 'moving', share: 5, waitsFor: 'time', history: [{ by: ADMIN.id }] },
    })
    await refused(a, 'must wait')
    expect((await call(server, 'POST', `${PATH}/${b}/step`)).body).toMatchObject({ share: 25 })
    expect((await call(server, 'POST', `${PATH}/${b}/stop`)).body).toMatchObject({ state: 'stopped' })
    expect((await call(server, 'GET', PATH)).body).toMatchObject([{ connectionId: b, share: 25 }])
    expect((await call(server, 'GET', '/api/connectors')).body).toMatchObject([{ id: a }])
    expect((await call(server, 'POST', `${PATH}/${b}/undo`)).body).toMatchObject({
      state: 'undone',
      share: 0,
    })
    expect(await call(server, 'POST', `${PATH}/${b}/step`)).toMatchObject(code(422, 'entity.invalid_input'))
    expect(await call(server, 'POST', `${PATH}/${a}/stop`)).toMatchObject(code(404, 'entity.not_found'))
  })
})

test('codes that visitors of a whole server use lead to the next step, and clients of Logto then see the new connection', async () => {
  const server = await launch()
  const add = async (connectorId: string, config: object) =>
    (await call(server, 'POST', '/api/connections', { connectorId, config })).body.id as string
  await add('aliyun-short-message-service', sampleSettings['aliyun-sms'])
  const b = await add('tencent-short-message-service', sampleSettings['tencent-sms'])
  const PATH = '/api/connection-moves'
  await call(server, 'POST', PATH, { connectionId: b })
  for (const share of [25, 50])
    expect((await call(server, 'POST', `${PATH}/${b}/step`)).body).toMatchObject({ share })
  const enough = () => {
    const clouds = server.clouds.inbox.messages().map(({ cloud }) => cloud)
    return ['aliyun-sms', 'tencent-sms'].every(name => clouds.filter(cloud => cloud === name).length >= 50)
  }
  for (let n = 0; n < 400 && !enough(); n += 1) {
    const phone = `${8_613_800_138_000 + n}`
    expect((await call(server, 'POST', '/api/verification-codes', { phone })).status).toBe(204)
    const verificationCode = server.codeFor(`+${phone}`)
    const body = { phone, verificationCode }
    expect((await call(server, 'POST', '/api/verification-codes/verify', body)).status).toBe(204)
  }
  server.wait(61 * MINUTE)
  await server.app.moves.look()
  // The token has expired meanwhile.
  const operator = await signInOperator(server.app)
  const read = async (path: string) => (await operator('GET', path)).json()
  const [move] = (await read(PATH)) as [Move]
  expect(stateOf(move)).toBe('moving 100')
  expect(move.history[0]!.figures).toMatchObject({ failed: 0, expected: 1 })
  expect(await read('/api/connectors')).toMatchObject([{ id: b }])
  await server.app.settled()
  expect(await read('/api/logs?logKey=Move.Step')).toMatchObject([
    { payload: { connectionId: b, from: 50, to: 100, reason: 'as_good' } },
  ])
})
