import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { contentsOf } from '@countersign/server/testing/contents'
import { ADMIN, type Launched, launch } from '@countersign/server/testing/launch'
import { expect, it, onTestFinished } from 'vitest'
import { countersign } from '../testing.ts'
import type { KindName, Outcome } from './outcome.ts'
import { call, countsOf, type Front, fill, KEY, moveIn, openFront } from './testing.ts'

function freshFolder(): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-import-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return { DATA_DIR: folder }
}

/** A Logto whose list at a path holds these objects; what is asked about one of them is not there. */
async function logtoWith(path: string, objects: object[]): Promise<{ server: Launched; front: Front }> {
  const server = await launch()
  const front = await openFront(server)
  front.rewrite = (asked, body) => (asked.split('?')[0] === path ? objects : body)
  return { server, front }
}

async function outcomes(front: Front, env: Record<string, string>, kind: KindName): Promise<Outcome[]> {
  const { results, error } = await moveIn(front.endpoint, env, { kinds: [kind] })
  expect(error).toBeUndefined()
  return results[kind].outcomes
}

const user = (id: string, change: object = {}) => ({
  id,
  username: null,
  primaryEmail: null,
  primaryPhone: null,
  hasPassword: false,
  createdAt: 1,
  updatedAt: 2,
  ...change,
})

it('of users who would be one here, the first comes and the others are named; nobody else is held up', async () => {
  const { front } = await logtoWith('/api/users', [
    user('first', { primaryPhone: '610412345678', primaryEmail: 'A@example.com' }),
    user('spelt', { primaryPhone: '61412345678' }),
    user('bare', { primaryPhone: '13800138000' }),
    user('whole', { primaryPhone: '8613800138000' }),
    user('again', { primaryEmail: 'a@EXAMPLE.com' }),
    user('taken', { username: 'owner' }),
    user('other', { username: 'Owner' }),
  ])
  const env = freshFolder()
  const target = await launch(env)
  const owner = await call(target, 'POST', '/api/users', { username: 'owner' })
  const trial = await moveIn(front.endpoint, env, { kinds: ['users'], trial: true })
  const { results } = await moveIn(front.endpoint, env, { kinds: ['users'] })
  expect(results).toEqual(trial.results)
  expect(countsOf(results.users)).toEqual({ create: 3, failed: 4 })
  expect(results.users.outcomes).toMatchObject([
    { id: 'spelt', label: '+61 412****5678', reason: { detail: 'user first there' } },
    { id: 'whole', label: '+86 138****8000', reason: { detail: 'user bare there' } },
    { id: 'again', label: 'a***@EXAMPLE.com' },
    { id: 'taken', reason: { detail: `user ${owner.id} here` } },
  ])
  expect(JSON.stringify(results)).not.toMatch(/12345678|a@example/i)
  // Where the names are one by policy, the last is another's, too.
  await call(target, 'PATCH', '/api/sign-in-exp', {
    usernamePolicy: {
      caseSensitive: true,
      minLength: 1,
      maxLength: 128,
      allowedChars: { lowercase: true, uppercase: true, numbers: true, underscore: true },
    },
  })
  expect((await call(target, 'GET', '/api/users/first')).primaryPhone).toBe('61412345678')
})

it('usernames that differ by case alone are one where the policy that comes along says so', async () => {
  const source = await launch()
  await call(source, 'PATCH', '/api/sign-in-exp', {
    usernamePolicy: {
      caseSensitive: false,
      minLength: 1,
      maxLength: 128,
      allowedChars: { lowercase: true, uppercase: true, numbers: true, underscore: true },
    },
  })
  await call(source, 'POST', '/api/users', { username: 'Lin' })
  const env = freshFolder()
  const target = await launch({ ...env, BOOTSTRAP_CLIENT_ID: '', BOOTSTRAP_CLIENT_SECRET: '' })
  await target.app.users.create({ username: 'lin' })
  const trial = await moveIn(source.endpoint, env, { trial: true })
  const { results } = await moveIn(source.endpoint, env)
  expect(results).toEqual(trial.results)
  expect(results.users.outcomes).toMatchObject([{ action: 'failed' }])
})

it.each([
  [{ primaryPhone: '12' }, 'phone number'],
  [{ primaryPhone: '861380013800' }, 'mainland China, which has eleven digits'],
  [{ primaryPhone: '1415555267' }, 'phone number'],
  [{ primaryEmail: 'nobody' }, 'e-mail address'],
  [{ username: '1st' }, 'username'],
  [{ customData: [] }, 'customData'],
])('a user with %j is named with the field, and not imported', async (change, field) => {
  const { front } = await logtoWith('/api/users', [user('odd', change), user('even')])
  const env = freshFolder()
  expect(await outcomes(front, env, 'users')).toMatchObject([
    { id: 'odd', action: 'failed', reason: { text: expect.stringContaining(field) } },
  ])
  expect((await contentsOf(env)).users).toHaveLength(1)
})

