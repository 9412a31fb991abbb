import { connectors } from '@countersign/connectors'
import { factoryIdOf } from '@countersign/connectors/logto'
import { secretKeys } from '@countersign/kit'
import { sampleSettings } from '@countersign/simulators'
import { describe, expect, test } from 'vitest'
import type { Database } from '../db/database.ts'
import { eachDatabase } from '../db/testing.ts'
import { dump, errorOf, testKeys, testWorld } from '../testing/world.ts'
import { parseConfig, withoutEmpty } from './configuration.ts'
import { type Connections, createConnections } from './connections.ts'
import { createRegistry } from './registry.ts'
import { MOST_OF_A_CHANNEL } from './saving.ts'
import { wireConnection, wireFactory } from './wire.ts'

const { byId: connectorById, byFactoryId: connectorByFactoryId } = createRegistry()

const aliyunSms = connectorById('aliyun-sms')!
const aliyunDm = connectorById('aliyun-dm')!
const tencentSms = connectorById('tencent-sms')!
const config = sampleSettings['aliyun-sms']

const setUp = (db: Database) => createConnections(db, testKeys, testWorld())

/** Here every look at the clock is a moment of its own. */
function tickingWorld() {
  let now = 1_000_000
  return { ...testWorld(), now: () => (now += 1) }
}

/** Of each connection whether it is on. */
const statesOf = async (connections: Connections) =>
  Object.fromEntries((await connections.list()).map(({ id, enabled }) => [id, enabled]))

