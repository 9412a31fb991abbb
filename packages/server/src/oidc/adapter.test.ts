import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { deriveKeys } from '../crypto/keys.ts'
import { eachDatabase } from '../db/testing.ts'
import { createAdapter } from './adapter.ts'
import { successorOf } from './refresh-chain.ts'
import { oidcStore } from './store.ts'

const keys = deriveKeys(Buffer.alloc(32, 7))

eachDatabase('what OpenID Connect stores', openFresh => {
  async function open() {
    const db = await openFresh()
    const clock = { now: 1_000_000 }
    const world = {
      now: () => clock.now,
      random: randomBytes,
      log() {},
      fetch: async () => {
        throw new Error('no network')
      },
    }
    const store = oidcStore(db)
    const adapter = (kind: string) => createAdapter(kind, store, keys, world, 60_000)
    const rows = () => db.selectFrom('oidc_payloads').selectAll().execute()
    return { db, clock, store, adapter, rows }
  }

  it('comes back as it was, by id and by uid, also after it was stored again', async () => {
    const { adapter } = await open()
    const sessions = adapter('Session')
    await sessions.upsert('an id', { uid: 'a uid', accountId: 'alice' }, 60)
    await sessions.upsert('an id', { uid: 'a uid', accountId: 'bob' }, 60)
    expect(await sessions.find('an id')).toEqual({ uid: 'a uid', accountId: 'bob' })
    expect(await sessions.findByUid('a uid')).toEqual({ uid: 'a uid', accountId: 'bob' })
    expect(await adapter('Grant').find('an id')).toBeUndefined()
    await sessions.destroy('an id')
    expect(await sessions.find('an id')).toBeUndefined()
  })

  it('is of no use to somebody who can read the database', async () => {
    const { adapter, rows } = await open()
    await adapter('AccessToken').upsert('the token', { grantId: 'the grant', scope: 'the scope' }, 60)
    const stored = JSON.stringify(await rows())
    for (const secret of ['the token', 'the grant', 'the scope']) expect(stored).not.toContain(secret)
  })

  it('does not open in the place of another', async () => {
    const { db, adapter, rows } = await open()
    const tokens = adapter('AccessToken')
    await tokens.upsert('mine', { accountId: 'mallory' }, 60)
    await tokens.upsert('theirs', { accountId: 'alice' }, 60)
    const [first, second] = await rows()
    await db
      .updateTable('oidc_payloads')
      .set({ payload: first!.payload })
      .where('id_hash', '=', second!.id_hash)
      .execute()
    const both = await Promise.allSettled([tokens.find('mine'), tokens.find('theirs')])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('is gone when its time is over, and deleted by the next purge', async () => {
    const { clock, store, adapter, rows } = await open()
    await adapter('Interaction').upsert('short', {}, 60)
    await adapter('Interaction').upsert('long', {}, 120)
    await adapter('Interaction').upsert('for ever', {})
    clock.now += 60_000
    expect(await adapter('Interaction').find('short')).toBeUndefined()
    expect(await adapter('Interaction').find('long')).toBeDefined()
    await store.deleteExpired(clock.now)
    expect(await rows()).toHaveLength(2)
  })

  it('lets one code be spent once, and takes its grant back at the second time', async () => {
    const { adapter } = await open()
    await adapter('Grant').upsert('a grant', { accountId: 'alice' }, 60)
    await adapter('AccessToken').upsert('a token', { grantId: 'a grant' }, 60)
    await adapter('AuthorizationCode').upsert('a code', { grantId: 'a grant' }, 60)
    const spent = await Promise.allSettled(
      Array.from({ length: 20 }, () => adapter('AuthorizationCode').consume('a code')),
    )
    expect(spent.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await adapter('AccessToken').find('a token')).toBeUndefined()
    expect(await adapter('Grant').find('a grant')).toBeUndefined()
  })

  it('counts the time in which a refresh may be repeated from its first use', async () => {
    const { clock, adapter } = await open()
    const tokens = adapter('RefreshToken')
    await tokens.upsert('a token', {}, 600)
    await tokens.consume('a token')
    clock.now += 40_000
    await tokens.consume('a token')
    expect(await tokens.find('a token')).toEqual({})
    clock.now += 19_999
    expect(await tokens.find('a token')).toEqual({})
    clock.now += 1
    expect(await tokens.find('a token')).toEqual({ late: true })
  })

  it('counts the grace of a refresh token whose successor was used from its own first use', async () => {
    const { clock, adapter } = await open()
    const [tokens, successor] = [adapter('RefreshToken'), successorOf(keys, 'a token')]
    for (const token of ['a token', successor]) {
      await tokens.upsert(token, {}, 600)
      await tokens.consume(token)
    }
    clock.now += 2_999
    expect(await tokens.find('a token')).not.toHaveProperty('consumed')
    clock.now += 1
    expect(await tokens.find('a token')).toHaveProperty('consumed')
  })

  it('goes by grant, one kind at a time, and by user', async () => {
    const { store, adapter, rows } = await open()
    await adapter('AccessToken').upsert('one', { grantId: 'a grant', accountId: 'alice' }, 60)
    await adapter('AccessToken').upsert('other', { grantId: 'another', accountId: 'alice' }, 60)
    await adapter('RefreshToken').upsert('one', { grantId: 'a grant', accountId: 'alice' }, 60)
    await adapter('RefreshToken').upsert('third', { grantId: 'a third', accountId: 'bob' }, 60)
    await adapter('AccessToken').revokeByGrantId('a grant')
    expect(await adapter('AccessToken').find('one')).toBeUndefined()
    expect(await adapter('AccessToken').find('other')).toBeDefined()
    expect(await adapter('RefreshToken').find('one')).toBeDefined()
    await store.deleteByAccount('alice')
    expect((await rows()).map(row => row.account_id)).toEqual(['bob'])
  })
})
