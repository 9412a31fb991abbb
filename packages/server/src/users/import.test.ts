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
    expect(await createUserImport(db).insert(lin)).toBe('written')
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
    await imports.insert(lin)
    const other = { ...lin, id: 'other0000001', username: null, primaryEmail: null, primaryPhone: null }
    for (const user of [
      lin,
      { ...other, username: 'lin' },
      { ...other, primaryEmail: 'LIN@example.com' },
      { ...other, primaryPhone: '8613800138000' },
    ])
      expect(await imports.insert(user)).toBe('meanwhile')
    expect(await imports.insert(other)).toBe('written')
    const seen = await createUsers(db, testWorld()).get(other.id)
    expect(await imports.replace({ ...other, username: 'lin' }, seen)).toBe('meanwhile')
  })

  it('take a newer state only while they are as they were seen', async () => {
    const db = await openFresh()
    const imports = createUserImport(db)
    const users = createUsers(db, testWorld())
    await imports.insert(lin)
    const newer = { ...lin, name: 'Lin', passwordHash: null, passwordAlgorithm: null, updatedAt: 9 }

    const seen = await users.get(lin.id)
    expect(await users.passwordMatches(seen, 'old password')).toBe(true)
    expect(await imports.replace(newer, seen)).toBe('meanwhile')
    const again = await users.get(lin.id)
    await users.update(lin.id, { name: 'Own' })
    expect(await imports.replace(newer, again)).toBe('meanwhile')
    expect(await users.get(lin.id)).toMatchObject({ name: 'Own', passwordAlgorithm: null })
    expect(await imports.replace(newer, await users.get(lin.id))).toBe('written')
    expect(await users.get(lin.id)).toMatchObject(newer)
  })

  it('bring hashes that can be checked here, and are told why others cannot', async () => {
    const { hashProblem } = createUserImport(await openFresh())
    expect(await hashProblem('MD5', DIGEST)).toBeUndefined()
    expect(await hashProblem('MD5', 'no digest')).toContain('malformed')
    expect(await hashProblem('Scrypt', DIGEST)).toContain('not known')
    expect(await hashProblem('Legacy', JSON.stringify(['whirlpool9', ['@'], DIGEST]))).toContain('not known')
  })
})