it.each(['javascript:alert(1)', 'data:text/html,x'])(
  'a user whose picture has the address %s comes without it',
  async avatar => {
    const { front } = await logtoWith('/api/users', [user('odd', { avatar })])
    const env = freshFolder()
    expect(await outcomes(front, env, 'users')).toMatchObject([
      { id: 'odd', action: 'create', without: [{ text: expect.stringContaining('picture') }] },
    ])
    const target = await launch(env)
    expect(await call(target, 'GET', '/api/users/odd')).toMatchObject({ avatar: null })
    // And it is the same for the next import.
    expect((await moveIn(front.endpoint, env, { kinds: ['users'] })).results.users.counts.same).toBe(1)
  },
)

it('links in a profile that lead elsewhere than to the web are left behind', async () => {
  const profile = { website: 'javascript:alert(1)', profile: 'https://ada.example', nickname: 'A' }
  const { front } = await logtoWith('/api/users', [user('odd', { profile })])
  const env = freshFolder()
  expect(await outcomes(front, env, 'users')).toMatchObject([
    { id: 'odd', action: 'create', without: [{ text: expect.stringContaining('website') }] },
  ])
  const target = await launch(env)
  expect(await call(target, 'GET', '/api/users/odd')).toMatchObject({
    profile: { profile: 'https://ada.example', nickname: 'A' },
  })
})

it('no application takes the place of one that every installation has', async () => {
  const { front } = await logtoWith('/api/applications', [
    {
      id: 'demo-app',
      name: 'Ours now',
      type: 'SPA',
      oidcClientMetadata: { redirectUris: ['https://evil.example/cb'], postLogoutRedirectUris: [] },
    },
  ])
  const env = freshFolder()
  expect(await outcomes(front, env, 'applications')).toMatchObject([{ id: 'demo-app', action: 'skipped' }])
  expect((await contentsOf(env)).applications).toEqual([])
})

it('users whose passwords cannot be checked here come without, and are named', async () => {
  const source = await launch()
  const { users } = await fill(source)
  const front = await openFront(source)
  front.rewrite = (path, body) => {
    const of = (name: string) => path.startsWith(`/api/users/${users[name]}`)
    if (of('md_5')) return { ...(body as object), passwordAlgorithm: 'Scrypt' }
    if (of('bcrypt')) return { ...(body as object), passwordDigest: `$2b$31$${'a'.repeat(53)}` }
    // As an older Logto answers.
    if (of('sha_1')) return { ...(body as object), passwordDigest: undefined, passwordAlgorithm: undefined }
    return body
  }
  const env = freshFolder()
  const args = ['import', '--from', front.endpoint, '--client-id', ADMIN.id, '--client-secret', '-']
  const { code, stdout, stderr } = await countersign([...args, '--json'], {
    env: { ...KEY, ...env },
    input: `${ADMIN.secret}\n`,
  })
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
  const value = JSON.parse(stdout)
  expect(value.complete).toBe(false)
  expect(value.kinds.users.counts.create).toBe(Object.keys(users).length)
  const told = Object.fromEntries(
    value.kinds.users.items.map((item: Outcome) => [item.id, item.without![0]!.text]),
  )
  expect(told).toEqual({
    [users.md_5!]: expect.stringContaining('not known here'),
    [users.bcrypt!]: expect.stringContaining('malformed, or too costly'),
    [users.sha_1!]: expect.stringContaining('hands no hashes over'),
  })
  expect(stdout).not.toContain('aaaaaaaa')
  const second = await countersign([...args, '--json'], { env: { ...KEY, ...env }, input: ADMIN.secret })
  expect(second.code).toBe(1)
  const { complete, kinds } = JSON.parse(second.stdout)
  expect([complete, kinds.users.items.length, kinds.users.counts.create]).toEqual([false, 3, 0])
  const target = await launch(env)
  for (const name of ['md_5', 'bcrypt', 'sha_1'])
    expect(await call(target, 'GET', `/api/users/${users[name]}`)).toMatchObject({ hasPassword: false })
})

it('users with social accounts are told apart: those who have more, and those who have nothing else', async () => {
  const identities = { github: { userId: '1' } }
  const { front } = await logtoWith('/api/users', [
    user('both', { identities, primaryEmail: 'b@example.com' }),
    user('only', { username: null, identities }),
  ])
  const told = await outcomes(front, freshFolder(), 'users')
  expect(told).toMatchObject([
    { id: 'both', action: 'create', without: [{ text: expect.stringContaining('do not come along') }] },
    {
      id: 'only',
      label: 'an account of github',
      action: 'create',
      without: [{ text: expect.stringContaining('alone') }],
    },
  ])
})

