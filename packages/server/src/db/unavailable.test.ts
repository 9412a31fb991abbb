import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { openPassage } from '../testing/frozen.ts'
import type { Log } from '../world.ts'
import { type Database, openDatabase } from './database.ts'
import { duringRequest } from './patience.ts'
import { eachServerDatabase } from './testing.ts'

const put = (db: Database, key: string, value = 'x') =>
  db.insertInto('settings').values({ key, value }).execute()
const stored = async (db: Database, key: string) =>
  (await db.selectFrom('settings').select('value').where('key', '=', key).executeTakeFirst())?.value
const reasonOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (error: unknown) => error as { name: string; reason: string },
  )
  return error?.name === 'DatabaseUnavailable' ? error.reason : error
}

async function open(url: string): Promise<Database> {
  const db = await openDatabase(url, '')
  onTestFinished(() => db.destroy())
  return db
}

eachServerDatabase('a database server', fresh => {
  const postgres = async (skip: () => void) => {
    const { DATABASE_URL } = await fresh()
    if (!DATABASE_URL) skip()
    return DATABASE_URL!
  }

  it('that ends connections is told of in the log with the reason, once for each, in use or idle', async ({
    skip,
  }) => {
    const url = await postgres(skip)
    const told: string[] = []
    const log: Log = (_level, event, fields) => told.push(`${event}: ${fields?.error}`)
    const db = await openDatabase(url, '', { log })
    onTestFinished(() => db.destroy())
    const other = await open(url)
    const pidOf = async (some: Database) =>
      (await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(some)).rows[0]!.pid
    const end = (pid: number) => sql`select pg_terminate_backend(${pid})`.execute(other)
    await end(await pidOf(db))
    await vi.waitFor(() => expect(told).toHaveLength(1))
    const used = db.transaction().execute(async tx => {
      await end(await pidOf(tx as Database))
      await vi.waitFor(() => expect(told).toHaveLength(2))
      await put(tx as Database, 'lost')
    })
    expect(await reasonOf(used)).toBe('lost')
    for (const line of told) expect(line).toMatch(/^database connection lost: .*terminat/)
    expect(told).toHaveLength(2)
  })

  it('that ends connections in use ends the statements on them, and nothing else', async ({ skip }) => {
    const url = await postgres(skip)
    const [db, other] = [await open(url), await open(url)]
    const ended = async (work: (db: Database) => Promise<unknown>) => {
      const { promise: begun, resolve: begin } = Promise.withResolvers<number>()
      const { promise: go, resolve: proceed } = Promise.withResolvers<void>()
      const transaction = db.transaction().execute(async tx => {
        const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx)
        begin(rows[0]!.pid)
        const working = work(tx)
        working.catch(() => {})
        await go
        await working
        await put(tx, 'lost')
      })
      const failing = reasonOf(transaction)
      await sql`select pg_terminate_backend(${await begun})`.execute(other)
      await new Promise(resolve => setTimeout(resolve, 50))
      proceed()
      return failing
    }
    // In the middle of a statement, and between two.
    expect(await ended(tx => sql`select pg_sleep(30)`.execute(tx))).toBe('lost')
    expect(await ended(async () => undefined)).toBe('lost')
    expect(await stored(db, 'lost')).toBeUndefined()
  })

  it('that stands still is waited for only so long, by whoever asks, and serves again afterwards', async ({
    skip,
  }) => {
    const passage = await openPassage(await postgres(skip))
    const db = await open(passage.url)
    await put(db, 'before')
    const { promise: holding, resolve: hold } = Promise.withResolvers<void>()
    const transaction = db.transaction().execute(async tx => {
      await put(tx, 'in a transaction')
      await holding
      await put(tx, 'in a transaction too')
    })
    passage.freeze()
    hold()
    const reasons = await Promise.all([
      reasonOf(transaction),
      // More than there are connections, and one that has done its waiting before.
      ...Array.from({ length: 20 }, () => reasonOf(duringRequest(() => stored(db, 'before')))),
      duringRequest(async () => {
        await stored(db, 'before').catch(() => {})
        return reasonOf(put(db, 'after'))
      }),
    ])
    expect(new Set(reasons)).toEqual(new Set(['silent', 'exhausted']))
    passage.thaw()
    await vi.waitFor(async () => expect(await stored(db, 'before')).toBe('x'), { timeout: 10_000 })
    expect(await stored(db, 'in a transaction')).toBeUndefined()
  })

  it('that is gone is back with the first statement that reaches it', async ({ skip }) => {
    const passage = await openPassage(await postgres(skip))
    const db = await open(passage.url)
    const failing = reasonOf(sql`select pg_sleep(30)`.execute(db))
    await new Promise(resolve => setTimeout(resolve, 50))
    passage.cut()
    expect(await failing).toBe('lost')
    await put(db, 'again')
    expect(await stored(db, 'again')).toBe('x')
  })

  it('that is slow ends the statement and keeps the connection; patient work has its time', async ({
    skip,
  }) => {
    const url = await postgres(skip)
    const db = await open(url)
    expect(await reasonOf(sql`select pg_sleep(4)`.execute(db))).toBe('silent')
    const patient = await openDatabase(url, '', { patient: true })
    onTestFinished(() => patient.destroy())
    await sql`select pg_sleep(4)`.execute(patient)
  })

  it('behind a PgBouncer that refuses our timeouts is reached without them', async ({ skip }) => {
    const passage = await openPassage(await postgres(skip), startup => {
      const refused = startup.toString('latin1').match(/\b(?:statement|idle_in\w+)_timeout\b/)?.[0]
      return refused && `unsupported startup parameter: ${refused}`
    })
    const db = await open(passage.url)
    await put(db, 'a')
    expect(await stored(db, 'a')).toBe('x')
  })

  it('that has no room or takes no writes says so', async ({ skip }) => {
    const db = await open(await postgres(skip))
    await sql`create function refuse() returns trigger language plpgsql as
      $$ begin raise exception 'could not extend file' using errcode = '53100'; end $$`.execute(db)
    await sql`create trigger refuse before insert on settings execute function refuse()`.execute(db)
    expect(await reasonOf(put(db, 'a'))).toBe('full')
    await sql`drop trigger refuse on settings`.execute(db)
    const writing = db.transaction().execute(async tx => {
      await sql`set transaction read only`.execute(tx)
      await put(tx, 'a')
    })
    expect(await reasonOf(writing)).toBe('read-only')
  })
})