eachDatabase('connections', openFresh => {
  test('no secret and no other part of a configuration can be read in the table', async () => {
    const db = await openFresh()
    const connections = setUp(db)
    const { id } = await connections.save({ connector: aliyunSms, config })
    const table = dump(await db.selectFrom('connections').selectAll().execute())
    for (const part of [config.accessKeyId, config.accessKeySecret, config.signName])
      expect(table).not.toContain(part)
    expect((await connections.get(id)).config).toEqual(config)
  })

  test('a sealed configuration that was moved to another row does not open', async () => {
    const db = await openFresh()
    const connections = setUp(db)
    const sms = await connections.save({ connector: aliyunSms, config })
    const mail = await connections.save({ connector: aliyunDm, config: sampleSettings['aliyun-dm'] })
    const { config: sealed } = await db
      .selectFrom('connections')
      .select('config')
      .where('id', '=', sms.id)
      .executeTakeFirstOrThrow()
    await db.updateTable('connections').set({ config: sealed }).where('id', '=', mail.id).execute()
    await expect(connections.get(mail.id)).rejects.toThrow()
  })

  test('a new connection switches the one of its channel off, keeps it, and leaves the other channel alone', async () => {
    const db = await openFresh()
    const connections = setUp(db)
    const mail = await connections.save({ connector: aliyunDm, config: sampleSettings['aliyun-dm'] })
    const first = await connections.save({ connector: aliyunSms, config })
    const second = await connections.save({ connector: tencentSms, config: sampleSettings['tencent-sms'] })
    expect((await connections.inUse()).map(one => one.id).sort()).toEqual([mail.id, second.id].sort())
    expect(await statesOf(connections)).toEqual({ [mail.id]: true, [first.id]: false, [second.id]: true })
    expect((await connections.get(first.id)).config).toEqual(config)
    expect((await errorOf(connections.getFirst(first.id))).code).toBe('entity.not_found')
    expect(dump(await db.selectFrom('connections').selectAll().execute())).not.toContain(
      config.accessKeySecret,
    )
    expect((await connections.byChannel('sms'))?.connector.id).toBe('tencent-sms')
    expect(await connections.channels()).toEqual({ sms: true, email: true })
  })

  test('text messages can go where the saved connection has templates for, and everywhere before there is one', async () => {
    const connections = setUp(await openFresh())
    const everywhere = ['CN', 'elsewhere']
    expect(await connections.servedPlaces()).toEqual(everywhere)
    const withCode = (templateCode: unknown) => ({
      ...config,
      templates: (config.templates as object[]).map(row => ({ ...row, templateCode })),
    })
    for (const [served, input] of [
      [['CN'], config],
      [['CN'], withCode({ china: 'SMS_1' })],
      [['elsewhere'], withCode({ overseas: 'SMS_2' })],
      [everywhere, withCode({ china: 'SMS_1', overseas: 'SMS_2' })],
    ] as const) {
      await connections.save({ connector: aliyunSms, config: input })
      expect(await connections.servedPlaces()).toEqual(served)
    }
    await connections.save({ connector: tencentSms, config: sampleSettings['tencent-sms'] })
    expect(await connections.servedPlaces()).toEqual(everywhere)
    await connections.save({ connector: aliyunSms })
    expect(await connections.servedPlaces()).toEqual(everywhere)
  })

  test('text messages of an application can go where one of its connections sends to', async () => {
    const connections = setUp(await openFresh())
    const whole = { connector: tencentSms, config: sampleSettings['tencent-sms'] }
    const first = await connections.create({ ...whole, destinations: ['HK', 'MO'] })
    await connections.create({ ...whole, destinations: ['CN', 'DE'], applications: ['shop'] })
    // Its template is for the mainland alone.
    await connections.create({ connector: aliyunSms, config, destinations: ['CN', 'JP'] })
    expect(await connections.servedPlaces('shop')).toEqual(['HK', 'MO', 'CN', 'DE'])
    expect(await connections.servedPlaces('forum')).toEqual(['HK', 'MO', 'CN'])
    expect(await connections.servedPlaces()).toEqual(['HK', 'MO', 'CN', 'DE'])
    await connections.change(first.id, { applications: ['shop'] })
    expect(await connections.servedPlaces('forum')).toEqual(['CN'])
    expect(await connections.channels('forum')).toEqual({ sms: true, email: false })
  })

  test('when many are saved and switched on for one channel at once, each has a place of its own and none fails or is lost', async () => {
    const db = await openFresh()
    const connections = setUp(db)
    const first = await connections.save({ connector: tencentSms, config: sampleSettings['tencent-sms'] })
    const saved = await Promise.all(
      Array.from({ length: 12 }, async (_, n) => {
        const { id } = await connections.save({ connector: aliyunSms, config: { ...config, note: `${n}` } })
        await connections.change(n % 2 === 0 ? id : first.id, { enabled: true })
        return id
      }),
    )
    const states = await statesOf(connections)
    expect(Object.keys(states).sort()).toEqual([first.id, ...saved].sort())
    expect(states[(await connections.byChannel('sms'))!.id]).toBe(true)
    const rows = await db.selectFrom('connections').select('position').execute()
    expect(new Set(rows.map(({ position }) => position)).size).toBe(13)
  })

  test('one that says the same as an earlier one takes its place, so that saving it again and again leaves nothing', async () => {
    const connections = setUp(await openFresh())
    const other = { ...config, signName: 'Other' }
    let newest = ''
    for (const each of [config, other, config, { ...other, note: '' }, config])
      newest = (await connections.save({ connector: aliyunSms, config: each })).id
    const named = { connector: aliyunSms, config, metadata: { target: 'ours' } }
    const third = await connections.save(named)
    const states = await statesOf(connections)
    expect(Object.keys(states)).toHaveLength(3)
    expect(states).toMatchObject({ [newest]: false, [third.id]: true })
  })

  test('of very many only the ones that were switched off longest ago are lost', async () => {
    const connections = createConnections(await openFresh(), testKeys, tickingWorld())
    const saved: string[] = []
    for (let n = 0; n < MOST_OF_A_CHANNEL + 2; n += 1)
      saved.push((await connections.save({ connector: aliyunSms, config: { ...config, note: `${n}` } })).id)
    await connections.save({ connector: aliyunDm, config: sampleSettings['aliyun-dm'] })
    const left = (await connections.list()).filter(({ connector }) => connector === aliyunSms)
    expect(left.map(({ id }) => id).sort()).toEqual(saved.slice(2).sort())
  })

  test('one that is off is switched on with what was saved, behind the one that is on', async () => {
    const connections = setUp(await openFresh())
    const first = await connections.save({ connector: aliyunSms, config })
    const second = await connections.save({ connector: tencentSms, config: sampleSettings['tencent-sms'] })
    expect(await connections.change(first.id, { enabled: true })).toMatchObject({ config, enabled: true })
    expect((await connections.inUse('sms')).map(({ id }) => id)).toEqual([second.id, first.id])
    await connections.change(second.id, { enabled: false })
    expect((await connections.byChannel('sms'))?.connector.id).toBe('aliyun-sms')
    // A change of one that is off leaves it off, and one that is on stays on.
    const signName = 'Other'
    await connections.change(second.id, { config: { ...sampleSettings['tencent-sms'], signName } })
    await connections.change(first.id, { enabled: true })
    expect(await statesOf(connections)).toEqual({ [first.id]: true, [second.id]: false })
    expect((await connections.get(second.id)).config.signName).toBe(signName)
  })

  test('one whose configuration could not be saved is not switched on, and the one that was on stays on', async () => {
    const connections = setUp(await openFresh())
    const empty = await connections.save({ connector: aliyunSms })
    const second = await connections.save({ connector: tencentSms, config: sampleSettings['tencent-sms'] })
    const refused = await errorOf(connections.change(empty.id, { enabled: true }))
    expect(refused.code).toBe('connector.invalid_config')
    expect(await statesOf(connections)).toEqual({ [empty.id]: false, [second.id]: true })
    await connections.change(empty.id, { enabled: true, config })
    expect(await statesOf(connections)).toEqual({ [empty.id]: true, [second.id]: true })
  })

  test('nothing is switched on in the place of one that is deleted or switched off', async () => {
    const connections = setUp(await openFresh())
    const first = await connections.save({ connector: aliyunSms, config })
    const second = await connections.save({ connector: tencentSms, config: sampleSettings['tencent-sms'] })
    await connections.delete(second.id)
    expect(await statesOf(connections)).toEqual({ [first.id]: false })
    expect(await connections.byChannel('sms')).toBeUndefined()
    expect(await connections.channels()).toEqual({ sms: false, email: false })
    expect(await connections.servedPlaces()).toEqual(['CN', 'elsewhere'])
    await connections.change(first.id, { enabled: true })
    expect(await connections.channels()).toEqual({ sms: true, email: false })
    await connections.change(first.id, { enabled: false })
    expect(await connections.byChannel('sms')).toBeUndefined()
    await connections.delete(first.id)
    expect(await connections.list()).toEqual([])
  })

  test('an id that another connection has is refused, and nothing is replaced', async () => {
    const connections = setUp(await openFresh())
    const sms = await connections.save({ connector: aliyunSms, config })
    await connections.save({ connector: aliyunDm, config: sampleSettings['aliyun-dm'], id: 'mine' })
    const refused = await errorOf(connections.save({ connector: tencentSms, id: 'mine' }))
    expect(refused).toMatchObject({ code: 'entity.create_failed', kind: undefined })
    expect((await connections.byChannel('sms'))?.id).toBe(sms.id)
  })

  test('the same id again for the same connector writes its connection over', async () => {
    const connections = setUp(await openFresh())
    await connections.save({ connector: aliyunSms, config, id: 'mine' })
    const changed = { ...config, signName: 'Other' }
    await connections.save({ connector: aliyunSms, config: changed, id: 'mine' })
    expect((await connections.get('mine')).config).toEqual(changed)
    const other = await connections.save({ connector: tencentSms })
    await connections.save({ connector: aliyunSms, config, id: 'mine' })
    expect(await statesOf(connections)).toEqual({ mine: true, [other.id]: false })
    expect((await connections.get('mine')).config).toEqual(config)
  })

  test('the same id again for another connector of the channel goes to the new one, and the first is kept under another', async () => {
    const db = await openFresh()
    const connections = setUp(db)
    await connections.save({ connector: aliyunSms, config, id: 'mine' })
    await connections.save({ connector: tencentSms, config: sampleSettings['tencent-sms'], id: 'mine' })
    expect((await connections.getFirst('mine')).connector.id).toBe('tencent-sms')
    const kept = (await connections.list()).find(({ id }) => id !== 'mine')
    expect(await connections.get(kept!.id)).toMatchObject({ connector: aliyunSms, config, enabled: false })
    // What no key opens any more could be neither read nor moved, and must not keep an operator from saving.
    await db.updateTable('connections').set({ config: 'broken' }).where('id', '=', 'mine').execute()
    await connections.save({ connector: aliyunSms, config: { ...config, note: 'new' }, id: 'mine' })
    expect((await connections.getFirst('mine')).connector.id).toBe('aliyun-sms')
  })

  test('a change replaces the configuration as a whole and keeps members that no field names', async () => {
    const connections = setUp(await openFresh())
    const { id } = await connections.save({ connector: aliyunSms, config: { ...config, note: 'old' } })
    expect((await connections.get(id)).config.note).toBe('old')
    const changed = await connections.change(id, { config: { ...config, extra: { deep: [1, null, ''] } } })
    expect(changed.config).toEqual({ ...config, extra: { deep: [1] } })
    expect((await connections.get(id)).config).toEqual(changed.config)
  })

  test('a change that is refused leaves the configuration as it was', async () => {
    const connections = setUp(await openFresh())
    const { id } = await connections.save({ connector: aliyunSms, config })
    const refused = await errorOf(connections.change(id, { config: { ...config, signName: '' } }))
    expect(refused.code).toBe('connector.invalid_config')
    expect((await connections.get(id)).config).toEqual(config)
  })

  test('without a configuration a connection is saved empty', async () => {
    const connections = setUp(await openFresh())
    const { id } = await connections.save({ connector: aliyunSms })
    expect((await connections.get(id)).config).toEqual({})
  })

  test('what is not there is not found', async () => {
    const connections = setUp(await openFresh())
    expect((await errorOf(connections.get('nothing'))).code).toBe('entity.not_found')
    expect((await errorOf(connections.change('nothing', { config }))).code).toBe('entity.not_found')
    expect((await errorOf(connections.delete('nothing'))).code).toBe('entity.not_found')
    expect(await connections.byChannel('sms')).toBeUndefined()
  })

  test('a connection whose connector is not installed is passed over', async () => {
    const db = await openFresh()
    const connections = setUp(db)
    const { id } = await connections.save({ connector: aliyunSms, config })
    await db.updateTable('connections').set({ connector: 'gone' }).where('id', '=', id).execute()
    expect(await connections.list()).toEqual([])
    expect(await connections.channels()).toEqual({ sms: false, email: false })
    expect((await errorOf(connections.get(id))).code).toBe('entity.not_found')
  })
})

