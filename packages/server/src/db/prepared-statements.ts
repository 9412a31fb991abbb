import type pg from 'pg'
import type { Log } from '../world.ts'

/** Most statements that a connection keeps prepared, for preparing costs more than running; the server has some hundred different ones. */
export const MOST_STATEMENTS = 500

/**
 * What has more parameters is not kept: those are inserts of many rows, each time of another number, and hundreds of such
 * statements took memory that nothing gave back.
 */
export const MOST_PARAMETERS = 120

/** PostgreSQL's complaints, by SQLSTATE, that a prepared statement is not the one that we think it is. */
const STALE = {
  /** A migration, perhaps another node's, has changed the columns that the statement returns. */
  changed: '0A000',
  /** Something between us and the server has handed us another session. */
  unknown: '26000',
  duplicate: '42P05',
}

/**
 * Names for statements, so that PostgreSQL parses and plans each once a connection and not every time. All connections
 * of one address share the names.
 *
 * A prepared statement lives in one session of the server. A pooler that gives each transaction another session, as
 * PgBouncer does, may not know it there; so nothing is prepared before the first connection has shown that it leads to
 * the server itself, and nothing any more once a session turns out not to be ours.
 *
 * @example
 * const statements = preparedStatements(log)
 * await statements.look(client)
 * await client.query({ name: statements.nameOf(text), text, values })
 */
export function preparedStatements(log?: Log) {
  let names = new Map<string, string>()
  let generation = 0
  let isDirect: boolean | undefined

  return {
    /** Finds out, once, whether a connection leads to the server itself. */
    async look(client: pg.ClientBase): Promise<void> {
      if (isDirect !== undefined) return
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
      // The number that a pooler tells when a connection begins is not that of the server's process.
      isDirect ??= rows[0]?.pid === (client as unknown as { processID: unknown }).processID
    },

    /** The name of a statement; undefined where it is not to be prepared. */
    nameOf(text: string): string | undefined {
      if (!isDirect) return undefined
      const known = names.get(text)
      if (known !== undefined || names.size >= MOST_STATEMENTS) return known
      const name = `countersign_${generation}_${names.size}`
      names.set(text, name)
      return name
    },

    /**
     * Learns from an error of a named statement.
     *
     * @returns true when the statement did nothing and can be tried again
     */
    isStale(error: unknown): boolean {
      const { code, routine } = error as { code?: unknown; routine?: unknown }
      if (code === STALE.changed && routine === 'RevalidateCachedQuery') {
        names = new Map()
        generation += 1
        return true
      }
      if (code !== STALE.unknown && code !== STALE.duplicate) return false
      isDirect = false
      log?.(
        'warn',
        'something between this server and PostgreSQL changes sessions: no statement is prepared now',
        {
          error: (error as Error).message,
        },
      )
      return true
    },
  }
}

export type PreparedStatements = ReturnType<typeof preparedStatements>
