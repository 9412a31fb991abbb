import { experienceRoutes } from '@countersign/api'
import { describe, expect, test } from 'vitest'
import { openDatabase } from '../db/database.ts'
import { eachServerDatabase } from '../db/testing.ts'
import { ready } from '../testing/visitor.ts'

const KIB = 1024
const byName = {
  signUp: { identifiers: ['username'], password: true, verify: false },
  signIn: {
    methods: [{ identifier: 'username', password: true, verificationCode: false, isPasswordPrimary: true }],
  },
}

const values = (size: number, name = 'x') => ({
  type: 'extraProfile',
  values: { [name]: 'x'.repeat(size) },
})

/** Every row of some tables. */
async function rowsOf(env: Record<string, string>, table: 'interactions' | 'audit_logs') {
  const db = await openDatabase(env.DATABASE_URL ?? '', env.DATA_DIR ?? '')
  const rows = await db.selectFrom(table).selectAll().execute()
  await db.destroy()
  return rows as unknown as Record<string, string>[]
}

eachServerDatabase('what strangers stage', fresh => {
  test('is kept to 44 KiB in one visit, and the audit log tells its names alone', async () => {
    const env = await fresh()
    const server = await ready({}, env)
    const visitor = await server.visit()
    await visitor.experience('PUT', '', { interactionEvent: 'Register' })
    const statuses: number[] = []
    for (let step = 0; step < 60; step += 1) {
      const answer = await visitor.experience('POST', '/profile', values(8 * KIB, `field${step}`))
      statuses.push(answer.status)
      if (answer.status !== 204)
        expect(answer).toMatchObject({
          status: 400,
          json: {
            code: 'guard.invalid_input',
            data: {
              issues: [{ code: 'too_big', path: ['values'], message: expect.stringContaining('45056') }],
            },
          },
        })
    }
    expect(statuses.filter(status => status === 204)).toHaveLength(5)
    await server.app.settled()
    const [visit, ...others] = await rowsOf(env, 'interactions')
    expect(others).toEqual([])
    expect(visit!.state!.length).toBeLessThanOrEqual(64 * KIB)
    const entries = await rowsOf(env, 'audit_logs')
    expect(entries.length).toBeGreaterThan(60)
    for (const { payload } of entries) expect(Buffer.byteLength(payload!)).toBeLessThanOrEqual(KIB)
    expect(entries.find(({ key }) => key === 'Interaction.Register.Profile.Update')?.payload).toContain(
      '"profile":["customData"]',
    )
  })
})

describe('a body of the Experience API', () => {
  test('has at most 16 KiB, that of the profile 64 KiB', async () => {
    const visitor = await (await ready()).visit()
    const refused = (limit: number) => ({
      status: 413,
      json: {
        code: 'request.invalid_input',
        data: { limit, message: expect.stringContaining(String(limit)) },
      },
    })
    const padding = 'x'.repeat(16 * KIB)
    for (const [method, path] of [
      ['PUT', ''],
      ['PUT', '/interaction-event'],
      ['POST', '/verification/verification-code'],
      ['POST', '/verification/verification-code/verify'],
      ['POST', '/verification/password'],
      ['POST', '/verification/new-password-identity'],
      ['POST', '/identification'],
      ['PUT', '/profile/password'],
    ] as const)
      expect(
        await visitor.experience(method, path, { interactionEvent: 'SignIn', padding }),
        path,
      ).toMatchObject(refused(16 * KIB))
    await visitor.experience('PUT', '', { interactionEvent: 'Register' })
    expect((await visitor.experience('POST', '/profile', values(40 * KIB))).status).toBe(204)
    expect(await visitor.experience('POST', '/profile', values(64 * KIB))).toMatchObject(refused(64 * KIB))
  })

  test('names identifiers of at most 256 characters', async () => {
    const visitor = await (await ready()).visit()
    await visitor.experience('PUT', '', { interactionEvent: 'SignIn' })
    for (const [path, type, value] of [
      ['/verification/password', 'username', 'x'.repeat(257)],
      ['/verification/password', 'email', 'x'.repeat(257)],
      ['/verification/verification-code', 'phone', '1'.repeat(257)],
      ['/verification/verification-code', 'email', `${'x'.repeat(250)}@ex.com`],
    ])
      expect(
        await visitor.experience('POST', path!, {
          identifier: { type, value },
          password: 'x',
          interactionEvent: 'SignIn',
        }),
        `${path} ${type}`,
      ).toMatchObject({
        status: 400,
        json: {
          code: 'guard.invalid_input',
          data: { issues: [{ code: 'too_big', path: ['identifier', 'value'] }] },
        },
      })
  })
})

