import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely'
import { type Database, isSqlite } from './database.ts'
import { compilePattern, PatternError } from './patterns.ts'
import type { Schema } from './schema.ts'
import { FOLD_FUNCTION, MATCH_FUNCTION } from './sqlite-functions.ts'

/** The ways in which a search compares: names and meanings are PostgreSQL's. */
export const SEARCH_MODES = ['exact', 'like', 'similar_to', 'posix'] as const
export type SearchMode = (typeof SEARCH_MODES)[number]

/** One question: does any of these fields match any of these values? */
export interface SearchCondition {
  fields: string[]
  mode: SearchMode
  values: string[]
  /** Further values, each for one field, that answer the question as well. */
  also?: { field: string; value: string }[]
}

/** The search that cuts a list down. */
export interface Search {
  conditions: SearchCondition[]
  /** Whether every condition must hold, or one is enough. */
  joint: 'and' | 'or'
  isCaseSensitive: boolean
}

/** The condition of a search on a table whose fields stand in these columns. */
export function matches<T extends keyof Schema>(
  db: Database,
  { conditions, joint, isCaseSensitive }: Search,
  columns: Readonly<Record<string, string>>,
) {
  const compare = isSqlite(db) ? compareOnSqlite(isCaseSensitive) : compareOnPostgres(isCaseSensitive)
  return ({ or, and }: ExpressionBuilder<Schema, T>): Expression<SqlBool> => {
    const each = conditions.map(({ fields, mode, values, also = [] }) => {
      const pairs = [...fields.flatMap(field => values.map(value => ({ field, value }))), ...also]
      return or(pairs.map(({ field, value }) => compare(sql.ref(columns[field]!), mode, value)))
    })
    return joint === 'and' ? and(each) : or(each)
  }
}

type Compare = (column: Expression<unknown>, mode: SearchMode, value: string) => Expression<SqlBool>

const backslash = sql.lit('\\')

function compareOnPostgres(isCaseSensitive: boolean): Compare {
  return (column, mode, value) => {
    if (mode === 'similar_to') return sql`${column} similar to ${value}`
    if (mode === 'posix') return isCaseSensitive ? sql`${column} ~ ${value}` : sql`${column} ~* ${value}`
    const [left, right] = isCaseSensitive ? [column, value] : [sql`lower(${column})`, sql`lower(${value})`]
    return mode === 'exact' ? sql`${left} = ${right}` : sql`${left} like ${right} escape ${backslash}`
  }
}

function compareOnSqlite(isCaseSensitive: boolean): Compare {
  return (column, mode, value) => {
    if (mode === 'similar_to' || mode === 'posix')
      return sql`${sql.raw(MATCH_FUNCTION)}(${mode}, ${value}, ${isCaseSensitive ? 1 : 0}, ${column}) = 1`
    if (isCaseSensitive)
      return mode === 'exact' ? sql`${column} = ${value}` : sql`${column} glob ${globOf(value)}`
    // SQLite itself knows the case of ASCII letters alone.
    const fold = /^\p{ASCII}*$/u.test(value) ? 'lower' : FOLD_FUNCTION
    const [left, right] = [sql`${sql.raw(fold)}(${column})`, value.toLowerCase()]
    return mode === 'exact' ? sql`${left} = ${right}` : sql`${left} like ${right} escape ${backslash}`
  }
}

/** The same pattern as a glob, which minds the case on SQLite, as `LIKE` does not. */
function globOf(pattern: string): string {
  return pattern.replaceAll(/\\([\s\S])|[\s\S]/g, (sign, escaped?: string) => {
    if (escaped === undefined && sign === '%') return '*'
    if (escaped === undefined && sign === '_') return '?'
    const literal = escaped ?? sign
    return /[*?[]/.test(literal) ? `[${literal}]` : literal
  })
}

/**
 * Says what is wrong with a pattern, on either database.
 *
 * @throws PatternError
 * @example checkPattern('posix', '^ada') // '(' throws a PatternError
 */
export function checkPattern(mode: SearchMode, pattern: string): void {
  if (mode === 'exact') return
  if (mode !== 'like') compilePattern(mode, pattern, true)
  else if (/(?:^|[^\\])(?:\\\\)*\\$/.test(pattern)) throw new PatternError('the pattern ends in an escape')
}

/**
 * Runs the queries of a list. Those of a search take only so long: PostgreSQL, too, has patterns that never end.
 *
 * @param longest milliseconds, for each query
 * @throws what `isPatternError` is true for
 */
export async function runList<T>(
  db: Database,
  search: Search | undefined,
  run: (db: Database) => Promise<T>,
  // Less than a request waits for one statement (patience.ts), so that it hears what is wrong with its search.
  longest = 2500,
): Promise<T> {
  if (!search || isSqlite(db)) return run(db)
  return db.transaction().execute(async tx => {
    await sql`select set_config('statement_timeout', ${String(longest)}, true)`.execute(tx)
    return run(tx)
  })
}

/**
 * True for a complaint about a pattern: ours, or PostgreSQL's of an invalid regular expression, an invalid escape, or a
 * search that took too long.
 */
export function isPatternError(error: unknown): boolean {
  if (error instanceof PatternError) return true
  const { code } = error as { code?: string }
  return code === '2201B' || code === '22025' || code === '22019' || code === '57014'
}
