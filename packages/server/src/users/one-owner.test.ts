import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eachDatabase } from '../db/testing.ts'
import { phoneKey } from '../identifiers/phone.ts'
import { testWorld } from '../testing/world.ts'
import { setUsernameCase } from './username-case.ts'
import { createUsers, type StoredUser, type UserInput } from './users.ts'

const spellings = {
  username: ['ada', 'Ada', 'ADA', 'grace', null],
  primaryEmail: ['ada@example.com', 'ADA@example.com', 'grace@example.com', null],
  primaryPhone: ['61412345678', '610412345678', '8613800138000', null],
} as const

const input: fc.Arbitrary<UserInput> = fc.record(
  {
    username: fc.constantFrom(...spellings.username),
    primaryEmail: fc.constantFrom(...spellings.primaryEmail),
    primaryPhone: fc.constantFrom(...spellings.primaryPhone),
    name: fc.constantFrom('A', null),
  },
  { requiredKeys: [] },
)

/** What may happen to users: `of` says to which of those that were there before. */
const step = fc.oneof(
  fc.record({ kind: fc.constant('create'), input }),
  fc.record({ kind: fc.constantFrom('update', 'updateKeepingIdentifier'), of: fc.nat(3), input }),
  fc.record({ kind: fc.constant('merge'), of: fc.nat(3) }),
  fc.record({ kind: fc.constant('delete'), of: fc.nat(3) }),
)

const fold = {
  username: (value: string) => value.toLowerCase(),
  primaryEmail: (value: string) => value.toLowerCase(),
  primaryPhone: phoneKey,
}
const TYPES = { username: 'username', primaryEmail: 'email', primaryPhone: 'phone' } as const
const FIELDS = ['username', 'primaryEmail', 'primaryPhone'] as const

const EXPECTED =
  /^(user\.(username|email|phone)_already_in_use|user\.last_sign_in_method_required|entity\.not_found)$/

eachDatabase('whatever happens to users at once', openFresh => {
  test('no identifier has two owners, and everybody is found by every spelling of theirs', async () => {
    const db = await openFresh()
    const users = createUsers(db, testWorld(), async () => false)
    await db.transaction().execute(tx => setUsernameCase(tx, false))
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 12 }), async steps => {
        await db.deleteFrom('users').execute()
        const present = await Promise.all([
          users.create({ username: 'ada', primaryPhone: '61412345678' }),
          users.create({ primaryEmail: 'grace@example.com' }),
          users.create({ username: 'grace' }),
          users.create({ primaryPhone: '8613800138000', primaryEmail: 'ada@example.com' }),
        ])
        const outcomes = await Promise.allSettled(
          steps.map(async each => {
            if (!('of' in each)) return users.create(each.input)
            const { id } = present[each.of]!
            if (each.kind === 'delete') return users.delete(id)
            if (!('input' in each)) return users.merge(id, 'profile', { nickname: 'A' })
            return each.kind === 'update'
              ? users.update(id, each.input)
              : users.updateKeepingIdentifier(id, each.input)
          }),
        )
        for (const each of outcomes)
          if (each.status === 'rejected') expect(each.reason.code).toMatch(EXPECTED)
        const { users: left } = await users.list(undefined, 100, 0)
        for (const field of FIELDS) await expectOneOwnerEach(left, field)
      }),
      { numRuns: 25 },
    )

    async function expectOneOwnerEach(left: StoredUser[], field: (typeof FIELDS)[number]) {
      const owned = left.filter(user => user[field] !== null)
      const keys = owned.map(user => fold[field](user[field]!))
      expect(new Set(keys).size).toBe(keys.length)
      for (const value of spellings[field]) {
        if (value === null) continue
        const owner = owned.find(user => fold[field](user[field]!) === fold[field](value))
        expect((await users.find({ type: TYPES[field], value }))?.id).toBe(owner?.id)
      }
    }
  })
})
