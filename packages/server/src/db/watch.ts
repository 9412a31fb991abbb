import type { LogEvent } from 'kysely'

/** Who hears how long the database takes. Nothing of it may fail or wait. */
export interface DatabaseWatch {
  statement(run: {
    kind: 'select' | 'insert' | 'update' | 'delete' | 'other'
    failed: boolean
    /** Milliseconds. */
    took: number
  }): void
  /** Milliseconds for which somebody waited for a connection of the pool. */
  connected(took: number): void
  /** Where the pool's connections can be counted, by what they do; PostgreSQL's alone. */
  pool(count: () => Record<string, number>): void
}

type Kind = Parameters<DatabaseWatch['statement']>[0]['kind']

const KINDS: Record<string, Kind> = {
  SelectQueryNode: 'select',
  InsertQueryNode: 'insert',
  UpdateQueryNode: 'update',
  DeleteQueryNode: 'delete',
}

const WORD = /^\s*(select|insert|update|delete)\b/i

/** What a statement does; one that is written out as SQL is known by its first word. */
function kindOf({ query, sql }: LogEvent['query']): Kind {
  const known = KINDS[query.kind]
  if (known) return known
  return (WORD.exec(sql)?.[1]?.toLowerCase() as Kind | undefined) ?? 'other'
}

/**
 * Tells a watch of each statement that was run, by the log of Kysely.
 *
 * @example new Kysely({ dialect, log: watchStatements(watch) })
 */
export const watchStatements =
  (watch: DatabaseWatch) =>
  ({ level, query, queryDurationMillis }: LogEvent): void =>
    watch.statement({ kind: kindOf(query), failed: level === 'error', took: queryDurationMillis })
