import { describeError } from '../http/errors.ts'
import type { World } from '../world.ts'
import type { AttemptRow, LedgerStore } from './store.ts'

type Change = Partial<AttemptRow>

/**
 * So many outcomes wait for a database that is away; of what exceeds them nobody will know more than a crash leaves.
 */
const MOST_UNWRITTEN = 1000

/** An attempt that has no outcome after so many times the longest duration of a send belongs to a process that died. */
const LOST_AFTER = 3

/**
 * Writes the outcomes of attempts. What a provider did is a fact, whether or not the database takes it: an outcome
 * that cannot be written is kept and written later, and never makes a message that left look as if it had not.
 *
 * @example await createSettling(store, world, 10_000).write(attemptId, { state: 'accepted' })
 */
export function createSettling(store: LedgerStore, world: World, timeout: number) {
  const unwritten = new Map<string, Change>()
  let timer: NodeJS.Timeout | undefined

  function notWritten(id: string, error: unknown): void {
    world.log('error', 'outcome of a send not stored', {
      attemptId: id,
      error: String((error as Error)?.stack ?? error),
    })
  }

  /** Writes what could not be written before, and ends what processes that died left behind. */
  async function settle(): Promise<void> {
    for (const [id, change] of unwritten) {
      await store.finish(id, change)
      unwritten.delete(id)
    }
    const before = world.now() - LOST_AFTER * timeout
    await store.endAttempts(before)
    await store.endMessages(before)
  }

  const look = () =>
    settle().catch(error => world.log('error', 'sends not settled', { error: describeError(error) }))

  return {
    settle,
    /** Writes an outcome down; and does what goes along with it. Neither can fail for the caller. */
    async write(id: string, change: Change, along?: () => Promise<void>): Promise<void> {
      const written = store.finish(id, change).catch(error => {
        notWritten(id, error)
        if (unwritten.size < MOST_UNWRITTEN) unwritten.set(id, change)
      })
      // Begun at the same time, and never thrown at once: it may be no promise that fails.
      const done = along && Promise.resolve().then(along)
      await Promise.all([written, done?.catch(error => notWritten(id, error))])
    },
    /** Settles now and then, until it is stopped. Every node does so; what one has settled the next leaves alone. */
    start(): void {
      timer ??= setInterval(() => void look(), LOST_AFTER * timeout)
      timer.unref()
    },
    /** Stops, and tries once more to write what could not be written. */
    async stop(): Promise<void> {
      clearInterval(timer)
      timer = undefined
      if (unwritten.size > 0) await look()
    },
  }
}

export type Settling = ReturnType<typeof createSettling>
