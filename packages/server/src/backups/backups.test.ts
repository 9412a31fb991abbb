import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { sql } from 'kysely'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type Database, openDatabase } from '../db/database.ts'
import { migrations } from '../db/migrations.ts'
import { eachServerDatabase } from '../db/testing.ts'
import { bringUpToDate } from '../db/up-to-date.ts'
import { setUsernameCase } from '../users/username-case.ts'
import { makeBackup } from './backup.ts'
import { readBackup } from './reading.ts'
import { checkBackup, putBack } from './restore.ts'
import { sealedBytes } from './sealed-file.ts'
import { askerOf, kindOf, shapesIn } from './store.ts'

const passphrase = 'five small words of mine'
const about = {
  keyId: 'k',
  passphrase,
  now: () => 1_800_000_000_000,
  random: (size: number) => Buffer.alloc(size, 7),
  // What is tried here is not how long a passphrase resists.
  cost: 2,
}

/** Whatever a text may hold that is written otherwise somewhere on the way. */
const ODD = `b中😀'"\\\n`

async function* of(bytes: Uint8Array) {
  yield bytes
}

/** Two rows in each table, the second with as little as the table allows; whatever refers to another row finds it. */
async function fill(db: Database): Promise<void> {
  const kind = kindOf(db)
  const ask = askerOf(db)
  for (const { name, columns } of await shapesIn(kind, ask)) {
    const found = await ask(
      kind === 'SQLite'
        ? `select name as "column", type, "notnull" or pk > 0 as needed from pragma_table_info('${name}')`
        : `select column_name as "column", data_type as type, is_nullable = 'NO' as needed from information_schema.columns
           where table_schema = current_schema() and table_name = '${name}'`,
    )
    for (const [place, text] of [ODD, 'b'].entries()) {
      const values = columns.map(column => {
        const { type, needed } = found.find(each => each.column === column)!
        if (place === 1 && !needed) return null
        if (/text|char/i.test(String(type))) return text
        return /double/i.test(String(type)) ? 0.1 + place : /bigint/i.test(String(type)) ? 2 ** 53 - 1 : place
      })
      await sql`insert into ${sql.table(name)} (${sql.join(columns.map(column => sql.ref(column)))})
        values (${sql.join(values)}) on conflict do nothing`.execute(db)
    }
  }
}

async function backUp(db: Database, settings: Record<string, string>, meanwhile?: () => Promise<unknown>) {
  const file = settings.DATA_DIR && join(settings.DATA_DIR, 'countersign.db')
  const parts: Buffer[] = []
  const outcome = await makeBackup({ db, file, ...about }, async bytes => {
    if (parts.push(bytes) === 1) await meanwhile?.()
  })
  return { outcome, bytes: Buffer.concat(parts) }
}

eachServerDatabase('backups', fresh => {
  async function open(settings: Record<string, string>, asItIs = false) {
    const db = await openDatabase(settings.DATABASE_URL ?? '', settings.DATA_DIR ?? '', {
      patient: true,
      asItIs,
    })
    onTestFinished(() => db.destroy())
    return db
  }

  async function elsewhere() {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-backups-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    return open({ DATA_DIR: folder }, true)
  }

  const restore = async (db: Database, bytes: Uint8Array, force = false) =>
    putBack({ db, backup: await readBackup(of(bytes), passphrase), force, setUsernameCase })

  it('show one moment, go by way of the other kind of database and come back as they were, whole or not at all', async () => {
    const settings = await fresh()
    const db = await open(settings)
    await db.transaction().execute(async tx => {
      await fill(tx)
      await setUsernameCase(tx, false)
    })
    const first = await backUp(db, settings, () => sql`delete from codes`.execute(db))
    expect(await sql`select 1 from codes`.execute(db)).toMatchObject({ rows: [] })
    expect(first.outcome.tables.filter(({ rows }) => rows === 0)).toEqual([])
    const other = await elsewhere()
    expect((await restore(other, first.bytes)).tables).toEqual(first.outcome.tables)
    await expect(restore(other, first.bytes)).rejects.toMatchObject({ problem: 'occupied' })
    // The index that follows a setting is there again, and so are the triggers.
    const twin = {
      id: 'c',
      username: ODD.toUpperCase(),
      custom_data: '',
      profile: '',
      created_at: 0,
      updated_at: 0,
      is_suspended: 0,
      password_expired: 0,
    }
    await expect(other.insertInto('users').values(twin).execute()).rejects.toThrow(/unique/i)
    const version = () => sql<{ version: string }>`select version from memory_version`.execute(other)
    const before = await version()
    await sql`update settings set value = 'other'`.execute(other)
    expect(await version()).not.toEqual(before)

    await expect(restore(db, first.bytes.subarray(0, -1), true)).rejects.toMatchObject({
      problem: 'passphrase',
    })
    expect(await sql`select 1 from settings`.execute(db)).toMatchObject({ rows: [{}, {}] })
    await restore(db, first.bytes, true)
    expect((await backUp(db, settings)).outcome).toEqual(first.outcome)
  })

  it('of an earlier version are put back as that version had them, and brought up to date', async () => {
    const settings = await fresh({ tables: false })
    const db = await open(settings, true)
    const earlier = Object.fromEntries(Object.entries(migrations).slice(0, 12))
    await bringUpToDate(db, earlier)
    await sql`insert into send_places (recipient_key, place, id, at) values ('r', 1, 'i', 5)`.execute(db)
    await sql`insert into settings (key, value) values ('a', 'b')`.execute(db)
    const { bytes, outcome } = await backUp(db, settings)
    expect(outcome.head.migrations).toEqual(Object.keys(earlier))
    expect(outcome.tables.find(each => each.table === 'send_places')).toMatchObject({ rows: 1 })
    const other = await elsewhere()
    await restore(other, bytes)
    expect(await other.selectFrom('settings').selectAll().execute()).toEqual([{ key: 'a', value: 'b' }])
    expect(await sql`select name from kysely_migration`.execute(other).then(({ rows }) => rows.length)).toBe(
      Object.keys(migrations).length,
    )
  })
})

describe('a backup of a later version', () => {
  it('is refused with the name of what is unknown', async () => {
    const backup = {
      head: { migrations: ['0001_first', '9999_later'] },
      tables: of(Buffer.alloc(0)),
    } as never
    const db = await openDatabase('sqlite::memory:', '')
    onTestFinished(() => db.destroy())
    await expect(putBack({ db, backup, force: true, setUsernameCase })).rejects.toMatchObject({
      problem: 'newer',
      about: '9999_later',
    })
  })
})

describe('what somebody else encrypted with the passphrase', () => {
  const HEAD = '{"countersign":"backup","migrations":[]}\n'

  it.each([
    'null\n',
    '{"countersign":"backup"}\n',
    `${HEAD}null\n`,
    `${HEAD}{"table":"users"}\n`,
    `${HEAD}{"table":"users","columns":["id"]}\nnull\n`,
    `${HEAD}{"table":"users","columns":["id"]}\n["a"]\n{"rows":2}\n`,
    `${HEAD}{"tables":1}\n`,
  ])('is damaged and no fault of ours: %j', async text => {
    const sealed = sealedBytes(of(gzipSync(text)), { ...about, cost: 1 })
    const checked = readBackup(sealed, passphrase).then(checkBackup)
    await expect(checked).rejects.toMatchObject({ problem: 'damaged' })
  })
})
