import { AsyncLocalStorage, createHook } from 'node:async_hooks'
import { argon2Sync, createHash, pbkdf2Sync } from 'node:crypto'
import { hashSync } from 'bcryptjs'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { PasswordAlgorithm } from '../crypto/imported-passwords.ts'
import { eachDatabase } from '../db/testing.ts'
import { errorOf, testWorld } from '../testing/world.ts'
import { hashPassword } from './passwords.ts'
import { AT_ONCE, inTurn } from './turns.ts'
import { createUsers, isPasswordExpired } from './users.ts'

const DAY = 24 * 60 * 60_000
const PASSWORD = 'correct horse'

const hex = (algorithm: string, text: string) => createHash(algorithm).update(text).digest('hex')

function argon(kind: 'argon2i' | 'argon2id' | 'argon2d', password = PASSWORD): string {
  const nonce = Buffer.from('sixteen bytes ok')
  const cost = { memory: 64, passes: 3, parallelism: 1 }
  const tag = argon2Sync(kind, { message: Buffer.from(password), nonce, tagLength: 32, ...cost })
  const text = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '')
  return `$${kind}$v=19$m=64,t=3,p=1$${text(nonce)}$${text(tag)}`
}

const pbkdf2 = (salt: string, bytes: Buffer) =>
  JSON.stringify([
    'pbkdf2',
    [salt, '1000', '20', 'sha512', '@'],
    pbkdf2Sync(PASSWORD, bytes, 1000, 20, 'sha512').toString('hex'),
  ])

const derived = (rounds: number, length: number, digest: string, salt: string | Buffer = 'salt') =>
  pbkdf2Sync(PASSWORD, salt, rounds, length, digest)

/** A credential as Keycloak exports it: JSON in JSON. */
function keycloak(algorithm: string, rounds: number, value: Buffer, more: object = {}): string {
  const [credentialData, secretData] = [
    { hashIterations: rounds, algorithm, additionalParameters: more },
    { value: value.toString('base64'), salt: SALT.toString('base64'), additionalParameters: {} },
  ].map(each => JSON.stringify(each))
  return JSON.stringify({ type: 'password', credentialData, secretData })
}
const SALT = Buffer.from('sixteen bytes ok')

const argonTag = (memory: number, passes: number, tagLength: number) =>
  argon2Sync('argon2id', { message: PASSWORD, nonce: SALT, memory, passes, parallelism: 1, tagLength })

/** Published by Firebase with its variant of scrypt (github.com/firebase/scrypt, README): of `user1password`. */
const FIREBASE = {
  signerKey: 'jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==',
  separator: 'Bw==',
  salt: '42xEC+ixf3L2lw==',
  hash: 'lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==',
}

const firebase = (change: { rounds?: string; memoryCost?: string; hash?: string; salt?: string } = {}) => {
  const { signerKey, separator, salt, hash, rounds = '8', memoryCost = '14' } = { ...FIREBASE, ...change }
  return JSON.stringify(['firebase-scrypt', [signerKey, separator, rounds, memoryCost, salt, '@'], hash])
}

