import { CompiledQuery, sql } from 'kysely'
import { type Database, isSqlite } from '../db/database.ts'
import { madeByMigrations } from '../db/foreign.ts'
import { asRow, type Row, type Shape } from './rows.ts'

/** Asks a database, with the values of its parameters. */
export type Ask = (text: string, values?: readonly unknown[]) => Promise<Record<string, unknown>[]>

export type Kind = 'SQLite' | 'PostgreSQL'

/** What each node makes anew: they say nothing that is worth keeping. */
const NOT_KEPT = new Set(['memory_version', 'readiness'])

/** The index that follows a setting and not a migration (users/store.ts). */
const FOLDED_USERNAMES = 'users_username_folded'

/** Rows that are read or written at once. */
const AT_ONCE = 200

/** Fewer than either database takes in a statement. */
const MOST_PARAMETERS = 30_000

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`

export const kindOf = (db: Database): Kind => (isSqlite(db) ? 'SQLite' : 'PostgreSQL')

/** How a database or a transaction is asked. */
export const askerOf =
  (db: Database): Ask =>
  async (text, values = []) =>
    (await db.executeQuery(CompiledQuery.raw(text, [...values]))).rows as Record<string, unknown>[]

/** The tables of ours that are there, those that others refer to first. */
export async function shapesIn(kind: Kind, ask: Ask): Promise<Shape[]> {
  const columns = await ask(
    kind === 'SQLite'
      ? `select sqlite_schema.name as "table", info.name as "column" from sqlite_schema, pragma_table_info(sqlite_schema.name) as info
         where sqlite_schema.type = 'table'`
      : `select table_name as "table", column_name as "column" from information_schema.columns
         where table_schema = current_schema()`,
  )
  const found = Map.groupBy(columns, ({ table }) => String(table))
  const made = (await madeByMigrations(kind)).filter(each => each.kind === 'table')
  return made
    .filter(({ name }) => found.has(name) && !NOT_KEPT.has(name))
    .map(({ name }) => ({
      name,
      columns: found
        .get(name)!
        .map(each => String(each.column))
        .sort(),
    }))
}

/** The migrations that were run there, in their order; none where there are no tables. */
export async function doneIn(kind: Kind, ask: Ask): Promise<string[]> {
  const [noted] = await ask(
    kind === 'SQLite'
      ? `select 1 as found from sqlite_schema where name = 'kysely_migration'`
      : `select 1 as found where to_regclass('kysely_migration') is not null`,
  )
  if (!noted) return []
  return (await ask('select name from kysely_migration order by name')).map(({ name }) => String(name))
}

/** Whether usernames are unique without regard to case. */
export async function foldsUsernames(kind: Kind, ask: Ask): Promise<boolean> {
  const [found] = await ask(
    kind === 'SQLite'
      ? `select 1 as found from sqlite_schema where name = '${FOLDED_USERNAMES}'`
      : `select 1 as found where to_regclass('${FOLDED_USERNAMES}') is not null`,
  )
  return found !== undefined
}

/** All rows of a table, some at a time, in no order that means anything. */
export async function* rowsOf(kind: Kind, ask: Ask, shape: Shape): AsyncGenerator<Row[]> {
  const names = shape.columns.map(quoted).join(', ')
  const from = `from ${quoted(shape.name)}`
  if (kind === 'PostgreSQL') {
    await ask(`declare rows_of_table no scroll cursor for select ${names} ${from}`)
    for (;;) {
      const found = await ask(`fetch ${AT_ONCE} from rows_of_table`)
      if (found.length > 0) yield found.map(each => asRow(shape, each))
      if (found.length < AT_ONCE) break
    }
    await ask('close rows_of_table')
    return
  }
  for (let last = Number.MIN_SAFE_INTEGER; ; ) {
    const found = await ask(
      `select rowid as "row id", ${names} ${from} where rowid > ? order by rowid limit ${AT_ONCE}`,
      [last],
    )
    if (found.length > 0) yield found.map(each => asRow(shape, each))
    if (found.length < AT_ONCE) return
    last = Number(found.at(-1)!['row id'])
  }
}

/** Writes rows, in as many statements as it takes. */
export async function insertRows(
  kind: Kind,
  ask: Ask,
  { name, columns }: Shape,
  rows: readonly Row[],
): Promise<void> {
  const most = Math.max(1, Math.min(AT_ONCE, Math.floor(MOST_PARAMETERS / columns.length)))
  for (let from = 0; from < rows.length; from += most) {
    const some = rows.slice(from, from + most)
    const place = (row: number, column: number) =>
      kind === 'SQLite' ? '?' : `$${row * columns.length + column + 1}`
    const values = some
      .map((_, row) => `(${columns.map((__, column) => place(row, column)).join(', ')})`)
      .join(', ')
    await ask(`insert into ${quoted(name)} (${columns.map(quoted).join(', ')}) values ${values}`, some.flat())
  }
}

/** True where a table of ours has a row. */
export async function holdsRows(kind: Kind, ask: Ask): Promise<boolean> {
  for (const { name } of await shapesIn(kind, ask)) {
    const [found] = await ask(`select 1 as found from ${quoted(name)} limit 1`)
    if (found) return true
  }
  return false
}

/** Deletes all that our migrations made, and their notes. What others have in the same schema stays. */
export async function dropOurs(db: Database): Promise<void> {
  const kind = kindOf(db)
  const made = (await madeByMigrations(kind)).filter(each => each.kind !== 'index')
  const notes = ['kysely_migration', 'kysely_migration_lock'].map(name => ({ kind: 'table' as const, name }))
  const order = ['view', 'table', 'function'] as const
  for (const what of order)
    for (const { name } of [...made, ...notes].filter(each => each.kind === what).reverse())
      await sql.raw(`drop ${what} if exists ${quoted(name)}`).execute(db)
}

/**
 * Empties our tables and switches off what our triggers do, so that rows are written as they were.
 *
 * @returns switches the triggers on again
 */
export async function withoutTriggers(db: Database): Promise<() => Promise<void>> {
  const kind = kindOf(db)
  const ask = askerOf(db)
  const shapes = await shapesIn(kind, ask)
  if (kind === 'PostgreSQL') {
    const each = async (what: string) => {
      for (const { name } of shapes) await ask(`alter table ${quoted(name)} ${what} trigger user`)
    }
    await each('disable')
    for (const { name } of shapes.toReversed()) await ask(`delete from ${quoted(name)}`)
    return () => each('enable')
  }
  const triggers = await ask(
    `select name, sql from sqlite_schema where type = 'trigger' and tbl_name in (select name from sqlite_schema where type = 'table')`,
  )
  for (const { name } of triggers) await sql.raw(`drop trigger ${quoted(String(name))}`).execute(db)
  for (const { name } of shapes.toReversed()) await ask(`delete from ${quoted(name)}`)
  return async () => {
    for (const trigger of triggers) await sql.raw(String(trigger.sql)).execute(db)
  }
}
