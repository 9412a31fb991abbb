import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sql } from 'kysely'
import pg from 'pg'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { openDatabase } from './database.ts'
import { migrations } from './migrations.ts'
import { eachServerDatabase } from './testing.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'countersign-migrations-'))
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(home, { recursive: true })
})

const folder = (name: string) => {
  const path = join(home, name)
  mkdirSync(path, { recursive: true })
  return path
}

/** All tables and indexes of a file, and the migrations that it holds as done. */
function contents(path: string) {
  const db = new DatabaseSync(join(path, 'countersign.db'))
  const tables = db.prepare('select name, sql from sqlite_schema order by name').all()
  const hasBegun = tables.some(({ name }) => name === 'kysely_migration')
  const done = hasBegun ? db.prepare('select name from kysely_migration order by name').all() : []
  db.close()
  return { tables, done: done.map(({ name }) => name) }
}

test('a start that is killed before any statement of any migration is made up for by the next', async () => {
  const path = folder('first')
  const kills: string[] = []
  // What is in the files when the process dies is what the next one finds.
  const remember = () => {
    const killed = folder(`killed ${kills.length}`)
    cpSync(path, killed, { recursive: true })
    kills.push(killed)
  }
  for (const name of ['prepare', 'exec'] as const) {
    const real = DatabaseSync.prototype[name] as (sql: string) => never
    vi.spyOn(DatabaseSync.prototype, name).mockImplementation(function (
      this: DatabaseSync,
      statement: string,
    ) {
      if (!/^\s*(?:select|pragma)/i.test(statement)) remember()
      return real.call(this, statement)
    })
  }
  await (await openDatabase('', path)).destroy()
  vi.restoreAllMocks()
  const whole = contents(path)
  expect(whole.done).toEqual(Object.keys(migrations))
  expect(kills.length).toBeGreaterThan(60)
  // All is one transaction: the next start finds what was there before it, which is nothing.
  const left = new Map(kills.map(killed => [JSON.stringify(contents(killed)), killed]))
  expect([...left.keys()]).toEqual([JSON.stringify({ tables: [], done: [] })])
  for (const killed of left.values()) {
    await (await openDatabase('', killed)).destroy()
    expect(contents(killed)).toEqual(whole)
    rmSync(killed, { recursive: true })
  }
})

eachServerDatabase('several that start on one new database at once', fresh => {
  test('make its tables once, and share it', async () => {
    const { DATABASE_URL = '', DATA_DIR = '' } = await fresh({ tables: false })
    const opened = await Promise.all(Array.from({ length: 4 }, () => openDatabase(DATABASE_URL, DATA_DIR)))
    await Promise.all(
      opened.map((db, n) =>
        db
          .insertInto('settings')
          .values({ key: `node ${n}`, value: '' })
          .execute(),
      ),
    )
    const [first] = opened
    expect(await first!.selectFrom('settings').select('key').execute()).toHaveLength(4)
    const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(
      first!,
    )
    expect(rows.map(({ name }) => name)).toEqual(Object.keys(migrations))
    for (const db of opened) await db.destroy()
  })

  test('wait for a table that somebody uses, and let others go on meanwhile', async ({ skip }) => {
    const { DATABASE_URL } = await fresh()
    if (!DATABASE_URL) return skip()
    const [holder, other] = [new pg.Client(DATABASE_URL), new pg.Client(DATABASE_URL)]
    for (const client of [holder, other]) await client.connect()
    onTestFinished(async () => void (await Promise.all([holder.end(), other.end()])))
    const last = Object.keys(migrations).at(-1)!
    const real = migrations[last]!
    onTestFinished(() => {
      migrations[last] = real
    })
    migrations[last] = { up: db => sql`alter table settings add column note text`.execute(db).then(() => {}) }
    await other.query('delete from kysely_migration where name = $1', [last])
    await holder.query('begin')
    await holder.query('select 1 from settings')
    const opening = openDatabase(DATABASE_URL, '')
    // It has tried in vain once when somebody who came after it has had the table.
    await expect
      .poll(() => other.query(`select 1 from pg_locks where not granted and locktype = 'relation'`))
      .toMatchObject({ rowCount: 1 })
    await other.query('select * from settings')
    await holder.query('commit')
    const db = await opening
    const { rows } = await other.query('select note from settings')
    expect(rows).toEqual([])
    await db.destroy()
  })
})
