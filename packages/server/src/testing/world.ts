import { randomBytes } from 'node:crypto'
import { deriveKeys } from '../crypto/keys.ts'
import { jsonLog, type World } from '../world.ts'

/** Keys of an installation that exists only in tests. */
export const testKeys = deriveKeys(Buffer.alloc(32, 7))

/** A world without network, whose clock stands still until a test moves it. */
export interface TestWorld extends World {
  /** Moves the clock, in milliseconds; also back, as the clock of another node may stand. */
  wait(milliseconds: number): void
  /** Every line of the log so far. */
  lines: string[]
}

/** Makes a world for one test. */
export function testWorld(fetch?: World['fetch']): TestWorld {
  let moment = Date.UTC(2026, 0, 1)
  const now = () => moment
  const lines: string[] = []
  return {
    fetch: fetch ?? (() => Promise.reject(new Error('no network in this test'))),
    now,
    random: randomBytes,
    log: jsonLog(line => void lines.push(line), now),
    lines,
    wait(milliseconds) {
      moment += milliseconds
    },
  }
}

/** The error an action ends with; fails when it ends well. */
export async function errorOf(
  action: Promise<unknown>,
): Promise<{ code: string; [member: string]: unknown }> {
  try {
    await action
  } catch (error) {
    return error as { code: string }
  }
  throw new Error('An error was expected, and there was none')
}

/** Every value of a table as one text: what a thief of the database would read. */
export const dump = (rows: unknown[]): string => JSON.stringify(rows)
