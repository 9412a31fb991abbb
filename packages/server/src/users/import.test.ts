import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { eachDatabase } from '../db/testing.ts'
import { testWorld } from '../testing/world.ts'
import { createUserImport, type ImportedUser } from './import.ts'
import { createUsers } from './users.ts'

const DIGEST = createHash('md5').update('old password').digest('hex')

const lin: ImportedUser = {
  id: 'lin000000001',
  username: 'lin',
  primaryEmail: 'Lin@example.com',
  primaryPhone: '8613800138000',
  name: null,
  avatar: null,
  customData: { plan: 1 },
  profile: {},
  passwordHash: DIGEST,
  passwordAlgorithm: 'MD5',
  applicationId: 'app',
  isSuspended: true,
  lastSignInAt: 3,
  createdAt: 1,
  updatedAt: 2,
}

eachDatabase('users of another installation', openFresh => {
  it('come as they were', async () => {
    const db = await openFresh()
    expect(await createUserImport(db).write([{ user: lin }])).toBe('written')
    const users = createUsers(db, testWorld())
    expect(await users.get(lin.id)).toEqual({
      ...lin,
      passwordChangedAt: null,
      sessionEpoch: 0,
      passwordExpired: false,
    })
    expect(await users.find({ type: 'email', value: 'lin@EXAMPLE.com' })).toMatchObject({ id: lin.id })
  })

  it('are not written when somebody has the id, or one of the identifiers', async () => {
    const db = await openFresh()
    const imports = createUserImport(db)
    await imports.write([{ user: lin }])
    const other = { ...lin, id: 'other0000001', username: null, primaryEmail: null, primaryPhone: null }
    for (const user of [
      lin,
      { ...other, username: 'lin' },
      { ...other, primaryEmail: 'LIN@example.com' },
      { ...other, primaryPhone: '8613800138000' },
    ])
      expect(await imports.write([{ user }])).toBe('meanwhile')
    expect(await imports.write([{ user: other }])).toBe('written')
    const seen = await createUsers(db, testWorld()).get(other.id)
    expect(await imports.write([{ user: { ...other, username: 'lin' }, seen }])).toBe('meanwhile')
  })

  it('take a newer state only while they are as they were seen', async () => {
    const db = await openFresh()
    const imports = createUserImport(db)
    const users = createUsers(db, testWorld())
    await imports.write([{ user: lin }])
    const newer = { ...lin, name: 'Lin', passwordHash: null, passwordAlgorithm: null, updatedAt: 9 }

    const seen = await users.get(lin.id)
    expect(await users.passwordMatches(seen, 'old password')).toBe(true)
    expect(await imports.write([{ user: newer, seen }])).toBe('meanwhile')
    const again = await users.get(lin.id)
    await users.update(lin.id, { name: 'Own' })
    expect(await imports.write([{ user: newer, seen: again }])).toBe('meanwhile')
    expect(await users.get(lin.id)).toMatchObject({ name: 'Own', passwordAlgorithm: null })
    const last = await users.get(lin.id)
    expect(await imports.write([{ user: newer, seen: last }])).toBe('written')
    expect(await users.get(lin.id)).toMatchObject(newer)
  })

  it('exchange identifiers all at once: whoever looks sees all of the old state or all of the new one', async () => {
    const db = await openFresh()
    const { write } = createUserImport(db)
    const users = createUsers(db, testWorld())
    const { username, primaryEmail, primaryPhone } = lin
    const wei = {
      ...lin,
      id: 'wei000000001',
      username: 'wei',
      primaryEmail: null,
      primaryPhone: '8613800138001',
    }
    await write([{ user: lin }])
    await write([{ user: wei }])
    const both = async () => [await users.get(lin.id), await users.get(wei.id)] as const
    const exchanged = async () => {
      const [seenLin, seenWei] = await both()
      return [
        {
          user: { ...lin, username: 'wei', primaryEmail: null, primaryPhone: '8613800138001' },
          seen: seenLin,
        },
        { user: { ...wei, username, primaryEmail, primaryPhone }, seen: seenWei },
      ]
    }
    const before = await both()

    // It dies before the end.
    const dying = async () => Promise.reject(new Error('killed'))
    await expect(write(await exchanged(), dying)).rejects.toThrow('killed')
    expect(await both()).toEqual(before)
    // Somebody signs in meanwhile, or takes one of the numbers.
    const seen = await exchanged()
    await users.update(wei.id, { name: 'Own' })
    const changed = await both()
    expect(await write(seen)).toBe('meanwhile')
    expect(await both()).toEqual(changed)
    const other = { ...wei, id: 'other0000001', username: null, primaryPhone: '8613800138002' }
    await write([{ user: other }])
    const [first, second] = await exchanged()
    const taking = { ...second!, user: { ...second!.user, primaryPhone: other.primaryPhone } }
    expect(await write([first!, taking])).toBe('meanwhile')
    expect(await both()).toEqual(changed)

    expect(await write(await exchanged(), async tx => expect(tx.isTransaction).toBe(true))).toBe('written')
    expect(await both()).toMatchObject((await exchanged()).map(({ user }) => user))
  })

  it('bring hashes that can be checked here, and are told why others cannot', async () => {
    const { hashProblem } = createUserImport(await openFresh())
    expect(await hashProblem('MD5', DIGEST)).toBeUndefined()
    expect(await hashProblem('MD5', 'no digest')).toContain('malformed')
    expect(await hashProblem('Scrypt', DIGEST)).toContain('not known')
    expect(await hashProblem('Legacy', JSON.stringify(['whirlpool9', ['@'], DIGEST]))).toContain('not known')
  })
})
