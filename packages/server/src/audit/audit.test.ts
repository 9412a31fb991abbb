import { describe, expect, test } from 'vitest'
import type { Database } from '../db/database.ts'
import { eachDatabase } from '../db/testing.ts'
import { ApiError } from '../refusals/refusal.ts'
import { dump, errorOf, testWorld } from '../testing/world.ts'
import { createAudit } from './audit.ts'
import { strike } from './strike.ts'

const DAY = 24 * 60 * 60_000
const FIRST = { size: 20, offset: 0, cap: false }

function setUp(db: Database) {
  const world = testWorld()
  return { world, audit: createAudit(db, world, 90) }
}

eachDatabase('the audit log', openFresh => {
  test('says who did what, from where, and what came of it', async () => {
    const { audit, world } = setUp(await openFresh())
    audit.during({ ip: '203.0.113.7', userAgent: 'Test/1' }, () => {
      audit.note({ applicationId: 'app' })
      audit.record('Interaction.SignIn.Create', { userId: 'ada' })
    })
    world.wait(1)
    audit.record('Interaction.SignIn.Submit', {
      error: new ApiError('user.suspended', { data: { to: 'x' } }),
    })
    const { logs, total } = await audit.list({}, FIRST)
    expect(total).toBe(2)
    expect(logs).toEqual([
      {
        tenantId: 'default',
        id: expect.stringMatching(/^[0-9a-z]{21}$/),
        key: 'Interaction.SignIn.Submit',
        payload: {
          key: 'Interaction.SignIn.Submit',
          result: 'Error',
          error: { code: 'user.suspended', message: expect.any(String) },
        },
        createdAt: world.now(),
      },
      expect.objectContaining({
        payload: {
          key: 'Interaction.SignIn.Create',
          result: 'Success',
          ip: '203.0.113.7',
          userAgent: 'Test/1',
          userAgentParsed: { ua: 'Test/1', browser: {}, device: {}, engine: {}, os: {}, cpu: {} },
          userId: 'ada',
          applicationId: 'app',
        },
      }),
    ])
    expect(await audit.get(logs[1]!.id)).toEqual(logs[1])
    expect((await errorOf(audit.get('nothing'))).code).toBe('entity.not_exists_with_id')
  })

  test('is counted to ten thousand, and one more says that there are more', async () => {
    const db = await openFresh()
    const { audit } = setUp(db)
    const row = { key: 'Unknown', payload: '{}', user_id: null, application_id: null, created_at: 1 }
    const fill = async (from: number, to: number) => {
      for (let start = from; start < to; start += 1000) {
        const ids = Array.from({ length: Math.min(1000, to - start) }, (_, index) => start + index)
        await db
          .insertInto('audit_logs')
          .values(ids.map(id => ({ ...row, id: String(id) })))
          .execute()
      }
    }
    const count = async (cap: boolean) => {
      const { total, capped } = await audit.list({}, { ...FIRST, cap })
      return [total, capped]
    }
    await fill(0, 10_000)
    expect(await count(true)).toEqual([10_000, false])
    await fill(10_000, 10_005)
    expect(await count(true)).toEqual([10_001, true])
    expect(await count(false)).toEqual([10_005, false])
  })

  test('is cut down by user, application, key and time', async () => {
    const { audit, world } = setUp(await openFresh())
    const start = world.now()
    for (const [key, userId, applicationId] of [
      ['a', 'ada', 'shop'],
      ['b', 'ada', 'blog'],
      ['a', 'grace', 'blog'],
    ] as const) {
      audit.record(key, { userId, applicationId })
      world.wait(10)
    }
    const count = async (filter: Parameters<typeof audit.list>[0]) => (await audit.list(filter, FIRST)).total
    expect(await count({})).toBe(3)
    expect(await count({ userId: 'ada' })).toBe(2)
    expect(await count({ userId: 'ada', applicationId: 'blog' })).toBe(1)
    expect(await count({ key: 'a' })).toBe(2)
    expect(await count({ from: start + 10, to: start + 20 })).toBe(2)
    expect(await count({ from: start + 11 })).toBe(1)
    expect((await audit.list({}, { size: 1, offset: 1, cap: true })).logs).toMatchObject([{ key: 'b' }])
  })

  test('forgets after its days', async () => {
    const { audit, world } = setUp(await openFresh())
    audit.record('old')
    await audit.settled()
    world.wait(90 * DAY)
    audit.record('new')
    await audit.settled()
    await audit.purge()
    expect((await audit.list({}, FIRST)).total).toBe(2)
    world.wait(1)
    await audit.purge()
    expect((await audit.list({}, FIRST)).logs).toMatchObject([{ key: 'new' }])
  })

  test('that cannot be written stops nobody', async () => {
    const db = await openFresh()
    const { audit, world } = setUp(db)
    // PostgreSQL takes no such character, SQLite no such row.
    await db.schema.alterTable('audit_logs').renameColumn('key', 'lock').execute()
    audit.record('lost')
    await audit.settled()
    await db.schema.alterTable('audit_logs').renameColumn('lock', 'key').execute()
    expect(world.lines.join()).toContain('audit entries lost')
  })

  test('holds neither codes nor secrets nor whole recipients', async () => {
    const db = await openFresh()
    const { audit } = setUp(db)
    audit.record('Interaction.SignIn.Verification.PhoneVerificationCode.Submit', {
      payload: { identifier: { type: 'phone', value: '8613800138000' }, code: '739154' },
      params: { client_secret: 's3cret', refresh_token: 't0ken', login_hint: 'ada@example.com' },
    })
    await audit.settled()
    const text = dump(await db.selectFrom('audit_logs').selectAll().execute())
    expect(text).not.toMatch(/739154|s3cret|t0ken|13800138000|ada@/)
    expect(text).toContain('+86 138****8000')
  })
})