/** Hashes with their passwords as their makers published them. */
const PUBLISHED: [string, PasswordAlgorithm, string, string][] = [
  ['Firebase', 'Legacy', 'user1password', firebase()],
  [
    'Firebase, in hexadecimal digits',
    'Legacy',
    'user1password',
    firebase({ hash: Buffer.from(FIREBASE.hash, 'base64').toString('hex') }),
  ],
  [
    "Firebase, in Logto's order",
    'Legacy',
    'user1password',
    JSON.stringify([
      'firebase-scrypt',
      [FIREBASE.salt, FIREBASE.signerKey, FIREBASE.separator, 8, 14, '@'],
      FIREBASE.hash,
    ]),
  ],
  ['Openwall', 'Bcrypt', 'U*U', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
  ['PHP', 'Bcrypt', 'rasmuslerdorf', '$2a$07$usesomesillystringfore2uDLvp1Ii2e./U9C8sBjqp8I90dH6hi'],
  ['PHP 2y', 'Bcrypt', 'rasmuslerdorf', '$2y$07$usesomesillystringfore2uDLvp1Ii2e./U9C8sBjqp8I90dH6hi'],
  [
    "Logto's guide for moving in",
    'Legacy',
    'password123',
    '["sha256", ["salt123", "@"], "c465f66c6ac481a7a17e9ed5b4e2e7e7288d892f12bf1c95c140901e9a70436e"]',
  ],
]

const HASHES: [PasswordAlgorithm, string][] = [
  ['Bcrypt', hashSync(PASSWORD, 4)],
  ['Argon2i', argon('argon2i')],
  ['Argon2id', argon('argon2id')],
  ['Argon2d', argon('argon2d')],
  ['SHA1', hex('sha1', PASSWORD)],
  ['SHA256', hex('sha256', PASSWORD).toUpperCase()],
  ['MD5', hex('md5', PASSWORD)],
  ['Legacy', JSON.stringify(['sha512', ['salt', '@', 'pepper'], hex('sha512', `salt${PASSWORD}pepper`)])],
  ['Legacy', pbkdf2('salt', Buffer.from('salt'))],
  ['Legacy', pbkdf2('hex:00ff', Buffer.from([0, 255]))],
  ...['SHA256', 'SHA-256', 'sha2-256', 'Sha256', 'RSA-SHA256'].map((name): [PasswordAlgorithm, string] => [
    'Legacy',
    JSON.stringify([name, ['s4lt', '@'], hex('sha256', `s4lt${PASSWORD}`)]),
  ]),
  [
    'Legacy',
    JSON.stringify([
      'SHA2-512',
      [2024, '@'],
      createHash('sha512').update(`2024${PASSWORD}`).digest('base64'),
    ]),
  ],
  ...(['base64', 'base64url', 'hex'] as const).flatMap((encoding): [PasswordAlgorithm, string][] => [
    [
      'Legacy',
      JSON.stringify([
        'pbkdf2',
        ['salt', '870', '32', 'sha256', '@'],
        derived(870, 32, 'sha256').toString(encoding),
      ]),
    ],
    [
      'Legacy',
      JSON.stringify([
        'pbkdf2Sync',
        ['salt', 870, 64, 'SHA2-512', '@'],
        derived(870, 64, 'sha512').toString(encoding),
      ]),
    ],
  ]),
  // Made with Python's hashlib, in the words of Django and authentik.
  ['Legacy', 'pbkdf2_sha256$1000$saltsaltsalt$F7o7+5VTVzFAO998X6s3AHrDsJVdMiIlgndIMe19NvY='],
  ['Legacy', `pbkdf2_sha1$1000$salt$${derived(1000, 20, 'sha1').toString('base64')}`],
  [
    'Legacy',
    'scrypt$1024$NaCl$8$1$xPqUjhGxb1BHAUIHq9nbFDlZKbsN1Xtol93brViIQhuOVLtnbYBKkyAoRO+IGVlSNmD8Q+mhNvg7U0V3z3jzAg==',
  ],
  ['Legacy', `argon2${argon('argon2id')}`],
  ['Legacy', `bcrypt_sha256$${hashSync(hex('sha256', PASSWORD), 4)}`],
  ['Legacy', `md5$salt$${hex('md5', `salt${PASSWORD}`)}`],
  ['Legacy', `sha1$salt$${hex('sha1', `salt${PASSWORD}`)}`],
  ['Legacy', keycloak('pbkdf2-sha256', 275, derived(275, 64, 'sha256', SALT))],
  ['Legacy', keycloak('pbkdf2-sha512', 210, derived(210, 64, 'sha512', SALT))],
  ['Legacy', keycloak('pbkdf2', 100, derived(100, 64, 'sha1', SALT))],
  [
    'Legacy',
    keycloak('argon2', 5, argonTag(7168, 5, 32), {
      hashLength: ['32'],
      memory: ['7168'],
      type: ['id'],
      version: ['1.3'],
      parallelism: ['1'],
    }),
  ],
]

const FORMAT = 'password.invalid_legacy_password_format'
const UNSUPPORTED = 'password.unsupported_legacy_hash_algorithm'

const legacy = (algorithm: string, parts: string[], expected: string) => ({
  passwordDigest: JSON.stringify([algorithm, parts, expected]),
  passwordAlgorithm: 'Legacy',
})
const bcrypt = (head: string) => ({ passwordDigest: head + 'a'.repeat(53), passwordAlgorithm: 'Bcrypt' })
const argonOf = (rest: string) => ({
  passwordDigest: `$argon2id$v=19$${rest}`,
  passwordAlgorithm: 'Argon2id',
})

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

  test.each(PUBLISHED)('is read as its maker means it: %s', async (_maker, algorithm, password, digest) => {
    const users = createUsers(await openFresh(), testWorld())
    const user = await users.create({ passwordAlgorithm: algorithm, passwordDigest: digest })
    expect(await users.passwordMatches(user, `${password} `)).toBe(false)
    expect(await users.passwordMatches(user, password)).toBe(true)
    expect((await users.get(user.id)).passwordAlgorithm).toBeNull()
  })

  test('of a server like this one lets its user in with letters that can be written in several ways', async () => {
    // As one letter each, as letter and accent, and in full width; the hash is of the first form but for one.
    const [composed, apart, wide] = ['Zo\u00eb 123456', 'Zoe\u0308 123456', 'Zo\u00eb \uff11\uff12\uff13456']
    const users = createUsers(await openFresh(), testWorld())
    const passwordAlgorithm = 'Argon2id'
    const passwordDigest = await hashPassword(wide)
    for (const password of [composed, apart, wide]) {
      const user = await users.create({ passwordAlgorithm, passwordDigest })
      expect(await users.passwordMatches(user, `${password}7`)).toBe(false)
      expect(await users.passwordMatches(user, password)).toBe(true)
    }
    // Of a server that hashes what was typed.
    for (const typed of [apart, wide]) {
      const user = await users.create({ passwordAlgorithm, passwordDigest: argon('argon2id', typed) })
      expect(await users.passwordMatches(user, composed)).toBe(false)
      expect(await users.passwordMatches(user, typed)).toBe(true)
      const upgraded = await users.get(user.id)
      expect(upgraded.passwordAlgorithm).toBeNull()
      expect(await users.passwordMatches(upgraded, typed)).toBe(true)
    }
  })

  test('stays when its bcrypt saw a part of the password alone', async () => {
    const users = createUsers(await openFresh(), testWorld())
    const long = 'correct horse '.repeat(6)
    const digest = hashSync(long, 4)
    const user = await users.create({ passwordAlgorithm: 'Bcrypt', passwordDigest: digest })
    expect(await users.passwordMatches(user, `${long}mistyped`)).toBe(true)
    expect(await users.get(user.id)).toMatchObject({ passwordHash: digest, passwordAlgorithm: 'Bcrypt' })
    expect(await users.passwordMatches(await users.get(user.id), long)).toBe(true)
  })

  test('of a heavier kind than is taken over today lets its user in once more, alone, and becomes one of ours', async () => {
    const db = await openFresh()
    const users = createUsers(db, testWorld())
    const cost = { memory: 65 * 1024, passes: 1, parallelism: 1 }
    const nonce = Buffer.from('sixteen bytes ok')
    const tag = argon2Sync('argon2id', { message: Buffer.from(PASSWORD), nonce, tagLength: 32, ...cost })
    const text = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '')
    const digest = `$argon2id$v=19$m=${cost.memory},t=1,p=1$${text(nonce)}$${text(tag)}`
    const input = { passwordAlgorithm: 'Argon2id', passwordDigest: digest } as const
    expect((await errorOf(users.create(input))).code).toBe(FORMAT)
    const { id } = await users.create({})
    const stored = { password_hash: digest, password_algorithm: 'Argon2id' }
    await db.updateTable('users').set(stored).where('id', '=', id).execute()
    const user = await users.get(id)

    const { promise, resolve } = Promise.withResolvers<void>()
    const other = inTurn(() => promise)
    let isOver = false
    const check = users.passwordMatches(user, PASSWORD).finally(() => {
      isOver = true
    })
    // A hash of ours would find a place beside the other one.
    await new Promise(done => setTimeout(done, 300))
    expect([AT_ONCE, isOver]).toEqual([2, false])
    resolve()
    await other
    expect(await check).toBe(true)
    expect(await users.get(id)).toMatchObject({
      passwordHash: expect.stringMatching(/^\$argon2id\$v=19\$m=19456,/),
      passwordAlgorithm: null,
    })
  })

  test('of ours that costs something else than today becomes one that costs the same', async () => {
    const db = await openFresh()
    const users = createUsers(db, testWorld())
    const { id } = await users.create({})
    await db
      .updateTable('users')
      .set({ password_hash: argon('argon2id') })
      .where('id', '=', id)
      .execute()
    expect(await users.passwordMatches(await users.get(id), 'wrong horse')).toBe(false)
    expect((await users.get(id)).passwordHash).toBe(argon('argon2id'))
    expect(await users.passwordMatches(await users.get(id), PASSWORD)).toBe(true)
    expect((await users.get(id)).passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,/)
  })

  test('costs a stranger nothing who names nobody: that is one hash of ours, as for a user of ours', async () => {
    const users = createUsers(await openFresh(), testWorld())
    const asking = new AsyncLocalStorage<string>()
    const hashes: string[] = []
    const hook = createHook({
      init(_, type) {
        const value = asking.getStore()
        if (type === 'ARGON2REQUEST' && value !== undefined) hashes.push(value)
      },
    }).enable()
    onTestFinished(() => void hook.disable())
    await users.create({ username: 'grace', password: PASSWORD })
    await users.create({ passwordAlgorithm: 'Argon2i', passwordDigest: argon('argon2i') })
    // At once, since each refusal takes a second.
    const found = ['grace', 'nobody'].map(value =>
      asking.run(value, () => users.findByPassword({ type: 'username', value }, 'wrong horse')),
    )
    expect(await Promise.all(found)).toEqual([undefined, undefined])
    expect(hashes.toSorted()).toEqual(['grace', 'nobody'])
  })

  test('lets nobody in but its user', async () => {
    const db = await openFresh()
    const users = createUsers(db, testWorld())
    const digest = hashSync(PASSWORD, 4)
    const user = await users.create({ username: 'ada', passwordAlgorithm: 'Bcrypt', passwordDigest: digest })
    const find = (type: 'username' | 'email' | 'phone', value: string, password = PASSWORD) =>
      users.findByPassword({ type, value }, password)
    await users.create({ username: 'grace' })
    // At once, since each refusal takes a second.
    const refused = await Promise.all([
      find('username', 'nobody'),
      find('email', 'ada@example.com'),
      find('phone', '8613800138000'),
      find('username', 'ada', 'wrong horse'),
      find('username', 'grace', ''),
    ])
    expect(refused).toEqual(refused.map(() => undefined))
    expect((await users.get(user.id)).passwordHash).toBe(digest)
    expect(await find('username', 'ada')).toMatchObject({ username: 'ada', createdAt: user.createdAt })
  })

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
    [legacy('sha256', ['@'], 'no digits'), FORMAT],
    [legacy('sha256', ['@'], 'abcd'), FORMAT],
    [legacy('pbkdf2', ['@', 'hex:0g', '9', '20', 'sha1'], '00'.repeat(20)), FORMAT],
    [legacy('pbkdf2', ['@', 'salt', '9', '20', 'sha1'], '00'), FORMAT],
    [legacy('pbkdf2', ['@', 'salt', '9', '20', 'shake128'], '00'.repeat(20)), UNSUPPORTED],
    [legacy('pbkdf2', ['@', 'salt', '9', '20', 'sha1'], Buffer.alloc(21).toString('base64')), FORMAT],
    [{ passwordDigest: 'pbkdf2_sha256$1000$salt', passwordAlgorithm: 'Legacy' }, FORMAT],
    [{ passwordDigest: 'pbkdf2_sha256$many$salt$AAAA', passwordAlgorithm: 'Legacy' }, FORMAT],
    [{ passwordDigest: `scrypt$1000$salt$8$1$${'A'.repeat(86)}`, passwordAlgorithm: 'Legacy' }, FORMAT],
    [{ passwordDigest: keycloak('rot13', 1, SALT), passwordAlgorithm: 'Legacy' }, FORMAT],
    [bcrypt('$2b$03$'), FORMAT],
    [bcrypt('$2x$10$'), FORMAT],
    [bcrypt('$2b$1$'), FORMAT],
    [argonOf('m=64,t=3,p=1$aaaa$aaaaaaaa'), FORMAT],
    [argonOf('m=64,t=3,p=1$aaaaaaaaaaaa$aaaa'), FORMAT],
    [{ passwordDigest: firebase({ salt: '?' }), passwordAlgorithm: 'Legacy' }, FORMAT],
    [{ passwordDigest: firebase({ hash: 'AAAA' }), passwordAlgorithm: 'Legacy' }, FORMAT],
    [{ passwordDigest: firebase({ memoryCost: '0' }), passwordAlgorithm: 'Legacy' }, FORMAT],
    [legacy('firebase-scrypt', ['@'], 'AAAA'), FORMAT],
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

  test.each<[object]>([
    [bcrypt('$2b$14$')],
    [bcrypt('$2b$31$')],
    [argonOf(`m=65537,t=1,p=1$${'a'.repeat(22)}$${'a'.repeat(43)}`)],
    [argonOf(`m=65536,t=17,p=1$${'a'.repeat(22)}$${'a'.repeat(43)}`)],
    [argonOf(`m=8,t=4000000000,p=1$${'a'.repeat(22)}$${'a'.repeat(43)}`)],
    [legacy('pbkdf2', ['@', 'salt', '1500001', '20', 'sha1'], '00'.repeat(20))],
    [legacy('pbkdf2', ['@', 'salt', '60000', '512', 'sha1'], '00'.repeat(512))],
    [{ passwordDigest: `pbkdf2_sha256$1500001$salt$${'A'.repeat(43)}`, passwordAlgorithm: 'Legacy' }],
    [{ passwordDigest: `scrypt$32768$salt$8$1$${'A'.repeat(86)}`, passwordAlgorithm: 'Legacy' }],
    [
      {
        passwordDigest: `argon2$argon2id$v=19$m=102400,t=2,p=8$${'a'.repeat(22)}$${'a'.repeat(43)}`,
        passwordAlgorithm: 'Legacy',
      },
    ],
    [{ passwordDigest: keycloak('pbkdf2', 1_300_000, Buffer.alloc(64)), passwordAlgorithm: 'Legacy' }],
    [{ passwordDigest: firebase({ memoryCost: '15' }), passwordAlgorithm: 'Legacy' }],
    [{ passwordDigest: firebase({ memoryCost: '62' }), passwordAlgorithm: 'Legacy' }],
    [{ passwordDigest: firebase({ rounds: '9' }), passwordAlgorithm: 'Legacy' }],
  ])('is refused when checking it would hold the server up: %j', async input => {
    const users = createUsers(await openFresh(), testWorld())
    expect(await errorOf(users.create(input))).toMatchObject({
      code: FORMAT,
      data: { message: expect.stringContaining('more time or memory') },
    })
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
