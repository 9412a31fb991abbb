import { describe, expect, test } from 'vitest'
import type { Database } from '../db/database.ts'
import { eachDatabase } from '../db/testing.ts'
import { maskRecipient, normalizePhone, phoneKey } from '../identifiers/phone.ts'
import { dump, errorOf, testWorld } from '../testing/world.ts'
import { createUsers, wireUser } from './users.ts'

function setUp(db: Database) {
  const world = testWorld()
  return { world, users: createUsers(db, world) }
}

eachDatabase('users', openFresh => {
  test.each([
    [{ primaryPhone: '8613800138000' }, 'user.phone_already_in_use'],
    [{ primaryEmail: 'ada@example.com' }, 'user.email_already_in_use'],
    [{ username: 'ada' }, 'user.username_already_in_use'],
  ])('of parallel creations with %o exactly one wins', async (input, code) => {
    const { users } = setUp(await openFresh())
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => users.create(input)))
    expect(outcomes.filter(each => each.status === 'fulfilled')).toHaveLength(1)
    const codes = outcomes.flatMap(each => (each.status === 'rejected' ? [each.reason.code] : []))
    expect(new Set(codes)).toEqual(new Set([code]))
    expect((await users.list(undefined, 20, 0)).total).toBe(1)
  })

  test('an identifier that another user has is refused in a change too', async () => {
    const { users } = setUp(await openFresh())
    await users.create({ primaryPhone: '8613800138000', primaryEmail: 'ada@example.com', username: 'ada' })
    const { id } = await users.create({ username: 'grace' })
    for (const [change, code] of [
      [{ primaryPhone: '86 138 0013 8000' }, 'user.phone_already_in_use'],
      [{ primaryEmail: 'ADA@example.com' }, 'user.email_already_in_use'],
      [{ username: 'ada' }, 'user.username_already_in_use'],
    ] as const)
      expect((await errorOf(users.update(id, change))).code).toBe(code)
    expect(await users.get(id)).toMatchObject({ username: 'grace', primaryPhone: null, primaryEmail: null })
  })

  test('of several identifiers that others have, the first is told: username, e-mail address, phone', async () => {
    const { users } = setUp(await openFresh())
    const all = { username: 'ada', primaryEmail: 'ada@example.com', primaryPhone: '8613800138000' }
    const { id } = await users.create(all)
    const codeOf = async (input: object) => (await errorOf(users.create(input))).code
    expect(await codeOf(all)).toBe('user.username_already_in_use')
    expect(await codeOf({ ...all, username: 'grace' })).toBe('user.email_already_in_use')
    expect(await codeOf({ primaryPhone: '86 138-0013-8000' })).toBe('user.phone_already_in_use')
    expect(await users.update(id, all)).toMatchObject(all)
  })

  test('many users may have no phone, no address and no username', async () => {
    const { users } = setUp(await openFresh())
    await users.create({})
    await users.create({})
    expect((await users.list(undefined, 20, 0)).total).toBe(2)
  })

  test('an e-mail address keeps the case before its at sign, and is found in any', async () => {
    const { users } = setUp(await openFresh())
    const { id } = await users.create({ primaryEmail: 'Ada@Example.com' })
    expect(await users.find({ type: 'email', value: 'aDA@eXAMPLE.COM' })).toMatchObject({
      id,
      primaryEmail: 'Ada@example.com',
    })
    await users.update(id, { primaryEmail: null })
    await users.create({ primaryEmail: 'ada@example.com' })
  })

  test('an e-mail address with the Kelvin sign is that with the k to which its mail goes', async () => {
    const { users } = setUp(await openFresh())
    const { id } = await users.create({ primaryEmail: 'mi\u212Ae@example.com' })
    expect(await users.find({ type: 'email', value: 'mike@example.com' })).toMatchObject({
      id,
      primaryEmail: 'miKe@example.com',
    })
  })

  test('both spellings of a number with a trunk zero mean one user', async () => {
    const { users } = setUp(await openFresh())
    const { id, primaryPhone } = await users.create({ primaryPhone: '610412345678' })
    expect(primaryPhone).toBe('61412345678')
    for (const value of ['610412345678', '61412345678', '+61 412 345 678'])
      expect((await users.find({ type: 'phone', value }))?.id).toBe(id)
    expect((await errorOf(users.create({ primaryPhone: '61412345678' }))).code).toBe(
      'user.phone_already_in_use',
    )
  })

  test('a number that cannot be one is refused, and looking for it finds nobody', async () => {
    const { users } = setUp(await openFresh())
    for (const primaryPhone of ['1', '999123456789'])
      expect(await errorOf(users.create({ primaryPhone }))).toMatchObject({
        code: 'user.invalid_phone',
        data: { name: 'ParseError' },
      })
    expect(await users.find({ type: 'phone', value: '1' })).toBeUndefined()
  })

  test('an address longer than its column is refused', async () => {
    const { users } = setUp(await openFresh())
    const primaryEmail = `${'a'.repeat(120)}@example.com`
    expect((await errorOf(users.create({ primaryEmail }))).code).toBe('entity.value_too_long')
  })

  test('a password is stored as a hash and never shown', async () => {
    const db = await openFresh()
    const { users } = setUp(db)
    const user = await users.create({ username: 'ada', password: 'correct horse' })
    expect(dump(await db.selectFrom('users').selectAll().execute())).not.toContain('correct horse')
    expect(wireUser(user)).toMatchObject({ hasPassword: true })
    expect(dump([wireUser(user)])).not.toContain('argon2')
    expect(await users.passwordMatches(user, 'correct horse')).toBe(true)
    expect(await users.passwordMatches(user, 'wrong horse')).toBe(false)
    const by = (value: string) => users.findByPassword({ type: 'username', value }, 'correct horse')
    expect(await by('ada')).toEqual(user)
    expect(await by('nobody')).toBeUndefined()
  })

  test('a change touches only what it names', async () => {
    const { world, users } = setUp(await openFresh())
    const created = await users.create({ username: 'ada', name: 'Ada', customData: { a: 1 } })
    world.wait(5)
    const changed = await users.update(created.id, { name: null })
    expect(changed).toEqual({ ...created, name: null, updatedAt: created.updatedAt + 5 })
  })

  test('users are listed newest first, in pages', async () => {
    const { world, users } = setUp(await openFresh())
    for (const username of ['a', 'b', 'c']) {
      await users.create({ username })
      world.wait(1)
    }
    const page = await users.list(undefined, 2, 0)
    expect(page.users.map(user => user.username)).toEqual(['c', 'b'])
    expect(page.total).toBe(3)
    expect((await users.list(undefined, 2, 2)).users.map(user => user.username)).toEqual(['a'])
    expect((await users.list(undefined, 2, 4)).users).toEqual([])
  })

  test('what is not there is not found', async () => {
    const { users } = setUp(await openFresh())
    expect((await errorOf(users.get('nobody'))).code).toBe('entity.not_found')
    expect((await errorOf(users.update('nobody', { name: 'x' }))).code).toBe('entity.not_found')
    expect((await errorOf(users.delete('nobody'))).code).toBe('entity.not_found')
  })
})

describe('phone numbers', () => {
  test.each([
    ['610412345678', '61412345678'],
    ['8613800138000', '8613800138000'],
    ['+86 138-0013-8000', '8613800138000'],
    ['4915112345678', '4915112345678'],
    ['85212345678', '85212345678'],
    ['6100412345678', '61412345678'],
    ['1', undefined],
    ['not a number', undefined],
    ['', undefined],
  ])('%s is stored as %s', (given, stored) => {
    expect(normalizePhone(given)).toBe(stored)
    expect(phoneKey(given)).toBe(stored ?? given)
  })

  test.each([
    ['8613800138000', '+86 138****8000'],
    ['13800138000', '+86 138****8000'],
    ['13055552671', '+1 305****2671'],
    ['61412345678', '+61 412****5678'],
    ['85212345678', '+852 1****5678'],
    ['12', '****12'],
    ['ada.lovelace@example.com', 'a***@example.com'],
    ['a@b@example.com', 'a***@example.com'],
  ])('%s is masked as %s', (recipient, masked) => {
    expect(maskRecipient(recipient)).toBe(masked)
  })
})
