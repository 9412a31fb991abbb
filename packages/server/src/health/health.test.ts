import type { ConnectionSummary, MessageEntry, PlannedRoute } from '@countersign/api'
import { type Fault, sampleSettings } from '@countersign/simulators'
import { expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '../db/database.ts'
import { eachServerDatabase } from '../db/testing.ts'
import { receiver, withoutOutbox } from '../hooks/testing.ts'
import { call, code } from '../testing/calls.ts'
import { type Launched, launch } from '../testing/launch.ts'
import { signInOperator } from '../testing/operator.ts'

const ALIYUN = { connectorId: 'aliyun-short-message-service', config: sampleSettings['aliyun-sms'] }
const TENCENT = { connectorId: 'tencent-short-message-service', config: sampleSettings['tencent-sms'] }
const EVENT = 'Connection.Health.Updated'

/** Numbers to which the simulated clouds send, each asked for once. */
let numbers = 8_613_800_138_000

const send = (server: Launched) => {
  numbers += 1
  return call(server, 'POST', '/api/verification-codes', { phone: `${numbers}` })
}
const asked = (servers: Launched[], cloud: string) =>
  servers.flatMap(({ clouds }) => clouds.control.requests().filter(each => each.cloud === cloud)).length

/** Two nodes, or more, over one database, with Aliyun SMS first, Tencent Cloud SMS behind it, and a webhook. */
async function launchNodes(settings: Record<string, string>, change: object = {}) {
  const env = { ...settings, WEBHOOK_ALLOW_PRIVATE: 'true', SEND_TIMEOUT: '8000' }
  const one = await launch(env)
  const nodes = [one, await launch(env)]
  const add = async (body: object): Promise<string> =>
    (await call(one, 'POST', '/api/connections', body)).body.id
  const first = await add({ ...ALIYUN, config: { ...ALIYUN.config, ...change } })
  const second = await add(TENCENT)
  const hook = await receiver()
  await call(one, 'POST', '/api/hooks', { events: [EVENT], config: { url: hook.url } })
  const healths = async (of: Launched): Promise<ConnectionSummary['health'][]> =>
    (await call(of, 'GET', '/api/connections')).body.map((each: ConnectionSummary) => each.health)
  return {
    one,
    nodes,
    first,
    second,
    /** Another node: what nodes know that were not there. */
    async addNode() {
      nodes.push(await launch(env))
      return nodes.at(-1)!
    },
    healths,
    async healthOf(of: Launched, id: string) {
      return (await call(of, 'GET', `/api/connections/${id}`)).body.health as ConnectionSummary['health']
    },
    wait: (milliseconds: number) => {
      for (const node of nodes) node.wait(milliseconds)
    },
    fault: (fault: Fault | null) => {
      for (const node of nodes) node.clouds.control.setFault(fault)
    },
    /** What the webhook was told since the last time, by all nodes. */
    async told() {
      await Promise.all(nodes.map(node => node.app.hooks.deliverDue()))
      return hook.arrived.splice(0).map(({ body }) => {
        const { id, before, health } = body.data as Record<string, ConnectionSummary['health']> & {
          id: string
        }
        return [id, before!.state, health!.state, health!.reason]
      })
    },
    override: (id: string, state: string) => call(one, 'POST', `/api/connections/${id}/health`, { state }),
  }
}

eachServerDatabase('a connection whose provider is gone', fresh => {
  test('rests for all nodes, is tried by exactly one message when it is due, and works again by itself; with all of them gone the answer comes at once', async () => {
    const house = await launchNodes(await fresh())
    const { one, nodes, first, healths, wait, told } = house
    house.fault({ kind: 'drop-before', cloud: 'aliyun-sms' })
    for (let nth = 0; nth < 4; nth += 1) {
      expect((await send(nodes[nth % 2]!)).status).toBe(204)
      wait(600)
    }
    expect(await healths(one)).toMatchObject([{ state: 'healthy', since: null }, { state: 'healthy' }])
    expect((await send(nodes[1]!)).status).toBe(204)
    const late = await house.addNode()
    for (const node of nodes)
      expect(await house.healthOf(node, first)).toMatchObject({
        state: 'resting',
        reason: 'failing',
        failure: 'unreachable',
        remedy: { en: expect.stringMatching(/\w/), 'zh-CN': expect.stringMatching(/./) },
      })
    expect(await told()).toEqual([[first, 'healthy', 'resting', 'failing']])

    const before = asked(nodes, 'aliyun-sms')
    expect(before).toBe(5)
    for (const node of nodes) expect((await send(node)).status).toBe(204)
    expect(asked(nodes, 'aliyun-sms')).toBe(before)

    // It is due, and still gone: of many messages on all nodes one tries it, and goes over the other one then.
    late.wait(2400)
    house.fault({ kind: 'drop-before', cloud: 'aliyun-sms' })
    wait(11_000)
    const many = () => Promise.all(Array.from({ length: 18 }, (_, nth) => send(nodes[nth % 3]!)))
    expect((await many()).map(({ status }) => status)).toEqual(Array(18).fill(204))
    expect(asked(nodes, 'aliyun-sms')).toBe(before + 1)
    wait(11_000)
    expect((await send(one)).status).toBe(204)
    expect(asked(nodes, 'aliyun-sms')).toBe(before + 1)

    house.fault(null)
    wait(11_000)
    expect((await many()).map(({ status }) => status)).toEqual(Array(18).fill(204))
    for (const node of nodes) expect((await house.healthOf(node, first)).state).toBe('healthy')
    expect(await told()).toEqual([[first, 'resting', 'healthy', null]])

    // All others too: the answer comes at once, and one message each while tries them until one works.
    expect((await send(one)).status).toBe(204)
    const known = `${numbers}`
    house.fault({ kind: 'drop-before' })
    for (let nth = 0; nth < 6; nth += 1) {
      await send(one)
      wait(600)
    }
    expect(await house.healths(nodes[1]!)).toMatchObject([{ state: 'resting' }, { state: 'resting' }])
    const all = () => asked(nodes, 'aliyun-sms') + asked(nodes, 'tencent-sms')
    const sofar = all()
    const refused = { ...code(400, 'connector.general'), body: { data: { failure: 'unreachable' } } }
    expect(await send(nodes[1]!)).toMatchObject(refused)
    expect(all()).toBe(sofar)
    const operator = await signInOperator(one.app)
    await Promise.all(nodes.map(node => node.app.ledger.settled()))
    const [newest] = (await (await operator('GET', '/api/console/messages')).json()) as MessageEntry[]
    expect(newest).toMatchObject({ state: 'refused', reason: 'resting', attempts: [] })

    // Long before their time has come, for nothing else can send.
    wait(8000)
    const answers = await Promise.all(Array.from({ length: 10 }, (_, nth) => send(nodes[nth % 2]!)))
    for (const answer of answers) expect(answer).toMatchObject(refused)
    // Two connections, each tried once; the last one of a message is asked twice.
    expect(all() - sofar).toBeLessThanOrEqual(4)
    expect(all() - sofar).toBeGreaterThanOrEqual(2)

    house.fault(null)
    wait(8000)
    expect((await send(nodes[1]!)).status).toBe(204)
    expect((await send(one)).status).toBe(204)
    // Nothing of all that has voided a code that was out.
    const verificationCode = one.codeFor(`+${known}`)
    expect(
      (await call(one, 'POST', '/api/verification-codes/verify', { phone: known, verificationCode })).status,
    ).toBe(204)
  })
})

eachServerDatabase('an account without money, and keys that are rejected,', fresh => {
  test('are states of their own with a remedy, that all nodes know and webhooks are told once; operators have the last word', async () => {
    const settings = await fresh()
    const empty = { accessKeyId: 'LTAI-simulated-no-balance', accessKeySecret: 'simulated-secret-no-balance' }
    const house = await launchNodes(settings, empty)
    const { one, nodes, first, second, told, healthOf, override, wait } = house
    const db = await openDatabase(settings.DATABASE_URL ?? '', settings.DATA_DIR ?? '')
    onTestFinished(() => db.destroy())

    // Where the event cannot be written, there is no change; the message is out all the same.
    expect((await withoutOutbox(db, () => send(one))).status).toBe(204)
    expect((await healthOf(one, first)).state).toBe('healthy')
    expect((await Promise.all([...nodes, ...nodes].map(send))).map(({ status }) => status)).toEqual([
      204, 204, 204, 204,
    ])
    expect(await healthOf(nodes[1]!, first)).toMatchObject({
      state: 'resting',
      reason: 'balance_exhausted',
      failure: 'balance_exhausted',
      providerCode: 'isv.AMOUNT_NOT_ENOUGH',
      remedy: { en: expect.stringMatching(/top up/i), 'zh-CN': expect.stringMatching(/充值/) },
    })
    expect(await told()).toEqual([[first, 'healthy', 'resting', 'balance_exhausted']])

    const plan = async (): Promise<string[]> => {
      const { body } = await call(nodes[1]!, 'POST', '/api/connections/route', { phone: '8613800138000' })
      return (body as PlannedRoute).connections.map(({ verdict }) => verdict)
    }
    expect(await plan()).toEqual(['resting', 'candidate'])
    wait(11_000)
    expect(await plan()).toEqual(['due', 'candidate'])

    // Other settings begin anew, on every node.
    const rejected = { ...ALIYUN.config, accessKeyId: 'LTAI-simulated-disabled' }
    await call(one, 'PATCH', `/api/connections/${first}`, { config: rejected })
    expect(await healthOf(nodes[1]!, first)).toMatchObject({ state: 'healthy', remedy: null })
    expect((await send(nodes[1]!)).status).toBe(204)
    expect(await healthOf(one, first)).toMatchObject({ state: 'resting', reason: 'credentials_rejected' })
    expect(await told()).toEqual([[first, 'healthy', 'resting', 'credentials_rejected']])

    // Alone it is asked by every message: it answers at once, and the right key helps at once.
    await call(one, 'PATCH', `/api/connections/${second}`, { enabled: false })
    for (const node of nodes) expect((await send(node)).body.data.failure).toBe('credentials_rejected')

    // So it is beside one that fails; that one is tried all the same, long before its time has come.
    await call(one, 'PATCH', `/api/connections/${second}`, { enabled: true })
    house.fault({ kind: 'drop-before', cloud: 'tencent-sms' })
    for (let nth = 0; nth < 6; nth += 1) {
      expect((await send(one)).body.data.failure).toBe('credentials_rejected')
      wait(600)
    }
    expect(await plan()).toEqual(['candidate', 'resting'])
    house.fault(null)
    wait(8000)
    expect((await send(nodes[1]!)).status).toBe(204)
    expect((await healthOf(one, second)).state).toBe('healthy')
    expect(await told()).toHaveLength(2)

    // Operators have the last word, and the audit log has theirs.
    await call(one, 'PATCH', `/api/connections/${second}`, { enabled: true })
    await call(one, 'PATCH', `/api/connections/${first}`, { config: ALIYUN.config })
    expect(await told()).toEqual([])
    const before = asked(nodes, 'aliyun-sms')
    expect(await override(first, 'held')).toMatchObject({ status: 200, body: { health: { state: 'held' } } })
    expect(await override(first, 'held')).toMatchObject({ status: 200 })
    expect((await send(nodes[1]!)).status).toBe(204)
    expect(asked(nodes, 'aliyun-sms')).toBe(before)
    // It is the operator's word, and outlives other settings. Where nothing else can send, it is asked.
    await call(one, 'PATCH', `/api/connections/${first}`, { config: ALIYUN.config })
    await call(one, 'PATCH', `/api/connections/${second}`, { enabled: false })
    expect((await healthOf(one, first)).state).toBe('held')
    expect((await send(nodes[1]!)).status).toBe(204)
    expect(asked(nodes, 'aliyun-sms')).toBe(before + 1)
    expect((await healthOf(one, first)).state).toBe('held')
    expect(await override(first, 'healthy')).toMatchObject({
      status: 200,
      body: { id: first, health: { state: 'healthy', retryAt: null } },
    })
    expect((await told()).toSorted()).toEqual([
      [first, 'healthy', 'held', null],
      [first, 'held', 'healthy', null],
    ])
    expect(await override('nobody', 'held')).toMatchObject(code(404, 'entity.not_found'))
    expect(await override(first, 'well')).toMatchObject(code(400, 'guard.invalid_input'))
    await one.app.settled()
    const { body } = await call(one, 'GET', '/api/logs?logKey=Action.SetConnectionHealth')
    expect(body.map((each: { payload: object }) => each.payload)).toContainEqual(
      expect.objectContaining({ result: 'Success', params: { id: first } }),
    )
  })
})