describe('a configuration', () => {
  const issuesOf = (input: unknown) => {
    try {
      parseConfig(aliyunSms, input)
    } catch (error) {
      return (error as { data: { issues: { path: string[]; message: string }[] } }).data.issues
    }
    throw new Error('The configuration was accepted')
  }

  test('that lacks fields is refused with each of them named', () => {
    const paths = issuesOf({}).map(issue => issue.path.join('.'))
    expect(paths).toEqual(['accessKeyId', 'accessKeySecret', 'signName', 'templates'])
  })

  test('that lacks templates is refused with the missing usage types named', () => {
    const templates = [{ usageType: 'SignIn', templateCode: 'SMS_1' }]
    const [issue] = issuesOf({ ...config, templates })
    expect(issue).toMatchObject({ path: ['templates'], code: 'custom' })
    for (const type of ['Register', 'ForgotPassword', 'Generic']) expect(issue!.message).toContain(type)
    expect(issue!.message).not.toContain('SignIn')
  })

  test('with a wrong type is refused with what was expected and received', () => {
    expect(issuesOf({ ...config, accessKeyId: true })).toMatchObject([
      { code: 'invalid_type', path: ['accessKeyId'], expected: 'string', received: 'boolean' },
    ])
  })

  test('gets its defaults', () => {
    const { strictPhoneRegionNumberCheck: _, ...rest } = config
    expect(parseConfig(aliyunSms, rest)).toMatchObject({ strictPhoneRegionNumberCheck: false })
  })

  test('loses nulls, empty texts, lists and objects at every depth, and nothing else', () => {
    expect(
      withoutEmpty({ a: null, b: '', c: [], d: {}, e: [{ f: '' }, 'g', null], h: 0, i: false, j: { k: {} } }),
    ).toEqual({ e: ['g'], h: 0, i: false })
    expect(withoutEmpty([])).toEqual([])
  })
})

