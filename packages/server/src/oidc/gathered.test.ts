import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { deriveKeys } from '../crypto/keys.ts'
import { type Database, isSqlite } from '../db/database.ts'
import { eachDatabase } from '../db/testing.ts'
import { createAdapter } from './adapter.ts'
import { gathering, onceStored } from './gathered.ts'
import { oidcStore } from './store.ts'
import { Browser, startProvider } from './testing.ts'
import { authorizationUrl, CALLBACK, register } from './testing-client.ts'

const keys = deriveKeys(Buffer.alloc(32, 7))
const ROUNDS = 20

/** Lets the database store nothing of a kind, and everything again. */
async function refuse(db: Database, kind: string): Promise<() => Promise<unknown>> {
  if (isSqlite(db)) {
    await sql`create trigger refused before insert on oidc_payloads when new.kind = ${sql.lit(kind)}
      begin select raise(abort, 'refused'); end`.execute(db)
    return () => sql`drop trigger refused`.execute(db)
  }
  await sql`alter table oidc_payloads add constraint refused check (kind <> ${sql.lit(kind)}) not valid`.execute(
    db,
  )
  return () => sql`alter table oidc_payloads drop constraint refused`.execute(db)
}

eachDatabase('what a request to the provider stores', openFresh => {
  async function open() {
    const db = await openFresh()
    const store = oidcStore(db)
    const world = { now: () => 1_000_000, random: randomBytes, log() {}, fetch: () => Promise.reject() }
    const adapter = (kind: string) => createAdapter(kind, store, keys, world, 60_000)
    const kinds = async () => {
      const rows = await db.selectFrom('oidc_payloads').select('kind').orderBy('kind').execute()
      return rows.map(({ kind }) => kind)
    }
    return { db, store, adapter, kinds, gather: <T>(work: () => Promise<T>) => gathering(store, work) }
  }

  it('is found by that request, and by others when it ends', async () => {
    const { adapter, kinds, gather } = await open()
    const sessions = adapter('Session')
    await sessions.upsert('old', { uid: 'uid', accountId: 'alice' }, 60)
    const told: string[] = []
    await gather(async () => {
      await adapter('AccessToken').upsert('token', { accountId: 'alice' }, 60)
      await sessions.destroy('old')
      await sessions.upsert('new', { uid: 'uid', accountId: 'alice' }, 60)
      onceStored(() => void told.push('stored'))
      expect([await kinds(), told]).toEqual([['Session'], []])
      expect(await sessions.find('old')).toBeUndefined()
      expect(await sessions.findByUid('uid')).toBeDefined()
    })
    expect([await kinds(), told]).toEqual([['AccessToken', 'Session'], ['stored']])
    expect(await sessions.find('new')).toMatchObject({ accountId: 'alice' })
  })

  it('is stored too when the request is refused on the way', async () => {
    const { adapter, kinds, gather } = await open()
    const work = gather(async () => {
      await adapter('Session').upsert('session', { accountId: 'alice' }, 60)
      throw new Error('refused')
    })
    await expect(work).rejects.toThrow('refused')
    expect(await kinds()).toEqual(['Session'])
  })

  it('takes nothing back of what was revoked before, and nothing of a refresh token that is there', async () => {
    const { adapter, kinds, gather } = await open()
    await gather(async () => {
      await adapter('AccessToken').upsert('token', { grantId: 'grant' }, 60)
      await Promise.all(['RefreshToken', 'AccessToken'].map(kind => adapter(kind).revokeByGrantId('grant')))
    })
    expect(await kinds()).toEqual([])
    for (const accountId of ['alice', 'bob'])
      await gather(() => adapter('RefreshToken').upsert('successor', { accountId }, 60))
    expect(await adapter('RefreshToken').find('successor')).toMatchObject({ accountId: 'alice' })
  })

  it('is all of the first that ends an interaction, and nothing of the others', async () => {
    const { adapter, gather } = await open()
    const end = (number: string) =>
      gather(async () => {
        await adapter('Interaction').destroy('visit')
        await adapter('Session').destroy(`old ${number}`)
        await adapter('Session').upsert(`new ${number}`, { accountId: 'alice' }, 60)
      })
    for (let round = 0; round < ROUNDS; round += 1) {
      const both = ['one', 'two'].map(number => `${number} ${round}`)
      await adapter('Interaction').upsert('visit', {}, 60)
      for (const number of both) await adapter('Session').upsert(`old ${number}`, {}, 60)
      const outcomes = await Promise.allSettled(both.map(end))
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
      for (const [index, number] of both.entries()) {
        const isFirst = outcomes[index]!.status === 'fulfilled'
        expect(await adapter('Session').find(`new ${number}`))[isFirst ? 'toBeDefined' : 'toBeUndefined']()
        expect(await adapter('Session').find(`old ${number}`))[isFirst ? 'toBeUndefined' : 'toBeDefined']()
      }
    }
  })

  it('gives an interaction its result with all that belongs to it, or neither when it has ended', async () => {
    const { adapter, gather } = await open()
    const consent = (grant: string) =>
      gather(async () => {
        await adapter('Grant').upsert(grant, { accountId: 'alice' }, 60)
        await adapter('Interaction').upsert('visit', { result: { consent: {} } }, 60)
      })
    for (let round = 0; round < ROUNDS; round += 1) {
      await adapter('Interaction').upsert('visit', { iat: 1 }, 60)
      const [consented] = await Promise.allSettled([
        consent(`grant ${round}`),
        adapter('Interaction').destroy('visit'),
      ])
      const isStored = (await adapter('Grant').find(`grant ${round}`)) !== undefined
      expect(isStored).toBe(consented.status === 'fulfilled')
      expect(await adapter('Interaction').find('visit')).toBeUndefined()
    }
    await adapter('Interaction').upsert('visit', { iat: 1 }, 60)
    await consent('grant')
    expect(await adapter('Interaction').find('visit')).toEqual({ result: { consent: {} } })
  })

  it('is one session when the end of an interaction is followed twice at once, and the other is told that it is over', async () => {
    const server = await startProvider(await openFresh())
    try {
      await server.users.create({ username: 'alice' })
      const shop = await register(server, 'SPA')
      for (let round = 0; round < 5; round += 1) {
        const browser = new Browser()
        await browser.open(authorizationUrl(server, shop))
        const signedIn = await browser.open(`${server.endpoint}/sign-in?app_id=${shop.id}`)
        const address = signedIn.headers.get('location')!
        server.audited.length = 0
        const answers = await Promise.all([browser.open(address), browser.open(address)])
        const [first, second] = answers.sort((one, other) => one.status - other.status)
        expect([first!.status, second!.status]).toEqual([303, 400])
        expect(second!.headers.getSetCookie()).toEqual([])
        expect(await second!.json()).toMatchObject({ error: 'invalid_request', code: 'session.not_found' })
        expect(server.audited.filter(({ key }) => key === 'Interaction.End')).toHaveLength(1)
        await browser.follow(new URL(first!.headers.get('location')!, address).href, CALLBACK)
      }
    } finally {
      await server.close()
    }
  })

  it('is there before the answer, which else is none', async () => {
    const db = await openFresh()
    const server = await startProvider(db)
    try {
      await server.users.create({ username: 'alice' })
      const shop = await register(server, 'SPA')
      const browser = new Browser()
      await browser.open(authorizationUrl(server, shop))
      const signedIn = await browser.open(`${server.endpoint}/sign-in?app_id=${shop.id}`)
      const address = signedIn.headers.get('location')!
      server.audited.length = 0
      const accept = await refuse(db, 'Session')
      const refused = await browser.open(address)
      expect(refused.status).toBe(500)
      expect([refused.headers.getSetCookie(), refused.headers.get('location')]).toEqual([[], null])
      expect(await refused.json()).toMatchObject({ error: 'server_error' })
      expect(server.audited).toEqual([])
      await accept()
      // Nothing has happened, so the same address goes on.
      await browser.follow(address, CALLBACK)
      expect(server.audited.map(({ key }) => key)).toContain('Interaction.End')
    } finally {
      await server.close()
    }
  })
})
