import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Database } from '../db/database.ts'
import { eachDatabase } from '../db/testing.ts'
import { MANAGEMENT_API } from './oidc.ts'
import { startProvider, type TestProvider } from './testing.ts'
import { get, headerOf, post, refresh, register, type TestClient, tokensOf } from './testing-client.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

eachDatabase('RS256', openFresh => {
  let db: Database
  let nodes: TestProvider[]
  let server: TestProvider
  let other: TestProvider
  let usual: TestClient

  beforeEach(async () => {
    // Only what is passed counts, however slow the machine is.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    db = await openFresh()
    // Two nodes behind one address.
    server = await startProvider(db)
    other = await startProvider(db, { endpoint: server.endpoint })
    nodes = [server, other]
    await server.users.create({ username: 'alice' })
    usual = await register(server, 'SPA')
  })
  afterEach(async () => {
    vi.useRealTimers()
    for (const node of nodes) await node.close()
  })

  const pass = (milliseconds: number) => {
    for (const node of nodes) node.pass(milliseconds)
  }
  const choosing = (idTokenSignedResponseAlg: 'RS256' | 'ES384', more: object = {}) =>
    register(server, 'SPA', {
      oidcClientMetadata: {
        redirectUris: ['https://app.example.com/callback'],
        postLogoutRedirectUris: [],
        idTokenSignedResponseAlg,
      },
      ...more,
    })
  const jwks = async (node = server) =>
    (await fetch(`${node.endpoint}/oidc/jwks`)).json() as Promise<JSONWebKeySet>
  const published = async (node = server) => (await jwks(node)).keys.map(({ alg }) => alg).sort()
  const offered = async () =>
    (await get(server, '/.well-known/openid-configuration')).body.id_token_signing_alg_values_supported
  /** The algorithm of a token, which the published keys confirm. */
  const checked = async (token: string) => {
    const { protectedHeader } = await jwtVerify(token, createLocalJWKSet(await jwks()))
    return protectedHeader.alg
  }
  const idTokenOf = async (client: TestClient) => (await tokensOf(server, client)).id_token!
  const algorithmOf = async (client: TestClient) => checked(await idTokenOf(client))
  const keys = async () =>
    (await server.oidc.configs.keys('private-keys')).map(
      ({ signingKeyAlgorithm, status, forApplications }) =>
        `${signingKeyAlgorithm} ${status}${forApplications ? ' for applications' : ''}`,
    )
  const machineToken = async (machine: TestClient) => {
    const form = { grant_type: 'client_credentials', resource: MANAGEMENT_API, scope: 'all' }
    return (await post(server, '/token', form, machine)).body.access_token as string
  }

  it('can be chosen for one application, and all others keep ES384', async () => {
    expect([await published(), await offered()]).toEqual([['ES384'], ['ES384']])
    const client = await choosing('RS256')
    const tokens = await tokensOf(server, client)
    expect(await checked(tokens.id_token!)).toBe('RS256')
    expect(await algorithmOf(usual)).toBe('ES384')
    expect(await offered()).toEqual(['ES384', 'RS256'])
    for (const node of nodes) expect(await published(node)).toEqual(['ES384', 'RS256'])
    const again = await refresh(server, client, tokens.refresh_token!)
    expect(headerOf(again.body.id_token as string)).toEqual(headerOf(tokens.id_token!))
    expect(await keys()).toEqual(['RSA Current for applications', 'EC Current'])
    // It can be taken back, and what was signed goes on being good.
    await server.applications.update(client.id, {
      oidcClientMetadata: { redirectUris: ['https://app.example.com/callback'], postLogoutRedirectUris: [] },
    })
    expect(await algorithmOf(client)).toBe('ES384')
    expect(await checked(tokens.id_token!)).toBe('RS256')
  })

  it('is no matter of tokens for APIs, of which one application is like another', async () => {
    const client = await choosing('RS256')
    const { refresh_token } = await tokensOf(server, client, { resource: MANAGEMENT_API })
    const { body } = await refresh(server, client, refresh_token!, { resource: MANAGEMENT_API })
    expect(await checked(body.access_token as string)).toBe('ES384')
    expect(await checked(body.id_token as string)).toBe('RS256')
  })

  it('gets one key, however many requests at however many nodes need it at once', async () => {
    await choosing('RS256')
    const answers = await Promise.all(Array.from({ length: 10 }, (_, index) => jwks(nodes[index % 2])))
    const kids = answers.map(each => each.keys.filter(({ alg }) => alg === 'RS256').map(({ kid }) => kid))
    expect(new Set(kids.flat()).size).toBe(1)
    expect(await published(other)).toEqual(['ES384', 'RS256'])
  })

  it('can be chosen for the whole installation, after the time of showing, and taken back', async () => {
    const machine = await register(server, 'MachineToMachine')
    await server.applications.update(machine.id, { isAdmin: true })
    const { id_token: old } = await tokensOf(server, usual)
    const oldMachineToken = await machineToken(machine)
    await server.oidc.configs.rotate('private-keys', 'RSA', 60)
    expect(await keys()).toEqual(['RSA Next', 'EC Current'])
    expect(await published(other)).toEqual(['ES384', 'RS256'])
    // Libraries that read this once, when they start, are to know it before.
    expect(await offered()).toEqual(['ES384', 'RS256'])
    expect(await algorithmOf(usual)).toBe('ES384')
    pass(60_000)
    const made = await machineToken(machine)
    expect(await Promise.all([algorithmOf(usual), checked(made)])).toEqual(['RS256', 'RS256'])
    expect(await offered()).toEqual(['RS256', 'ES384'])
    for (const node of nodes)
      for (const token of [made, oldMachineToken])
        expect(await node.oidc.verifyManagementToken(`Bearer ${token}`)).toBe(machine.id)
    // What was signed before is good, also as a hint at sign-out.
    expect(await checked(old!)).toBe('ES384')
    expect((await get(server, `/session/end?id_token_hint=${old}`)).status).toBe(200)
    // Whoever names no algorithm keeps it.
    await server.oidc.configs.rotate('private-keys', undefined, 0)
    pass(11_000)
    expect(await keys()).toEqual(['RSA Current', 'RSA Previous', 'EC Previous'])
    await server.oidc.configs.rotate('private-keys', 'EC', 0)
    pass(11_000)
    expect(await algorithmOf(usual)).toBe('ES384')
    expect(await offered()).toEqual(['ES384', 'RS256'])
    pass(2 * HOUR)
    expect(await offered()).toEqual(['ES384'])
  })

  it('of the installation leaves ES384 to an application that chose it, with a key that is shown before', async () => {
    const client = await choosing('ES384')
    expect(await keys()).toEqual(['EC Current'])
    await server.oidc.configs.rotate('private-keys', 'RSA', 0)
    expect(await keys()).toEqual(['RSA Next', 'EC Next for applications', 'EC Current'])
    pass(11_000)
    expect([await algorithmOf(client), await algorithmOf(usual)]).toEqual(['ES384', 'RS256'])
    expect(await keys()).toEqual(['RSA Current', 'EC Current for applications', 'EC Previous'])
    expect(await offered()).toEqual(['RS256', 'ES384'])
  })

  it('of an application takes the key of the installation once there is one', async () => {
    const client = await choosing('RS256')
    const before = headerOf(await idTokenOf(client)).kid
    await server.oidc.configs.rotate('private-keys', 'RSA', 0)
    pass(11_000)
    expect(await keys()).toEqual(['RSA Current', 'RSA Previous for applications', 'EC Previous'])
    const [mine, theirs] = [headerOf(await idTokenOf(client)), headerOf(await idTokenOf(usual))]
    expect(mine).toEqual(theirs)
    expect(mine.kid).not.toBe(before)
  })

  it('is rotated with the first, which loses no token', async () => {
    const client = await choosing('RS256')
    const tokens = [await idTokenOf(client), await idTokenOf(usual)]
    await server.oidc.configs.rotate('private-keys', undefined, 0)
    expect(await keys()).toEqual([
      'EC Next',
      'RSA Next for applications',
      'RSA Current for applications',
      'EC Current',
    ])
    expect(headerOf(await idTokenOf(client)).kid).toBe(headerOf(tokens[0]!).kid)
    pass(11_000)
    const young = [await idTokenOf(client), await idTokenOf(usual)]
    const all = await Promise.all([...tokens, ...young].map(checked))
    expect(all).toEqual(['RS256', 'ES384', 'RS256', 'ES384'])
    expect(new Set([...tokens, ...young].map(token => headerOf(token).kid)).size).toBe(4)
    // The old ones go when what they signed is over.
    pass(DAY)
    expect((await jwks(other)).keys).toHaveLength(2)
  })

  it('keeps a key as long as the longest token lives that it signed', async () => {
    const client = await choosing('RS256', { customClientMetadata: { idTokenTtl: 2 * 86_400 } })
    const token = await idTokenOf(client)
    await server.oidc.configs.rotate('private-keys', undefined, 0)
    pass(2 * DAY)
    expect((await jwks(other)).keys.map(({ kid }) => kid)).toContain(headerOf(token).kid)
    expect(await published()).toEqual(['ES384', 'RS256', 'RS256'])
  })

  it('loses its key on request, but not while an application needs it', async () => {
    const client = await choosing('RS256')
    const { kid } = headerOf(await idTokenOf(client))
    const remove = () => server.oidc.configs.deleteKey('private-keys', String(kid))
    await expect(remove()).rejects.toMatchObject({ code: 'oidc.key_required' })
    await server.applications.delete(client.id)
    await remove()
    expect(await published(other)).toEqual(['ES384'])
  })

  it('has its key sealed in the database, and tells nobody', async () => {
    await choosing('RS256')
    const [answer] = (await jwks()).keys.filter(({ alg }) => alg === 'RS256')
    expect(Object.keys(answer!).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use'])
    const rows = JSON.stringify(await db.selectFrom('settings').selectAll().execute())
    expect(rows).not.toContain(answer!.kid)
    expect(rows).not.toContain(answer!.n)
  })
})