describe('on the wire', () => {
  test('every connector has an id of its own there, by which it is found again', () => {
    const ids = connectors.map(factoryIdOf)
    expect(ids).toEqual(
      expect.arrayContaining([
        'aliyun-short-message-service',
        'aliyun-direct-mail',
        'tencent-short-message-service',
      ]),
    )
    expect(new Set(ids).size).toBe(connectors.length)
    for (const connector of connectors) {
      expect(factoryIdOf(connector)).not.toBe(connector.id)
      expect(connectorByFactoryId(factoryIdOf(connector))).toBe(connector)
    }
  })

  test.each(connectors.map(connector => [connector.id, connector] as const))(
    '%s shows its secrets as confidential fields, its logo as an image and its guide as text',
    (_, connector) => {
      const factory = wireFactory(connector)
      const confidential = factory.formItems!.filter(item => item.isConfidential).map(item => item.key)
      expect(confidential).toContain('accessKeySecret')
      expect(confidential).toEqual(secretKeys(connector.settings))
      expect(factory.logo).toMatch(/^data:image\/svg\+xml;base64,/)
      expect(factory.readme.length).toBeGreaterThan(200)
      expect(factory).toMatchObject({ isDemo: false, platform: null, target: connector.id })
    },
  )

  test('a connection shows its overrides of name and logo', () => {
    const shown = wireConnection({
      id: 'mine',
      connector: aliyunSms,
      config,
      metadata: { name: { en: 'Ours' }, target: 'ours' },
    })
    expect(shown).toMatchObject({ name: { en: 'Ours' }, target: 'ours', connectorId: factoryIdOf(aliyunSms) })
    expect(shown.config).toEqual(config)
  })
})

test('a connection that was made with a package goes on when we have a connector of that cloud ourselves', () => {
  expect(connectorById('aliyun-short-message-auth-service')?.id).toBe('aliyun-pnvs')
  expect(connectorById('aliyun-sms')?.id).toBe('aliyun-sms')
  expect(connectorById('nothing')).toBeUndefined()
})
