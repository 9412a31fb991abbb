import { rmSync } from 'node:fs'
import { sql } from 'kysely'
import { afterAll, afterEach, describe } from 'vitest'
import { type Database, openDatabase } from './database.ts'
import { addressOf, createPostgres, createSqlite, dropPostgres, type Wishes } from './testing-templates.ts'

/** Gives a database with all tables and no rows. It is closed after the test, by nobody else. */
export type OpenFresh = () => Promise<Database>

/** Gives the settings of a server with a database without rows, which is removed when the suite is over. */
export type FreshSettings = (wishes?: Wishes) => Promise<Record<string, string>>

type Cleanups = (() => Promise<void>)[]

const runAll = async (cleanups: Cleanups) => {
  for (const each of cleanups.splice(0).reverse()) await each()
}

/**
 * Runs the same tests on SQLite and on PostgreSQL (`TEST_DATABASE_URL`). Where there is no PostgreSQL it says
 * so loudly, and its tests show as skipped.
 */
export function eachDatabase(name: string, suite: (openFresh: OpenFresh) => void): void {
  onBoth(name, url => {
    if (url) return suite(openPostgres(url))
    const cleanups: Cleanups = []
    afterEach(() => runAll(cleanups))
    suite(async () => {
      const db = await openDatabase('sqlite::memory:', '')
      cleanups.push(() => db.destroy())
      return db
    })
  })
}

/** The same for whole servers, which open the database themselves: hand the settings to `launch`. */
export function eachServerDatabase(name: string, suite: (fresh: FreshSettings) => void): void {
  onBoth(name, url => {
    const cleanups: Cleanups = []
    // Servers stop with their test; only then can their database go.
    afterAll(() => runAll(cleanups))
    suite(async (wishes = {}): Promise<Record<string, string>> => {
      if (url) return { DATABASE_URL: await newPostgres(url, cleanups, wishes) }
      const folder = createSqlite(wishes)
      cleanups.push(async () => rmSync(folder, { recursive: true }))
      return { DATA_DIR: folder }
    })
  })
}

/** Writes to the database of a server past the server, as one of before may have done. */
export async function writeDirectly(
  settings: Record<string, string>,
  write: (db: Database) => Promise<unknown>,
): Promise<void> {
  const db = await openDatabase(settings.DATABASE_URL ?? '', settings.DATA_DIR ?? '')
  try {
    await write(db)
  } finally {
    await db.destroy()
  }
}

/**
 * The database of a server whose test names none: SQLite in memory, or with `TEST_SERVERS_ON=postgresql` a PostgreSQL
 * of its own. So the tests of whole servers can all be run on the other database too.
 *
 * @param afterwards takes what removes it, to be called when the server has stopped
 */
export async function usualDatabase(afterwards: (remove: () => Promise<void>) => void): Promise<string> {
  const { TEST_SERVERS_ON, TEST_DATABASE_URL } = process.env
  if (TEST_SERVERS_ON !== 'postgresql') return 'sqlite::memory:'
  if (!TEST_DATABASE_URL)
    throw new Error('TEST_SERVERS_ON=postgresql, but no PostgreSQL was found or started')
  const cleanups: Cleanups = []
  afterwards(() => runAll(cleanups))
  return newPostgres(TEST_DATABASE_URL, cleanups)
}

function onBoth(name: string, suite: (postgresUrl: string | undefined) => void): void {
  describe(`${name} (SQLite)`, () => suite(undefined))
  const url = process.env.TEST_DATABASE_URL
  if (!url) console.error(`${'!'.repeat(20)} NO POSTGRESQL: "${name}" runs on SQLite alone ${'!'.repeat(20)}`)
  describe.skipIf(!url)(`${name} (PostgreSQL)`, () => suite(url ?? 'postgres://none'))
}

/** A database of its own takes a quarter of a second, so the tests of a suite share one and empty it. */
function openPostgres(url: string): OpenFresh {
  const [afterTest, afterSuite]: [Cleanups, Cleanups] = [[], []]
  let shared: Database | undefined
  let taken = false
  afterEach(async () => {
    taken = false
    await runAll(afterTest)
  })
  afterAll(() => runAll(afterSuite))
  return async () => {
    if (taken) return create(url, afterTest)
    taken = true
    shared ??= await create(url, afterSuite)
    await empty(shared)
    return shared
  }
}

async function create(url: string, cleanups: Cleanups): Promise<Database> {
  const db = await openDatabase(await newPostgres(url, cleanups), '')
  cleanups.push(() => db.destroy())
  return db
}

async function newPostgres(url: string, cleanups: Cleanups, wishes: Wishes = {}): Promise<string> {
  const name = await createPostgres(url, wishes)
  cleanups.push(() => dropPostgres(url, name))
  return addressOf(url, name)
}

/** Few tables have rows after a test: deleting those takes a tenth of the time of truncating all tables. */
async function empty(db: Database): Promise<void> {
  await sql`do $$ declare name text; begin
    for name in select tablename from pg_tables where schemaname = current_schema and tablename !~ '^kysely_' loop
      execute format('delete from %I', name);
    end loop;
  end $$`.execute(db)
  // The one part of the schema that follows a setting (users/store.ts), which has gone with the rows.
  await sql`drop index if exists users_username_folded`.execute(db)
}
