import { nowAndThen } from '../db/now-and-then.ts'
import { patiently } from '../db/patience.ts'
import { describeError } from '../http/errors.ts'
import type { MovesRoom } from './room.ts'
import type { MoveRow } from './store.ts'

/** How often the figures of a move are looked at, by whichever node. */
const LOOK_EVERY = 60_000

/** A little less, so that the node that looked last does not find its own claim. */
const CLAIMED_FOR = LOOK_EVERY - 5000

/** Looks at moves while the process runs. */
export function createMoving({ store, world }: MovesRoom, lookAt: (row: MoveRow) => Promise<void>) {
  async function look(): Promise<void> {
    for (const row of await store.list()) {
      if (row.state !== 'moving') continue
      const now = world.now()
      if (await store.claim(row.connection_id, { now, until: now + CLAIMED_FOR })) await lookAt(row)
    }
  }

  const failed = (error: unknown) =>
    world.log('error', 'moves not looked at', { error: describeError(error) })

  const looks = nowAndThen(look, LOOK_EVERY, failed)

  return {
    /** Looks once at those that no other node looks at. */
    look: () => patiently(look),
    /** Looks now and then, until it is stopped. Every node does; of each move one at a time. */
    start: looks.start,
    stop: looks.stop,
  }
}
