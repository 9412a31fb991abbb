import { moveRoutes } from '@countersign/api'
import type { Mount } from '../http/mount.ts'
import type { Moves } from './moves.ts'

/**
 * Moves of messages to another connection.
 *
 * @example mountMoves(mount, moves)
 */
export function mountMoves(
  mount: Mount,
  moves: Pick<Moves, 'list' | 'begin' | 'step' | 'stopAt' | 'undo'>,
): void {
  mount
    .add(moveRoutes.listMoves, async () => ({ status: 200, body: await moves.list() }))
    .add(moveRoutes.beginMove, async ({ body }, { subject = '' }) => ({
      status: 201,
      body: await moves.begin(body.connectionId, subject),
    }))
    .add(moveRoutes.takeStep, async ({ params }, { subject = '' }) => ({
      status: 200,
      body: await moves.step(params.id, subject),
    }))
    .add(moveRoutes.stopMove, async ({ params }, { subject = '' }) => ({
      status: 200,
      body: await moves.stopAt(params.id, subject),
    }))
    .add(moveRoutes.undoMove, async ({ params }, { subject = '' }) => ({
      status: 200,
      body: await moves.undo(params.id, subject),
    }))
}
