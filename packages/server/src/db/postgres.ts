import { type Dialect, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Log } from '../world.ts'
import { migrations } from './migrations.ts'
import { bounds, FOR_STATEMENT, isPatient, waitedInVain } from './patience.ts'
import { MOST_PARAMETERS, type PreparedStatements, preparedStatements } from './prepared-statements.ts'
import { DatabaseUnavailable, readDatabaseError } from './unavailable.ts'
import type { DatabaseWatch } from './watch.ts'

// Moments are `bigint`: all of ours fit a double, so they come as numbers on both databases.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

/** The limits that the server is asked for when a connection begins, in milliseconds. PgBouncer may not know them. */
const SERVER_SIDE = {
  // A little less than we wait ourselves: so a slow statement costs an error, and only a dead server a connection.
  statement_timeout: FOR_STATEMENT - 250,
  // A node that stands still in a transaction does not hold up the others.
  idle_in_transaction_session_timeout: 5_000,
}

/** Of patient work a statement may take long; what it does between two of them does not. */
const SERVER_SIDE_PATIENT = { idle_in_transaction_session_timeout: 60_000 }

const COMMON: pg.PoolConfig = {
  // A slow connect goes on when whoever wanted it has given up, so the next one finds it ready.
  connectionTimeoutMillis: 5_000,
  idleTimeoutMillis: 10_000,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
  // By this `countersign doctor` sees whether servers of several versions are at work.
  application_name: `countersign ${Object.keys(migrations).at(-1)}`,
}

/** A host that does not answer is given up sooner than a place among the patient, in milliseconds. */
const CONNECT = 15_000

class PromptClient extends pg.Client {
  constructor(options: pg.ClientConfig = {}) {
    super({ ...options, connectionTimeoutMillis: CONNECT })
  }
}

/** Asks outright for the strict mode as which `pg` reads the laxer ones, with eight lines of warning. */
const strict = (url: string) =>
  url.includes('uselibpqcompat=true')
    ? url
    : url.replace(/([?&]sslmode=)(?:prefer|require|verify-ca)(?=&|$)/, '$1verify-full')

type Reply = { command: 'UPDATE' | 'DELETE' | 'INSERT' | 'SELECT' | 'MERGE'; rowCount: number; rows: never[] }

interface PoolOptions {
  log?: Log
  patient?: boolean
  watch?: DatabaseWatch | undefined
}

/** Kysely over pools of connections to PostgreSQL. */
export function postgresDialect(url: string, options: PoolOptions = {}): Dialect {
  return new PostgresDialect({ pool: new BoundedPool(url, options) as never })
}

/**
 * Resolves like the promise, or rejects after so many milliseconds. An answer that came in time counts, also when this
 * process was too busy to look: so sockets are read once more before anybody is told that there was none.
 */
async function within<T>(promise: Promise<T>, limit: number, late: () => unknown): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  let settled = false
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => setImmediate(() => setImmediate(() => settled || reject(late()))), limit)
  })
  try {
    return await Promise.race([promise, over])
  } finally {
    settled = true
    clearTimeout(timer)
  }
}

/**
 * Connections on which nobody waits for ever and whose end ends nothing but the statement that it meets. Patient work
 * has a few of its own, which the server lets run as long as it takes.
 */
class BoundedPool {
  readonly #quick: pg.Pool
  readonly #patient: pg.Pool
  readonly #alwaysPatient: boolean
  readonly #log: Log | undefined
  readonly #statements: PreparedStatements
  readonly #watch: DatabaseWatch | undefined
  #suspect = false

