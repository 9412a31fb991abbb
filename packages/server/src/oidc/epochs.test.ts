import { afterEach, beforeEach, expect, it } from 'vitest'
import { eachDatabase } from '../db/testing.ts'
import { Browser, startProvider, type TestProvider } from './testing.ts'
import {
  authorizationUrl,
  CALLBACK,
  refresh,
  register,
  type TestClient,
  tokensOf,
  userInfo,
} from './testing-client.ts'

/** How often a race is run whose loser is not always the same. */
const ROUNDS = 6

eachDatabase('a new password', openFresh => {
  let one: TestProvider
  let two: TestProvider
  let page: TestClient
  let userId: string

  beforeEach(async () => {
    const db = await openFresh()
    one = await startProvider(db)
    // Another node: the same name for the world, the same database.
    two = await startProvider(db, { endpoint: one.endpoint })
    userId = (await one.users.create({ username: 'alice' })).id
    page = await register(one, 'SPA')
  })
  afterEach(async () => {
    await one.close()
    await two.close()
  })

  const at = (node: TestProvider, token: string) =>
    refresh({ ...node, oidc: { ...node.oidc, issuer: `${node.endpoint}/oidc` } }, page, token)
  const works = async (token: string) => (await userInfo(one, token)).status === 200
  /** What came of asking without a page: a code, or the reason for none. */
  const silent = async (browser: Browser) => {
    const url = await browser.follow(authorizationUrl(one, page, { prompt: 'none' }), CALLBACK)
    return url.searchParams.get('error') ?? 'signed in'
  }
  const change = (ends?: { session?: string; grant?: string }) =>
    two.users.changePassword(userId, { passwordHash: 'x' }, ends)
  const kinds = async () => {
    const rows = await one.db.selectFrom('oidc_payloads').select('kind').execute()
    return [...new Set(rows.map(({ kind }) => kind))].sort()
  }

  it('ends sessions, grants, access and refresh tokens at once, and what is left is cleared away', async () => {
    const browser = new Browser()
    const tokens = await tokensOf(one, page, {}, browser)
    await change({})
    expect(await works(tokens.access_token!)).toBe(false)
    expect((await at(one, tokens.refresh_token!)).body.error).toBe('invalid_grant')
    expect(await silent(browser)).toBe('login_required')
    expect(await one.oidc.sessions.list(userId)).toEqual([])
    expect(await one.oidc.sessions.grants(userId, undefined)).toEqual([])
    await one.oidc.sessions.clearEnded(userId)
    expect(await kinds()).not.toContain('Grant')
    expect(await kinds()).not.toContain('RefreshToken')
    expect(one.audited.at(-1)).toEqual({ key: 'EndSessions', facts: { userId, sessions: 1, grants: 1 } })
  })

  it('leaves whoever signs in afterwards alone, and everybody else', async () => {
    await one.users.create({ username: 'bob' })
    const bob = await one.users.find({ type: 'username', value: 'bob' })
    const other = await tokensOf(one, page)
    await one.users.changePassword(bob!.id, { passwordHash: 'x' }, {})
    expect(await works(other.access_token!)).toBe(true)
    await change({})
    const browser = new Browser()
    const tokens = await tokensOf(one, page, {}, browser)
    await one.oidc.sessions.clearEnded(userId)
    expect(await works(tokens.access_token!)).toBe(true)
    expect((await at(two, tokens.refresh_token!)).status).toBe(200)
    expect(await silent(browser)).toBe('signed in')
  })

  it('keeps one session and one grant where they are named, until the next that does not', async () => {
    const mine = new Browser()
    const tokens = await tokensOf(one, page, {}, mine)
    const [session] = await one.oidc.sessions.list(userId)
    const [grant] = await one.oidc.sessions.grants(userId, undefined)
    const theirs = new Browser()
    const stolen = await tokensOf(one, page, {}, theirs)
    const kept = one.oidc.sessions.kept({ sessionUid: session!.payload.uid, grantId: grant!.id })
    for (const _ of [1, 2]) {
      await change(kept)
      await one.oidc.sessions.clearEnded(userId)
      expect(await works(tokens.access_token!)).toBe(true)
      expect(await silent(mine)).toBe('signed in')
    }
    const { body } = await at(two, tokens.refresh_token!)
    expect(await works(body.access_token as string)).toBe(true)
    expect([await works(stolen.access_token!), await silent(theirs)]).toEqual([false, 'login_required'])
    // A grant that is given in a kept session is good as well.
    const further = await tokensOf(one, page, {}, mine)
    expect(await works(further.access_token!)).toBe(true)
    await change({})
    expect([await works(further.access_token!), await silent(mine)]).toEqual([false, 'login_required'])
  })

  it('outlasts every request that is under way at that moment, at whichever node', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const browser = new Browser()
      const { refresh_token: token } = await tokensOf(one, page, {}, browser)
      const requests = Array.from({ length: 8 }, (_, index) => at(index % 2 ? one : two, token!))
      const asking = silent(browser)
      const changing = change({}).then(() => two.oidc.sessions.clearEnded(userId))
      const answers = (await Promise.all(requests)).filter(({ status }) => status === 200)
      await Promise.all([changing, asking])
      for (const { body } of answers) {
        expect(await works(body.access_token as string)).toBe(false)
        expect((await at(one, body.refresh_token as string)).body.error).toBe('invalid_grant')
      }
      expect(await silent(browser)).toBe('login_required')
      expect(await one.oidc.sessions.list(userId)).toEqual([])
      expect(await one.oidc.sessions.grants(userId, undefined)).toEqual([])
    }
  })

  it('makes nothing good that was written by a request of before', async () => {
    const tokens = await tokensOf(one, page)
    const rows = await one.db.selectFrom('oidc_payloads').selectAll().execute()
    await change({})
    await one.oidc.sessions.clearEnded(userId)
    // As by requests that had read everything before the change, and write it back after it.
    await one.db.deleteFrom('oidc_payloads').execute()
    await one.db.insertInto('oidc_payloads').values(rows).execute()
    expect(await works(tokens.access_token!)).toBe(false)
    expect((await at(one, tokens.refresh_token!)).body.error).toBe('invalid_grant')
    expect(await one.oidc.sessions.list(userId)).toEqual([])
  })

  it('leaves a suspension of before in force, and the other way round', async () => {
    const tokens = await tokensOf(one, page)
    const [grant] = await one.oidc.sessions.grants(userId, undefined)
    await change(one.oidc.sessions.kept({ grantId: grant!.id }))
    expect(await works(tokens.access_token!)).toBe(true)
    for (const isSuspended of [true, false]) await two.users.update(userId, { isSuspended })
    expect(await works(tokens.access_token!)).toBe(false)
    expect(await one.oidc.sessions.grants(userId, undefined)).toEqual([grant])
    await change({})
    expect(await one.oidc.sessions.grants(userId, undefined)).toEqual([])
  })
})

