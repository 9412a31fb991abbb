import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openDatabase } from './database.ts'
import { migrations } from './migrations.ts'

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
  // Most kills are within a transaction, and leave what was there before it: the next start finds nothing else.
  const left = new Map(kills.map(killed => [JSON.stringify(contents(killed)), killed]))
  expect(left.size).toBeGreaterThan(1)
  for (const killed of left.values()) {
    await (await openDatabase('', killed)).destroy()
    expect(contents(killed)).toEqual(whole)
    rmSync(killed, { recursive: true })
  }
})

test('several that start on one new file at once share it', async () => {
  const path = folder('shared')
  const opened = await Promise.all(Array.from({ length: 4 }, () => openDatabase('', path)))
  await Promise.all(
    opened.map((db, n) =>
      db
        .insertInto('settings')
        .values({ key: `node ${n}`, value: '' })
        .execute(),
    ),
  )
  const rows = await opened[0]!.selectFrom('settings').select('key').execute()
  expect(rows).toHaveLength(4)
  for (const db of opened) await db.destroy()
  expect(contents(path).done).toEqual(Object.keys(migrations))
})
