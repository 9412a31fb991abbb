import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { type Database, openDatabase } from './database.ts'
import { MOST_PARAMETERS } from './prepared-statements.ts'

let folder: string
let db: Database
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-'))
  db = await openDatabase('', folder)
})
afterEach(async () => {
  await db.destroy()
  rmSync(folder, { recursive: true })
})

const put = (key: string, value = 'x') => db.insertInto('settings').values({ key, value }).execute()
const keys = async () => {
  const rows = await db.selectFrom('settings').select('key').orderBy('key').execute()
  return rows.map(row => row.key).filter(key => key.length === 1)
}
/** What another process finds in the file. */
const keysInFile = () => {
  const other = new DatabaseSync(join(folder, 'countersign.db'))
  const rows = other.prepare('select key from settings where length(key) = 1 order by key').all()
  other.close()
  return rows.map(row => row.key)
}

describe('writes of one turn', () => {
  test('are in the file when their promises resolve', async () => {
    await Promise.all([put('a'), put('b'), put('c')])
    expect(keysInFile()).toEqual(['a', 'b', 'c'])
  })

  test('share their commit with those of requests that arrive meanwhile', async () => {
    const first = put('a')
    await new Promise(resolve => setImmediate(resolve))
    const second = put('b')
    await first
    expect(keysInFile()).toEqual(['a', 'b'])
    await second
  })

  test('share it when they are written out as SQL, too', async () => {
    const [, out] = await Promise.all([
      put('a'),
      sql`insert into settings (key, value) values ('b', 'x')`.execute(db).then(keysInFile),
    ])
    expect(out).toEqual(['a', 'b'])
    await expect(sql`insert into settings (key, value) values ('b', 'x')`.execute(db)).rejects.toThrow(
      'UNIQUE',
    )
  })

  test('fail alone', async () => {
    const outcomes = await Promise.allSettled([put('a'), put('a'), put('b')])
    expect(outcomes.map(outcome => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(keysInFile()).toEqual(['a', 'b'])
  })

  test('see each other in order, and say how many rows they touched', async () => {
    const [, changed, returned] = await Promise.all([
      put('a', '1'),
      db.updateTable('settings').set({ value: '2' }).where('key', '=', 'a').executeTakeFirst(),
      db.deleteFrom('settings').where('key', '=', 'a').returning('value').executeTakeFirst(),
    ])
    expect(changed.numUpdatedRows).toBe(1n)
    expect(returned).toEqual({ value: '2' })
  })
})

test('what a statement may have to undo is kept in memory', async () => {
  const { rows } = await sql`pragma temp_store`.execute(db)
  expect(rows).toEqual([{ temp_store: 2 }])
})

describe('a transaction', () => {
  test('keeps the writes and reads of others out until it ends', async () => {
    let proceed = () => {}
    const gate = new Promise<void>(resolve => {
      proceed = resolve
    })
    const transaction = db.transaction().execute(async tx => {
      await tx.insertInto('settings').values({ key: 'a', value: 'x' }).execute()
      await gate
      await tx.insertInto('settings').values({ key: 'b', value: 'x' }).execute()
      throw new Error('changed its mind')
    })
    const [other, read] = [put('c'), new Promise(resolve => setImmediate(resolve)).then(keys)]
    setTimeout(proceed, 20)
    await expect(transaction).rejects.toThrow('changed its mind')
    await other
    expect(await read).not.toContain('a')
    expect(await keys()).toEqual(['c'])
  })

  test('comes after the writes that were asked for before it', async () => {
    const write = put('a')
    const seen = await db.transaction().execute(tx => tx.selectFrom('settings').select('key').execute())
    await write
    expect(seen.map(row => row.key)).toContain('a')
  })

  test('takes turns with many others', async () => {
    await put('n', '0')
    const increment = () =>
      db.transaction().execute(async tx => {
        const { value } = await tx
          .selectFrom('settings')
          .select('value')
          .where('key', '=', 'n')
          .executeTakeFirstOrThrow()
        await new Promise(resolve => setImmediate(resolve))
        await tx
          .updateTable('settings')
          .set({ value: String(Number(value) + 1) })
          .where('key', '=', 'n')
          .execute()
      })
    await Promise.all(Array.from({ length: 20 }, increment))
    const row = await db.selectFrom('settings').select('value').where('key', '=', 'n').executeTakeFirst()
    expect(row).toEqual({ value: '20' })
  })
})

test('statements are prepared once, but for inserts of many rows, of which each is another one', async () => {
  const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare')
  onTestFinished(() => prepare.mockRestore())
  const many = (of: string) =>
    Array.from({ length: MOST_PARAMETERS / 2 + 1 }, (_, n) => ({ key: `${of}${n}`, value: 'x' }))
  for (const of of ['a', 'b']) {
    await put(of)
    await sql`with given (key) as (values (${`raw ${of}`})) insert into settings (key, value) select key, 'x' from given`.execute(
      db,
    )
    await db.insertInto('settings').values(many(of)).execute()
  }
  expect(prepare.mock.calls.map(([statement]) => statement.slice(0, 11))).toEqual([
    'insert into',
    'with given ',
    'insert into',
    'insert into',
  ])
})
