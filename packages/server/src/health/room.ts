import type { Failure } from '@countersign/kit'
import type { KeptConnection } from '../connections/room.ts'
import type { Along } from '../db/along.ts'
import type { Database } from '../db/database.ts'
import type { World } from '../world.ts'
import { type Ended, HEALTHY, type Health, type Moment, type Reason } from './breaker.ts'
import type { HealthRow, healthStore } from './store.ts'

/** A connection, as far as its health is concerned; a `Connection` is one. */
export type Rested = Pick<KeptConnection, 'id' | 'settingsMark'>

/** A change that webhooks and the log are told of. */
export interface Change {
  connection: KeptConnection
  before: Health
  after: Health
}

/** What every use case of health works with. */
export interface HealthRoom {
  db: Database
  world: World
  store: ReturnType<typeof healthStore>
  /** The milliseconds that one send takes at most. */
  timeout: number
  /** Every saved connection, on or off. */
  connections(): Promise<readonly KeptConnection[]>
  /** How the attempts over a connection ended that began since a moment. */
  ended(connectionId: string, since: number): Promise<Ended[]>
  /** Says what is written in the transaction of a change. */
  telling(change: Change): Promise<Along<HealthRow>>
}

/** The moment by which everything is judged: `judgeOutcome(health, outcome, [], momentOf(room))`. */
export const momentOf = ({ world, timeout }: HealthRoom): Moment => ({ now: world.now(), timeout })

/**
 * How a connection works by its row. What a row says of other settings does not count, but for what an operator holds back.
 *
 * @example healthOf(rows.find(row => row.connection_id === connection.id), connection)
 */
export function healthOf(row: HealthRow | undefined, { settingsMark }: Rested): Health {
  if (!row || (row.settings !== settingsMark && row.state !== 'held')) return HEALTHY
  return {
    state: row.state as Health['state'],
    reason: row.reason as Reason | null,
    since: row.since,
    retryAt: row.retry_at,
    triedAt: row.tried_at,
    tries: row.tries,
    failure: row.failure as Failure | null,
    code: row.provider_code,
  }
}

/**
 * The row of a connection that works so.
 *
 * @example await store.replace(before, rowOf(connection, tried(health, moment)))
 */
export const rowOf = (
  { id, settingsMark }: Rested,
  { state, reason, since, retryAt, triedAt, tries, failure, code }: Health,
): HealthRow => ({
  connection_id: id,
  settings: settingsMark,
  state,
  reason,
  since,
  retry_at: retryAt,
  tried_at: triedAt,
  tries,
  failure,
  provider_code: code,
})
