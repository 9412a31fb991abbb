import { DatabaseSync } from 'node:sqlite'
import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from 'kysely'
import { StartError } from '../start-error.ts'
import { migrations } from './migrations.ts'
import { tooNewFor } from './side-by-side.ts'

/** The things that stand where our tables are to stand. */
export interface Found {
  /** Names of tables and indexes. */
  names: string[]
  /** The migrations that were done there, by us or by whoever else has a table of that name. */
  done: string[]
}

/** The tables in which Kysely notes its migrations, for every application alike. */
const NOTES = ['kysely_migration', 'kysely_migration_lock']

const [FIRST = ''] = Object.keys(migrations)

/** Looks into a file of SQLite without changing it. */
export function lookIntoFile(file: string): Found {
  const db = new DatabaseSync(file, { timeout: 5_000 })
  try {
    const names = db
      .prepare('select name from sqlite_schema')
      .all()
      .map(({ name }) => String(name))
    const noted = names.includes('kysely_migration')
    const done = noted ? db.prepare('select name from kysely_migration').all() : []
    return { names, done: done.map(({ name }) => String(name)) }
  } finally {
    db.close()
  }
}

/**
 * Looks into the schema of PostgreSQL in which new tables come to stand: the first of the `search_path` that is there.
 *
 * @throws StartError when there is none, or when our tables stand in a later one
 */
export async function lookIntoSchema(db: Kysely<never>): Promise<Found & { schema: string }> {
  // The names are read first, since another node may make the tables at this moment: whoever sees them then also sees its
  // notes, which say that they are ours.
  const { rows: names } = await sql<{ name: string }>`
    select relname as name from pg_catalog.pg_class join pg_catalog.pg_namespace on pg_namespace.oid = relnamespace
    where nspname = current_schema()`.execute(db)
  const { rows: path } = await sql<{ schema: string | null; noted: string | null }>`
    select current_schema() as schema, (
      select nspname from pg_catalog.pg_class join pg_catalog.pg_namespace on pg_namespace.oid = relnamespace
      where pg_class.oid = to_regclass('kysely_migration')) as noted`.execute(db)
  const { schema, noted } = path[0]!
  if (schema === null)
    throw Object.assign(new Error('no schema of the search_path exists'), { code: '3F000' })
  const done = noted === null ? [] : await doneIn(db, noted)
  if (noted !== null && noted !== schema && done.includes(FIRST))
    throw new StartError(
      `The tables of Countersign stand in the schema ${noted}, but the search_path begins with ${schema}. Say in DATABASE_URL which is meant: ?options=-c%20search_path%3D${noted}, or ${schema} to begin anew there.`,
    )
  return { schema, names: names.map(({ name }) => name), done: noted === schema ? done : [] }
}

async function doneIn(db: Kysely<never>, schema: string): Promise<string[]> {
  try {
    const { rows } = await sql<{
      name: string
    }>`select name from ${sql.table(`${schema}.kysely_migration`)}`.execute(db)
    return rows.map(({ name }) => name)
  } catch (error) {
    // Another application's, which this user may not read: so it is not ours.
    if ((error as { code?: unknown }).code === '42501') return []
    throw error
  }
}

/**
 * Keeps away from the tables of others and of newer versions, before anything is changed.
 *
 * @throws StartError that says what is in the way
 */
export async function refuseForeign({ names, done }: Found): Promise<void> {
  if (done.includes(FIRST)) {
    const tooNew = tooNewFor(done)
    if (tooNew !== undefined)
      throw new StartError(
        `The tables are those of a newer Countersign (this one cannot work with its migration ${tooNew}). Start that version or a later one, or put back a backup from before.`,
      )
    return
  }
  const unknown = done.find(name => !Object.hasOwn(migrations, name))
  const others = names.filter(name => !NOTES.includes(name))
  const ours = others.length > 0 ? await namesOfOurs() : new Set<string>()
  const taken = unknown === undefined ? others.find(name => ours.has(name)) : 'kysely_migration'
  if (taken !== undefined)
    throw new StartError(
      `relation "${taken}" already exists, and it is not Countersign's. Give Countersign a database of its own, or on PostgreSQL a schema: ?options=-c%20search_path%3Dcountersign in DATABASE_URL, after create schema countersign.`,
    )
}

/** Something that the migrations make. */
export interface Made {
  kind: 'table' | 'view' | 'function' | 'index'
  name: string
}

const MAKES = /^\s*create (?:or replace )?(?:unique )?(table|view|function|index) (?:if not exists )?"?(\w+)/i

/**
 * All that the migrations make on a database, each once and in the order in which it was first made: so a table stands
 * behind those that it refers to. Read off the statements without a database. Some of it is gone again in the end.
 *
 * @param kind what is made on one kind of database may have no place on the other
 */
export async function madeByMigrations(kind: 'SQLite' | 'PostgreSQL'): Promise<Made[]> {
  const made = new Map<string, Made>()
  const recorder = new Kysely<never>({
    dialect: {
      createAdapter: () => (kind === 'SQLite' ? new SqliteAdapter() : new PostgresAdapter()),
      createDriver: () => new DummyDriver(),
      createIntrospector: db => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
    log({ query }) {
      const [, what, name] = MAKES.exec(query.sql) ?? []
      if (name !== undefined && !made.has(name))
        made.set(name, { kind: what!.toLowerCase() as Made['kind'], name })
    },
  })
  for (const { up } of Object.values(migrations)) await up(recorder)
  return [...made.values()]
}

const namesOfOurs = async () =>
  new Set(
    (await madeByMigrations('SQLite'))
      .filter(({ kind }) => kind === 'table' || kind === 'index')
      .map(({ name }) => name),
  )