describe('what is struck out', () => {
  test.each<[unknown, unknown]>([
    [
      { password: 'x', newPassword: 'y', cookie: 'z' },
      { password: '******', newPassword: '******', cookie: '******' },
    ],
    [
      { apiKey: 'x', accessToken: 'y', tokenTypes: ['z'] },
      { apiKey: '******', accessToken: '******', tokenTypes: ['z'] },
    ],
    [
      { code: '1', code_verifier: '2', codec: '3' },
      { code: '******', code_verifier: '******', codec: '3' },
    ],
    [{ list: [{ primaryEmail: 'ada@example.com' }] }, { list: [{ primaryEmail: 'a***@example.com' }] }],
    [
      { type: 'username', value: 'ada' },
      { type: 'username', value: 'ada' },
    ],
    [
      { hasPassword: true, count: 0, none: null, gone: undefined },
      { hasPassword: true, count: 0, none: null },
    ],
    [
      { credentials: { key: 'x' }, passwords: ['y'], passwordless: 7, secretName: null },
      { credentials: '******', passwords: '******', passwordless: '******', secretName: null },
    ],
    [
      { authorization: 'Bearer x', token: 'y', id_token_hint: 'z', authorizations: 1 },
      { authorization: '******', token: '******', id_token_hint: '******', authorizations: 1 },
    ],
    [
      {
        script: 'x',
        scriptSrc: ['y'],
        postSignInScript: 'z',
        environmentVariables: { a: 1 },
        description: 'd',
      },
      { description: 'd' },
    ],
    [
      { applicationSecret: { name: 'Default secret', value: 'x', secret: 'y' } },
      { applicationSecret: { name: 'Default secret', value: 'x', secret: '******' } },
    ],
    [{ params: { applicationSecret: { name: 'x' } } }, { params: { applicationSecret: '******' } }],
    ['text', 'text'],
  ])('of %j is left %j', (given, left) => {
    expect(strike(given)).toEqual(left)
  })
})
