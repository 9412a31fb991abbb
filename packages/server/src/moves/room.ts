import type { Move, MoveReason } from '@countersign/api'
import type { Audit } from '../audit/audit.ts'
import type { Place } from '../connections/changing.ts'
import type { KeptConnection } from '../connections/room.ts'
import type { Along } from '../db/along.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { World } from '../world.ts'
import type { Figures } from './decide.ts'
import type { MoveRow, MoveStore } from './store.ts'

/** What every use case of moves works with. */
export interface MovesRoom {
  store: MoveStore
  world: World
  connections: {
    list(): Promise<KeptConnection[]>
    place(id: string, place: Place, along: Along<KeptConnection>): Promise<void>
  }
  ledger: Pick<Ledger, 'firstMessages'>
  audit: Pick<Audit, 'record'>
  /** Whether a circuit breaker, or an operator, holds a connection back. */
  rests(connection: KeptConnection): Promise<boolean>
}

/** The steps that are kept to be shown. */
const MOST_STEPS = 50

/** A change of a move. */
export interface Change {
  state: Move['state']
  share: number
  reason: MoveReason
  by: string | null
  figures: Figures | null
}

/**
 * The row of a move after a change; a share that changes begins a step.
 *
 * @example const row = changed(before, { state: 'moving', share: 25, reason: 'as_good', by: null, figures }, { id, now })
 */
export function changed(
  before: MoveRow | undefined,
  { state, share, reason, by, figures }: Change,
  { id, now }: { id: string; now: number },
): MoveRow {
  const begins = reason === 'begun'
  const fell = before !== undefined && by === null && share < before.share
  const history = [
    { at: now, share, reason, by, figures },
    ...(before ? (JSON.parse(before.history) as unknown[]) : []),
  ]
  return {
    connection_id: id,
    state,
    share,
    since: before && before.share === share && !begins ? before.since : now,
    falls: begins ? 0 : (before?.falls ?? 0) + Number(fell),
    expected: figures?.expected ?? (begins ? null : (before?.expected ?? null)),
    history: JSON.stringify(history.slice(0, MOST_STEPS)),
    began_at: begins || !before ? now : before.began_at,
    version: (before?.version ?? 0) + 1,
    claimed_until: before?.claimed_until ?? 0,
  }
}

/**
 * Where a share puts a connection: before all others only with all of the messages, so that whoever sees one connection
 * of a channel sees that which carries most.
 *
 * @example placeOf(0) // { share: 100, at: 'last' }
 */
export const placeOf = (share: number): Place =>
  share === 0 ? { share: 100, at: 'last' } : { share, at: share === 100 ? 'first' : 'last' }

/** Those that messages of its channel go over beside a connection. */
export const othersOf = (connection: KeptConnection, all: readonly KeptConnection[]): KeptConnection[] =>
  all.filter(({ id, channel, enabled }) => enabled && channel === connection.channel && id !== connection.id)

/**
 * Whether a connection has the place that a share gives it.
 *
 * @example isPlaced(connection, connections, 25)
 */
export function isPlaced(connection: KeptConnection, all: readonly KeptConnection[], share: number): boolean {
  if (connection.share !== placeOf(share).share) return false
  const first = all.find(({ channel, enabled }) => enabled && channel === connection.channel)
  return share < 100 || first?.id === connection.id
}
