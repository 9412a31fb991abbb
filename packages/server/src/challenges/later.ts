import { setTimeout as sleep } from 'node:timers/promises'
import { answered } from '../http/answered.ts'
import { describeError } from '../http/errors.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { World } from '../world.ts'

/**
 * Does work after the answer to the request that asked for it has left, so that neither the answer nor its time
 * can tell whether there was any; and up to a quarter of a second later by chance, so that the next request
 * cannot feel it either.
 *
 * @example createLater(world).run(() => delivery.deliver(candidates, message))
 */
export function createLater(world: World) {
  const open = new Set<Promise<void>>()
  return {
    /** Nobody is there any more who could be told of a failure of the work; the log is. */
    run(work: () => Promise<unknown>): void {
      const [chance = 0] = world.random(1)
      const done = answered()
        .then(() => sleep(chance))
        .then(work)
        .then(
          () => undefined,
          error => {
            // What a caller would have been told is none of the log's: it says who has an account.
            if (!(error instanceof ApiError))
              world.log('error', 'work after an answer failed', { error: describeError(error) })
          },
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