test('every change of the Experience API comes from the own pages, or from no browser', async () => {
  const server = await ready()
  const visitor = await server.visit()
  const evil = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
  const changes = Object.values(experienceRoutes).filter(({ method }) => method !== 'get')
  expect(changes.length).toBeGreaterThan(8)
  for (const { method, path } of changes)
    expect(
      await visitor.experience(method.toUpperCase(), path.slice('/api/experience'.length), {}, evil),
      path,
    ).toMatchObject({ status: 403, json: { code: 'auth.forbidden' } })
  const begin = async (headers: Record<string, string>) =>
    (await visitor.experience('PUT', '', { interactionEvent: 'SignIn' }, headers)).status
  expect(await begin({ 'sec-fetch-site': 'same-site' })).toBe(403)
  expect(await begin({ origin: server.endpoint, 'sec-fetch-site': 'same-origin' })).toBe(204)
  expect((await visitor.experience('GET', '/interaction', undefined, evil)).status).toBe(200)
})

describe('a registration without any proof', () => {
  test('brings 1 KiB of further fields, and the rest when the account is there', async () => {
    const server = await ready(byName)
    const visitor = await server.visit()
    await visitor.experience('PUT', '', { interactionEvent: 'Register' })
    const { json } = await visitor.experience('POST', '/verification/new-password-identity', {
      identifier: { type: 'username', value: 'ada' },
      password: 'a good passphrase',
    })
    await visitor.experience('POST', '/profile', values(2 * KIB, 'large'))
    const identify = () =>
      visitor.experience('POST', '/identification', { verificationId: json.verificationId })
    expect(await identify()).toMatchObject({
      status: 400,
      json: { code: 'guard.invalid_input', data: { issues: [{ path: ['values'] }] } },
    })
    await visitor.experience('POST', '/profile', values(1, 'large'))
    expect((await identify()).status).toBe(201)
    expect((await visitor.experience('POST', '/profile', values(2 * KIB, 'large'))).status).toBe(204)
    expect((await visitor.experience('POST', '/submit')).status).toBe(200)
    const [user] = (await (await server.manage('GET', '/api/users')).json()) as [{ customData: object }]
    expect(user.customData).toEqual({ large: 'x'.repeat(2 * KIB) })
  })

  test('gathers no more than 64 KiB of custom data in one account, sign-in by sign-in', async () => {
    const server = await ready(byName)
    await server.manage('POST', '/api/users', { username: 'ada', password: 'a good passphrase' })
    const submitted: number[] = []
    for (const name of ['first', 'second']) {
      const visitor = await server.visit()
      await visitor.experience('PUT', '', { interactionEvent: 'SignIn' })
      const { json } = await visitor.experience('POST', '/verification/password', {
        identifier: { type: 'username', value: 'ada' },
        password: 'a good passphrase',
      })
      await visitor.experience('POST', '/identification', { verificationId: json.verificationId })
      expect((await visitor.experience('POST', '/profile', values(40 * KIB, name))).status).toBe(204)
      submitted.push((await visitor.experience('POST', '/submit')).status)
    }
    expect(submitted).toEqual([200, 400])
  })
})
