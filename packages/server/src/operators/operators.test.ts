import { expect, test } from 'vitest'
import type { Database } from '../db/database.ts'
import { eachDatabase } from '../db/testing.ts'
import { createLimits } from '../limits/limits.ts'
import { dump, errorOf, testKeys, testWorld } from '../testing/world.ts'
import { createOperators, OPERATOR_SESSION } from './operators.ts'

function setUp(db: Database) {
  const world = testWorld()
  return { world, operators: createOperators(db, testKeys, createLimits(db, testKeys, world), world) }
}

async function withFirst(db: Database) {
  const made = setUp(db)
  const session = await made.operators.createFirst(
    (await made.operators.firstLink())!,
    'Ada',
    'right password',
  )
  return { ...made, session }
}

eachDatabase('operators', openFresh => {
  test('the first one comes from a one-time link and is signed in', async () => {
    const { operators, session } = await withFirst(await openFresh())
    expect(await operators.bySession(session)).toEqual({ id: expect.any(String), name: 'Ada' })
    expect(await operators.any()).toBe(true)
    expect(await operators.firstLink()).toBeUndefined()
  })

  test('a link that several use at once makes exactly one operator', async () => {
    const db = await openFresh()
    const { operators } = setUp(db)
    const link = (await operators.firstLink())!
    const outcomes = await Promise.allSettled(
      Array.from({ length: 6 }, (_, index) => operators.createFirst(link, `Operator ${index}`, 'a password')),
    )
    expect(outcomes.filter(each => each.status === 'fulfilled')).toHaveLength(1)
    for (const each of outcomes)
      if (each.status === 'rejected') expect(each.reason.code).toBe('auth.forbidden')
    expect(await db.selectFrom('operators').selectAll().execute()).toHaveLength(1)
  })

  test('a new link ends the earlier one, and a link that was used is dead', async () => {
    const { operators } = setUp(await openFresh())
    const old = (await operators.firstLink())!
    const link = (await operators.firstLink())!
    expect((await errorOf(operators.createFirst(old, 'Eve', 'a password'))).code).toBe('auth.forbidden')
    await operators.createFirst(link, 'Ada', 'a password')
    expect((await errorOf(operators.createFirst(link, 'Eve', 'a password'))).code).toBe('auth.forbidden')
  })

  test('links, sessions and passwords cannot be read in the tables', async () => {
    const db = await openFresh()
    const { operators } = setUp(db)
    const link = (await operators.firstLink())!
    expect(dump(await db.selectFrom('settings').selectAll().execute())).not.toContain(link)
    const session = await operators.createFirst(link, 'Ada', 'right password')
    expect(dump(await db.selectFrom('operator_sessions').selectAll().execute())).not.toContain(session)
    expect(dump(await db.selectFrom('operators').selectAll().execute())).not.toContain('right password')
  })

  test('a name is known in any case and width, a wrong password is not taken', async () => {
    const { operators } = await withFirst(await openFresh())
    for (const name of ['Ada', 'aDA', 'Ａda'])
      expect(await operators.bySession(await operators.signIn(name, 'right password'))).toMatchObject({
        name: 'Ada',
      })
    for (const [name, password] of [
      ['Ada', 'wrong'],
      ['Eve', 'right password'],
    ] as const)
      expect((await errorOf(operators.signIn(name, password))).code).toBe('session.invalid_credentials')
  })

  test('the tenth wrong password locks the name for a quarter of an hour', async () => {
    const { world, operators } = await withFirst(await openFresh())
    const blocked = 'session.verification_blocked_too_many_attempts'
    for (let guess = 0; guess < 9; guess += 1)
      expect((await errorOf(operators.signIn('Ada', `guess ${guess}`))).code).toBe(
        'session.invalid_credentials',
      )
    expect((await errorOf(operators.signIn('ADA', 'guess 9'))).code).toBe(blocked)
    expect((await errorOf(operators.signIn('Ada', 'right password'))).code).toBe(blocked)
    world.wait(15 * 60_000)
    await operators.signIn('Ada', 'right password')
  })

  test('a session ends by signing out, by time, or by being made up', async () => {
    const { world, operators, session } = await withFirst(await openFresh())
    const other = await operators.signIn('Ada', 'right password')
    await operators.signOut(session)
    expect(await operators.bySession(session)).toBeUndefined()
    world.wait(OPERATOR_SESSION - 1)
    expect(await operators.bySession(other)).toBeDefined()
    world.wait(1)
    expect(await operators.bySession(other)).toBeUndefined()
    expect(await operators.bySession('made up')).toBeUndefined()
    expect(await operators.bySession('')).toBeUndefined()
  })
})