it('applications that cannot be here are left out with the reason, others come with what they have', async () => {
  const app = (id: string, type: string, change: object = {}) => ({
    id,
    name: id,
    type,
    createdAt: 5,
    ...change,
  })
  const { front } = await logtoWith('/api/applications', [
    app('saml', 'SAML'),
    app('proxy', 'Protected'),
    app('chosen', 'SPA', { appLevelAccessControlEnabled: true }),
    app('script', 'SPA', {
      oidcClientMetadata: { redirectUris: ['javascript:alert(1)'], postLogoutRedirectUris: [] },
    }),
    app('partner', 'Native', { isThirdParty: true }),
    app('veteran', 'Traditional', { secret: 'secret-without-a-name' }),
    app('machine', 'MachineToMachine', { secret: 'N/A' }),
  ])
  const env = freshFolder()
  expect(await outcomes(front, env, 'applications')).toMatchObject([
    { id: 'saml', action: 'skipped' },
    { id: 'proxy', action: 'skipped' },
    { id: 'chosen', action: 'skipped', reason: { text: expect.stringContaining('everybody') } },
    { id: 'script', action: 'failed', reason: { text: expect.stringContaining('redirectUris.0') } },
    { id: 'partner', action: 'create', without: [{ text: expect.stringContaining('third-party') }] },
    { id: 'veteran', action: 'create' },
    { id: 'machine', action: 'create' },
  ])
  const target = await launch(env)
  expect(await call(target, 'GET', '/api/applications/veteran/secrets')).toMatchObject([
    { value: 'secret-without-a-name', expiresAt: null, createdAt: 5 },
  ])
  expect(await call(target, 'GET', '/api/applications/machine/secrets')).toEqual([])
  expect(await call(target, 'GET', '/api/applications/partner')).toMatchObject({ isThirdParty: true })
})

it('connectors of others are named with what to do, and a bad configuration with its fields', async () => {
  const source = await launch()
  await source.connect('aliyun-sms')
  const [own] = await call<{ config: object }[]>(source, 'GET', '/api/connectors')
  const front = await openFront(source)
  const broken = {
    ...own,
    id: 'broken',
    config: { ...own!.config, accessKeySecret: [5], templates: 'very-secret-value' },
  }
  front.rewrite = (path, body) =>
    path === '/api/connectors'
      ? [
          { id: 'git', connectorId: 'github-universal', type: 'Social', name: { en: 'GitHub' } },
          { id: 'twi', connectorId: 'twilio-short-message-service', type: 'Sms', name: { en: 'Twilio' } },
          { id: 'demo', connectorId: 'logto-email', type: 'Email', isDemo: true },
          broken,
        ]
      : body
  const told = await outcomes(front, freshFolder(), 'connectors')
  expect(told).toMatchObject([
    { id: 'git', action: 'skipped' },
    { id: 'twi', action: 'skipped', reason: { remedy: expect.stringContaining('CONNECTORS_DIR') } },
    { id: 'demo', action: 'skipped' },
    { id: 'broken', action: 'failed', reason: { text: expect.stringMatching(/accessKeySecret.*templates/) } },
  ])
  expect(JSON.stringify(told)).not.toContain('very-secret-value')
})

it('another connector than the one that came before takes its place, which is kept switched off', async () => {
  const source = await launch()
  await source.connect('aliyun-sms')
  const env = freshFolder()
  await moveIn(source.endpoint, env, { kinds: ['connectors'] })
  await source.connect('tencent-sms')
  await moveIn(source.endpoint, env, { kinds: ['connectors'] })
  // The same connector with other settings is the same connection, and leaves none behind.
  await source.connect('tencent-sms', { signName: 'Other' })
  await moveIn(source.endpoint, env, { kinds: ['connectors'] })
  const target = await launch(env)
  const all = await call<{ connectorId: string; enabled: boolean }[]>(target, 'GET', '/api/connections')
  expect(Object.fromEntries(all.map(({ connectorId, enabled }) => [connectorId, enabled]))).toEqual({
    'aliyun-short-message-service': false,
    'tencent-short-message-service': true,
  })
  expect(all).toHaveLength(2)
})

