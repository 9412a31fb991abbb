import { setTimeout as sleep } from 'node:timers/promises'
import { answered } from '../http/answered.ts'
import type { World } from '../world.ts'

/**
 * Does work after the answer to the request that asked for it has left, so that neither the answer nor its time
 * can tell whether there was any; and up to a quarter of a second later by chance, so that the next request
 * cannot feel it either.
 */
export function createLater(world: World) {
  const open = new Set<Promise<void>>()
  return {
    /** A failure of the work is its own affair: nobody is there any more who could be told. */
    run(work: () => Promise<unknown>): void {
      const [chance = 0] = world.random(1)
      const done = answered()
        .then(() => sleep(chance))
        .then(work)
        .then(
          () => undefined,
          () => undefined,
        )
        .finally(() => open.delete(done))
      open.add(done)
    },
    /** When all of it is done. */
    async settled(): Promise<void> {
      while (open.size > 0) await Promise.all(open)
    },
  }
}

export type Later = ReturnType<typeof createLater>