eachDatabase('a suspension that is lifted again', openFresh => {
  let one: TestProvider
  let two: TestProvider
  let page: TestClient
  let userId: string

  beforeEach(async () => {
    const db = await openFresh()
    one = await startProvider(db)
    two = await startProvider(db, { endpoint: one.endpoint })
    userId = (await one.users.create({ username: 'alice' })).id
    page = await register(one, 'SPA')
  })
  afterEach(async () => {
    await one.close()
    await two.close()
  })

  const works = async (token: string) => (await userInfo(one, token)).status === 200
  const silent = async (browser: Browser) => {
    const url = await browser.follow(authorizationUrl(one, page, { prompt: 'none' }), CALLBACK)
    return url.searchParams.get('error') ?? 'signed in'
  }
  async function suspend() {
    await two.users.update(userId, { isSuspended: true })
    await two.oidc.revokeUser(userId, 'grants')
    await two.users.update(userId, { isSuspended: false })
  }

  it('makes no session and no token good that was written by a request of before; grants stay', async () => {
    const browser = new Browser()
    const tokens = await tokensOf(one, page, {}, browser)
    const grants = await one.oidc.sessions.grants(userId, undefined)
    const rows = await one.db.selectFrom('oidc_payloads').selectAll().execute()
    await suspend()
    // As by requests that had read everything before the suspension, and write it back after it.
    await one.db.deleteFrom('oidc_payloads').execute()
    await one.db.insertInto('oidc_payloads').values(rows).execute()
    expect(await works(tokens.access_token!)).toBe(false)
    expect((await refresh(one, page, tokens.refresh_token!)).body.error).toBe('invalid_grant')
    expect(await silent(browser)).toBe('login_required')
    expect(await one.oidc.sessions.list(userId)).toEqual([])
    expect(await one.oidc.sessions.grants(userId, undefined)).toEqual(grants)
    expect(grants).toHaveLength(1)
  })

  it('outlasts every request that is under way, at whichever node', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const browser = new Browser()
      const { refresh_token: token } = await tokensOf(one, page, {}, browser)
      const requests = Array.from({ length: 8 }, () => refresh(one, page, token!))
      const asking = silent(browser)
      const answers = await Promise.all([...requests, suspend().then(() => undefined)])
      await asking
      for (const answer of answers) {
        if (answer?.status !== 200) continue
        expect(await works(answer.body.access_token as string)).toBe(false)
        expect((await refresh(one, page, answer.body.refresh_token as string)).body.error).toBe(
          'invalid_grant',
        )
      }
      expect(await silent(browser)).toBe('login_required')
      expect(await one.oidc.sessions.list(userId)).toEqual([])
    }
  })

  it('leaves whoever signs in afterwards alone, with what they granted before', async () => {
    await tokensOf(one, page)
    await suspend()
    const browser = new Browser()
    const tokens = await tokensOf(one, page, {}, browser)
    expect(await works(tokens.access_token!)).toBe(true)
    const again = await refresh(one, page, tokens.refresh_token!)
    expect(await works(again.body.access_token as string)).toBe(true)
    expect(await silent(browser)).toBe('signed in')
  })
})
