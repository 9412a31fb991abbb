import { expect, test } from 'vitest'
import type { Database } from '../db/database.ts'
import { eachDatabase } from '../db/testing.ts'
import { errorOf, testKeys, testWorld } from '../testing/world.ts'
import { createApplications } from './applications.ts'
import { createRoles } from './roles.ts'

async function setUp(db: Database) {
  const applications = createApplications(db, testKeys, testWorld())
  const roles = createRoles(db)
  const machine = await applications.create({ name: 'Robot', type: 'MachineToMachine' })
  const [role] = await roles.list()
  const manages = async () => (await applications.get(machine.id)).isAdmin
  return { applications, roles, machine, role: role!, manages }
}

eachDatabase('the role that opens the Management API', openFresh => {
  test('makes an administrator of a machine, once', async () => {
    const { roles, machine, role, manages } = await setUp(await openFresh())
    expect(role).toMatchObject({ name: 'Logto Management API access', applicationsCount: 0 })
    expect(await roles.of(machine.id)).toEqual([])
    expect(await roles.add(machine.id, [role.id])).toEqual([role.id])
    expect(await roles.add(machine.id, [role.id])).toEqual([])
    expect(await manages()).toBe(true)
    expect(await roles.of(machine.id)).toEqual([expect.objectContaining({ id: role.id })])
    expect(await roles.list()).toMatchObject([
      { applicationsCount: 1, featuredApplications: [{ id: machine.id, name: 'Robot' }] },
    ])
  })

  test('is taken away again, alone or with all others', async () => {
    const { roles, machine, role, manages } = await setUp(await openFresh())
    await roles.add(machine.id, [role.id])
    await roles.remove(machine.id, role.id)
    expect(await manages()).toBe(false)
    expect((await errorOf(roles.remove(machine.id, role.id))).code).toBe('entity.not_found')
    await roles.replace(machine.id, [role.id])
    expect(await manages()).toBe(true)
    await roles.replace(machine.id, [])
    expect(await manages()).toBe(false)
  })

  test('is not shown of a machine that manages without it, and goes when the right goes', async () => {
    const { applications, roles, machine, role, manages } = await setUp(await openFresh())
    await applications.update(machine.id, { isAdmin: true })
    expect(await roles.of(machine.id)).toEqual([])
    await roles.add(machine.id, [role.id])
    await roles.remove(machine.id, role.id)
    expect(await manages()).toBe(true)
    await roles.add(machine.id, [role.id])
    await applications.update(machine.id, { isAdmin: false })
    expect(await manages()).toBe(false)
    expect(await roles.of(machine.id)).toEqual([])
  })

  test('goes to machines alone, and no other role goes to anybody', async () => {
    const { applications, roles, machine, role } = await setUp(await openFresh())
    for (const type of ['SPA', 'Native', 'Traditional'] as const) {
      const { id } = await applications.create({ name: 'Page', type })
      for (const asked of [() => roles.of(id), () => roles.add(id, [role.id]), () => roles.replace(id, [])])
        expect((await errorOf(asked())).code).toBe('application.invalid_type')
    }
    expect((await errorOf(roles.add(machine.id, [role.id, 'other']))).code).toBe('entity.not_exists_with_id')
    expect(await roles.of(machine.id)).toEqual([])
    for (const asked of [
      () => roles.add('nobody', [role.id]),
      () => roles.of('nobody'),
      () => roles.remove('nobody', role.id),
    ])
      expect((await errorOf(asked())).code).toBe('entity.not_exists_with_id')
  })
})
