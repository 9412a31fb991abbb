import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type QueryResult,
  SelectQueryNode,
} from 'kysely'
import { bounds, waitedInVain } from './patience.ts'
import { MOST_PARAMETERS, MOST_STATEMENTS } from './prepared-statements.ts'
import { DatabaseUnavailable, readDatabaseError } from './unavailable.ts'

type Result = QueryResult<unknown>

interface Prepared {
  statement: StatementSync
  /** The columns of the rows that it returns: of a `select`, or anything with `returning`; else there are none. */
  columns: string[]
}

interface WaitingWrite {
  query: CompiledQuery
  /** The moment from which it has waited long enough for the file's lock. */
  deadline: number
  resolve(result: Result): void
  reject(error: unknown): void
}

/** Milliseconds between two tries to get the lock that another process holds. */
const PAUSE = 10

const isBusy = (error: unknown) => error instanceof DatabaseUnavailable && error.reason === 'busy'

const WRITES = new Set(['InsertQueryNode', 'UpdateQueryNode', 'DeleteQueryNode'])

/** Of what is written out as SQL. What is neither may change tables. */
type RawKind = 'write' | 'select' | 'other'

const rawKinds = new Map<string, RawKind>()

/** It is known by its first word, behind the expressions of a `with` where it begins with them. */
function rawKind(sql: string): RawKind {
  const known = rawKinds.get(sql)
  if (known) return known
  const kind = /^\s*(?:with\b.*\)\s*)?(?:insert|update|delete)\b/is.test(sql)
    ? 'write'
    : /^\s*(?:with|select)\b/i.test(sql)
      ? 'select'
      : 'other'
  if (rawKinds.size >= MOST_STATEMENTS) rawKinds.clear()
  rawKinds.set(sql, kind)
  return kind
}

const isSelect = ({ query, sql }: CompiledQuery) =>
  SelectQueryNode.is(query) || (query.kind === 'RawNode' && rawKind(sql) === 'select')
const isWrite = ({ query, sql }: CompiledQuery) =>
  WRITES.has(query.kind) || (query.kind === 'RawNode' && rawKind(sql) === 'write')

/** A row as an object. Node makes them itself, but takes more than twice as long for it. */
function withNames(columns: readonly string[], values: unknown): Record<string, unknown> {
  const row: Record<string, unknown> = {}
  for (let place = 0; place < columns.length; place += 1) row[columns[place]!] = (values as unknown[])[place]
  return row
}

/**
 * Runs Kysely's queries on one SQLite connection.
 *
 * A write outside a transaction is durable when its promise resolves, and most of its cost is the disk. So such
 * writes wait for the end of the event loop's next turn, and those of all requests of both turns share one commit.
 *
 * Another process may hold the file's lock. SQLite itself would wait for it and stop the event loop with everything in
 * it; so it is told not to, and whoever needs the lock tries again between other work until its time is over.
 */
export class SqliteDriver implements Driver {
  readonly #db: DatabaseSync
  readonly #patient: boolean
  readonly #statements = new Map<string, Prepared>()
  readonly #free: DatabaseConnection[] = []
  #waiting: WaitingWrite[] = []
  /** The connection that has a transaction open; the others wait. */
  #owner: DatabaseConnection | undefined
  #queue: (() => void)[] = []
  /** The lock has been waited for in vain, and not been had since. */
  #suspect = false

  /** @param patient nobody waits for an answer: the lock is waited for as long as it takes */
  constructor(db: DatabaseSync, patient: boolean) {
    this.#db = db
    this.#patient = patient
  }

  async init(): Promise<void> {
    this.#db.exec('pragma busy_timeout = 0')
  }

