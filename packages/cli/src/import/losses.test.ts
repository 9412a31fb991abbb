import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eachServerDatabase } from '@countersign/server/testing/database'
import { type Launched, launch } from '@countersign/server/testing/launch'
import { expect, it, onTestFinished } from 'vitest'
import { countBehind, wordsOf } from './behind.ts'
import { fellShort, type KindResult } from './run.ts'
import { openSource } from './source.ts'
import { call, countsOf, moveIn, openFront, optionsFor, patient } from './testing.ts'

const user = (id: string, change: object = {}) => ({
  ...{ id, username: id, primaryEmail: null, primaryPhone: null, hasPassword: false },
  ...{ createdAt: 1, updatedAt: 2, ...change },
})

/** A Logto with these users, of whom each has what its answer for one user has, too. */
async function logtoWith(users: ReturnType<typeof user>[], rest: Record<string, unknown> = {}) {
  const server = await launch()
  const front = await openFront(server)
  front.rewrite = (asked, body) => {
    const [path] = asked.split('?')
    return path === '/api/users' ? users : (rest[path!] ?? body)
  }
  front.instead = (asked, _, response) => {
    const found = users.find(({ id }) => asked.startsWith(`/api/users/${id}`))
    if (found) response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(found))
    return found !== undefined
  }
  return front
}

const UNKNOWN_HASH = { hasPassword: true, passwordAlgorithm: 'Scrypt', passwordDigest: 'x' }

/** Imports, and says how the command would end. */
async function runOf(from: string, env: Record<string, string>) {
  const { results, error } = await moveIn(from, env)
  expect(error).toBeUndefined()
  return { results, short: fellShort(Object.values(results)) }
}

/** Of each user about whom something is told, what. */
const told = ({ outcomes }: KindResult) =>
  Object.fromEntries(outcomes.map(({ id, without }) => [id, without?.map(({ text }) => text)]))

eachServerDatabase('what is lost in an import', fresh => {
  it('is told at every run, until the user has it here or there', async () => {
    const users = [
      user('lost', UNKNOWN_HASH),
      user('later', UNKNOWN_HASH),
      user('social', { username: null, identities: { github: { userId: '1' } } }),
      user('picture', { avatar: 'data:text/html,x' }),
      user('fine'),
    ]
    const front = await logtoWith(users)
    const env = await fresh()
    const first = await runOf(front.endpoint, env)
    expect([first.short, countsOf(first.results.users)]).toEqual([true, { create: 5 }])
    const again = await runOf(front.endpoint, env)
    expect([again.short, countsOf(again.results.users)]).toEqual([true, { same: 5 }])
    expect(told(again.results.users)).toEqual(told(first.results.users))
    expect(Object.keys(told(again.results.users)).sort()).toEqual(['later', 'lost', 'picture', 'social'])

    // One of them comes by another way here, another gets a password, and an address.
    const target: Launched = await launch(env)
    await call(target, 'PATCH', '/api/users/later', { name: 'Changed here' })
    await call(target, 'PATCH', '/api/users/lost/password', { password: 'a new password' })
    await call(target, 'PATCH', '/api/users/social', { primaryEmail: 's@example.com' })
    const third = await runOf(front.endpoint, env)
    expect(third.short).toBe(true)
    expect(told(third.results.users)).toEqual({
      later: [expect.stringContaining('without password')],
      picture: [expect.stringContaining('without picture')],
    })
    await call(target, 'DELETE', '/api/users/later')
    expect((await runOf(front.endpoint, env)).short).toBe(false)
  })

  it('counts a connector and applications without which nobody gets in, at every run', async () => {
    const front = await logtoWith([], {
      '/api/connectors': [
        { id: 'twi', connectorId: 'twilio-short-message-service', type: 'Sms', name: { en: 'Twilio' } },
      ],
      '/api/applications': [
        { id: 'saml', name: 'Saml', type: 'SAML' },
        { id: 'chosen', name: 'Chosen', type: 'SPA', appLevelAccessControlEnabled: true },
      ],
    })
    const env = await fresh()
    for (const _ of [1, 2]) {
      const { short, results } = await runOf(front.endpoint, env)
      expect(short).toBe(true)
      expect(countsOf(results.connectors)).toEqual({ skipped: 1 })
      expect(countsOf(results.applications)).toEqual({ skipped: 2 })
    }
  })
})

