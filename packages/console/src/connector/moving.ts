import type { ConnectionSummary, Move } from '@countersign/api'

/**
 * Whether messages can be moved to a connection: it is on, others of its channel are too and get messages before it, and
 * no other move is under way there.
 */
export function canMove(
  { id, channel, enabled, share }: ConnectionSummary,
  connections: readonly ConnectionSummary[],
  moves: readonly Pick<Move, 'connectionId' | 'state'>[],
): boolean {
  const on = connections.filter(each => each.enabled && each.channel === channel)
  const isMoving = moves.some(
    ({ connectionId, state }) =>
      state === 'moving' && connections.some(each => each.id === connectionId && each.channel === channel),
  )
  return enabled && on.length > 1 && !isMoving && !(on[0]?.id === id && share === 100)
}
