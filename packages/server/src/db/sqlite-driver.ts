import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type QueryResult,
  SelectQueryNode,
} from 'kysely'

type Result = QueryResult<unknown>

interface Prepared {
  statement: StatementSync
  /** Returns rows: a `select`, or anything with `returning`. */
  returnsRows: boolean
}

interface WaitingWrite {
  query: CompiledQuery
  resolve(result: Result): void
  reject(error: unknown): void
}

/** Preparing costs more than running; the server has some hundred different statements. */
const MOST_STATEMENTS = 500

const WRITES = new Set(['InsertQueryNode', 'UpdateQueryNode', 'DeleteQueryNode'])

/**
 * Runs Kysely's queries on one SQLite connection.
 *
 * A write outside a transaction is durable when its promise resolves, and most of its cost is the disk. So such
 * writes wait for the end of the event loop's turn, and those of all requests of that turn share one commit.
 */
export class SqliteDriver implements Driver {
  readonly #db: DatabaseSync
  readonly #statements = new Map<string, Prepared>()
  #waiting: WaitingWrite[] = []
  /** The connection that has a transaction open; the others wait. */
  #owner: DatabaseConnection | undefined
  #queue: (() => void)[] = []

  constructor(db: DatabaseSync) {
    this.#db = db
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    const connection: DatabaseConnection = {
      executeQuery: async <R>(query: CompiledQuery) =>
        (await this.#execute(connection, query)) as QueryResult<R>,
      streamQuery: () => {
        throw new Error('Nothing here streams')
      },
    }
    return connection
  }

  async releaseConnection(): Promise<void> {}

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    while (this.#owner) await this.#ended()
    // What came before the transaction is written before it.
    this.#flush()
    this.#db.exec('begin immediate')
    this.#owner = connection
  }

  async commitTransaction(): Promise<void> {
    this.#db.exec('commit')
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
    this.#flush()
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

  async #execute(connection: DatabaseConnection, query: CompiledQuery): Promise<Result> {
    while (this.#owner && this.#owner !== connection) await this.#ended()
    if (this.#owner || !WRITES.has(query.query.kind)) return this.#run(query)
    return new Promise((resolve, reject) => {
      if (this.#waiting.push({ query, resolve, reject }) === 1) setImmediate(() => this.#flushInTurn())
    })
  }

  #flushInTurn(): void {
    if (this.#owner) this.#queue.push(() => this.#flushInTurn())
    else this.#flush()
  }

  /** Runs the waiting writes, together when there are several. */
  #flush(): void {
    const writes = this.#waiting.splice(0)
    if (writes.length > 1 && this.#runTogether(writes)) return
    for (const { query, resolve, reject } of writes) {
      try {
        resolve(this.#run(query))
      } catch (error) {
        reject(error)
      }
    }
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
          settle.push(() => reject(error))
        }
      }
      this.#db.exec('commit')
    } catch {
      if (this.#db.isTransaction) this.#db.exec('rollback')
      return false
    }
    for (const each of settle) each()
    return true
  }

  #run({ sql, parameters, query }: CompiledQuery): Result {
    const { statement, returnsRows } = this.#prepared(sql, query)
    const values = parameters as SQLInputValue[]
    if (returnsRows) return { rows: statement.all(...values) }
    const { changes, lastInsertRowid } = statement.run(...values)
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) }
  }

  #prepared(sql: string, query: CompiledQuery['query']): Prepared {
    const known = this.#statements.get(sql)
    if (known) return known
    const statement = this.#db.prepare(sql)
    const prepared = { statement, returnsRows: statement.columns().length > 0 }
    // Whatever else there is may change tables, and with them what prepared statements return.
    if (!SelectQueryNode.is(query) && !WRITES.has(query.kind)) this.#statements.clear()
    else {
      if (this.#statements.size >= MOST_STATEMENTS) this.#statements.clear()
      this.#statements.set(sql, prepared)
    }
    return prepared
  }
}
