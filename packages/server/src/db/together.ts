import { outsideRequests } from './patience.ts'
import { DatabaseUnavailable } from './unavailable.ts'

/** How long a row waits for others that go with it, in milliseconds. */
export const GATHERING = 200

/** How long rows wait for a database that is away before they are tried again, in milliseconds. */
const AWAY = 1_000

/** Most rows in one statement: databases take a limited number of values. */
const MOST_TOGETHER = 100

/** Most that waits for a database that is away: rows, and bytes of them. What exceeds it is lost, and counted. */
export const MOST_WAITING = { rows: 10_000, bytes: 8_000_000 } as const

/** What is done with rows. */
interface Table<Row> {
  /** Writes all of them or none. It may be asked once more to write what it has written. */
  insert(rows: Row[]): Promise<unknown>
  /** Bytes of a row while it waits. */
  sizeOf(row: Row): number
  /** Hears of rows that will never be written, and why. */
  lost(count: number, reason: unknown): void
}

/**
 * Writes rows that nobody waits for: those of a fifth of a second, at most a hundred, in one statement. While the
 * database is away they wait, as many as there is room for. Example:
 *
 *     const entries = writingTogether({ insert, sizeOf: row => row.payload.length, lost })
 *     entries.add(row)
 *     await entries.flush()
 */
export function writingTogether<Row>({ insert, sizeOf, lost }: Table<Row>) {
  let waiting: Row[] = []
  let bytes = 0
  let refused = 0
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let isAway = false

  /** Writes rows; returns those that the database was not there for. */
  async function write(rows: Row[]): Promise<Row[]> {
    try {
      await insert(rows)
      return []
    } catch (error) {
      if (error instanceof DatabaseUnavailable) return rows
      if (rows.length === 1) {
        lost(1, error)
        return []
      }
    }
    // One that the database does not take must not cost the others.
    for (const [index, row] of rows.entries()) if ((await write([row])).length > 0) return rows.slice(index)
    return []
  }

  /** Writes while as many as `least` wait. */
  async function writeWhile(least: number): Promise<void> {
    isAway = false
    while (!isAway && waiting.length >= least) {
      const rows = waiting.slice(0, MOST_TOGETHER)
      const left = await write(rows)
      isAway = left.length > 0
      const written = rows.slice(0, rows.length - left.length)
      for (const row of written) bytes -= sizeOf(row)
      waiting = waiting.slice(written.length)
    }
    if (refused > 0) lost(refused, `no more than ${MOST_WAITING.rows} wait for the database`)
    refused = 0
  }

  /** Begins to write unless that is under way. */
  function run(least: number): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    running ??= writeWhile(least).finally(() => {
      running = undefined
      if (waiting.length > 0) wait(isAway ? AWAY : GATHERING)
    })
    return running
  }

  function wait(duration: number): void {
    timer ??= outsideRequests(() => setTimeout(() => void run(1), duration))
  }

  async function flush(): Promise<void> {
    while (running) await running
    await run(1)
  }

  return {
    add(row: Row): void {
      const size = sizeOf(row)
      if (waiting.length >= MOST_WAITING.rows || bytes + size > MOST_WAITING.bytes) {
        refused += 1
        return
      }
      waiting.push(row)
      bytes += size
      if (running || isAway) return
      if (waiting.length >= MOST_TOGETHER) outsideRequests(() => void run(MOST_TOGETHER))
      else wait(GATHERING)
    },
    /** How many rows wait. */
    waiting: (): number => waiting.length,
    /** Writes what waits, without waiting for more; what the database is not there for goes on waiting. */
    flush,
    /** Flushes for the last time: what still cannot be written is lost. */
    async close(): Promise<void> {
      await flush()
      clearTimeout(timer)
      if (waiting.length > 0) lost(waiting.length, 'the database was not there when this process stopped')
      waiting = []
    },
  }
}
