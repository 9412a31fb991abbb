import { argon2Sync, createHash, pbkdf2Sync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { PasswordAlgorithm } from '../crypto/imported-passwords.ts'
import { eachDatabase } from '../db/testing.ts'
import { errorOf, testWorld } from '../testing/world.ts'
import { createUsers, isPasswordExpired } from './users.ts'

const DAY = 24 * 60 * 60_000
const PASSWORD = 'correct horse'

const hex = (algorithm: string, text: string) => createHash(algorithm).update(text).digest('hex')

function argon(kind: 'argon2i' | 'argon2id' | 'argon2d'): string {
  const nonce = Buffer.from('sixteen bytes ok')
  const cost = { memory: 64, passes: 3, parallelism: 1 }
  const tag = argon2Sync(kind, { message: Buffer.from(PASSWORD), nonce, tagLength: 32, ...cost })
  const text = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '')
  return `$${kind}$v=19$m=64,t=3,p=1$${text(nonce)}$${text(tag)}`
}

const pbkdf2 = (salt: string, bytes: Buffer) =>
  JSON.stringify([
    'pbkdf2',
    [salt, '1000', '20', 'sha512', '@'],
    pbkdf2Sync(PASSWORD, bytes, 1000, 20, 'sha512').toString('hex'),
  ])

const HASHES: [PasswordAlgorithm, string][] = [
  ['Argon2i', argon('argon2i')],
  ['Argon2id', argon('argon2id')],
  ['Argon2d', argon('argon2d')],
  ['SHA1', hex('sha1', PASSWORD)],
  ['SHA256', hex('sha256', PASSWORD).toUpperCase()],
  ['MD5', hex('md5', PASSWORD)],
  ['Legacy', JSON.stringify(['sha512', ['salt', '@', 'pepper'], hex('sha512', `salt${PASSWORD}pepper`)])],
  ['Legacy', pbkdf2('salt', Buffer.from('salt'))],
  ['Legacy', pbkdf2('hex:00ff', Buffer.from([0, 255]))],
]