  constructor(url: string, { log, patient = false, watch }: PoolOptions) {
    this.#alwaysPatient = patient
    this.#log = log
    this.#watch = watch
    this.#statements = preparedStatements(log)
    const open = (more: pg.PoolConfig) => {
      const pool = new pg.Pool({ connectionString: strict(url), ...COMMON, ...more })
      // Without listeners these errors would end the process. Whoever uses the connection hears of it by the statement
      // that fails, but not always why it broke.
      pool.on('connect', client => {
        client.once('error', error => log?.('warn', 'database connection lost', { error: error.message }))
        // Every further error says no more than that the connection is gone.
        client.on('error', () => {})
      })
      // The pool repeats what an idle connection has just told the listener above.
      pool.on('error', () => {})
      return pool
    }
    this.#quick = open({ max: 10, ...SERVER_SIDE })
    // So few, so it may take a while until one becomes free.
    this.#patient = open({
      max: 2,
      connectionTimeoutMillis: 60_000,
      Client: PromptClient,
      ...SERVER_SIDE_PATIENT,
    })
    watch?.pool(() => ({
      used: this.#quick.totalCount - this.#quick.idleCount,
      idle: this.#quick.idleCount,
      waiting: this.#quick.waitingCount,
    }))
  }

  async connect(): Promise<Lease> {
    const pool = this.#alwaysPatient || isPatient() ? this.#patient : this.#quick
    const isFull = pool.idleCount === 0 && pool.totalCount >= pool.options.max
    const connecting = this.#open(pool)
    const began = performance.now()
    const client = await within(connecting, this.bounds.connection, () => {
      connecting.then(
        late => late.release(),
        error =>
          this.#log?.('warn', 'database connection refused late', { error: String(error.cause ?? error) }),
      )
      this.answered(false)
      return new DatabaseUnavailable(isFull ? 'exhausted' : 'silent')
    })
    if (pool === this.#quick) this.#watch?.connected(performance.now() - began)
    // Patient work says most things once.
    return new Lease(client, this, pool === this.#quick ? this.#statements : undefined)
  }

  async #open(pool: pg.Pool): Promise<pg.PoolClient> {
    try {
      const client = await pool.connect()
      if (pool === this.#quick) await this.#look(client)
      return client
    } catch (error) {
      const { code, message } = error as { code?: string; message: string }
      const options = pool.options as pg.PoolConfig
      // PgBouncer refuses what it was not told to ignore. Then our own bounds alone hold.
      const ours = Object.keys(SERVER_SIDE).filter(name => name in options)
      if (code === '08P01' && message.includes('startup parameter') && ours.length > 0) {
        for (const name of ours) delete options[name as keyof typeof SERVER_SIDE]
        return this.#open(pool)
      }
      const read = readDatabaseError(error)
      throw read instanceof DatabaseUnavailable ? read : new DatabaseUnavailable('lost', error)
    }
  }

  async #look(client: pg.PoolClient): Promise<void> {
    try {
      await this.#statements.look(client)
    } catch (error) {
      client.release(true)
      throw error
    }
  }

  /** Milliseconds that things may take now. */
  get bounds() {
    return bounds(this.#suspect, this.#alwaysPatient)
  }

  answered(inTime: boolean): void {
    this.#suspect = !inTime
    if (!inTime) waitedInVain()
  }

  async end(): Promise<void> {
    await Promise.all([this.#quick.end(), this.#patient.end()])
  }
}

/** A connection for as long as somebody has it. */
class Lease {
  readonly #client: pg.PoolClient
  readonly #pool: BoundedPool
  readonly #statements: PreparedStatements | undefined
  /** Why nothing more can be said on it. */
  #broken: DatabaseUnavailable | undefined

  constructor(client: pg.PoolClient, pool: BoundedPool, statements: PreparedStatements | undefined) {
    this.#client = client
    this.#pool = pool
    this.#statements = statements
  }

  async query(text: string, values: unknown[]): Promise<Reply> {
    if (this.#broken) throw this.#broken
    try {
      const reply = await within(this.#send(text, values), this.#pool.bounds.statement, () => {
        this.#pool.answered(false)
        // Anything that it says later would answer the wrong question.
        this.#broken = new DatabaseUnavailable('silent')
        return this.#broken
      })
      this.#pool.answered(true)
      return reply as never
    } catch (error) {
      const read = readDatabaseError(error)
      if (read instanceof DatabaseUnavailable && read.reason === 'lost') this.#broken = read
      throw read
    }
  }

  async #send(text: string, values: unknown[]): Promise<pg.QueryResult> {
    const name = values.length <= MOST_PARAMETERS ? this.#statements?.nameOf(text) : undefined
    if (name === undefined) return this.#client.query(text, values)
    try {
      return await this.#client.query({ name, text, values })
    } catch (error) {
      if (!this.#statements!.isStale(error)) throw error
      // An error ends a transaction, and with it what came before in it.
      if (this.#client.getTransactionStatus() !== 'I') throw new DatabaseUnavailable('changed', error)
      return this.#client.query(text, values)
    }
  }

  release(discard = false): void {
    this.#client.release(discard || this.#broken !== undefined)
  }
}
