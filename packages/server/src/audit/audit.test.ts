import { type Kysely, sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { addAuditFilters } from '../db/audit-filters.ts'
import type { Database } from '../db/database.ts'
import { eachDatabase } from '../db/testing.ts'
import { ApiError } from '../refusals/refusal.ts'
import { dump, errorOf, testWorld } from '../testing/world.ts'
import { createUsers } from '../users/users.ts'
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

  test('keeps an entry whatever a stranger names as an id', async () => {
    const { audit, world } = setUp(await openFresh())
    const strange = ['\0', 'a\0b', '\ud800', 'x'.repeat(10_000), '', 'a b']
    for (const applicationId of strange) audit.record('ExchangeTokenBy.Unknown', { applicationId })
    const { total } = await audit.list({}, FIRST)
    expect(total).toBe(strange.length)
    expect(await audit.list({ applicationId: 'app' }, FIRST)).toMatchObject({ total: 0 })
    expect(world.lines.join()).not.toContain('lost')
  })

  test('is counted to ten thousand, and one more says that there are more', async () => {
    const db = await openFresh()
    const { audit } = setUp(db)
    const nobody = { user_id: null, application_id: null, operator_id: null, operator_concerned_id: null }
    const row = { key: 'Unknown', payload: '{}', ...nobody, failed: 0 as const, created_at: 1 }
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

  test('is cut down to failures, and to an operator who did it or to whom it was done', async () => {
    const { audit } = setUp(await openFresh())
    audit.record('Action.AddOperator', { operatorId: 'o1', operator: { id: 'o2', name: 'Bo' } })
    audit.record('Action.SignInOperator', {
      operator: { id: 'o1', name: 'Ada' },
      error: new ApiError('user.suspended'),
    })
    audit.record('Interaction.End', { userId: 'u1', error: new ApiError('user.suspended') })
    const keys = async (filter: Parameters<typeof audit.list>[0]) =>
      (await audit.list(filter, FIRST)).logs.map(({ key }) => key.split('.')[1]).sort()
    expect(await keys({ failed: true })).toEqual(['End', 'SignInOperator'])
    expect(await keys({ failed: false })).toEqual(['AddOperator'])
    expect(await keys({ operatorId: 'o1' })).toEqual(['AddOperator', 'SignInOperator'])
    expect(await keys({ operatorId: 'o2' })).toEqual(['AddOperator'])
    expect(await keys({ operatorId: 'o1', failed: true })).toEqual(['SignInOperator'])
    expect(await keys({ operatorId: 'u1' })).toEqual([])
  })

  test('is cut down so where entries were written before it could be, too', async () => {
    const db = await openFresh()
    for (const index of ['failure', 'operator_id', 'operator_concerned_id'])
      await db.schema.dropIndex(`audit_logs_by_${index}`).execute()
    for (const column of ['failed', 'operator_id', 'operator_concerned_id'])
      await db.schema.alterTable('audit_logs').dropColumn(column).execute()
    const old = (key: string, payload: object) =>
      sql`insert into audit_logs (id, key, payload, created_at)
        values (${key}, ${key}, ${JSON.stringify({ key, ...payload })}, 1)`.execute(db)
    await old('Action.A', { result: 'Success', operatorId: 'o1', operatorName: 'Ada' })
    await old('Action.B', { result: 'Error', operator: { id: 'o2', name: 'Bo' } })
    await old('Action.C', { result: 'Success', payload: { note: '","result":"Error"' }, operator: null })
    await old('Action.D', { result: 'Success', members: ['operator'], data: { key: 'D', result: 'Error' } })
    await addAuditFilters(db as unknown as Kysely<unknown>)
    const { audit } = setUp(db)
    const ids = async (filter: Parameters<typeof audit.list>[0]) =>
      (await audit.list(filter, FIRST)).logs.map(({ id }) => id)
    expect(await ids({ failed: true })).toEqual(['Action.B'])
    expect(await ids({ operatorId: 'o1' })).toEqual(['Action.A'])
    expect(await ids({ operatorId: 'o2' })).toEqual(['Action.B'])
  })

  test('finds users by any part of what they are called, and those who are gone by their id', async () => {
    const db = await openFresh()
    const { audit, world } = setUp(db)
    const users = createUsers(db, world)
    const ada = await users.create({ username: 'ada_l', primaryEmail: 'Ada@bücher.example.com' })
    const lin = await users.create({ name: 'Lin Wei', primaryPhone: '8613800138000' })
    const gone = await users.create({ username: 'adaXl' })
    for (const [key, { id }] of Object.entries({ ada, lin, gone })) audit.record(key, { userId: id })
    audit.record('nobody')
    await audit.settled()
    await users.delete(gone.id)
    const found = async (text: string) =>
      (await audit.list({ anyOf: { found: users.idsFor(text), id: text } }, FIRST)).logs.map(({ key }) => key)
    for (const text of ['+86 138-0013-8000', '13800138000', '008613800138000', '138 0013', 'lin wei', lin.id])
      expect(await found(text), text).toEqual(['lin'])
    for (const text of ['ada_l', 'ada@bücher.example.com', 'ADA＠bücher.example.com', ada.id.slice(2)])
      expect(await found(text), text).toEqual(['ada'])
    expect(await found(gone.id)).toEqual(['gone'])
    for (const text of ['%', '_', '\\', "' or 1=1 --", 'nobody'])
      expect(await found(text), text).toEqual(text === '_' ? ['ada'] : [])
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
