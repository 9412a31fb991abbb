import type { Database } from '../db/database.ts'
import { writingTogether } from '../db/together.ts'
import type { World } from '../world.ts'
import { type TraceRow, traceStore } from './store.ts'

/** Providers tell of a message within a day; nobody asks about an older one. */
const KEPT = 24 * 60 * 60_000

/** Bytes of a row while it waits to be written. */
const ROW_BYTES = 120

/**
 * Keeps to which trace each attempt belongs: those of a fifth of a second in one statement, for which nobody waits.
 *
 * @example keepTraces(db, world).add({ attempt_id: id, traceparent, at: world.now() })
 */
export function keepTraces(db: Database, world: World) {
  const store = traceStore(db)
  const looking = new Set<Promise<unknown>>()
  const rows = writingTogether<TraceRow>({
    insert: store.insert,
    sizeOf: () => ROW_BYTES,
    lost: (count, reason) =>
      world.log('warn', 'traces of attempts not kept', {
        error: `${count}: ${(reason as Error).message ?? reason}`,
      }),
  })
  return {
    ...rows,
    /** The trace of an attempt; undefined for one that is not known. It never fails. */
    async of(attemptId: string): Promise<string | undefined> {
      const work = rows
        .flush()
        .then(() => store.of(attemptId))
        .catch(error => {
          world.log('warn', 'trace of an attempt not read', { error: (error as Error).message })
          return undefined
        })
      looking.add(work)
      void work.finally(() => looking.delete(work))
      return work
    },
    async settled(): Promise<void> {
      await Promise.all(looking)
      await rows.flush()
    },
    purge: async (): Promise<void> => void (await store.purge(world.now() - KEPT)),
  }
}
