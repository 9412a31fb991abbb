import { sampleSettings } from '@countersign/simulators'
import { expect, test } from 'vitest'
import { migrations } from '../db/migrations.ts'
import { eachDatabase, eachServerDatabase } from '../db/testing.ts'
import { call, code } from '../testing/calls.ts'
import { ADMIN, type Launched, launch } from '../testing/launch.ts'
import { errorOf, testKeys, testWorld } from '../testing/world.ts'
import { createConnections } from './connections.ts'
import { MOST_OF_A_CHANNEL } from './saving.ts'

const ALIYUN = 'aliyun-short-message-service'
const TENCENT = 'tencent-short-message-service'
const aliyun = { connectorId: ALIYUN, config: sampleSettings['aliyun-sms'] }
const tencent = { connectorId: TENCENT, config: sampleSettings['tencent-sms'] }
const mail = { connectorId: 'aliyun-direct-mail', config: sampleSettings['aliyun-dm'] }

const create = async (server: Launched, body: object): Promise<string> => {
  const made = await call(server, 'POST', '/api/connections', body)
  expect(made.status).toBe(201)
  return made.body.id
}
const names = async (server: Launched): Promise<string[]> =>
  (await call(server, 'GET', '/api/connections')).body.map((each: { name: string }) => each.name)
const order = (server: Launched, ids: string[], channel = 'sms') =>
  call(server, 'PUT', '/api/connections/order', { channel, ids })

