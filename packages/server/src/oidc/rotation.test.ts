import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { eachDatabase } from '../db/testing.ts'
import { startProvider, type TestProvider } from './testing.ts'
import { post, refresh, register, type TestClient, tokensOf, userInfo } from './testing-client.ts'

eachDatabase('a refresh token', openFresh => {
  let one: TestProvider
  let two: TestProvider
  let page: TestClient

  beforeEach(async () => {
    // Only what is passed counts, however slow the machine is.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    const db = await openFresh()
    one = await startProvider(db)
    // Another node: the same name for the world, the same database.
    two = await startProvider(db, { endpoint: one.endpoint })
    await one.users.create({ username: 'alice' })
    page = await register(one, 'SPA')
  })
  afterEach(async () => {
    vi.useRealTimers()
    await one.close()
    await two.close()
  })

  /** The chains that live: tokens that nobody has spent. */
  const chains = async () => {
    const rows = await one.db.selectFrom('oidc_payloads').select(['kind', 'consumed_at']).execute()
    return rows.filter(row => row.kind === 'RefreshToken' && row.consumed_at === null).length
  }
  const at = (node: TestProvider, token: string) =>
    refresh({ ...node, oidc: { ...node.oidc, issuer: `${node.endpoint}/oidc` } }, page, token)
  const tokenOf = ({ status, body }: Awaited<ReturnType<typeof refresh>>) =>
    status === 200 ? (body.refresh_token as string) : `${status} ${body.error}`

  it('that is used thirty times at once at two nodes makes one successor, which all of them get', async () => {
    const first = (await tokensOf(one, page)).refresh_token!
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) => at(index % 2 ? one : two, first)),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array(30).fill(200))
    const [successor, ...others] = new Set(answers.map(tokenOf))
    expect(others).toEqual([])
    expect(successor).not.toBe(first)
    expect(await chains()).toBe(1)
    expect((await userInfo(one, answers[29]!.body.access_token as string)).status).toBe(200)
    expect((await at(two, successor!)).status).toBe(200)
    expect(await chains()).toBe(1)
  })

  it('answers again within the grace with the newest of its chain', async () => {
    const first = (await tokensOf(one, page)).refresh_token!
    const second = tokenOf(await at(one, first))
    one.pass(1_000)
    two.pass(1_000)
    const third = tokenOf(await at(two, second))
    expect(tokenOf(await at(one, first))).toBe(third)
    one.pass(1_999)
    expect(tokenOf(await at(one, first))).toBe(third)
    expect(await chains()).toBe(1)
    one.pass(1)
    // Somebody else has the token: nobody keeps anything.
    expect(tokenOf(await at(one, first))).toBe('400 invalid_grant')
    expect(tokenOf(await at(one, third))).toBe('400 invalid_grant')
  })

  it('whose answer was lost can be repeated for a minute, at any node, while nobody used its successor', async () => {
    const first = (await tokensOf(one, page)).refresh_token!
    const second = tokenOf(await at(one, first))
    for (const [pause, node] of [
      [8_000, one],
      [17_000, two],
      [34_999, one],
    ] as const) {
      for (const each of [one, two]) each.pass(pause)
      expect(tokenOf(await at(node, first))).toBe(second)
    }
    expect(await chains()).toBe(1)
    for (const each of [one, two]) each.pass(1)
    // Too late, and no sign of a thief: whoever holds the successor keeps it.
    expect(await at(two, first)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect((await at(two, second)).status).toBe(200)
  })

  it('that comes again after its successor was used is a stolen one, also within the minute', async () => {
    const first = (await tokensOf(one, page)).refresh_token!
    const second = tokenOf(await at(one, first))
    for (const each of [one, two]) each.pass(8_000)
    const third = tokenOf(await at(two, second))
    expect(tokenOf(await at(one, first))).toBe('400 invalid_grant')
    // Nobody keeps anything.
    for (const token of [second, third]) expect(tokenOf(await at(one, token))).toBe('400 invalid_grant')
  })

  it('that is repeated many times at two nodes long after makes no second successor', async () => {
    const first = (await tokensOf(one, page)).refresh_token!
    const second = tokenOf(await at(one, first))
    for (const each of [one, two]) each.pass(30_000)
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => at(index % 2 ? one : two, first)),
    )
    expect(answers.map(tokenOf)).toEqual(Array(10).fill(second))
    expect(await chains()).toBe(1)
    expect((await at(two, second)).status).toBe(200)
  })

  it('that races with its successor leaves one chain that works, or none', async () => {
    const first = (await tokensOf(one, page)).refresh_token!
    const second = tokenOf(await at(one, first))
    for (const each of [one, two]) each.pass(30_000)
    const [repeated, next] = (await Promise.all([at(one, first), at(two, second)])).map(tokenOf)
    expect(await chains()).toBeLessThanOrEqual(1)
    // Either it came before its successor was used, or it is a stolen one and nobody keeps anything.
    if (repeated === '400 invalid_grant') expect(tokenOf(await at(one, next!))).toBe('400 invalid_grant')
    else expect([second, next]).toContain(repeated)
  })

  it('that came too late can still be revoked, with all of its grant', async () => {
    const { refresh_token: first, access_token: access } = await tokensOf(one, page)
    const second = tokenOf(await at(one, first!))
    for (const each of [one, two]) each.pass(61_000)
    await post(one, '/token/revocation', { token: first! }, page)
    expect((await userInfo(one, access!)).status).toBe(401)
    expect(tokenOf(await at(one, second))).toBe('400 invalid_grant')
  })

  it('can be repeated for as long as the operator allows', async () => {
    const patient = await startProvider(one.db, { endpoint: one.endpoint, refreshRetry: 300_000 })
    const first = (await tokensOf(one, page)).refresh_token!
    const second = tokenOf(await at(patient, first))
    patient.pass(299_999)
    expect(tokenOf(await at(patient, first))).toBe(second)
    patient.pass(1)
    expect(tokenOf(await at(patient, first))).toBe('400 invalid_grant')
    await patient.close()
  })

  it('is not in the database, and neither is what takes its place', async () => {
    const first = (await tokensOf(one, page)).refresh_token!
    const second = tokenOf(await at(one, first))
    const rows = JSON.stringify(await one.db.selectFrom('oidc_payloads').selectAll().execute())
    for (const token of [first, second]) expect(rows).not.toContain(token)
  })

  it('that comes after one of somebody else is another', async () => {
    const [mine, theirs] = [await tokensOf(one, page), await tokensOf(one, page)]
    const successors = [await at(one, mine.refresh_token!), await at(one, theirs.refresh_token!)].map(tokenOf)
    expect(new Set(successors).size).toBe(2)
  })
})
