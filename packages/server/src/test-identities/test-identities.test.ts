import { describe, expect, test } from 'vitest'
import { changeAlong } from '../db/along.ts'
import type { Database } from '../db/database.ts'
import { eachDatabase } from '../db/testing.ts'
import { dump, errorOf, testKeys, testWorld } from '../testing/world.ts'
import { createTestIdentities, type TestIdentityInput } from './test-identities.ts'

const DAY = 24 * 60 * 60_000
const PHONE = { type: 'phone', value: '61412345678' } as const
const EMAIL = { type: 'email', value: 'review@example.com' } as const

function setUp(db: Database, { enabled = true, digits = 6 } = {}) {
  const world = testWorld()
  const owners = new Map<string, string>()
  const uses: object[] = []
  const identities = createTestIdentities({
    db,
    keys: testKeys,
    world,
    enabled,
    codeLength: async channel => (channel === 'sms' ? digits : 6),
    ownerOf: async ({ value }) => owners.get(value),
    used: use => void uses.push(use),
  })
  const make = (input: Partial<TestIdentityInput> = {}) =>
    identities.create({ ...PHONE, code: '246810', expiresAt: world.now() + DAY, ...input })
  return { world, owners, uses, identities, make, codeFor: identities.codeFor }
}

const userWith = (id: string, primaryPhone: string | null, primaryEmail: string | null = null) => ({
  id,
  primaryPhone,
  primaryEmail,
})

/** Registers somebody, as far as test identities take part. */
async function register(
  db: Database,
  identities: ReturnType<typeof createTestIdentities>,
  user: ReturnType<typeof userWith>,
): Promise<void> {
  await changeAlong(db, identities.alongRegistration(), async () => user)
}

