import { sql } from 'kysely'
import type { World } from '../world.ts'
import type { Database } from './database.ts'
import { migrations } from './migrations.ts'
import { tooNewFor } from './side-by-side.ts'

/** One thing that keeps a server from serving; the reason is for people. */
export interface Hindrance {
  name: 'database' | 'migrations' | 'draining'
  reason: string
}

/** Milliseconds in which the database must have written, and for which the answer is then good. */
const IN_TIME = 1_000

interface Check {
  began: number
  outcome: Promise<Hindrance | undefined>
  over: boolean
}

/**
 * Whether this node can serve: its database takes writes and has all tables, and it is not about to stop. However
 * often somebody asks, the database is asked once a second, and never again before it has answered.
 */
export function createReadiness(db: Database, world: World) {
  let check: Check | undefined
  let draining = false

  async function ask(): Promise<Hindrance | undefined> {
    try {
      const written_at = world.now()
      await db
        .insertInto('readiness')
        .values({ id: 1, written_at })
        .onConflict(conflict => conflict.column('id').doUpdateSet({ written_at }))
        .execute()
      const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(db)
      const done = rows.map(({ name }) => name)
      if (!Object.keys(migrations).every(name => done.includes(name)))
        return { name: 'migrations', reason: 'Tables of this version are missing; start the server anew' }
      // A newer server has taken away what this version needs; others answer then.
      return tooNewFor(done) === undefined
        ? undefined
        : {
            name: 'migrations',
            reason: 'The tables are those of a newer version; start that one in place of this',
          }
    } catch (error) {
      world.log('error', 'database takes no writes', { error: (error as Error).message })
      return { name: 'database', reason: 'It takes no writes; the log says why' }
    }
  }

  function current(): Check {
    const now = performance.now()
    if (check && (!check.over || now - check.began < IN_TIME)) return check
    const begun: Check = { began: now, outcome: ask(), over: false }
    void begun.outcome.then(() => {
      begun.over = true
    })
    check = begun
    return begun
  }

  async function database(): Promise<Hindrance | undefined> {
    const { began, outcome } = current()
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<Hindrance>(resolve => {
      const left = Math.max(0, began + IN_TIME - performance.now())
      timer = setTimeout(
        () => resolve({ name: 'database', reason: 'It did not write within a second' }),
        left,
      )
    })
    try {
      return await Promise.race([outcome, late])
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    /** Lists everything that is in the way; nothing when this node serves. */
    async hindrances(): Promise<Hindrance[]> {
      const found = await database()
      return [
        ...(found ? [found] : []),
        ...(draining ? [{ name: 'draining', reason: 'This server is about to stop' } as const] : []),
      ]
    },
    /** From now on others should serve. */
    drain(): void {
      draining = true
    },
  }
}

export type Readiness = ReturnType<typeof createReadiness>
