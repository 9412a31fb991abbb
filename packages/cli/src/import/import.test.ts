import { Browser } from '@countersign/server/testing/browser'
import { contentsOf } from '@countersign/server/testing/contents'
import { eachServerDatabase } from '@countersign/server/testing/database'
import { ADMIN, type Launched, launch } from '@countersign/server/testing/launch'
import { expect, it } from 'vitest'
import { countersign } from '../testing.ts'
import { call, countsOf, fill, HASHED, KEY, moveIn, SETTINGS } from './testing.ts'

const command = (server: Launched, env: Record<string, string>, ...more: string[]) =>
  countersign(['import', '--from', server.endpoint, '--client-id', ADMIN.id, ...more], {
    env: { ...KEY, LOGTO_CLIENT_SECRET: ADMIN.secret, ...env },
  })

async function tokenFor(server: Launched, id: string, secret: string) {
  const answer = await fetch(`${server.endpoint}/oidc/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: id,
      client_secret: secret,
      resource: 'https://default.logto.app/api',
      scope: 'all',
    }),
  })
  return (await answer.json()) as { access_token: string; scope?: string }
}

/** The number of the user with the bcrypt hash, without country code. */
const BCRYPT_PHONE = '13800138106'

/** Signs that user in on the pages and returns the `sub` that the application is told. */
async function signIn(server: Launched, app: { id: string; secret: string }, password: string) {
  const browser = new Browser(server.endpoint)
  const first = await browser.authorize(app.id, 'https://shop.example.com/cb', {})
  const asked = await browser.submit(first, { country: 'CN', value: BCRYPT_PHONE, use: 'password' })
  await browser.submit(asked, { password })
  const code = browser.leftTo?.searchParams.get('code')
  if (!code) return undefined
  const answer = await fetch(`${server.endpoint}/oidc/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: app.id,
      client_secret: app.secret,
      redirect_uri: 'https://shop.example.com/cb',
      code,
      code_verifier: 'verifier-of-test-verifier-of-test-verifier-of-test',
    }),
  })
  const { id_token = '' } = (await answer.json()) as { id_token?: string }
  return JSON.parse(Buffer.from(id_token.split('.')[1] ?? '', 'base64url').toString()).sub as string
}

