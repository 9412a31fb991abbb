import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { deriveKeys, keyIdOf } from './crypto/keys.ts'
import { open, seal } from './crypto/seal.ts'
import type { Database } from './db/database.ts'
import { isSqlite } from './db/database.ts'
import { eachDatabase } from './db/testing.ts'
import { countSealed, PLACES, resealAll } from './resealing.ts'

const secret = Buffer.alloc(32, 7)
const added = 'ab'.repeat(32)
const id = keyIdOf(Buffer.from(added, 'hex'))
/** As a server has them before the rotation, while it is under way, and when it is over. */
const [before, during, after] = [[], ['own', added], [added]].map(keys => deriveKeys(secret, keys).seal)
const RING = 'oidc.signing-keys'

/** A row of a table with as little as it must have, and these values. */
async function addRow(db: Database, table: string, values: Record<string, unknown>): Promise<void> {
  const { rows } = await (isSqlite(db)
    ? sql<{ name: string; type: string }>`select name, type from pragma_table_info(${table})
        where ("notnull" or pk > 0) and dflt_value is null`
    : sql<{
        name: string
        type: string
      }>`select column_name as name, data_type as type from information_schema.columns
        where table_schema = current_schema() and table_name = ${table} and is_nullable = 'NO' and column_default is null`
  ).execute(db)
  const whole = {
    ...Object.fromEntries(rows.map(({ name, type }) => [name, /text|char/i.test(type) ? 'k' : 1])),
    ...values,
  }
  const names = Object.keys(whole)
  await sql`insert into ${sql.table(table)} (${sql.join(names.map(name => sql.ref(name)))})
    values (${sql.join(Object.values(whole))})`.execute(db)
}

/** A row in each table that holds what is sealed, and a setting. */
async function fill(db: Database): Promise<void> {
  await addRow(db, 'applications', { id: 'k' })
  for (const [table, places] of Map.groupBy(PLACES, each => each.table)) {
    const { keys } = places[0]!
    const sealed = places.map(({ column, context }) => [
      column,
      seal(before!, column, context(...keys.map(() => 'k'))),
    ])
    await addRow(db, table, {
      ...Object.fromEntries(keys.map(key => [key, 'k'])),
      ...Object.fromEntries(sealed),
    })
  }
  await addRow(db, 'settings', { key: RING, value: seal(before!, 'ring', RING) })
}

const textsIn = async (db: Database, vault: typeof before) => {
  const texts: string[] = []
  for (const { table, column, keys, context } of PLACES) {
    const { rows } = await sql<{
      text: string
    }>`select ${sql.ref(column)} as text from ${sql.table(table)}`.execute(db)
    for (const { text } of rows) texts.push(open(vault!, text, context(...keys.map(() => 'k'))))
  }
  return texts
}

eachDatabase('what is sealed', openFresh => {
  test('is sealed anew by the first key, goes on where it was ended, and can be read all the while', async () => {
    const db = await openFresh()
    await db.transaction().execute(fill)
    const all = PLACES.length + 1
    expect(await countSealed(db)).toEqual({ own: all })
    let told = 0
    const ended = resealAll(db, after!, () => {
      told += 1
      if (told === 5) throw new Error('ended')
    })
    await expect(ended).rejects.toThrow('ended')
    expect(await countSealed(db)).toEqual({ own: all - 5, [id]: 5 })
    // A server that does not seal with the new key yet reads both.
    expect(await textsIn(db, during)).toEqual(PLACES.map(({ column }) => column))
    expect(await resealAll(db, after!, () => {})).toEqual({ resealed: all - 5, unopened: 0 })
    expect(await countSealed(db)).toEqual({ [id]: all })
    expect(await textsIn(db, after)).toEqual(PLACES.map(({ column }) => column))
    expect(await resealAll(db, before!, () => {})).toEqual({ resealed: 0, unopened: all })
    expect(await countSealed(db)).toEqual({ [id]: all })
  })
})

eachDatabase('what docs/operate.md gives up when the secret is lost', openFresh => {
  test('is all that was sealed, and no user', async () => {
    const guide = readFileSync(join(import.meta.dirname, '../../../docs/operate.md'), 'utf8')
    const statements = /```sql\nbegin;\n(.*?)commit;\n```/s.exec(guide)![1]!.split(';\n').filter(Boolean)
    const db = await openFresh()
    await db.transaction().execute(fill)
    await addRow(db, 'users', { id: 'k' })
    await addRow(db, 'settings', { key: 'captcha', value: '{}' })
    for (const statement of statements) await sql.raw(statement).execute(db)
    expect(await countSealed(db)).toEqual({})
    const rows = async (table: string) =>
      (await sql`select 1 from ${sql.table(table)}`.execute(db)).rows.length
    expect([await rows('users'), await rows('applications'), await rows('settings')]).toEqual([1, 1, 0])
  })
})

test('whoever seals is known here, so that none of it is left behind by a rotation', () => {
  const folder = import.meta.dirname
  const sealing = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(file => /^\w.*(?<!test|testing)\.ts$/.test(file) && file !== 'resealing.ts')
    .filter(file =>
      /import \{[^}]*\bseal\b[^}]*\} from '[./]+crypto\/seal\.ts'/.test(
        readFileSync(join(folder, file), 'utf8'),
      ),
    )
  expect(sealing.sort(), 'Add the column to PLACES in resealing.ts, and the file here.').toEqual([
    'account/proofs-room.ts',
    'applications/applications.ts',
    'captcha/secrets.ts',
    'connections/room.ts',
    'hooks/config.ts',
    'hooks/room.ts',
    'hooks/sealing.ts',
    'interactions/store.ts',
    'ledger/receiving.ts',
    'ledger/writing.ts',
    'oidc/adapter.ts',
    'oidc/in-force.ts',
    'receipts/addresses.ts',
    'test-identities/test-identities.ts',
  ])
})