eachServerDatabase('several connections of a channel', fresh => {
  test('are on beside each other, in an order that every node follows at once', async () => {
    const env = await fresh()
    const [server, node] = [await launch(env), await launch(env)]
    const a = await create(server, { ...aliyun, name: 'a' })
    const b = await create(server, { ...tencent, name: ' b ' })
    const off = await create(server, { ...aliyun, name: 'off', enabled: false })
    const post = await create(server, { ...mail, name: 'mail' })
    const way = async (on: Launched, phone: string) => {
      expect((await call(on, 'POST', '/api/verification-codes', { phone })).status).toBe(204)
      return on.clouds.inbox.messages()[0]!.cloud
    }
    expect(await names(node)).toEqual(['a', 'b', 'off', 'mail'])
    expect(await way(node, '8613800138001')).toBe('aliyun-sms')
    expect(await order(server, [off, b, a])).toMatchObject({
      status: 200,
      body: [{ id: off, enabled: false }, { id: b, enabled: true }, { id: a }],
    })
    expect(await way(node, '8613800138002')).toBe('tencent-sms')
    expect(await names(node)).toEqual(['off', 'b', 'a', 'mail'])
    const front = await create(server, { ...aliyun, name: 'front', first: true, enabled: false })
    expect(await names(node)).toEqual(['front', 'off', 'b', 'a', 'mail'])
    expect((await call(node, 'DELETE', `/api/connections/${front}`)).status).toBe(204)
    // Clients of Logto see the first of each channel, and no other.
    expect((await call(node, 'GET', '/api/connectors')).body).toMatchObject([{ id: b }, { id: post }])
    expect(await call(node, 'GET', `/api/connectors/${a}`)).toMatchObject(code(404, 'entity.not_found'))
    expect((await call(node, 'DELETE', `/api/connectors/${b}`)).status).toBe(204)
    expect((await call(server, 'GET', '/api/connectors')).body).toMatchObject([{ id: a }, { id: post }])
  })

  test('are for single applications and first for a share of recipients, who stay with them for the day', async () => {
    const env = await fresh()
    const [server, node] = [await launch(env), await launch(env)]
    const a = await create(server, { ...aliyun, name: 'a' })
    const b = await create(server, { ...tencent, name: 'b', share: 50 })
    const way = async (on: Launched, phone: string) => {
      expect((await call(on, 'POST', '/api/verification-codes', { phone })).status).toBe(204)
      return on.clouds.inbox.messages()[0]!.cloud
    }
    const numbers = Array.from({ length: 16 }, (_, n) => `${8_613_800_138_000 + n}`)
    const first: string[] = []
    for (const phone of numbers) first.push(await way(server, phone))
    expect(new Set(first)).toEqual(new Set(['aliyun-sms', 'tencent-sms']))
    server.wait(120_000)
    node.wait(120_000)
    for (const [index, phone] of numbers.slice(0, 4).entries())
      expect(await way(node, phone)).toBe(first[index])
    // The back end that calls is an application too: it is not the shop.
    const shop = await call(server, 'POST', '/api/applications', { name: 'shop', type: 'SPA' })
    const patch = (id: string, body: object) => call(server, 'PATCH', `/api/connections/${id}`, body)
    expect(await patch(b, { share: 100, applications: [shop.body.id, shop.body.id] })).toMatchObject({
      status: 200,
      body: { share: 100, applications: [shop.body.id] },
    })
    expect(await way(node, '8613800138020')).toBe('aliyun-sms')
    await patch(a, { enabled: false })
    expect(await call(node, 'POST', '/api/verification-codes', { phone: '8613800138021' })).toMatchObject({
      ...code(501, 'connector.not_found'),
      body: { data: { type: 'Sms', applicationId: ADMIN.id } },
    })
    await patch(b, { applications: [shop.body.id, ADMIN.id] })
    expect(await way(node, '8613800138022')).toBe('tencent-sms')
    // It stays for the deleted one and nobody else until somebody says so.
    await patch(b, { applications: [shop.body.id] })
    expect((await call(server, 'DELETE', `/api/applications/${shop.body.id}`)).status).toBe(204)
    expect((await patch(b, { applications: [shop.body.id] })).body.applications).toEqual([shop.body.id])
    expect(await call(node, 'POST', '/api/verification-codes', { phone: '8613800138023' })).toMatchObject(
      code(501, 'connector.not_found'),
    )
    expect((await patch(b, { applications: [] })).body.applications).toBeNull()
    expect(await way(server, '8613800138024')).toBe('tencent-sms')
  })

  test('keep their order and what operators said of them when a client of Logto saves another one, which takes the place of the first', async () => {
    const server = await launch(await fresh())
    const hongKong = { destinations: ['HK', 'MO', 'HK'] }
    const few = { applications: [ADMIN.id], share: 5 }
    const a = await create(server, { ...aliyun, name: 'a', destinations: ['CN'], ...few })
    const b = await create(server, { ...tencent, name: 'b', ...hongKong })
    const price = { to: '*', currency: 'CNY', price: 1, unit: 'segment', charged: 'receipt', asOf: '2026' }
    await call(server, 'PUT', `/api/connections/${a}/prices`, { rates: [price] })
    const signName = 'Other'
    await server.connect('aliyun-sms', { signName })
    const listed = async () => (await call(server, 'GET', '/api/connections')).body
    expect(await listed()).toMatchObject([
      { name: null, enabled: true, destinations: ['CN', 'elsewhere'], applications: null, share: 100 },
      { id: a, name: 'a', enabled: false, destinations: ['CN'] },
      { id: b, name: 'b', enabled: true, destinations: ['HK', 'MO'] },
    ])
    // The same again comes with what operators have said of it.
    await server.connect('aliyun-sms')
    expect(await listed()).toMatchObject([
      { name: 'a', enabled: true, destinations: ['CN'], ...few },
      { name: null, enabled: false },
      { id: b, name: 'b', enabled: true },
    ])
    const [{ id }] = await listed()
    expect((await call(server, 'GET', `/api/connections/${id}/prices`)).body).toMatchObject({
      isOwn: true,
      rates: [price],
    })
  })
})

test('what cannot be said of a connection is refused with its field, and nothing is changed', async () => {
  const server = await launch()
  const a = await create(server, { ...aliyun, name: 'a' })
  const b = await create(server, { ...tencent, name: 'b' })
  const post = await create(server, { ...mail, name: 'mail' })
  const patch = (id: string, body: object) => call(server, 'PATCH', `/api/connections/${id}`, body)
  for (const [answer, field] of [
    [await patch(a, { destinations: [] }), 'destinations'],
    [await patch(a, { destinations: ['CN', 'XX'] }), 'destinations.1'],
    [await patch(a, { share: 0 }), 'share'],
    [await patch(a, { share: 101 }), 'share'],
    [await patch(a, { share: 2.5 }), 'share'],
    [await patch(a, { applications: [ADMIN.id, 'nobody'] }), 'applications.1'],
    [await patch(a, { applications: [''] }), 'applications.0'],
    [
      await call(server, 'POST', '/api/connections', { ...aliyun, applications: ['nobody'] }),
      'applications.0',
    ],
    [await patch(a, { name: ' ' }), 'name'],
    [await patch(a, { name: 'x'.repeat(101) }), 'name'],
    [await patch(post, { destinations: ['CN'] }), 'destinations'],
    [await call(server, 'POST', '/api/connections', { ...mail, destinations: ['CN'] }), 'destinations'],
    [await order(server, [a]), 'ids'],
    [await order(server, [a, b, post]), 'ids'],
    [await order(server, [a, b, b]), 'ids'],
    [await call(server, 'PUT', '/api/connections/order', { channel: 'fax', ids: [a, b] }), 'channel'],
  ] as const) {
    expect(answer).toMatchObject(code(400, 'guard.invalid_input'))
    expect(answer.body.details).toContain(`Error in key path "${field}"`)
  }
  expect((await order(server, [a])).body.details).toContain(b)
  const unknown = { ...aliyun, connectorId: 'none' }
  expect(await call(server, 'POST', '/api/connections', unknown)).toMatchObject(
    code(422, 'connector.not_found_with_connector_id'),
  )
  expect(await call(server, 'POST', '/api/connections', { ...aliyun, config: {} })).toMatchObject(
    code(400, 'connector.invalid_config'),
  )
  expect(await names(server)).toEqual(['a', 'b', 'mail'])
  expect(await patch(a, { name: null })).toMatchObject({ status: 200, body: { name: null } })
})