eachServerDatabase('moving in', fresh => {
  it('lets applications and users go on as before, with what they had', async () => {
    const source = await launch()
    const { applications, users } = await fill(source)
    const env = await fresh()
    const { code, stdout, stderr } = await command(source, env)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    for (const [, , , digest] of HASHED) expect(stdout).not.toContain(digest)
    for (const { secret } of Object.values(applications))
      if (secret !== '') expect(stdout).not.toContain(secret)

    const target = await launch(env)
    // Each of the users signs in where the source can be asked no more, by the old application with its old secret.
    expect(await signIn(target, applications.Shop!, 'wrong')).toBeUndefined()
    expect(await signIn(target, applications.Shop!, 'U*U')).toBe(users.bcrypt)
    for (const [username, password] of [...HASHED, ['own', 'pass word 9']] as [string, string][]) {
      const path = `/api/users/${users[username]}`
      const before = await call(source, 'GET', path)
      const after = await call(target, 'GET', path)
      if (username !== 'bcrypt') expect(after).toEqual(before)
      await call(target, 'POST', `${path}/password/verify`, { password })
      const hash = await call(target, 'GET', `${path}?includePasswordHash=true`)
      expect(hash).toMatchObject({ passwordAlgorithm: 'Argon2id' })
      expect(hash.passwordDigest).toMatch(/^\$argon2id\$v=19\$m=19456,/)
    }

    // A machine with the role, one without, and one by the older way.
    const { Robot, Janitor } = applications
    const { access_token } = await tokenFor(target, Robot!.id, Robot!.secret)
    const answer = await fetch(`${target.endpoint}/api/users`, {
      headers: { authorization: `Bearer ${access_token}` },
    })
    expect(answer.status).toBe(200)
    expect((await tokenFor(target, Janitor!.id, Janitor!.secret)).scope).toBeUndefined()
    for (const { id } of Object.values(applications))
      for (const path of ['', '/secrets'])
        expect(await call(target, 'GET', `/api/applications/${id}${path}`)).toEqual(
          await call(source, 'GET', `/api/applications/${id}${path}`),
        )
    expect(await call(target, 'GET', `/api/applications/${Robot!.id}/roles`)).toHaveLength(1)

    for (const path of ['/api/resources?includeScopes=1', '/api/connectors', '/api/sign-in-exp'])
      expect(await call(target, 'GET', path)).toEqual(await call(source, 'GET', path))
    expect(await call(target, 'GET', '/api/sign-in-exp')).toMatchObject(SETTINGS)
    const [phrases] = await call<object[]>(target, 'GET', '/api/custom-phrases')
    expect(phrases).toMatchObject({ languageTag: 'fr', translation: { action: { sign_in: 'Connexion' } } })
    const templates = await call<object[]>(target, 'GET', '/api/email-templates')
    expect(templates).toMatchObject([{ details: { subject: 'Code' } }, { details: { subject: 'Le code' } }])
  })

  it('changes nothing in a trial, which says what is then done; and nothing the second time', async () => {
    const source = await launch()
    await fill(source)
    const env = await fresh()
    // A server runs on the database all the while.
    await launch({ ...env, BOOTSTRAP_CLIENT_ID: '', BOOTSTRAP_CLIENT_SECRET: '' })
    const empty = await contentsOf(env)
    const trial = JSON.parse((await command(source, env, '--dry-run', '--json')).stdout)
    expect(await contentsOf(env)).toEqual(empty)
    const first = JSON.parse((await command(source, env, '--json')).stdout)
    expect(trial).toEqual({ ...first, dryRun: true })
    expect(first.complete).toBe(true)
    expect(first.kinds.users.counts).toMatchObject({ create: HASHED.length + 1, failed: 0 })

    const full = await contentsOf(env)
    expect(full.users).toHaveLength(HASHED.length + 1)
    const second = JSON.parse((await command(source, env, '--json')).stdout)
    for (const { counts } of Object.values<{ counts: Record<string, number> }>(second.kinds)) {
      const { same, ...others } = counts
      expect(same).toBeGreaterThan(0)
      expect(Object.values(others).every(count => count === 0)).toBe(true)
    }
    expect(await contentsOf(env)).toEqual(full)
  })

  it('leaves alone what was changed here since, and follows the source in the rest', async () => {
    const source = await launch()
    const { applications, users } = await fill(source)
    const env = await fresh()
    await moveIn(source.endpoint, env)
    const target = await launch(env)
    const user = (server: Launched, name: string) =>
      call(server, 'GET', `/api/users/${users[name]}?includePasswordHash=true`)

    // Here: a password, a number, a sign-in, a deletion, an application, a setting.
    await call(target, 'PATCH', `/api/users/${users.md_5}/password`, { password: 'new password' })
    await call(target, 'PATCH', `/api/users/${users.sha_256}`, { primaryPhone: '8613900139000' })
    await signIn(target, applications.Shop!, 'U*U')
    await call(target, 'DELETE', `/api/users/${users.legacy}`)
    await call(target, 'PATCH', `/api/applications/${applications.Page!.id}`, { name: 'Own page' })
    await call(target, 'PATCH', '/api/sign-in-exp', { termsOfUseUrl: 'https://own.example.com/terms' })
    const here = { md_5: await user(target, 'md_5'), bcrypt: await user(target, 'bcrypt') }
    // There: a password of one who was not here since, and of others who were; an application; a setting.
    for (const name of ['argon_i', 'md_5', 'bcrypt'])
      await call(source, 'PATCH', `/api/users/${users[name]}/password`, { password: 'newer password' })
    await call(source, 'PATCH', `/api/applications/${applications.Phone!.id}`, { name: 'Telephone' })
    await call(source, 'PATCH', '/api/sign-in-exp', { privacyPolicyUrl: 'https://example.com/privacy' })
    await call(source, 'DELETE', `/api/applications/${applications.Shop!.id}/secrets/Default%20secret`)

    const { results } = await moveIn(source.endpoint, env)
    expect(countsOf(results.users)).toEqual({ update: 1, kept: 4, same: HASHED.length - 4 })
    expect(countsOf(results.applications)).toMatchObject({ update: 2, kept: 1 })
    expect(countsOf(results.experience)).toMatchObject({ update: 1, kept: 1 })
    expect(await user(target, 'md_5')).toEqual(here.md_5)
    expect(await user(target, 'bcrypt')).toEqual(here.bcrypt)
    expect(await user(target, 'sha_256')).toMatchObject({ primaryPhone: '8613900139000' })
    await call(target, 'POST', `/api/users/${users.argon_i}/password/verify`, { password: 'newer password' })
    expect((await target.manage('GET', `/api/users/${users.legacy}`)).status).toBe(404)
    expect(await call(target, 'GET', `/api/applications/${applications.Shop!.id}/secrets`)).toEqual([])
    expect(await call(target, 'GET', '/api/sign-in-exp')).toMatchObject({
      termsOfUseUrl: 'https://own.example.com/terms',
      privacyPolicyUrl: 'https://example.com/privacy',
    })

    const over = (await moveIn(source.endpoint, env, { overwrite: true })).results
    // The fourth has meanwhile used the password here.
    expect(countsOf(over.users)).toEqual({ create: 1, kept: 4, same: HASHED.length - 4 })
    expect(await user(target, 'md_5')).toEqual(here.md_5)
    expect(await call(target, 'GET', '/api/sign-in-exp')).toMatchObject({
      termsOfUseUrl: SETTINGS.termsOfUseUrl,
    })
    expect((await call(target, 'GET', `/api/applications/${applications.Page!.id}`)).name).toBe('Page')
  })
})