eachDatabase('test identities', openFresh => {
  test('are shown again with their code, which the table does not tell', async () => {
    const db = await openFresh()
    const { identities, make, world } = setUp(db)
    const made = await make({ note: 'Review of version 2' })
    expect(made).toEqual({
      id: expect.stringMatching(/^[0-9a-z]{21}$/),
      ...PHONE,
      code: '246810',
      note: 'Review of version 2',
      userId: null,
      expiresAt: world.now() + DAY,
      createdAt: world.now(),
    })
    world.wait(1)
    const other = await make({ ...EMAIL, note: '' })
    expect(other.note).toBeNull()
    expect(await identities.list()).toEqual([other, made])
    expect(dump(await db.selectFrom('test_identities').selectAll().execute())).not.toContain('246810')
  })

  test('give their code for every spelling of their address, and for no other', async () => {
    const { make, codeFor, uses } = setUp(await openFresh())
    const { id } = await make({ value: '+61 0412 345 678' })
    await make({ ...EMAIL, value: 'Review@Example.com', code: '135790' })
    expect(await codeFor(PHONE, 'SignIn')).toBe('246810')
    expect(await codeFor({ type: 'phone', value: '610412345678' }, 'SignIn')).toBe('246810')
    expect(await codeFor(EMAIL, 'Register')).toBe('135790')
    expect(await codeFor({ type: 'phone', value: '61412345679' }, 'SignIn')).toBeUndefined()
    expect(await codeFor({ type: 'email', value: PHONE.value }, 'SignIn')).toBeUndefined()
    expect(uses).toHaveLength(3)
    expect(uses[0]).toEqual({ id, ...PHONE, usageType: 'SignIn' })
  })

  test('are found by bare digits and by punycode, but a number of another country is another', async () => {
    const { make, codeFor } = setUp(await openFresh())
    await make({ value: '8613055552671' })
    await make({ value: '8613800138000', code: '135790' })
    await make({ type: 'email', value: 'lim@例子.测试', code: '975310' })
    for (const value of ['13800138000', '008613800138000', '8613800138000'])
      expect(await codeFor({ type: 'phone', value }, 'Generic')).toBe('135790')
    expect(await codeFor({ type: 'phone', value: '13055552671' }, 'Generic')).toBeUndefined()
    expect(await codeFor({ type: 'email', value: 'Lim@xn--fsqu00a.xn--0zwm56d' }, 'SignIn')).toBe('975310')
    expect((await errorOf(make({ value: '13800138000' }))).code).toBe('test_identity.already_exists')
    const punycode = { type: 'email', value: 'lim@xn--fsqu00a.xn--0zwm56d' } as const
    expect((await errorOf(make(punycode))).code).toBe('test_identity.already_exists')
  })

  test('cannot have a number that is somebody else’s where no plus stands before it', async () => {
    const { make } = setUp(await openFresh())
    expect((await errorOf(make({ value: '+1 555 000 1234' }))).code).toBe('guard.invalid_input')
    expect((await make({ value: '+1 200 555 0123' })).value).toBe('12005550123')
  })

  test('that were made with a domain in punycode before work on', async () => {
    const db = await openFresh()
    const { make, codeFor } = setUp(db)
    const punycode = { type: 'email', value: 'lim@xn--fsqu00a.xn--0zwm56d' } as const
    const { id } = await make(punycode)
    await db.updateTable('test_identities').set({ value_key: punycode.value }).where('id', '=', id).execute()
    expect(await codeFor(punycode, 'SignIn')).toBe('246810')
  })

  test('open no account that has the number in another spelling', async () => {
    const { make, codeFor, owners } = setUp(await openFresh())
    await make({ value: '8613800138000' })
    owners.set('8613800138000', 'somebody')
    expect(await codeFor({ type: 'phone', value: '13800138000' }, 'Generic')).toBeUndefined()
  })

  test('are ordinary from their end on, and work again when that is moved', async () => {
    const { make, codeFor, identities, world } = setUp(await openFresh())
    const { id } = await make()
    world.wait(DAY - 1)
    expect(await codeFor(PHONE, 'SignIn')).toBe('246810')
    world.wait(1)
    expect(await codeFor(PHONE, 'SignIn')).toBeUndefined()
    await identities.change(id, { expiresAt: world.now() + DAY, code: '975310', note: null })
    expect(await codeFor(PHONE, 'SignIn')).toBe('975310')
    await identities.delete(id)
    expect(await codeFor(PHONE, 'SignIn')).toBeUndefined()
    for (const asked of [() => identities.delete(id), () => identities.change(id, {})])
      expect((await errorOf(asked())).code).toBe('entity.not_exists_with_id')
  })

  test('have one entry for an address, however it is spelled and however many ask at once', async () => {
    const { identities, make } = setUp(await openFresh())
    const spellings = ['61412345678', '610412345678', '+61 412 345 678', '61 (0)412-345-678']
    const made = await Promise.allSettled(spellings.map(value => make({ value })))
    expect(made.filter(each => each.status === 'fulfilled')).toHaveLength(1)
    expect(made.flatMap(each => (each.status === 'rejected' ? [each.reason.code] : []))).toEqual(
      Array(3).fill('test_identity.already_exists'),
    )
    expect(await identities.list()).toHaveLength(1)
  })

  test('are refused with the field and the remedy', async () => {
    const { identities, make, world } = setUp(await openFresh(), { digits: 4 })
    const issueOf = async (asked: Promise<unknown>) => {
      const error = await errorOf(asked)
      expect(error.code).toBe('guard.invalid_input')
      const { issues } = error.data as { issues: { path: string[]; message: string }[] }
      return issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('\n')
    }
    expect(await issueOf(make())).toBe('code must have 4 digits, as every code has')
    const right = { code: '2468' }
    expect(await issueOf(make({ ...right, expiresAt: world.now() }))).toBe('expiresAt must lie in the future')
    expect(await issueOf(make({ ...right, expiresAt: world.now() + 90 * DAY + 1 }))).toBe(
      `expiresAt must be at most 90 days ahead, that is at most ${world.now() + 90 * DAY}`,
    )
    expect(await issueOf(make({ ...right, value: 'ada@example.com' }))).toBe(
      'value must be a phone number, country code first',
    )
    expect(await issueOf(make({ type: 'email', value: PHONE.value, code: '246810' }))).toBe(
      'value must be an e-mail address such as name@example.com',
    )
    const { id } = await make({ ...right, expiresAt: world.now() + 90 * DAY })
    expect(await issueOf(identities.change(id, { code: '12345', expiresAt: 0 }))).toMatch(
      /^code .*\nexpiresAt /,
    )
    expect(await issueOf(identities.change(id, { userId: 'nobody' }))).toMatch(/^userId must be the id of/)
  })

  describe('open no account but', () => {
    test('the one that an operator named', async () => {
      const { identities, make, owners, codeFor } = setUp(await openFresh())
      owners.set(PHONE.value, 'ada')
      expect(await errorOf(make())).toMatchObject({
        code: 'test_identity.belongs_to_user',
        data: { userId: 'ada' },
      })
      expect((await errorOf(make({ userId: 'grace' }))).code).toBe('guard.invalid_input')
      expect(await identities.list()).toEqual([])
      expect(await make({ userId: 'ada' })).toMatchObject({ userId: 'ada' })
      expect(await codeFor(PHONE, 'SignIn')).toBe('246810')
    })

    test('the one that was registered with it', async () => {
      const db = await openFresh()
      const { identities, make, owners, codeFor } = setUp(db)
      await make()
      await make(EMAIL)
      owners.set(PHONE.value, 'ada')
      await register(db, identities, userWith('ada', PHONE.value))
      expect(await codeFor(PHONE, 'SignIn')).toBe('246810')
      // Whoever has the address later, or got it another way, is not opened by the fixed code.
      owners.set(PHONE.value, 'grace')
      owners.set(EMAIL.value, 'ada')
      expect(await codeFor(PHONE, 'SignIn')).toBeUndefined()
      expect(await codeFor(EMAIL, 'SignIn')).toBeUndefined()
      const [mail] = (await identities.list()).filter(each => each.type === 'email')
      await identities.change(mail!.id, { userId: 'ada' })
      expect(await codeFor(EMAIL, 'SignIn')).toBe('246810')
      owners.delete(PHONE.value)
      expect(await codeFor(PHONE, 'SignIn')).toBe('246810')
    })

    test('not the one of somebody who registered after the end', async () => {
      const db = await openFresh()
      const { identities, make, owners, codeFor, world } = setUp(db)
      const { id } = await make()
      world.wait(DAY)
      owners.set(PHONE.value, 'ada')
      await register(db, identities, userWith('ada', PHONE.value))
      await identities.change(id, { expiresAt: world.now() + DAY })
      expect(await codeFor(PHONE, 'SignIn')).toBeUndefined()
    })

    test('not the one of somebody who registered while the setting was off', async () => {
      const db = await openFresh()
      const on = setUp(db)
      await on.make()
      await register(db, setUp(db, { enabled: false }).identities, userWith('ada', PHONE.value))
      on.owners.set(PHONE.value, 'ada')
      expect(await on.codeFor(PHONE, 'SignIn')).toBeUndefined()
    })
  })

  test('do nothing while the setting is off, but can be seen and deleted', async () => {
    const db = await openFresh()
    const { id } = await setUp(db).make()
    const { identities, make, codeFor, uses } = setUp(db, { enabled: false })
    expect(await codeFor(PHONE, 'SignIn')).toBeUndefined()
    expect(uses).toEqual([])
    for (const asked of [() => make(EMAIL), () => identities.change(id, { note: 'x' })])
      expect(await errorOf(asked())).toMatchObject({
        code: 'test_identity.not_enabled',
        data: { setting: 'TEST_IDENTITIES' },
      })
    expect(await identities.summary()).toEqual({ enabled: false, active: 0, nextEnd: null })
    expect(await identities.list()).toMatchObject([{ id, note: null }])
    await identities.delete(id)
    expect(await identities.list()).toEqual([])
  })

  test('are counted while they work, with the first end', async () => {
    const { identities, make, world } = setUp(await openFresh())
    expect(await identities.summary()).toEqual({ enabled: true, active: 0, nextEnd: null })
    await make({ expiresAt: world.now() + 3 * DAY })
    await make({ ...EMAIL, expiresAt: world.now() + DAY })
    expect(await identities.summary()).toEqual({ enabled: true, active: 2, nextEnd: world.now() + DAY })
    world.wait(DAY)
    expect(await identities.summary()).toEqual({ enabled: true, active: 1, nextEnd: world.now() + 2 * DAY })
  })
})
