import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Kysely, sql } from 'kysely'
import pg from 'pg'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readConfig } from '../config.ts'
import { loadSecret } from '../crypto/keys.ts'
import { StartError } from '../start-error.ts'
import { openPassage } from '../testing/frozen.ts'
import { passwordsIn } from './address.ts'
import { openDatabase } from './database.ts'
import { migrations } from './migrations.ts'
import { postgresDialect } from './postgres.ts'
import type { Schema } from './schema.ts'
import { eachServerDatabase } from './testing.ts'
import { doneMigrations, refuseOthers } from './up-to-date.ts'

/** The line that says why a database cannot be opened. */
async function refusal(url: string, dataDir = ''): Promise<string> {
  const error = await openDatabase(url, dataDir).then(
    async db => {
      await db.destroy()
      throw new Error('It was opened')
    },
    (error: unknown) => error,
  )
  expect(error).toBeInstanceOf(StartError)
  const { message } = error as StartError
  expect(message).not.toMatch(/\n/)
  return message
}

/** Asks a database as somebody else would. */
async function ask(url: string, ...statements: string[]): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    let rows: unknown[] = []
    for (const statement of statements) rows = (await client.query(statement)).rows
    return rows
  } finally {
    await client.end()
  }
}

const tablesIn = (url: string, schema: string) =>
  ask(url, `select tablename as name from pg_tables where schemaname = '${schema}' order by 1`)