it('what stays behind is counted and told with what helps, also where a Logto lacks some of it', async () => {
  const answers: Record<string, unknown> = {
    '/api/configs/jwt-customizer': [{ key: 'accessToken' }, { key: 'clientCredentials' }],
    '/api/custom-profile-fields': [{ name: 'company' }],
    '/api/account-center': { enabled: true, fields: {} },
  }
  const front = await openFront(await launch())
  front.instead = (path, _, response) => {
    const [, list] = /^\/api\/(organizations|roles\?type=User|sso-connectors)\b/.exec(path) ?? []
    if (path.startsWith('/api/hooks')) response.writeHead(404).end('Not Found')
    else if (list) response.writeHead(200, { 'total-number': list.length }).end('[{}]')
    else if (answers[path]) response.writeHead(200).end(JSON.stringify(answers[path]))
    else return false
    return true
  }
  const behind = await countBehind(await openSource(optionsFor(front.endpoint), patient()))
  expect(behind).toEqual({
    ...{ organizations: 13, roles: 15, ssoConnectors: 14 },
    ...{ jwtCustomizers: 2, profileFields: 1, accountCenter: 1 },
  })
  const { parts, remedies } = wordsOf(behind)
  expect(parts).toEqual([
    ...['organizations (13)', 'roles of users (15)', 'enterprise sign-ins (14)'],
    ...['JWT customizers (2)', 'custom profile fields (1)', 'account-center settings (1)'],
  ])
  expect(remedies).toHaveLength(4)
  expect(remedies[0]).toContain('no scopes that came from roles')
})

it('of a machine it is told at every run which roles, and so which scopes, its tokens have no more', async () => {
  const server = await launch()
  const robot = await call<{ id: string }>(server, 'POST', '/api/applications', {
    name: 'Robot',
    type: 'MachineToMachine',
  })
  const front = await openFront(server)
  front.rewrite = (path, body) =>
    path.startsWith(`/api/applications/${robot.id}/roles`) ? [{ name: 'orders' }, { name: 'stock' }] : body
  const env = { DATA_DIR: mkdtempSync(join(tmpdir(), 'countersign-import-')) }
  onTestFinished(() => rmSync(env.DATA_DIR, { recursive: true }))
  for (const action of ['create', 'same']) {
    const { results } = await moveIn(front.endpoint, env, { kinds: ['applications'] })
    expect(results.applications.outcomes.find(({ id }) => id === robot.id)).toMatchObject({
      action,
      without: [{ text: expect.stringMatching(/scopes.*: orders, stock$/), remedy: expect.any(String) }],
    })
  }
})

it('a policy of expiry comes, and it is told at every run that ages of passwords count anew', async () => {
  const front = await logtoWith([], {
    '/api/sign-in-exp': {
      forgotPasswordMethods: ['EmailVerificationCode'],
      passwordExpiration: { enabled: true, validPeriodDays: 90 },
    },
  })
  const env = { DATA_DIR: mkdtempSync(join(tmpdir(), 'countersign-import-')) }
  onTestFinished(() => rmSync(env.DATA_DIR, { recursive: true }))
  await (await launch(env)).connect('aliyun-dm')
  for (const action of ['create', 'same']) {
    const { results } = await moveIn(front.endpoint, env, { kinds: ['experience'] })
    expect(results.experience.outcomes.find(({ id }) => id === 'passwordExpiration')).toMatchObject({
      action,
      without: [{ remedy: expect.stringContaining('password/expiration') }],
    })
  }
})
