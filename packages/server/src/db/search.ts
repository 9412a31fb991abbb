import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely'
import { type Database, isSqlite } from './database.ts'
import type { Schema } from './schema.ts'

/** How a search compares: the names and meanings are PostgreSQL's. */
export const SEARCH_MODES = ['exact', 'like', 'similar_to', 'posix'] as const
export type SearchMode = (typeof SEARCH_MODES)[number]

/** One question: does any of these fields match any of these values? */
export interface SearchCondition {
  fields: string[]
  mode: SearchMode
  values: string[]
}

/** What a list is searched for (contract sheet 7.5). */
export interface Search {
  conditions: SearchCondition[]
  /** Whether every condition must hold, or one is enough. */
  joint: 'and' | 'or'
  isCaseSensitive: boolean
}

/** Name of the function that compares by pattern on SQLite, which has neither SIMILAR TO nor regular expressions. */
export const MATCH_FUNCTION = 'matches_pattern'

/** The condition of a search on a table whose fields stand in these columns. */
export function matches<T extends keyof Schema>(
  db: Database,
  { conditions, joint, isCaseSensitive }: Search,
  columns: Readonly<Record<string, string>>,
) {
  const compare = isSqlite(db) ? compareOnSqlite(isCaseSensitive) : compareOnPostgres(isCaseSensitive)
  return ({ or, and }: ExpressionBuilder<Schema, T>): Expression<SqlBool> => {
    const each = conditions.map(({ fields, mode, values }) =>
      or(fields.flatMap(field => values.map(value => compare(sql.ref(columns[field]!), mode, value)))),
    )
    return joint === 'and' ? and(each) : or(each)
  }
}

type Compare = (column: Expression<unknown>, mode: SearchMode, value: string) => Expression<SqlBool>

const backslash = sql.lit('\\')

function compareOnPostgres(isCaseSensitive: boolean): Compare {
  return (column, mode, value) => {
    if (mode === 'similar_to') return sql`${column} similar to ${value}`
    if (mode === 'posix') return isCaseSensitive ? sql`${column} ~ ${value}` : sql`${column} ~* ${value}`
    const [left, right] = isCaseSensitive ? [column, value] : [sql`lower(${column})`, value.toLowerCase()]
    return mode === 'exact' ? sql`${left} = ${right}` : sql`${left} like ${right} escape ${backslash}`
  }
}

function compareOnSqlite(isCaseSensitive: boolean): Compare {
  return (column, mode, value) => {
    if (mode === 'exact')
      return isCaseSensitive ? sql`${column} = ${value}` : sql`lower(${column}) = ${value.toLowerCase()}`
    // SQLite's own LIKE knows the case of no letter.
    if (mode === 'like' && !isCaseSensitive)
      return sql`lower(${column}) like ${value.toLowerCase()} escape ${backslash}`
    const pattern = patternSource(mode, value)
    return sql`${sql.raw(MATCH_FUNCTION)}(${pattern}, ${isCaseSensitive ? 1 : 0}, ${column}) = 1`
  }
}

/** Signs that mean something to a regular expression and nothing to the given kind of pattern. */
const PLAIN = { like: /[.*+?^${}()|[\]/]/, similar_to: /[.^$/]/ }

/** The regular expression that means the same as a pattern. */
export function patternSource(mode: Exclude<SearchMode, 'exact'>, pattern: string): string {
  if (mode === 'posix') return pattern.replaceAll(/\[:(\w+):\]/g, (all, name) => CLASSES[name] ?? all)
  const plain = PLAIN[mode]
  const source = pattern.replaceAll(/\\([\s\S])|[\s\S]/g, (sign, escaped?: string) => {
    if (escaped !== undefined) return quote(escaped)
    if (sign === '%') return '[\\s\\S]*'
    if (sign === '_') return '[\\s\\S]'
    return plain.test(sign) ? quote(sign) : sign
  })
  return `^(?:${source})$`
}

/** The classes of POSIX, to stand inside brackets. */
const CLASSES: Record<string, string> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\s',
  punct: '!-\\/:-@\\[-`{-~',
  xdigit: '0-9A-Fa-f',
}

const quote = (sign: string) => (/[\w\s]/.test(sign) ? sign : `\\${sign}`)

/** What a pattern and its case make of a text, for SQLite. Keeps the last pattern: a query asks for each row. */
export function patternMatcher(): (pattern: string, isCaseSensitive: number, text: string | null) => number {
  let last: { key: string; expression: RegExp } | undefined
  return (pattern, isCaseSensitive, text) => {
    if (text === null) return 0
    const key = `${isCaseSensitive}${pattern}`
    if (last?.key !== key) last = { key, expression: new RegExp(pattern, isCaseSensitive ? 's' : 'si') }
    return last.expression.test(text) ? 1 : 0
  }
}

/** True for PostgreSQL's complaints about a pattern: invalid regular expression, invalid escape sequence. */
export function isPatternError(error: unknown): boolean {
  const { code } = error as { code?: string }
  return code === '2201B' || code === '22025' || code === '22019'
}