describe('a database file', () => {
  let folder: string
  let db: Database
  let other: DatabaseSync
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-'))
    db = await openDatabase('', folder)
    other = new DatabaseSync(join(folder, 'countersign.db'))
  })
  afterEach(async () => {
    other.close()
    await db.destroy()
    rmSync(folder, { recursive: true })
  })

  it('that another process locks stops neither reads nor the event loop, and writes come in order', async () => {
    other.exec('begin immediate')
    const order: string[] = []
    const note = (name: string) => () => void order.push(name)
    const writes = Promise.all([
      put(db, 'n', '1').then(note('write')),
      db.updateTable('settings').set({ value: '2' }).where('key', '=', 'n').execute(),
    ])
    const transaction = db.transaction().execute(async tx => {
      await put(tx, 'seen', String(await stored(tx, 'n')))
      note('transaction')()
    })
    await stored(db, 'n').then(note('read'))
    await new Promise(resolve => setTimeout(resolve, 50)).then(note('timer'))
    other.exec('commit')
    await Promise.all([writes, transaction])
    expect(order).toEqual(['read', 'timer', 'write', 'transaction'])
    expect(await stored(db, 'seen')).toBe('2')
  })

  it('that stays locked is waited for only so long, by whoever asks, and serves again afterwards', async () => {
    other.exec('begin immediate')
    const reasons = await Promise.all([
      reasonOf(db.transaction().execute(tx => put(tx, 'a'))),
      ...['b', 'c'].map(key => reasonOf(put(db, key))),
      duringRequest(async () => {
        await put(db, 'd').catch(() => {})
        return reasonOf(db.transaction().execute(tx => put(tx, 'd')))
      }),
    ])
    expect(new Set(reasons)).toEqual(new Set(['busy']))
    other.exec('rollback')
    await put(db, 'e')
    const rows = await db.selectFrom('settings').select('key').execute()
    expect(rows.map(({ key }) => key)).toEqual(['e'])
  })

  it('that cannot grow tells every writer of a shared commit the truth', async () => {
    await sql`pragma max_page_count = 1`.execute(db)
    const { rows } = await sql<{ pages: number }>`select page_count as pages from pragma_page_count`.execute(
      db,
    )
    await sql.raw(`pragma max_page_count = ${rows[0]!.pages + 6}`).execute(db)
    const keys = Array.from({ length: 10 }, (_, n) => `key ${n}`)
    const outcomes = await Promise.all(keys.map(key => reasonOf(put(db, key, 'x'.repeat(6_000)))))
    expect(outcomes).toContain('full')
    expect(outcomes).toContain(undefined)
    const kept = other.prepare('select key from settings').all() as { key: string }[]
    expect(new Set(kept.map(({ key }) => key))).toEqual(
      new Set(keys.filter((_, n) => outcomes[n] === undefined)),
    )
    const big = db.transaction().execute(tx => put(tx, 'in a transaction', 'x'.repeat(100_000)))
    expect(await reasonOf(big)).toBe('full')
    expect(await stored(db, keys[0]!)).toHaveLength(6_000)
  })

  it('that is read-only says so and can still be read', async () => {
    await put(db, 'a')
    await sql`pragma query_only = on`.execute(db)
    expect(await reasonOf(put(db, 'b'))).toBe('read-only')
    expect(await stored(db, 'a')).toBe('x')
  })
})
