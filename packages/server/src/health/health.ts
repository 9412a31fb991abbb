import { ApiError } from '../refusals/refusal.ts'
import type { Rest } from '../routing/routing.ts'
import { HEALTHY, type Health, restOf, tried } from './breaker.ts'
import { changeHealth, createReporting } from './reporting.ts'
import { type HealthRoom, healthOf, momentOf, type Rested, rowOf } from './room.ts'
import { type HealthRow, healthStore } from './store.ts'

export type { Health } from './breaker.ts'

/** What operators may say of a connection's health. */
export type Override = 'healthy' | 'held'

/**
 * Says how connections work, which all nodes share through the database: a circuit breaker for each. One function a use
 * case.
 *
 * @example
 * const ways = await health.rested(await connections.inUse('sms'))
 * await health.report(connection, { failure: 'unreachable', at })
 */
export function createHealth(needs: Omit<HealthRoom, 'store'>) {
  const room: HealthRoom = { ...needs, store: healthStore(needs.db) }
  const { store, world } = room
  /** As this node has read them last. */
  let known: readonly HealthRow[] = []

  async function all(): Promise<readonly HealthRow[]> {
    known = await store.all()
    return known
  }

  const rowIn = (rows: readonly HealthRow[], { id }: Pick<Rested, 'id'>) =>
    rows.find(row => row.connection_id === id)

  return {
    /** How a connection works. */
    of: async (connection: Rested): Promise<Health> => healthOf(rowIn(await all(), connection), connection),
    /** Connections, each with how it rests, where it does. */
    async rested<C extends Rested>(connections: readonly C[]): Promise<(C & { rest?: Rest | undefined })[]> {
      const rows = await all()
      if (rows.every(({ state }) => state === 'healthy')) return [...connections]
      return connections.map(connection => ({
        ...connection,
        rest: restOf(healthOf(rowIn(rows, connection), connection), momentOf(room)),
      }))
    },
    /**
     * Lets one message, on whichever node, try a connection that is due; false when another one does. One that has been
     * found to work meanwhile is everybody's.
     *
     * @param isAlone no other connection can carry the message
     */
    async claim(connection: Rested, isAlone: boolean): Promise<boolean> {
      const health = healthOf(rowIn(known, connection), connection)
      const { now, timeout } = momentOf(room)
      const row = rowOf(connection, tried(health, { now, timeout }))
      if (await store.claim(row, { now, before: isAlone ? now - timeout : undefined })) return true
      return healthOf(rowIn(await all(), connection), connection).state === 'healthy'
    },
    /** Takes how an attempt over a saved connection ended. It never fails. */
    report: createReporting(room, connection => healthOf(rowIn(known, connection), connection)),
    /**
     * Ends a rest, or holds a connection back until that is ended.
     *
     * @throws ApiError `entity.not_found`
     */
    async override(id: string, state: Override): Promise<void> {
      const connection = (await room.connections()).find(each => each.id === id)
      if (!connection) throw new ApiError('entity.not_found')
      await changeHealth(room, connection, before =>
        before.state === state ? before : { ...HEALTHY, state, since: world.now() },
      )
    },
    /** Forgets connections that are deleted. */
    purge: async (): Promise<void> => store.purge((await room.connections()).map(({ id }) => id)),
  }
}

export type HealthOfConnections = ReturnType<typeof createHealth>
