import type { SignInExperience } from '@countersign/api'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import type { Database } from '../db/database.ts'
import { migrations } from '../db/migrations.ts'
import { patiently } from '../db/patience.ts'
import { eachDatabase } from '../db/testing.ts'
import { DEFAULT_EXPERIENCE } from '../experience/defaults.ts'
import { createExperience } from '../experience/experience.ts'
import { errorOf, testWorld } from '../testing/world.ts'
import { setUsernameCase } from './username-case.ts'
import { createUsers } from './users.ts'

const CHANNELS = { sms: false, email: false }
const policy = (caseSensitive: boolean): Pick<SignInExperience, 'usernamePolicy'> => ({
  usernamePolicy: { ...DEFAULT_EXPERIENCE.usernamePolicy, caseSensitive },
})

function setUp(db: Database) {
  const world = testWorld()
  const experience = createExperience(db, world, setUsernameCase)
  const users = createUsers(db, world, async () => (await experience.read()).usernamePolicy.caseSensitive)
  return {
    users,
    experience,
    setCaseSensitive: (caseSensitive: boolean) => experience.update(policy(caseSensitive), CHANNELS),
    find: async (value: string) => (await users.find({ type: 'username', value }))?.username,
  }
}

const codesOf = (outcomes: PromiseSettledResult<unknown>[]) =>
  outcomes.flatMap(each => (each.status === 'rejected' ? [each.reason.code ?? String(each.reason)] : []))

