import { expect, it } from 'vitest'
import type { Database } from '../db/database.ts'
import { eachDatabase } from '../db/testing.ts'
import { testWorld } from '../testing/world.ts'
import { bringToOneForm, findOldForms } from './one-form.ts'
import { createUsers } from './users.ts'

const DAY = 24 * 60 * 60_000

/** Writes a number as a server of before did. */
async function withNumber(db: Database, username: string, phone: string, at = 1): Promise<string> {
  const { id } = await createUsers(db, testWorld()).create({ username })
  await db.updateTable('users').set({ primary_phone: phone, updated_at: at }).where('id', '=', id).execute()
  return id
}

const numbersIn = async (db: Database) =>
  Object.fromEntries(
    (await db.selectFrom('users').select(['username', 'primary_phone', 'updated_at']).execute()).map(
      ({ username, primary_phone: phone, updated_at: at }) => [username, [phone, Number(at)]],
    ),
  )

function start(db: Database, now = 10 * DAY) {
  const lines: [string, string][] = []
  const done = bringToOneForm(db, now, (level, event) => void lines.push([level, event]))
  return done.then(result => ({ ...result, lines }))
}

eachDatabase('numbers in forms of before', openFresh => {
  it('are brought into their one form at the next start, and nothing else of their users is changed', async () => {
    const db = await openFresh()
    await withNumber(db, 'bare', '13800138000')
    await withNumber(db, 'mexican', '5215512345678')
    await withNumber(db, 'odd', '861380013800')
    await withNumber(db, 'new', '8613800138001')
    const { rewritten, left, lines } = await start(db)
    expect([rewritten, left]).toEqual([2, []])
    expect(lines).toEqual([['info', 'numbers and addresses of 2 users brought into their one form']])
    expect(await numbersIn(db)).toEqual({
      bare: ['8613800138000', 1],
      mexican: ['525512345678', 1],
      odd: ['861380013800', 1],
      new: ['8613800138001', 1],
    })
    expect((await start(db)).lines).toEqual([])
  })

  it('that several users would have are left and told of at every start, until an operator has decided', async () => {
    const db = await openFresh()
    const owner = await withNumber(db, 'owner', '8613800138000')
    const old = await withNumber(db, 'old', '13800138000')
    const first = await withNumber(db, 'first', '5215512345678')
    const second = await withNumber(db, 'second', '520445512345678')
    const before = await numbersIn(db)
    const seen = await findOldForms(db, { write: false })
    const { lines, ...result } = await start(db)
    expect(result).toEqual({ rewritten: 0, left: expect.any(Array) })
    expect(
      new Set(result.left.map(each => JSON.stringify({ ...each, userIds: each.userIds.sort() }))),
    ).toEqual(
      new Set(
        [
          { field: 'primaryPhone', ownerId: owner, userIds: [old] },
          { field: 'primaryPhone', ownerId: null, userIds: [first, second].sort() },
        ].map(each => JSON.stringify(each)),
      ),
    )
    expect(seen.left).toHaveLength(2)
    expect(await numbersIn(db)).toEqual(before)
    expect(lines.map(([level]) => level)).toEqual(['warn', 'warn'])
    for (const id of [owner, old]) expect(lines.flat().join()).toContain(id)
    expect(lines.flat().join()).not.toContain('13800138000')

    // Whoever holds one today lets it go; the other pair is decided by deleting one.
    await db.updateTable('users').set({ primary_phone: null }).where('id', '=', owner).execute()
    await db.deleteFrom('users').where('id', '=', second).execute()
    expect(await start(db, 20 * DAY)).toMatchObject({ rewritten: 2, left: [] })
    expect(await numbersIn(db)).toMatchObject({ old: ['8613800138000', 1], first: ['525512345678', 1] })
  })

  it('of a node of before that still runs are brought into it at the next start', async () => {
    const db = await openFresh()
    await start(db, 10 * DAY)
    await withNumber(db, 'bare', '13800138000', 10 * DAY - 1)
    expect(await start(db, 11 * DAY)).toMatchObject({ rewritten: 1 })
  })

  it('are brought into it once by several nodes that start at one time', async () => {
    const db = await openFresh()
    for (let number = 0; number < 30; number += 1)
      await withNumber(db, `user${number}`, `138001380${String(number).padStart(2, '0')}`)
    const nodes = await Promise.all([start(db), start(db), start(db)])
    expect(nodes.flatMap(({ left }) => left)).toEqual([])
    const rows = await db.selectFrom('users').select('primary_phone').execute()
    const numbers = rows.map(row => row.primary_phone)
    expect(new Set(numbers).size).toBe(30)
    for (const number of numbers) expect(number).toMatch(/^86138001380\d\d$/)
  })
})

/** Writes an address as a server of before did: as it was given, and its key without case. */
async function withAddress(db: Database, username: string, address: string): Promise<string> {
  const { id } = await createUsers(db, testWorld()).create({ username })
  await db
    .updateTable('users')
    .set({ primary_email: address, email_key: address.toLowerCase(), updated_at: 1 })
    .where('id', '=', id)
    .execute()
  return id
}

eachDatabase('addresses in forms of before', openFresh => {
  it('are brought into their one form at the next start, where only one user has them', async () => {
    const db = await openFresh()
    const users = createUsers(db, testWorld())
    await withAddress(db, 'idn', 'Ida@Bücher.example.com')
    await withAddress(db, 'invisible', 'v1\u200B@example.com')
    await withAddress(db, 'plain', 'Ada@example.com')
    await withAddress(db, 'odd', 'a,b@example.com')
    expect(await start(db)).toMatchObject({ rewritten: 2, left: [] })
    const kept = async (value: string) => {
      const user = await users.find({ type: 'email', value })
      return [user?.username, user?.primaryEmail]
    }
    expect(await kept('ida@bücher.example.com')).toEqual(['idn', 'Ida@xn--bcher-kva.example.com'])
    expect(await kept('v1@example.com')).toEqual(['invisible', 'v1@example.com'])
    expect(await kept('ada@EXAMPLE.com')).toEqual(['plain', 'Ada@example.com'])
    expect(await kept('a,b@example.com')).toEqual(['odd', 'a,b@example.com'])
  })

  it('that several users have are left for operators to decide', async () => {
    const db = await openFresh()
    const unicode = await withAddress(db, 'unicode', 'lim@例子.测试')
    const ascii = await withAddress(db, 'ascii', 'lim@xn--fsqu00a.xn--0zwm56d')
    const { rewritten, left, lines } = await start(db)
    expect([rewritten, left]).toEqual([0, [{ field: 'primaryEmail', ownerId: ascii, userIds: [unicode] }]])
    expect(lines).toMatchObject([['warn', expect.stringContaining('primaryEmail')]])
    expect(lines.flat().join()).not.toContain('lim@')
  })
})
