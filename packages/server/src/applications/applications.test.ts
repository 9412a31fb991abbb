import { RedirectUri } from '@countersign/api'
import { describe, expect, test } from 'vitest'
import type { Database } from '../db/database.ts'
import { eachDatabase } from '../db/testing.ts'
import { dump, errorOf, testKeys, testWorld } from '../testing/world.ts'
import { createApplications, wireApplication } from './applications.ts'

function setUp(db: Database) {
  const world = testWorld()
  return { world, applications: createApplications(db, testKeys, world) }
}

const SECRET = 'a secret of automation'

eachDatabase('applications', openFresh => {
  test('a confidential one gets a first secret, a public one none', async () => {
    const { applications } = setUp(await openFresh())
    for (const type of ['Traditional', 'MachineToMachine'] as const) {
      const { id } = await applications.create({ name: 'A', type })
      const [secret, ...more] = await applications.secrets(id)
      expect(more).toEqual([])
      expect(secret).toMatchObject({ name: 'Default secret', expiresAt: null, tenantId: 'default' })
      expect(secret!.value).toMatch(/^[0-9A-Za-z]{32}$/)
      expect(await applications.checkSecret(id, secret!.value)).toBe('right')
    }
    for (const type of ['SPA', 'Native'] as const) {
      const { id } = await applications.create({ name: 'A', type })
      expect(await applications.secrets(id)).toEqual([])
      expect((await errorOf(applications.addSecret(id, 'x', null))).code).toBe(
        'entity.db_constraint_violated',
      )
    }
  })

  test('redirect addresses whose * strangers can get a name under are refused, with the way out', async () => {
    const { applications } = setUp(await openFresh())
    const withAddress = (address: string, field = 'redirectUris') => ({
      oidcClientMetadata: {
        redirectUris: [],
        postLogoutRedirectUris: [],
        [field]: ['https://a.example', address],
      },
    })
    const create = (address: string) =>
      applications.create({ name: 'Shop', type: 'SPA', ...withAddress(address) })
    for (const address of ['https://*.github.io/cb', 'https://*.co.uk', 'https://shop-*.vercel.app/cb'])
      await expect(create(address)).rejects.toMatchObject({
        code: 'guard.invalid_input',
        data: {
          issues: [
            {
              path: ['oidcClientMetadata', 'redirectUris', 1],
              message: expect.stringContaining('write out'),
            },
          ],
        },
      })
    const { id } = await create('https://*.shop.example/cb')
    await expect(
      applications.update(id, withAddress('https://*.github.io/', 'postLogoutRedirectUris')),
    ).rejects.toMatchObject({ code: 'guard.invalid_input' })
  })

  test('secrets cannot be read in the table', async () => {
    const db = await openFresh()
    const { applications } = setUp(db)
    await applications.bootstrap('robot', SECRET)
    const { value } = await applications.addSecret('robot', 'second', null)
    const table = dump(await db.selectFrom('application_secrets').selectAll().execute())
    expect(table).not.toContain(value)
    expect(table).not.toContain(SECRET)
  })

  test('any of several secrets opens, until it expires or is deleted', async () => {
    const { world, applications } = setUp(await openFresh())
    await applications.bootstrap('robot', SECRET)
    const short = await applications.addSecret('robot', 'short', world.now() + 1000)
    expect(await applications.checkSecret('robot', short.value)).toBe('right')
    expect(await applications.checkSecret('robot', SECRET)).toBe('right')
    world.wait(1000)
    expect(await applications.checkSecret('robot', short.value)).toBe('expired')
    await applications.deleteSecret('robot', 'short')
    expect(await applications.checkSecret('robot', short.value)).toBe('wrong')
    expect(await applications.checkSecret('robot', `${SECRET}x`)).toBe('wrong')
    expect(await applications.checkSecret('nobody', SECRET)).toBe('wrong')
  })

  test('a secret that has expired already, or has the name of another, is refused', async () => {
    const { world, applications } = setUp(await openFresh())
    await applications.bootstrap('robot', SECRET)
    expect((await errorOf(applications.addSecret('robot', 'late', world.now()))).code).toBe(
      'request.invalid_input',
    )
    expect((await errorOf(applications.addSecret('robot', 'Default secret', null))).code).toBe(
      'application.secret_name_exists',
    )
    expect((await errorOf(applications.addSecret('nobody', 'x', null))).code).toBe(
      'entity.not_exists_with_id',
    )
    expect((await errorOf(applications.deleteSecret('robot', 'nothing'))).code).toBe('entity.not_found')
  })

  test('deleting an application deletes its secrets', async () => {
    const db = await openFresh()
    const { applications } = setUp(db)
    await applications.bootstrap('robot', SECRET)
    await applications.delete('robot')
    expect(await db.selectFrom('application_secrets').selectAll().execute()).toEqual([])
    expect((await errorOf(applications.get('robot'))).code).toBe('entity.not_exists_with_id')
    expect((await errorOf(applications.delete('robot'))).code).toBe('entity.not_exists_with_id')
  })

  test('automation gets its application once, however often and on however many nodes the server starts', async () => {
    const db = await openFresh()
    const nodes = Array.from({ length: 4 }, () => setUp(db).applications)
    await Promise.all(nodes.map(node => node.bootstrap('robot', SECRET)))
    await nodes[0]!.bootstrap('robot', SECRET)
    const { applications } = await nodes[0]!.list({})
    expect(applications).toMatchObject([{ id: 'robot', type: 'MachineToMachine', isAdmin: true }])
    expect(await nodes[0]!.secrets('robot')).toHaveLength(1)
    expect(await nodes[1]!.checkSecret('robot', SECRET)).toBe('right')
  })

  test('an application with an id of its own is made once by nodes that start at once, and brought up to date later', async () => {
    const db = await openFresh()
    const nodes = Array.from({ length: 4 }, () => setUp(db).applications)
    const { createdAt, ...shop } = await nodes[0]!.create({ name: 'Shop', type: 'SPA' })
    const demo = { ...shop, id: 'demo', createdAt }
    await Promise.all(nodes.map(node => node.ensure(demo)))
    expect(await nodes[1]!.get('demo')).toEqual(demo)
    await nodes[2]!.ensure({ ...demo, name: 'Store', createdAt: createdAt + 1 })
    expect(await nodes[3]!.get('demo')).toEqual({ ...demo, name: 'Store' })
  })

  test('a start with another secret replaces the earlier one and leaves further ones', async () => {
    const { applications } = setUp(await openFresh())
    await applications.bootstrap('robot', SECRET)
    const { value } = await applications.addSecret('robot', 'second', null)
    await applications.bootstrap('robot', 'another secret')
    expect(await applications.checkSecret('robot', SECRET)).toBe('wrong')
    expect(await applications.checkSecret('robot', 'another secret')).toBe('right')
    expect(await applications.checkSecret('robot', value)).toBe('right')
  })

  test('automation does not take over an application of another type', async () => {
    const { applications } = setUp(await openFresh())
    const { id } = await applications.create({ name: 'Shop', type: 'Traditional' })
    await expect(applications.bootstrap(id, SECRET)).rejects.toThrow(/BOOTSTRAP_CLIENT_ID/)
    expect((await applications.get(id)).isAdmin).toBe(false)
  })

  test('only a machine may be given the Management API', async () => {
    const { applications } = setUp(await openFresh())
    const { id } = await applications.create({ name: 'Shop', type: 'SPA' })
    expect((await errorOf(applications.update(id, { isAdmin: true }))).code).toBe('application.invalid_type')
    const machine = await applications.create({ name: 'Job', type: 'MachineToMachine' })
    expect((await applications.update(machine.id, { isAdmin: true })).isAdmin).toBe(true)
  })

  test('a change replaces the members given, and none changes nothing', async () => {
    const { applications } = setUp(await openFresh())
    const created = await applications.create({ name: 'Shop', type: 'SPA', customData: { a: 1 } })
    expect(await applications.update(created.id, {})).toEqual(created)
    const changed = await applications.update(created.id, { customData: { b: 2 }, description: null })
    expect(changed).toEqual({ ...created, customData: { b: 2 } })
    expect(wireApplication(changed)).not.toHaveProperty('isAdmin')
    expect((await errorOf(applications.update('nothing', { name: 'x' }))).code).toBe(
      'entity.not_exists_with_id',
    )
  })

  test.each([
    [{ type: 'Protected' }, 'application.protected_app_metadata_is_required'],
    [{ type: 'SAML' }, 'application.saml.use_saml_app_api'],
    [{ type: 'MachineToMachine', isThirdParty: true }, 'application.invalid_third_party_application_type'],
    [{ type: 'SPA', customClientMetadata: { isDeviceFlow: true } }, 'application.device_flow_native_only'],
    [
      { type: 'SPA', isThirdParty: true, customClientMetadata: { allowTokenExchange: true } },
      'application.third_party_application_cannot_enable_token_exchange',
    ],
  ] as const)('%o is refused', async (input, code) => {
    const { applications } = setUp(await openFresh())
    expect((await errorOf(applications.create({ name: 'A', ...input }))).code).toBe(code)
  })

  test('changing the device flow is refused', async () => {
    const { applications } = setUp(await openFresh())
    const { id } = await applications.create({ name: 'TV', type: 'Native' })
    const change = { customClientMetadata: { isDeviceFlow: true } }
    expect((await errorOf(applications.update(id, change))).code).toBe(
      'application.device_flow_not_changeable',
    )
  })

  test('the list can be cut by type and into pages, newest first', async () => {
    const { world, applications } = setUp(await openFresh())
    for (const type of ['SPA', 'Native', 'SPA'] as const) {
      await applications.create({ name: type, type })
      world.wait(1)
    }
    const names = async (...query: Parameters<typeof applications.list>) => {
      const { applications: found, total } = await applications.list(...query)
      return [found.map(each => each.name), total]
    }
    expect(await names({})).toEqual([['SPA', 'Native', 'SPA'], 3])
    expect(await names({ types: ['Native', 'Traditional'] })).toEqual([['Native'], 1])
    expect(await names({ types: ['SPA'] }, 1, 1)).toEqual([['SPA'], 2])
    await applications.create({ name: 'foreign', type: 'SPA', isThirdParty: true })
    expect(await names({ isThirdParty: true })).toEqual([['foreign'], 1])
    expect(await names({ isThirdParty: false, types: ['SPA'] })).toEqual([['SPA', 'SPA'], 2])
    const search = {
      conditions: [{ fields: ['name', 'description'], mode: 'like', values: ['%AT%'] } as const],
      joint: 'or',
      isCaseSensitive: false,
    } as never
    expect(await names({ search })).toEqual([['Native'], 1])
  })

  test('a secret with a new name is still itself', async () => {
    const { applications } = setUp(await openFresh())
    const { id } = await applications.create({ name: 'Shop', type: 'Traditional' })
    const [secret] = await applications.secrets(id)
    await applications.addSecret(id, 'second', null)
    expect(await applications.renameSecret(id, 'Default secret', 'first')).toEqual({
      ...secret,
      name: 'first',
    })
    expect(await applications.checkSecret(id, secret!.value)).toBe('right')
    expect((await errorOf(applications.renameSecret(id, 'first', 'second'))).code).toBe(
      'application.secret_name_exists',
    )
    expect((await errorOf(applications.renameSecret(id, 'gone', 'third'))).code).toBe('entity.not_exists')
  })

  test('parallel changes of different members of the custom data lose none', async () => {
    const { applications } = setUp(await openFresh())
    const { id } = await applications.create({ name: 'Shop', type: 'SPA', customData: { kept: true } })
    const members = ['a', 'b', 'c', 'd', 'e', 'f']
    await Promise.all(members.map(name => applications.mergeCustomData(id, { [name]: 1 })))
    const { customData } = await applications.get(id)
    expect(Object.keys(customData).sort()).toEqual([...members, 'kept'])
  })
})

describe('redirect addresses', () => {
  test.each([
    'https://app.example.com/callback',
    'http://localhost:3000/callback?from=here',
    'https://*.example.com/callback',
    'https://app-*.preview.example.com/*',
    'com.example.app://callback',
    'my-app:/callback',
    'io.logto+x://cb',
  ])('%s is taken', uri => {
    expect(RedirectUri.safeParse(uri).success).toBe(true)
  })

  test.each([
    '',
    'callback',
    '/callback',
    '//app.example.com/callback',
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    ' javascript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:https://app.example.com/x',
    'http://*/callback',
    'https://*',
    'https://*:8080/callback',
    'https://app.example.com/../callback',
    'https://app.example.com/a/./b',
    'https://app.example.com/callback?x=*',
    'https://app.example.com/callback#*',
    'https://app.example.com:*/callback',
    'https://user*@app.example.com/',
    '1app://callback',
    'https://',
  ])('%s is refused', uri => {
    expect(RedirectUri.safeParse(uri).success).toBe(false)
  })
})