eachDatabase('usernames', openFresh => {
  test('that differ by case are two, while case counts', async () => {
    const { users, find } = setUp(await openFresh())
    await users.create({ username: 'ada' })
    expect(await find('ADA')).toBeUndefined()
    await users.create({ username: 'ADA' })
    expect([await find('ada'), await find('ADA'), await find('Ada')]).toEqual(['ada', 'ADA', undefined])
  })

  test('are found and taken in any case, and kept as given, while it does not count', async () => {
    const { users, find, setCaseSensitive } = setUp(await openFresh())
    const ada = await users.create({ username: 'Ada', password: 'correct horse' })
    await setCaseSensitive(false)
    expect([await find('ada'), await find('ADA')]).toEqual(['Ada', 'Ada'])
    const who = await users.findByPassword({ type: 'username', value: 'aDA' }, 'correct horse')
    expect(who?.id).toBe(ada.id)
    expect((await errorOf(users.create({ username: 'aDa' }))).code).toBe('user.username_already_in_use')
    const other = await users.create({ username: 'grace' })
    expect((await errorOf(users.update(other.id, { username: 'ADA' }))).code).toBe(
      'user.username_already_in_use',
    )
    expect((await users.update(ada.id, { username: 'ADA' })).username).toBe('ADA')
    await setCaseSensitive(true)
    await users.create({ username: 'ada' })
  })

  test('have the time that their index takes, also with very many users', async ({ task, skip }) => {
    // SQLite runs a statement to its end in any case.
    if (!task.suite?.name.includes('PostgreSQL')) skip()
    const db = await openFresh()
    const { setCaseSensitive, experience } = setUp(db)
    const held = Promise.withResolvers<void>()
    const slow = patiently(() =>
      db.transaction().execute(async tx => {
        await sql`lock table users in share mode`.execute(tx)
        held.resolve()
        // Longer than a statement of a request may take.
        await sql`select pg_sleep(4)`.execute(tx)
      }),
    )
    await held.promise
    await setCaseSensitive(false)
    await slow
    expect((await experience.read()).usernamePolicy.caseSensitive).toBe(false)
  })

  test('that were imported with other letters are found as they are spelled', async () => {
    const { users, find, setCaseSensitive } = setUp(await openFresh())
    await users.create({ username: 'Ёлка' })
    await setCaseSensitive(false)
    expect(await find('Ёлка')).toBe('Ёлка')
    expect((await errorOf(users.create({ username: 'Ёлка' }))).code).toBe('user.username_already_in_use')
  })

  test('of parallel creations and renames that differ by case alone, exactly one comes to pass', async () => {
    const { users, setCaseSensitive } = setUp(await openFresh())
    await setCaseSensitive(false)
    const others = await Promise.all(['a', 'b', 'c', 'd'].map(username => users.create({ username })))
    const spellings = ['ada', 'Ada', 'aDa', 'adA', 'ADA', 'aDA', 'AdA', 'ADa']
    const outcomes = await Promise.allSettled([
      ...spellings.map(username => users.create({ username })),
      ...others.map(({ id }, index) => users.update(id, { username: spellings[index]! })),
    ])
    expect(outcomes.filter(each => each.status === 'fulfilled')).toHaveLength(1)
    expect(new Set(codesOf(outcomes))).toEqual(new Set(['user.username_already_in_use']))
  })

  test('that differ by case alone keep the policy from changing, and are named', async () => {
    const { users, experience, setCaseSensitive } = setUp(await openFresh())
    const ids = []
    for (const username of ['ada', 'ADA']) ids.push((await users.create({ username })).id)
    await users.create({ username: 'grace' })
    expect(await errorOf(setCaseSensitive(false))).toMatchObject({
      code: 'sign_in_experiences.username_policy_case_conflicts_exist',
      data: {
        totalConflicts: 1,
        samples: [{ usernameLower: 'ada', userIds: expect.arrayContaining(ids) }],
      },
    })
    expect((await experience.read()).usernamePolicy.caseSensitive).toBe(true)
    await users.create({ username: 'Ada' })
  })

  test('never collide, however creations and the change of the policy meet', async () => {
    const db = await openFresh()
    const { users, experience, setCaseSensitive } = setUp(db)
    for (let round = 0; round < 12; round += 1) {
      await setCaseSensitive(true)
      await db.deleteFrom('users').execute()
      const create = (username: string) => users.create({ username })
      const names = Array.from({ length: 6 }, (_, index) => `name_${index}`)
      const outcomes = await Promise.allSettled([
        ...names.slice(0, round % 6).map(create),
        setCaseSensitive(false),
        ...names.map(name => create(name.toUpperCase())),
        ...names.slice(round % 6).map(create),
      ])
      for (const code of codesOf(outcomes))
        expect(code).toMatch(/username_already_in_use$|username_policy_case_conflicts_exist$/)
      const { totalConflicts } = await users.caseConflicts(1)
      const { caseSensitive } = (await experience.read()).usernamePolicy
      expect(caseSensitive || totalConflicts === 0).toBe(true)
      if (!caseSensitive) expect((await errorOf(create('NAME_0'))).code).toBe('user.username_already_in_use')
    }
  })

  test('that are being registered while the policy changes count as conflicts', async () => {
    const db = await openFresh()
    const { users, setCaseSensitive } = setUp(db)
    await users.create({ username: 'ada' })
    const changing = await db.transaction().execute(async tx => {
      await createUsers(tx, testWorld()).create({ username: 'ADA' })
      const change = errorOf(setCaseSensitive(false))
      // Enough for the change to begin, and to wait for the registration.
      await new Promise(resolve => setTimeout(resolve, 100))
      return { change }
    })
    expect((await changing.change).code).toBe('sign_in_experiences.username_policy_case_conflicts_exist')
  })

  test('are not found by letters that only a database takes for theirs', async () => {
    const { users, setCaseSensitive } = setUp(await openFresh())
    await setCaseSensitive(false)
    await users.create({ username: 'kim' })
    for (const value of ['\u212Aim', 'k\u0130m', 'k\u0131m'])
      expect(await users.find({ type: 'username', value })).toBeUndefined()
    expect(await users.find({ type: 'username', value: 'KIM' })).toMatchObject({ username: 'kim' })
  })

  test('of before the rule was kept follow the policy, unless there are two of a name', async () => {
    const db = await openFresh()
    const { users, experience } = setUp(db)
    const stored = JSON.stringify(policy(false))
    await db.insertInto('settings').values({ key: 'sign-in-experience', value: stored }).execute()
    await users.create({ username: 'ada' })
    await users.create({ username: 'ADA' })
    const migrate = () => migrations['0010_usernames']!.up(db)
    await migrate()
    expect((await experience.read()).usernamePolicy).toEqual(policy(true).usernamePolicy)
    await users.delete((await users.find({ type: 'username', value: 'ADA' }))!.id)
    await db.updateTable('settings').set({ value: stored }).execute()
    await migrate()
    expect((await experience.read()).usernamePolicy.caseSensitive).toBe(false)
    expect((await errorOf(users.create({ username: 'Ada' }))).code).toBe('user.username_already_in_use')
  })
})