  /** Those that were given back serve again: Kysely keeps a note of each. */
  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#free.pop() ?? this.#newConnection()
  }

  #newConnection(): DatabaseConnection {
    const connection: DatabaseConnection = {
      executeQuery: async <R>(query: CompiledQuery) =>
        (await this.#execute(connection, query)) as QueryResult<R>,
      streamQuery: () => {
        throw new Error('Nothing here streams')
      },
    }
    return connection
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    this.#free.push(connection)
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    const deadline = this.#deadline()
    while (this.#owner) await this.#ended()
    this.#owner = connection
    try {
      await this.#persist(deadline, () => {
        // Writes that came before the transaction are written before it.
        this.#flush()
        this.#db.exec('begin immediate')
      })
    } catch (error) {
      this.#release()
      throw error
    }
  }

  async commitTransaction(): Promise<void> {
    try {
      this.#db.exec('commit')
    } catch (error) {
      throw readDatabaseError(error)
    }
    this.#release()
  }

  async rollbackTransaction(): Promise<void> {
    try {
      // Some errors have rolled back already.
      if (this.#db.isTransaction) this.#db.exec('rollback')
    } finally {
      this.#release()
    }
  }

  async destroy(): Promise<void> {
    await this.#persist(Number.POSITIVE_INFINITY, () => this.#flush())
    this.#statements.clear()
    this.#db.close()
  }

  /** Resolves when the open transaction has ended; another may have begun by then. */
  #ended(): Promise<void> {
    return new Promise(resolve => this.#queue.push(resolve))
  }

  #release(): void {
    this.#owner = undefined
    for (const wake of this.#queue.splice(0)) wake()
  }

  #deadline(): number {
    return performance.now() + bounds(this.#suspect, this.#patient).statement
  }

  /** Tries again while another process holds the lock. */
  async #persist<T>(deadline: number, attempt: () => T): Promise<T> {
    for (;;) {
      try {
        const result = attempt()
        this.#suspect = false
        return result
      } catch (error) {
        const read = readDatabaseError(error)
        if (!isBusy(read)) throw read
        if (performance.now() < deadline) await sleep(PAUSE)
        else {
          this.#suspect = true
          waitedInVain()
          throw read
        }
      }
    }
  }

  async #execute(connection: DatabaseConnection, query: CompiledQuery): Promise<Result> {
    const deadline = this.#deadline()
    // A statement that only reads need not wait for the lock that a transaction is still to get.
    const onlyReads = isSelect(query)
    for (;;) {
      while (this.#owner && this.#owner !== connection && (this.#db.isTransaction || !onlyReads))
        await this.#ended()
      if (this.#owner !== connection && isWrite(query)) return this.#write(query, deadline)
      try {
        return this.#run(query)
      } catch (error) {
        const read = readDatabaseError(error)
        if (!isBusy(read) || performance.now() >= deadline) throw read
      }
      await sleep(PAUSE)
    }
  }

  async #write(query: CompiledQuery, deadline: number): Promise<Result> {
    try {
      return await new Promise((resolve, reject) => {
        // In the second turn come those requests that arrived while the first was at work.
        if (this.#waiting.push({ query, deadline, resolve, reject }) === 1)
          setImmediate(() => setImmediate(() => this.#flushInTurn()))
      })
    } catch (error) {
      if (isBusy(error)) waitedInVain()
      throw error
    }
  }

  #flushInTurn(): void {
    if (this.#owner) {
      this.#queue.push(() => this.#flushInTurn())
      return
    }
    try {
      this.#flush()
    } catch {
      setTimeout(() => this.#flushInTurn(), PAUSE)
    }
  }

  /**
   * Runs the waiting writes, together when there are several.
   *
   * @throws the error of a locked file; then those that can still wait do
   */
  #flush(): void {
    const writes = this.#waiting.splice(0)
    if (writes.length > 1 && this.#runTogether(writes)) return
    for (const [place, { query, resolve, reject }] of writes.entries()) {
      try {
        resolve(this.#run(query))
      } catch (error) {
        const read = readDatabaseError(error)
        if (!isBusy(read)) reject(read)
        else if (this.#putBack(writes.slice(place), read)) throw read
        else return
      }
    }
    if (writes.length > 0) this.#suspect = false
  }

  /** Lets writes wait on in their order, but for those whose time is over. False when none is left. */
  #putBack(writes: readonly WaitingWrite[], error: unknown): boolean {
    const now = performance.now()
    const [over, left] = [
      writes.filter(({ deadline }) => deadline <= now),
      writes.filter(({ deadline }) => deadline > now),
    ]
    this.#waiting.unshift(...left)
    if (over.length > 0) this.#suspect = true
    for (const { reject } of over) reject(error)
    return this.#waiting.length > 0
  }

  /** One transaction for all; false, and nothing done, when it does not hold. */
  #runTogether(writes: readonly WaitingWrite[]): boolean {
    const settle: (() => void)[] = []
    try {
      this.#db.exec('begin immediate')
      for (const { query, resolve, reject } of writes) {
        try {
          const result = this.#run(query)
          settle.push(() => resolve(result))
        } catch (error) {
          // A statement that breaks a constraint undoes itself alone; a full disk undoes the transaction.
          if (!this.#db.isTransaction) return false
          settle.push(() => reject(readDatabaseError(error)))
        }
      }
      this.#db.exec('commit')
    } catch {
      if (this.#db.isTransaction) this.#db.exec('rollback')
      return false
    }
    this.#suspect = false
    for (const each of settle) each()
    return true
  }

  #run(query: CompiledQuery): Result {
    const prepared = this.#prepared(query)
    const { statement, columns } = prepared
    const values = query.parameters as SQLInputValue[]
    if (columns.length > 0) {
      const rows = statement.all(...values) as unknown[]
      // Another process, of a newer version, may have added columns since; SQLite itself prepares anew then.
      if (rows.length > 0 && (rows[0] as unknown[]).length !== columns.length)
        prepared.columns = statement.columns().map(({ name }) => name)
      return { rows: rows.map(row => withNames(prepared.columns, row)) }
    }
    const { changes, lastInsertRowid } = statement.run(...values)
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) }
  }

  #prepared(query: CompiledQuery): Prepared {
    const known = this.#statements.get(query.sql)
    if (known) return known
    const statement = this.#db.prepare(query.sql)
    statement.setReturnArrays(true)
    const prepared = { statement, columns: statement.columns().map(({ name }) => name) }
    // Whatever else there is may change tables, and with them what prepared statements return.
    if (!isSelect(query) && !isWrite(query)) this.#statements.clear()
    else if (query.parameters.length <= MOST_PARAMETERS) {
      // The oldest gives way alone: were all to go, all that are in use would be prepared anew.
      if (this.#statements.size >= MOST_STATEMENTS)
        this.#statements.delete(this.#statements.keys().next().value!)
      this.#statements.set(query.sql, prepared)
    }
    return prepared
  }
}
