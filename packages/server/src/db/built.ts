import type { Compilable, CompiledQuery, QueryResult } from 'kysely'
import { type Database, isSqlite } from './database.ts'
import { noticeWrites } from './memory.ts'

type Read = (values: unknown) => unknown

/** Stands for a value while a statement is built. */
class Place {
  readonly read: Read

  constructor(read: Read) {
    this.read = read
  }
}

const isList = (value: unknown): value is object => typeof value === 'object' && value !== null

/** What there is of values: their names, and how many of each list. What is undefined is not there. */
function shapeOf(value: unknown): string {
  if (!isList(value)) return ''
  if (Array.isArray(value)) return `[${value.map(shapeOf)}]`
  let shape = '{'
  for (const [name, each] of Object.entries(value))
    if (each !== undefined) shape += `${name}${shapeOf(each)},`
  return `${shape}}`
}

/** The same as the values, with a place where each of them is. */
function placesFor(value: unknown, read: Read): unknown {
  if (!isList(value)) return new Place(read)
  const at = (name: string | number) => (values: unknown) =>
    (read(values) as Record<string | number, unknown>)[name]
  if (Array.isArray(value)) return value.map((each, nth) => placesFor(each, at(nth)))
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .map(([name, each]) => [name, placesFor(each, at(name))]),
  )
}

/** Builds once for each database and shape of the values. */
function onceBuilt<Values extends object, Row>(build: (db: Database, values: Values) => Compilable<Row>) {
  const compiled = new Map<string, CompiledQuery<Row>>()

  function compile(db: Database, values: Values): CompiledQuery<Row> {
    return build(db, placesFor(values, all => all) as Values).compile()
  }

  return async (db: Database, values: Values): Promise<QueryResult<Row>> => {
    const key = `${isSqlite(db)} ${shapeOf(values)}`
    const query = compiled.get(key) ?? compile(db, values)
    compiled.set(key, query)
    noticeWrites(query.query)
    const parameters = query.parameters.map(each => (each instanceof Place ? each.read(values) : each))
    return db.executeQuery<Row>({ ...query, parameters })
  }
}

/**
 * A statement that is built once and then run with other values: building and compiling one takes longer than running it
 * on SQLite. Lists of values, and values that are undefined, may be given: it is built once for each length, and for what
 * is there. Beyond that it must not depend on the values, which are not there while it is built. What is `remembered` is
 * built anew each time, since that is when it is seen which tables it reads. Example:
 *
 *     const byName = built((db, values: { name: string }) =>
 *       db.selectFrom('users').selectAll().where('username', '=', values.name))
 *     const [user] = await byName(db, { name: 'ada' })
 */
export function built<Values extends object, Row>(
  build: (db: Database, values: Values) => Compilable<Row>,
): (db: Database, values: Values) => Promise<Row[]> {
  const run = onceBuilt(build)
  return async (db, values) => (await run(db, values)).rows
}

/**
 * The same for a write that returns no rows; tells how many it has written. Example:
 *
 *     const insert = builtWrite((db, rows: { uid: string; state: string }[]) => db.insertInto('drafts').values(rows))
 *     const inserted = await insert(db, [{ uid: 'one', state: '' }])
 */
export function builtWrite<Values extends object>(
  build: (db: Database, values: Values) => Compilable<unknown>,
): (db: Database, values: Values) => Promise<number> {
  const run = onceBuilt(build)
  return async (db, values) => Number((await run(db, values)).numAffectedRows ?? 0n)
}
