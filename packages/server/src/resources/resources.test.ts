import { expect, test } from 'vitest'
import { eachDatabase } from '../db/testing.ts'
import { errorOf, testWorld } from '../testing/world.ts'
import { createResources, MANAGEMENT_API } from './resources.ts'

const ORDERS = { name: 'Orders', indicator: 'https://orders.example.com' }

eachDatabase('API resources', openFresh => {
  test('of parallel registrations of one indicator exactly one wins', async () => {
    const db = await openFresh()
    const resources = createResources(db, testWorld())
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => resources.create(ORDERS)))
    expect(outcomes.filter(each => each.status === 'fulfilled')).toHaveLength(1)
    const codes = outcomes.flatMap(each => (each.status === 'rejected' ? [each.reason.code] : []))
    expect(new Set(codes)).toEqual(new Set(['resource.resource_identifier_in_use']))
    expect(await resources.byIndicator(ORDERS.indicator)).toMatchObject({ accessTokenTtl: 3600 })
    expect(await resources.byIndicator('https://other.example.com')).toBeUndefined()
  })

  test('the own one is always there and never changes', async () => {
    const resources = createResources(await openFresh(), testWorld())
    expect(await resources.list(true)).toEqual([
      expect.objectContaining({
        id: 'management-api',
        indicator: MANAGEMENT_API,
        scopes: [expect.objectContaining({ name: 'all' })],
      }),
    ])
    for (const refused of [
      () => resources.update('management-api', { name: 'x' }),
      () => resources.setDefault('management-api', true),
      () => resources.addScope('management-api', 'x', null),
      () => resources.updateScope('management-api', 'management-api-all', { name: 'x' }),
      () => resources.deleteScope('management-api', 'management-api-all'),
    ])
      expect((await errorOf(refused())).code).toBe('resource.cannot_modify_management_api')
    expect((await errorOf(resources.delete('management-api'))).code).toBe(
      'resource.cannot_delete_management_api',
    )
    expect((await errorOf(resources.create({ name: 'x', indicator: MANAGEMENT_API }))).code).toBe(
      'resource.resource_identifier_in_use',
    )
  })

  test('one at most is the default', async () => {
    const resources = createResources(await openFresh(), testWorld())
    const orders = await resources.create(ORDERS)
    const stock = await resources.create({ name: 'Stock', indicator: 'https://stock.example.com' })
    expect(await resources.defaultIndicator()).toBeUndefined()
    await resources.setDefault(orders.id, true)
    expect(await resources.setDefault(stock.id, true)).toMatchObject({ isDefault: true })
    expect(await resources.get(orders.id)).toMatchObject({ isDefault: false })
    expect(await resources.defaultIndicator()).toBe(stock.indicator)
    await resources.setDefault(orders.id, false)
    expect(await resources.defaultIndicator()).toBe(stock.indicator)
    await resources.setDefault(stock.id, false)
    expect(await resources.defaultIndicator()).toBeUndefined()
  })

  test('have scopes, each name once, which go with them', async () => {
    const db = await openFresh()
    const world = testWorld()
    const resources = createResources(db, world)
    const { id } = await resources.create(ORDERS)
    const read = await resources.addScope(id, 'orders:read', null)
    world.wait(1)
    const write = await resources.addScope(id, 'orders:write', 'Change orders')
    expect(await resources.scopes(id)).toEqual([read, write])
    expect((await errorOf(resources.addScope(id, 'orders:read', null))).code).toBe('scope.name_exists')
    expect((await errorOf(resources.updateScope(id, write.id, { name: 'orders:read' }))).code).toBe(
      'scope.name_exists',
    )
    expect(await resources.updateScope(id, write.id, { description: null })).toEqual({
      ...write,
      description: null,
    })
    const other = await resources.create({ name: 'Stock', indicator: 'https://stock.example.com' })
    await resources.addScope(other.id, 'orders:read', null)
    expect((await errorOf(resources.deleteScope(other.id, read.id))).code).toBe('entity.not_exists_with_id')
    await resources.deleteScope(id, read.id)
    await resources.delete(id)
    expect(await db.selectFrom('resource_scopes').select('resource_id').execute()).toEqual([
      { resource_id: other.id },
    ])
  })

  test('that are not there are not found', async () => {
    const resources = createResources(await openFresh(), testWorld())
    for (const asked of [
      () => resources.get('x'),
      () => resources.update('x', { name: 'y' }),
      () => resources.update('x', {}),
      () => resources.setDefault('x', true),
      () => resources.delete('x'),
      () => resources.scopes('x'),
      () => resources.addScope('x', 'y', null),
      () => resources.updateScope('x', 'y', { name: 'z' }),
      () => resources.deleteScope('x', 'y'),
    ])
      expect((await errorOf(asked())).code).toBe('entity.not_exists_with_id')
  })
})