eachServerDatabase('a database that cannot be opened', fresh => {
  const postgres = async (skip: () => void) => {
    const { DATABASE_URL } = await fresh({ tables: false })
    if (!DATABASE_URL) skip()
    return new URL(DATABASE_URL!)
  }

  it('because nobody listens there, says so and what to correct', async ({ skip }) => {
    const url = await postgres(skip)
    url.host = '127.0.0.1:1'
    const line = await refusal(url.href)
    expect(line).toMatch(
      /^PostgreSQL 127\.0\.0\.1:1\/test_\w+ cannot be opened: connect ECONNREFUSED 127\.0\.0\.1:1\. /,
    )
    expect(line).toMatch(
      / Nothing listens there\. Start PostgreSQL, or correct host and port in DATABASE_URL\.$/,
    )
    url.host = 'localhost:1'
    expect(await refusal(url.href)).toMatch(
      /ECONNREFUSED .*:1(?:; connect ECONNREFUSED .*:1)?\. Nothing listens/,
    )
  })

  it('because host, database or user are not there, or the server has no TLS, says which', async ({
    skip,
  }) => {
    const url = await postgres(skip)
    const say = (change: (url: URL) => void) => {
      const changed = new URL(url)
      change(changed)
      return refusal(changed.href)
    }
    expect(await say(each => (each.hostname = 'nowhere.invalid'))).toMatch(
      /nowhere\.invalid.*There is no host of that name|could not be looked up/,
    )
    expect(await say(each => (each.pathname = '/nosuch'))).toMatch(
      /database "nosuch" does not exist\. Make it/,
    )
    expect(await say(each => (each.pathname = '/template0'))).toMatch(
      /not currently accepting connections\. Let it take connections/,
    )
    expect(await say(each => (each.username = 'nobody_here'))).toMatch(
      /role "nobody_here" does not exist\. Correct the user name/,
    )
    expect(await say(each => (each.password = '%E0'))).toMatch(/URI malformed\. .*percent-encoded/)
    expect(await say(each => (each.search = '?sslmode=require'))).toMatch(
      /does not support SSL connections\. Leave sslmode/,
    )
    expect(await say(each => (each.search = '?sslrootcert=/nowhere/ca.pem'))).toMatch(
      /ENOENT.*ca\.pem.*names a file that is not there/,
    )
  })

  it('because something else than PostgreSQL answers there, says so', async ({ skip }) => {
    await postgres(skip)
    const other = createServer(socket => socket.end()).listen(0, '127.0.0.1')
    onTestFinished(() => void other.close())
    await new Promise(resolve => other.once('listening', resolve))
    const { port } = other.address() as { port: number }
    expect(await refusal(`postgres://u:secret@127.0.0.1:${port}/x`)).toMatch(/Is it PostgreSQL\?/)
  })

  it('because PgBouncer lies between and takes no options, says where else the schema is named', async ({
    skip,
  }) => {
    const { href } = await postgres(skip)
    const passage = await openPassage(href, startup =>
      startup.includes('search_path') ? 'unsupported startup parameter: options' : undefined,
    )
    const line = await refusal(`${passage.url}?options=-c%20search_path%3Dours`)
    expect(line).toMatch(/startup parameter: options\. PgBouncer passes no options on\. .*alter role/)
    const { username, pathname } = new URL(href)
    await ask(
      href,
      'create schema ours',
      `alter role ${username} in database ${pathname.slice(1)} set search_path = ours`,
    )
    await (await openDatabase(passage.url, '')).destroy()
    expect(await tablesIn(href, 'public')).toEqual([])
    expect((await tablesIn(href, 'ours')).length).toBeGreaterThan(20)
  })

  it('because it has foreign tables, names one and is left as it was', async ({ skip }) => {
    const { href } = await postgres(skip)
    await ask(href, 'create table users (id int)', 'create table orders (id int)')
    expect(await refusal(href)).toMatch(
      /^(?:PostgreSQL|SQLite) \S+: relation "users" already exists, and it is not Countersign's\. Give .*search_path/,
    )
    expect(await tablesIn(href, 'public')).toEqual([{ name: 'orders' }, { name: 'users' }])
  })

  it('because another application notes its migrations where ours would stand, is left as it was', async ({
    skip,
  }) => {
    const { href } = await postgres(skip)
    await ask(
      href,
      'create table kysely_migration (name varchar(255) primary key, timestamp varchar(255) not null)',
      `insert into kysely_migration values ('2024_begin', '2024-01-01T00:00:00.000Z')`,
    )
    expect(await refusal(href)).toMatch(
      /^(?:PostgreSQL|SQLite) \S+: relation "kysely_migration" already exists/,
    )
    expect(await tablesIn(href, 'public')).toEqual([{ name: 'kysely_migration' }])
  })

  it('because its user may make no tables, says which right is missing', async ({ skip }) => {
    const url = await postgres(skip)
    const role = `narrow_${url.pathname.slice(1)}`
    await ask(url.href, `create role ${role} login`, 'revoke create on schema public from public')
    onTestFinished(async () => void (await ask(url.href, `drop role ${role}`)))
    const narrow = new URL(url)
    narrow.username = role
    expect(await refusal(narrow.href)).toMatch(
      /permission denied for schema public\. Give that user the right/,
    )
    narrow.search = '?options=-c%20search_path%3Dnowhere'
    expect(await refusal(narrow.href)).toMatch(/The schema that search_path names is not there\. Make it/)
  })

  it('because its tables are newer, says so', async () => {
    const { DATABASE_URL = '', DATA_DIR = '' } = await fresh({ tables: false })
    const db = await openDatabase(DATABASE_URL, DATA_DIR)
    await sql`insert into kysely_migration (name, timestamp) values ('9999_contract_since_9998_users', '2999-01-01T00:00:00.000Z')`.execute(
      db,
    )
    await db.destroy()
    expect(await refusal(DATABASE_URL, DATA_DIR)).toMatch(
      /^(?:PostgreSQL|SQLite) \S+: The tables are those of a newer Countersign \(this one cannot work with its migration 9999_contract_since_9998_users/,
    )
  })
})

eachServerDatabase('tables that another node makes', fresh => {
  it.for([1, 2])('after statement %i of a look at them are known as ours', async (moment, { skip }) => {
    const { DATABASE_URL: url } = await fresh({ tables: false })
    if (!url) return skip()
    const db = new Kysely<Schema>({ dialect: postgresDialect(url) })
    onTestFinished(() => db.destroy())
    let statements = 0
    const looking = db.withPlugin({
      transformQuery: ({ node }) => node,
      async transformResult({ result }) {
        if (++statements === moment) await (await openDatabase(url, '')).destroy()
        return result
      },
    })
    await refuseOthers(looking)
    expect(statements).toBeGreaterThanOrEqual(moment)
    expect(await doneMigrations(db)).toEqual(Object.keys(migrations))
  })
})

eachServerDatabase('tables that other migrations have made', fresh => {
  it('are told of, and left as they are', async () => {
    const { DATABASE_URL = '', DATA_DIR = '' } = await fresh({ tables: false })
    const db = await openDatabase(DATABASE_URL, DATA_DIR)
    const [, second = ''] = Object.keys(migrations)
    await sql`delete from kysely_migration where name = ${second}`.execute(db)
    await db.destroy()
    expect(await refusal(DATABASE_URL, DATA_DIR)).toMatch(
      /corrupted migrations: .* Start that one or a later one/,
    )
  })
})

eachServerDatabase('a schema of its own', fresh => {
  it('takes all tables, and nothing in public is touched, whatever Kysely noted there', async ({ skip }) => {
    const { DATABASE_URL: url } = await fresh({ tables: false })
    if (!url) return skip()
    await ask(
      url,
      'create table users (id int)',
      'create table kysely_migration (name varchar(255) primary key, timestamp varchar(255) not null)',
      'create table kysely_migration_lock (id varchar(255) primary key, is_locked integer not null default 0)',
      `insert into kysely_migration values ('2024_begin', '2024-01-01T00:00:00.000Z')`,
      'create schema countersign',
    )
    const before = await tablesIn(url, 'public')
    await refusal(url)
    for (const path of ['countersign', 'countersign,public']) {
      const own = `${url}?options=-c%20search_path%3D${path}`
      const db = await openDatabase(own, '')
      await db.insertInto('settings').values({ key: path, value: 'ours' }).execute()
      await db.destroy()
    }
    expect(await tablesIn(url, 'public')).toEqual(before)
    expect(await ask(url, 'select name from public.kysely_migration')).toEqual([{ name: '2024_begin' }])
    expect(await ask(url, 'select key from countersign.settings order by 1')).toEqual([
      { key: 'countersign' },
      { key: 'countersign,public' },
    ])
    const done = await ask(url, 'select name from countersign.kysely_migration')
    expect(done).toHaveLength(Object.keys(migrations).length)
  })

  it('is not begun by chance where the tables stand in another that is searched too', async ({ skip }) => {
    const { DATABASE_URL: url } = await fresh({ tables: false })
    if (!url) return skip()
    await (await openDatabase(url, '')).destroy()
    await ask(url, 'create schema other')
    const line = await refusal(`${url}?options=-c%20search_path%3Dother,public`)
    expect(line).toMatch(/stand in the schema public, but the search_path begins with other/)
    await (await openDatabase(`${url}?options=-c%20search_path%3Dother`, '')).destroy()
  })
})

describe('a file of SQLite that cannot be opened', () => {
  const folder = () => {
    const path = mkdtempSync(join(tmpdir(), 'countersign-opening-'))
    onTestFinished(() => rmSync(path, { recursive: true }))
    return path
  }

  it('because it has foreign tables, names one and is left as it was', async () => {
    const path = folder()
    const other = new DatabaseSync(join(path, 'countersign.db'))
    other.exec('create table users (id int); create table orders (id int)')
    expect(await refusal('', path)).toMatch(
      /^(?:PostgreSQL|SQLite) \S+: relation "users" already exists, and it is not Countersign's/,
    )
    expect(other.prepare('select name from sqlite_schema').all()).toHaveLength(2)
    expect(other.prepare('pragma journal_mode').get()).toEqual({ journal_mode: 'delete' })
    other.close()
  })

  it('because it is damaged or none, says so', async () => {
    const path = folder()
    writeFileSync(join(path, 'countersign.db'), 'This is a letter. '.repeat(100))
    expect(await refusal('', path)).toMatch(
      /countersign\.db cannot be opened: file is not a database\. .*Put a backup back/,
    )
    const half = folder()
    await (await openDatabase('', half)).destroy()
    const file = join(half, 'countersign.db')
    // The first page stays whole: a file that was cut off by a full disk, or copied half.
    truncateSync(file, Math.floor(statSync(file).size / 3))
    expect(await refusal('', half)).toMatch(/malformed\. The file is damaged\. Put a backup back/)
  })

  it('because a file stands where its folder should, or a folder where it should, says so', async () => {
    const path = folder()
    writeFileSync(join(path, 'data'), '')
    expect(await refusal('', join(path, 'data'))).toMatch(/Name a folder in DATA_DIR\.$/)
    mkdirSync(join(path, 'countersign.db'))
    expect(await refusal('', path)).toMatch(/countersign\.db cannot be opened: .+ DATA_DIR\.$/)
  })

  it('because this user may not write there, says so', async () => {
    const path = folder()
    chmodSync(path, 0o555)
    // Root may write everywhere; so for a moment this process is somebody else.
    const isRoot = process.getuid?.() === 0
    if (isRoot) process.seteuid!(65_534)
    try {
      expect(await refusal('', path)).toMatch(/EACCES.*This user may not use it\. Give it to the user/)
      expect(await refusal('', join(path, 'data'))).toMatch(/EACCES.*This user may not use it/)
      expect(() => loadSecret('', path, size => new Uint8Array(size))).toThrow(
        /secret\.key: EACCES.*DATA_DIR/,
      )
    } finally {
      if (isRoot) process.seteuid!(0)
    }
  })
})

describe('an address of PostgreSQL', () => {
  const problem = (url: string) => {
    try {
      readConfig({ DATABASE_URL: url })
      return undefined
    } catch (error) {
      return (error as Error).message
    }
  }

  it.each([
    'postgres://u:p@ss#1@h/db',
    'postgres://u:12#1@h/db',
    'postgres://u:p/ss@h/db',
    'postgres://u:12/34@h/db',
    'postgres://u:p?ss@h/db',
    'postgres://u:12?4@h/db',
    'postgres://u:p@h:port/db',
  ])('whose password is not percent-encoded is refused, as %s, and nothing of it is quoted', url => {
    expect(problem(url)).toMatch(
      /DATABASE_URL: is no address that can be read: .* write # as %23, .*@ as %40/,
    )
    expect(problem(url)).not.toMatch(/p@ss|12#1|p\/ss|p\?ss/)
  })

  it('that names a schema where nobody reads it is refused, for its tables would stand elsewhere', () => {
    expect(problem('postgres://u:p@h/db?schema=ours')).toMatch(
      /parameter schema that nobody reads; .*search_path%3D/,
    )
  })

  it('that names several hosts is refused', () => {
    expect(problem('postgres://u:p@h1:5432,h2:5432/db')).toMatch(/must name one host/)
  })

  it.each([
    'postgres://u:p@ss@h/db',
    'postgres://u:50%off@h/db',
    'postgres://u:p%23ss@h/db?options=-c%20search_path%3Dx',
    'postgres:///db?host=/var/run/postgresql&user=a@b',
    'postgres://u:p@/db?host=/var/run/postgresql',
    'postgresql://u@[::1]:5432/db?application_name=a@b',
  ])('that can be read is taken, as %s', url => {
    expect(problem(url)).toBeUndefined()
  })

  it('gives its passwords away to be struck out, however it is written', () => {
    expect(passwordsIn('postgres://u:p%23ss@h/db')).toEqual(['p%23ss', 'p#ss'])
    expect(passwordsIn('postgres://u:p@ss#1@h/db')).toContain('p@ss#1')
    expect(passwordsIn('postgres://u:50%off@h/db')).toContain('50%off')
    expect(passwordsIn('postgres://h/db?user=u&password=p%23ss')).toContain('p#ss')
    expect(passwordsIn('postgres://h/db')).toEqual([])
  })
})
