import { writingTogether } from '../db/together.ts'
import { describeError } from '../http/errors.ts'
import type { LedgerRoom } from './room.ts'
import type { Use } from './store.ts'

/** About what one takes while it waits to be written, in bytes. */
const USE_BYTES = 100

/**
 * Marks messages whose codes were used, those of a fifth of a second in one statement: no answer waits for it.
 *
 * @example createUses(room).add({ id, at: world.now() })
 */
export const createUses = ({ store, world }: LedgerRoom) =>
  writingTogether<Use>({
    insert: store.markVerified,
    sizeOf: () => USE_BYTES,
    lost: (count, reason) =>
      world.log('error', 'uses of codes not noted', { error: `${count}: ${describeError(reason)}` }),
  })
