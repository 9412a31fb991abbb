import type { Compilable, CompiledQuery } from 'kysely'
import { type Database, isSqlite } from './database.ts'

/** Stands for a value while a statement is built. */
class Place {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}

/**
 * A `select` that is built once and then run with other values: building and compiling one takes longer than running it on
 * SQLite. What is built must not depend on the values, which are not there yet. Writes are built anew each time, since
 * that is when the memory of the request notices them; and so is what is `remembered`. Example:
 *
 *     const byName = built((db, values: { name: string }) =>
 *       db.selectFrom('users').selectAll().where('username', '=', values.name))
 *     const [user] = await byName(db, { name: 'ada' })
 */
export function built<Values extends object, Row>(
  build: (db: Database, values: Values) => Compilable<Row>,
): (db: Database, values: Values) => Promise<Row[]> {
  const compiled = new Map<boolean, CompiledQuery<Row>>()

  function compile(db: Database): CompiledQuery<Row> {
    const places = new Proxy({}, { get: (_, name) => new Place(String(name)) })
    const query = build(db, places as Values).compile()
    if (query.query.kind !== 'SelectQueryNode') throw new Error('Only a select is built once')
    compiled.set(isSqlite(db), query)
    return query
  }

  return async (db, values) => {
    const query = compiled.get(isSqlite(db)) ?? compile(db)
    const parameters = query.parameters.map(each =>
      each instanceof Place ? values[each.name as keyof Values] : each,
    )
    const { rows } = await db.executeQuery<Row>({ ...query, parameters })
    return rows
  }
}