eachDatabase('a password hash of another system', openFresh => {
  test.each(HASHES)(
    'lets its user in and becomes one of ours: %s',
    async (passwordAlgorithm, passwordDigest) => {
      const users = createUsers(await openFresh(), testWorld())
      const user = await users.create({ passwordAlgorithm, passwordDigest })
      expect(await users.passwordMatches(user, 'wrong horse')).toBe(false)
      expect(await users.get(user.id)).toMatchObject({ passwordHash: passwordDigest, passwordAlgorithm })
      expect(await users.passwordMatches(user, PASSWORD)).toBe(true)
      const upgraded = await users.get(user.id)
      expect(upgraded).toMatchObject({
        passwordHash: expect.stringMatching(/^\$argon2id\$/),
        passwordAlgorithm: null,
        passwordChangedAt: user.passwordChangedAt,
      })
      expect(await users.passwordMatches(upgraded, PASSWORD)).toBe(true)
    },
  )

  test('never replaces a password that was set meanwhile', async () => {
    const users = createUsers(await openFresh(), testWorld())
    const stale = await users.create({ passwordAlgorithm: 'MD5', passwordDigest: hex('md5', PASSWORD) })
    await users.update(stale.id, { password: 'newer' })
    expect(await users.passwordMatches(stale, PASSWORD)).toBe(true)
    const user = await users.get(stale.id)
    expect(await users.passwordMatches(user, 'newer')).toBe(true)
    expect(await users.passwordMatches(user, PASSWORD)).toBe(false)
  })

  test.each<[object, string]>([
    [{ password: 'x', passwordDigest: 'y', passwordAlgorithm: 'MD5' }, 'user.password_and_digest'],
    [{ passwordDigest: 'y' }, 'user.password_algorithm_required'],
    [{ passwordDigest: 'y', passwordAlgorithm: 'MD5' }, 'password.invalid_legacy_password_format'],
    [
      { passwordDigest: argon('argon2i'), passwordAlgorithm: 'Argon2d' },
      'password.invalid_legacy_password_format',
    ],
    [
      { passwordDigest: '$argon2id$v=19$m=1,t=1,p=1$aaaa$bbbb', passwordAlgorithm: 'Argon2id' },
      'password.invalid_legacy_password_format',
    ],
    [
      { passwordDigest: `$2b$10$${'a'.repeat(53)}`, passwordAlgorithm: 'Bcrypt' },
      'password.unsupported_legacy_hash_algorithm',
    ],
    [{ passwordDigest: '{}', passwordAlgorithm: 'Legacy' }, 'password.invalid_legacy_password_format'],
    [
      { passwordDigest: '["sha1",["salt"],"00"]', passwordAlgorithm: 'Legacy' },
      'password.invalid_legacy_password_format',
    ],
    [
      { passwordDigest: '["rot13",["@"],"00"]', passwordAlgorithm: 'Legacy' },
      'password.unsupported_legacy_hash_algorithm',
    ],
    [
      { passwordDigest: '["pbkdf2",["@","salt","0","20","sha1"],"00"]', passwordAlgorithm: 'Legacy' },
      'password.invalid_legacy_password_format',
    ],
    [
      { passwordDigest: '["pbkdf2",["@","salt","9","20","rot13"],"00"]', passwordAlgorithm: 'Legacy' },
      'password.unsupported_legacy_hash_algorithm',
    ],
  ])('is refused when nothing could be compared with it: %j', async (input, code) => {
    const users = createUsers(await openFresh(), testWorld())
    expect((await errorOf(users.create(input))).code).toBe(code)
    expect((await users.list(undefined, 20, 0)).total).toBe(0)
  })

  test('parallel changes of different members of an object lose none', async () => {
    const users = createUsers(await openFresh(), testWorld())
    const { id } = await users.create({ customData: { kept: true } })
    const members = ['a', 'b', 'c', 'd', 'e', 'f']
    await Promise.all(members.map(name => users.merge(id, 'customData', { [name]: 1 })))
    expect(Object.keys((await users.get(id)).customData).sort()).toEqual([...members, 'kept'])
    expect((await users.merge(id, 'profile', { nickname: 'A' })).profile).toEqual({ nickname: 'A' })
    expect((await errorOf(users.merge('nobody', 'profile', {}))).code).toBe('entity.not_found')
  })
})

describe('a password', () => {
  const settings = (enabledAt?: number) => ({
    passwordExpiration: { enabled: true, validPeriodDays: 30, enabledAt },
  })
  const user = (change: object) =>
    ({ passwordHash: 'x', passwordChangedAt: null, passwordExpired: false, createdAt: 0, ...change }) as never

  test('expires a period after it was set', () => {
    const fresh = user({ passwordChangedAt: 10 * DAY })
    expect(isPasswordExpired(fresh, settings(), 40 * DAY)).toBe(false)
    expect(isPasswordExpired(fresh, settings(), 40 * DAY + 1)).toBe(true)
  })

  test('of before that was written down expires a period after passwords began to', () => {
    expect(isPasswordExpired(user({}), settings(20 * DAY), 50 * DAY)).toBe(false)
    expect(isPasswordExpired(user({}), settings(20 * DAY), 51 * DAY)).toBe(true)
    expect(isPasswordExpired(user({}), settings(), 31 * DAY)).toBe(true)
  })

  test('that is marked as expired is, while passwords expire at all', () => {
    const marked = user({ passwordExpired: true, passwordChangedAt: DAY })
    expect(isPasswordExpired(marked, settings(), DAY)).toBe(true)
    expect(isPasswordExpired(marked, { passwordExpiration: {} }, DAY)).toBe(false)
    expect(
      isPasswordExpired(marked, { passwordExpiration: { enabled: false, validPeriodDays: 1 } }, 9 * DAY),
    ).toBe(false)
  })

  test('that is none does not expire', () => {
    expect(isPasswordExpired(user({ passwordHash: null, passwordExpired: true }), settings(), 99 * DAY)).toBe(
      false,
    )
  })
})
