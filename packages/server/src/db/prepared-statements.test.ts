import { sql } from 'kysely'
import pg from 'pg'
import { expect, it, onTestFinished } from 'vitest'
import type { Log } from '../world.ts'
import { type Database, openDatabase } from './database.ts'
import { MOST_PARAMETERS, preparedStatements } from './prepared-statements.ts'
import { eachServerDatabase } from './testing.ts'

eachServerDatabase('prepared statements of PostgreSQL', fresh => {
  /** A database whose statements run one after the other, so all on its first connection, and what its log was told. */
  async function open(skip: () => void) {
    const { DATABASE_URL } = await fresh()
    if (!DATABASE_URL) skip()
    const told: string[] = []
    const log: Log = (_level, event) => told.push(event)
    const db = await openDatabase(DATABASE_URL!, '', { log })
    onTestFinished(() => db.destroy())
    return { db, told, url: DATABASE_URL! }
  }

  const prepared = async (db: Database) => {
    const { rows } = await sql<{ statement: string }>`select statement from pg_prepared_statements`.execute(
      db,
    )
    return rows.map(({ statement }) => statement).filter(statement => statement.includes('"settings"'))
  }
  const put = (db: Database, key: string) => db.insertInto('settings').values({ key, value: 'x' }).execute()
  const all = (db: Database) => db.selectFrom('settings').selectAll().execute()

  it('are parsed once, however often they run', async ({ skip }) => {
    const { db } = await open(skip)
    for (const key of ['a', 'b', 'c']) await put(db, key)
    // Inserts of many rows, of which each is another one, are not kept.
    const many = Array.from({ length: MOST_PARAMETERS / 2 + 1 }, (_, n) => ({ key: `many ${n}`, value: 'x' }))
    await db.insertInto('settings').values(many).execute()
    expect(await prepared(db)).toEqual(['insert into "settings" ("key", "value") values ($1, $2)'])
  })

  it('run on when a migration has changed what they return', async ({ skip }) => {
    const { db, told } = await open(skip)
    await put(db, 'a')
    await all(db)
    await sql`alter table settings add column note text`.execute(db)
    expect(await all(db)).toEqual([{ key: 'a', value: 'x', note: null }])
    // It is prepared again as well.
    await all(db)
    expect(await prepared(db)).toHaveLength(3)
    expect(told).toEqual([])
  })

  it('end a transaction once when its tables were changed, and not the next one', async ({ skip }) => {
    const { db } = await open(skip)
    await put(db, 'a')
    await all(db)
    await sql`alter table settings add column note text`.execute(db)
    const inTransaction = () => db.transaction().execute(tx => all(tx as Database))
    await expect(inTransaction()).rejects.toThrow('cached plan must not change result type')
    expect(await inTransaction()).toHaveLength(1)
  })

  it('are given up, with a word in the log, where sessions change under us', async ({ skip }) => {
    const { db, told } = await open(skip)
    await put(db, 'a')
    await sql`deallocate all`.execute(db)
    await put(db, 'b')
    expect((await all(db)).map(({ key }) => key).sort()).toEqual(['a', 'b'])
    expect(await prepared(db)).toEqual([])
    expect(told).toEqual([expect.stringContaining('no statement is prepared now')])
  })

  it('are not begun where the session is not the one that was announced', async ({ skip }) => {
    const { url } = await open(skip)
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    onTestFinished(() => client.end())
    const direct = preparedStatements()
    await direct.look(client)
    expect(direct.nameOf('select 1')).toEqual(expect.any(String))
    // What PgBouncer announces is a number of its own.
    Object.assign(client, { processID: 1 })
    const pooled = preparedStatements()
    await pooled.look(client)
    expect(pooled.nameOf('select 1')).toBeUndefined()
  })
})