it('settings that need what is not here are named and left, the others are set', async () => {
  const source = await launch()
  await fill(source)
  const env = freshFolder()
  const { results } = await moveIn(source.endpoint, env, { kinds: ['experience'] })
  const by = Object.fromEntries(results.experience.outcomes.map(outcome => [outcome.id, outcome]))
  for (const id of ['languageInfo', 'signUp', 'signIn', 'forgotPasswordMethods'])
    expect(by[id]).toMatchObject({ action: 'failed', reason: { remedy: expect.any(String) } })
  expect(by.color).toMatchObject({ action: 'create' })
  const target = await launch(env)
  expect(await call(target, 'GET', '/api/sign-in-exp')).toMatchObject({
    color: { primaryColor: '#123456' },
    signUp: { identifiers: ['username'] },
  })
})

it('settings of what Countersign does not do are told when they are in use, a second factor as a loss', async () => {
  const source = await launch()
  const front = await openFront(source)
  const logo = 'https://logto.io/logo.svg'
  front.rewrite = (path, body) =>
    path === '/api/sign-in-exp'
      ? {
          ...(body as object),
          branding: { logoUrl: logo, darkLogoUrl: logo, favicon: 'https://example.com/i.png' },
          mfa: { factors: ['Totp'], policy: 'Mandatory' },
          socialSignInConnectorTargets: ['github'],
          captchaPolicy: { enabled: false },
          emailBlocklistPolicy: { blockDisposableAddresses: true, customBlocklist: ['@example.org'] },
        }
      : body
  const env = freshFolder()
  const args = ['import', '--from', front.endpoint, '--client-id', ADMIN.id]
  const { code, stdout } = await countersign(args, {
    env: { ...KEY, ...env, LOGTO_CLIENT_SECRET: ADMIN.secret },
  })
  expect(code).toBe(1)
  expect(stdout).toContain('mfa: there is no second factor here')
  expect(stdout).toContain('socialSignInConnectorTargets')
  expect(stdout).toContain('disposable')
  expect(stdout).not.toContain('captchaPolicy')
  const target = await launch(env)
  expect(await call(target, 'GET', '/api/sign-in-exp')).toMatchObject({
    branding: { favicon: 'https://example.com/i.png' },
    mfa: { factors: [] },
    emailBlocklistPolicy: { customBlocklist: ['@example.org'] },
  })
})

it('texts without a place here are told, those with one come', async () => {
  const { front } = await logtoWith('/api/custom-phrases', [
    {
      languageTag: 'fr',
      translation: { action: { sign_in: 'Connexion', dance: 'Danser' }, zoo: { a: 'b' } },
    },
    { languageTag: 'de', translation: { zoo: { a: 'b' } } },
  ])
  expect(await outcomes(front, freshFolder(), 'phrases')).toMatchObject([
    { id: 'fr', action: 'create', without: [{ text: expect.stringContaining('action.dance, zoo.a') }] },
    { id: 'de', action: 'skipped' },
  ])
})

it('an installation with another key, or without the one it had, is not written to', async () => {
  const source = await launch()
  const env = freshFolder()
  await launch(env)
  const before = await contentsOf(env)
  const run = (more: Record<string, string>) =>
    countersign(['import', '--from', source.endpoint, '--client-id', ADMIN.id], {
      env: { ...env, LOGTO_CLIENT_SECRET: ADMIN.secret, ...more },
    })
  const other = await run({ SECRET_KEY: '22'.repeat(32) })
  expect(other).toMatchObject({ code: 4, stderr: expect.stringContaining('SECRET_KEY') })
  const none = await run({})
  expect(none).toMatchObject({ code: 4, stderr: expect.stringContaining('secret.key') })
  expect(await contentsOf(env)).toEqual(before)
  expect(readdirSync(env.DATA_DIR!)).not.toContain('secret.key')
})

it('a trial leaves no trace where nothing is yet, and an import makes what a start would', async () => {
  const source = await launch()
  await fill(source)
  const env = freshFolder()
  const { results } = await moveIn(source.endpoint, { ...env, SECRET_KEY: '' }, { trial: true })
  expect(results.users.counts.create).toBeGreaterThan(5)
  expect(readdirSync(env.DATA_DIR!)).toEqual([])
  await moveIn(source.endpoint, { ...env, SECRET_KEY: '' })
  expect(readdirSync(env.DATA_DIR!)).toEqual(expect.arrayContaining(['countersign.db', 'secret.key']))
})

it.each([
  [['--from', 'auth.example.com'], '--from must be an address'],
  [['--from', 'https://auth.example.com/console'], 'without a path'],
  [['--from', 'https://user:very-secret-value@auth.example.com'], '--from must be an address'],
  [['--from', 'https://auth.example.com', '--only', 'user'], 'Did you mean users?'],
  [['--from', 'https://auth.example.com'], 'LOGTO_CLIENT_SECRET'],
])('%j is a wrong command line', async (args, words) => {
  const { code, stderr } = await countersign(['import', '--client-id', 'x', ...args])
  expect(code).toBe(2)
  expect(stderr).toContain(words)
})