eachDatabase('a channel', openFresh => {
  test('takes no more connections than it keeps, and gives up those that are off before it refuses one', async () => {
    const connections = createConnections(await openFresh(), testKeys, testWorld())
    const connector = connections.registry.byId('aliyun-sms')!
    const add = (n: number, enabled: boolean) =>
      connections.create({ connector, config: { ...aliyun.config, note: `${n}` }, enabled })
    const { id: off } = await add(0, false)
    for (let n = 1; n <= MOST_OF_A_CHANNEL; n += 1) await add(n, true)
    const ids = (await connections.list()).map(({ id }) => id)
    expect([ids.length, ids.includes(off)]).toEqual([MOST_OF_A_CHANNEL, false])
    expect((await errorOf(add(51, true))).code).toBe('entity.create_failed')
    expect((await connections.inUse('sms')).map(({ id }) => id)).toEqual(ids)
  })

  test('goes on without a connection whose key is gone, as long as it has another one', async () => {
    const db = await openFresh()
    const connections = createConnections(db, testKeys, testWorld())
    const connector = connections.registry.byId('aliyun-sms')!
    const broken = await connections.create({ connector, config: aliyun.config })
    const whole = await connections.create({ connector, config: { ...aliyun.config, note: 'whole' } })
    await db.updateTable('connections').set({ config: 'broken' }).where('id', '=', broken.id).execute()
    expect((await connections.inUse('sms')).map(({ id }) => id)).toEqual([whole.id])
    expect((await connections.byChannel('sms'))?.id).toBe(whole.id)
    await connections.change(whole.id, { enabled: false })
    await expect(connections.inUse('sms')).rejects.toThrow()
  })

  test('that had its connections before there was an order keeps the one that was on as the first', async () => {
    const db = await openFresh()
    for (const column of [
      'name',
      'position',
      'destinations',
      'prices',
      'applications',
      'share',
      'feedback',
      'windows',
    ])
      await db.schema.alterTable('connections').dropColumn(column).execute()
    await db.schema.createIndex('connections_in_use').on('connections').column('id').execute()
    await migrations['0074_ordered_connections']!.up(db)
    // What came later stands behind, as it does everywhere.
    await db.schema.alterTable('connections').addColumn('prices', 'text').execute()
    await migrations['0080_shares']!.up(db)
    await db.schema
      .alterTable('connections')
      .addColumn('feedback', 'integer', column => column.notNull().defaultTo(0))
      .execute()
    await migrations['0093_provider_windows']!.up(db)
    const connections = createConnections(db, testKeys, testWorld())
    const connector = connections.registry.byId('aliyun-sms')!
    const [first, second] = [
      await connections.create({ connector, config: aliyun.config, enabled: false }),
      await connections.create({ connector, config: { ...aliyun.config, note: 'on' } }),
    ]
    await db.updateTable('connections').set({ position: 0 }).execute()
    expect((await connections.list()).map(({ id }) => id)).toEqual([second.id, first.id])
    // Switching the other one on does not bring it before the first.
    await connections.change(first.id, { enabled: true })
    expect((await connections.inUse('sms')).map(({ id }) => id)).toEqual([second.id, first.id])
    expect(second.destinations).toEqual(['CN', 'elsewhere'])
  })
})
