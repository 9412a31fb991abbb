import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { deriveKeys } from '../crypto/keys.ts'
import { open, seal } from '../crypto/seal.ts'
import type { Database } from '../db/database.ts'
import { eachDatabase } from '../db/testing.ts'
import { MANAGEMENT_API } from './oidc.ts'
import { Browser, startProvider, type TestProvider } from './testing.ts'
import {
  authorizationUrl,
  get,
  headerOf,
  post,
  register,
  type TestClient,
  tokensOf,
} from './testing-client.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

eachDatabase('the keys of the provider', openFresh => {
  let db: Database
  let nodes: TestProvider[]
  let server: TestProvider
  let other: TestProvider
  let machine: TestClient
  let page: TestClient

  beforeEach(async () => {
    // Only what is passed counts, however slow the machine is.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    db = await openFresh()
    // Two nodes behind one address.
    server = await startProvider(db)
    other = await startProvider(db, { endpoint: server.endpoint })
    nodes = [server, other]
    await server.users.create({ username: 'alice' })
    machine = await register(server, 'MachineToMachine')
    await server.applications.update(machine.id, { isAdmin: true })
    page = await register(server, 'SPA')
  })
  afterEach(async () => {
    vi.useRealTimers()
    for (const node of nodes) await node.close()
  })

  const pass = (milliseconds: number) => {
    for (const node of nodes) node.pass(milliseconds)
  }
  const jwks = async (node = server) =>
    (await fetch(`${node.endpoint}/oidc/jwks`)).json() as Promise<JSONWebKeySet>
  const kids = async (node = server) => (await jwks(node)).keys.map(({ kid }) => kid)
  const kidOf = (token: string) => headerOf(token).kid as string
  const machineToken = async () => {
    const form = { grant_type: 'client_credentials', resource: MANAGEMENT_API, scope: 'all' }
    return (await post(server, '/token', form, machine)).body.access_token as string
  }
  /** As a resource server does, with the keys that are published now. */
  const verifies = async (token: string) =>
    jwtVerify(token, createLocalJWKSet(await jwks())).then(
      () => true,
      () => false,
    )
  const manages = (node: TestProvider, token: string) =>
    node.oidc.verifyManagementToken(`Bearer ${token}`).then(
      () => true,
      () => false,
    )
  const statuses = async (kind: 'private-keys' | 'cookie-keys' = 'private-keys') =>
    (await server.oidc.configs.keys(kind)).map(({ status }) => status)

  it('are shown before they sign, on every node, and then sign', async () => {
    const [first] = await kids()
    const [next] = await server.oidc.configs.rotate('private-keys')
    expect(next).toEqual({
      id: expect.any(String),
      createdAt: expect.any(Number),
      effectiveAt: next!.createdAt + 600_000,
      status: 'Next',
      signingKeyAlgorithm: 'EC',
    })
    expect(await kids()).toEqual([first, next!.id])
    expect(kidOf(await machineToken())).toBe(first)
    // The other node reads them again, and needs nobody to tell it.
    pass(5_000)
    expect(await kids(other)).toEqual([first, next!.id])
    pass(594_000)
    expect(kidOf(await machineToken())).toBe(first)
    pass(2_000)
    expect(await statuses()).toEqual(['Current', 'Previous'])
    for (const token of [await machineToken(), (await tokensOf(server, page)).id_token!])
      expect(kidOf(token)).toBe(next!.id)
    expect(await kids(other)).toEqual([next!.id, first])
  })

  it('verify what they signed after another has taken over, until all of it has expired', async () => {
    const { id_token } = await tokensOf(server, page)
    const token = await machineToken()
    const [old] = await kids()
    await server.oidc.configs.rotate('private-keys', 'EC', 0)
    pass(11_000)
    const young = await machineToken()
    expect(kidOf(young)).not.toBe(old)
    for (const each of [id_token!, token, young]) expect(await verifies(each)).toBe(true)
    for (const node of nodes)
      expect([await manages(node, token), await manages(node, young)]).toEqual([true, true])
    pass(HOUR)
    expect(await kids()).toContain(old)
    // Five minutes more, for verifiers whose clocks differ.
    pass(300_000)
    expect(await kids()).toEqual([kidOf(young)])
    expect(await verifies(token)).toBe(false)
  })

  it('stay as long as the longest-lived token lives that they really signed', async () => {
    const { id } = await server.resources.create({
      name: 'Orders',
      indicator: 'https://orders.example.com',
      accessTokenTtl: 86_400,
    })
    const form = { grant_type: 'client_credentials', resource: 'https://orders.example.com' }
    const { body } = await post(server, '/token', form, machine)
    await server.resources.update(id, { accessTokenTtl: 600 })
    await server.oidc.configs.rotate('private-keys', 'EC', 0)
    pass(DAY)
    expect(await verifies(body.access_token as string)).toBe(true)
    pass(400_000)
    expect(await verifies(body.access_token as string)).toBe(false)
  })

  it('recognise an ID token as a hint for as long as its session can live', async () => {
    const { id_token } = await tokensOf(server, page)
    await server.oidc.configs.rotate('private-keys', 'EC', 0)
    const hint = async () => (await get(server, `/session/end?id_token_hint=${id_token}`)).status
    pass(13 * DAY)
    await server.oidc.purge()
    expect(await kids()).not.toContain(kidOf(id_token!))
    expect(await hint()).toBe(200)
    pass(2 * DAY)
    expect(await hint()).toBe(400)
    expect(await statuses()).toEqual(['Current', 'Previous'])
    await server.oidc.purge()
    expect(await statuses()).toEqual(['Current'])
  })

  it('lose no request when they change', async () => {
    const answers: Promise<string>[] = []
    for (let round = 0; round < 4; round++) {
      // These are under way while the key changes.
      answers.push(machineToken(), machineToken())
      await server.oidc.configs.rotate('private-keys', 'EC', 0)
      pass(11_000)
      answers.push(Promise.resolve(await machineToken()))
    }
    const tokens = await Promise.all(answers)
    expect(new Set(tokens.map(kidOf)).size).toBeGreaterThanOrEqual(4)
    for (const token of tokens) expect(await verifies(token)).toBe(true)
  })

  it('wait at most once: a newer one takes the place of one that has not signed', async () => {
    const [first] = await server.oidc.configs.rotate('private-keys')
    await server.oidc.configs.rotate('private-keys')
    expect(await statuses()).toEqual(['Next', 'Current'])
    expect(await kids()).not.toContain(first!.id)
  })

  it('are all there when two nodes rotate at once', async () => {
    await Promise.all(nodes.map(node => node.oidc.configs.rotate('private-keys', 'EC', 0)))
    pass(11_000)
    expect((await kids(other)).sort()).toEqual((await kids()).sort())
    expect(kidOf(await machineToken())).toBe((await kids(other))[0])
  })

  it('can be deleted unless they sign, and what they signed is refused at once', async () => {
    const { configs } = server.oidc
    const token = await machineToken()
    expect(await manages(server, token)).toBe(true)
    const remove = (id: string) => configs.deleteKey('private-keys', id)
    await expect(remove('unknown')).rejects.toMatchObject({ code: 'oidc.key_not_found', kind: undefined })
    await expect(remove(kidOf(token))).rejects.toMatchObject({ code: 'oidc.key_required', kind: undefined })
    const [late] = await configs.rotate('private-keys', 'EC', 60)
    await remove(late!.id)
    expect(await kids()).toEqual([kidOf(token)])
    const [next] = await configs.rotate('private-keys', 'EC', 0)
    // Another node may be about to sign with it.
    await expect(remove(next!.id)).rejects.toThrow('oidc.key_required')
    pass(11_000)
    await remove(kidOf(token))
    pass(5_000)
    expect(await kids()).toEqual([next!.id])
    for (const node of nodes) expect(await manages(node, token)).toBe(false)
  })

  it('stand sealed, and are never told', async () => {
    await server.oidc.configs.rotate('cookie-keys')
    const told = JSON.stringify([
      await server.oidc.configs.keys('private-keys'),
      await server.oidc.configs.keys('cookie-keys'),
      await jwks(),
    ])
    const rows = await db.selectFrom('settings').selectAll().execute()
    const { seal: key } = deriveKeys(Buffer.alloc(32, 7))
    const secrets = ['oidc.signing-keys', 'oidc.cookie-keys'].flatMap(name => {
      const text = rows.find(row => row.key === name)!.value
      const ring = JSON.parse(open(key, text, name)) as { key: string | { d: string } }[]
      return ring.map(each => (typeof each.key === 'string' ? each.key : each.key.d))
    })
    expect(secrets).toHaveLength(3)
    for (const secret of secrets) expect(told + JSON.stringify(rows)).not.toContain(secret)
  })

  it('of an earlier version go on signing', async () => {
    const { seal: key } = deriveKeys(Buffer.alloc(32, 7))
    const where = db.selectFrom('settings').selectAll().where('key', '=', 'oidc.signing-keys')
    const { value } = await where.executeTakeFirstOrThrow()
    const [{ key: jwk, id }] = JSON.parse(open(key, value, 'oidc.signing-keys'))
    const { kid: _, ...bare } = jwk
    await db
      .updateTable('settings')
      .set({ value: seal(key, JSON.stringify([bare]), 'oidc.signing-keys') })
      .where('key', '=', 'oidc.signing-keys')
      .execute()
    pass(5_000)
    expect(await kids()).toEqual([id])
    await server.oidc.configs.rotate('private-keys', 'EC', 0)
    expect(await statuses()).toEqual(['Next', 'Current'])
    expect(await kids()).toContain(id)
  })

  it('of cookies change without signing anybody out, until the old one is deleted', async () => {
    const { configs } = server.oidc
    const [browser, idle] = [new Browser(), new Browser()]
    for (const each of [browser, idle]) await tokensOf(server, page, {}, each)
    const [first] = await configs.keys('cookie-keys')
    expect(first).not.toHaveProperty('signingKeyAlgorithm')
    await configs.rotate('cookie-keys', undefined, 0)
    pass(11_000)
    const known = async (visitor: Browser) => {
      const quiet = { prompt: 'none', scope: 'openid' }
      const back = await visitor.open(authorizationUrl(server, page, quiet))
      return new URL(back.headers.get('location')!).searchParams.get('error') ?? 'signed in'
    }
    expect(await known(browser)).toBe('signed in')
    await configs.deleteKey('cookie-keys', first!.id)
    // The visit before renewed the signature; the other browser made none.
    expect(await known(browser)).toBe('signed in')
    expect(await known(idle)).toBe('login_required')
  })

  it('of cookies stay for as long as the longest session', async () => {
    const { configs } = server.oidc
    await configs.setSessionTtl(60 * 86_400)
    await tokensOf(server, page)
    await configs.rotate('cookie-keys', undefined, 0)
    pass(59 * DAY)
    await server.oidc.purge()
    expect(await statuses('cookie-keys')).toEqual(['Current', 'Previous'])
    pass(2 * DAY)
    await server.oidc.purge()
    expect(await statuses('cookie-keys')).toEqual(['Current'])
  })
})

eachDatabase('the lifetime of sessions', openFresh => {
  it('can be changed for those that begin from now on, on every node', async () => {
    const db = await openFresh()
    const server = await startProvider(db)
    const other = await startProvider(db)
    await server.users.create({ username: 'alice' })
    const { configs } = server.oidc
    expect(await configs.sessionTtl()).toBe(1_209_600)
    const lifetime = async () => {
      const page = await register(server, 'SPA')
      const browser = new Browser()
      await tokensOf(server, page, {}, browser)
      const user = (await server.users.find({ type: 'username', value: 'alice' }))!
      const sessions = await server.oidc.sessions.list(user.id)
      const { iat, exp } = sessions.at(-1)!.payload
      await server.oidc.revokeUser(user.id)
      return Math.round((exp - iat) / 10) * 10
    }
    expect(await lifetime()).toBe(1_209_600)
    await configs.setSessionTtl(600)
    expect(await configs.sessionTtl()).toBe(600)
    expect(await lifetime()).toBe(600)
    other.pass(5_000)
    expect(await other.oidc.configs.sessionTtl()).toBe(600)
    await server.close()
    await other.close()
  })
})
