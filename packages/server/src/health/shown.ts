import type { ConnectionHealth } from '@countersign/api'
import { factoryIdOf } from '@countersign/connectors/logto'
import { explain } from '@countersign/kit'
import type { KeptConnection } from '../connections/room.ts'
import type { Along } from '../db/along.ts'
import type { Health } from './breaker.ts'
import type { HealthRoom } from './room.ts'
import type { HealthRow } from './store.ts'

/**
 * How a connection works, as operators see it, with what its failure means and what to do about it.
 *
 * @example shownHealth(connection, await health.of(connection)).remedy?.en
 */
export function shownHealth(
  { connector }: Pick<KeptConnection, 'connector'>,
  { state, reason, since, retryAt, failure, code }: Health,
): ConnectionHealth {
  const { failures, pagesIn } = connector
  const story = failure === null ? undefined : explain(failures, failure, code ?? undefined, pagesIn)
  return {
    state,
    reason,
    since: since === 0 ? null : since,
    retryAt,
    failure,
    providerCode: code,
    meaning: story?.meaning ?? null,
    remedy: story?.remedy ?? null,
    links: story?.links ?? [],
  }
}

/** Prepares to tell webhooks of a change of a connection, in its transaction. */
type Telling = (
  event: 'Connection.Health.Updated',
  prepare: () => () => Record<string, unknown>,
) => Promise<Along<HealthRow>>

/** Tells webhooks how connections work: `createHealth({ …, telling: tellOfHealth(hooks.telling) })`. */
export const tellOfHealth =
  (telling: Telling): HealthRoom['telling'] =>
  ({ connection, before, after }) =>
    telling('Connection.Health.Updated', () => () => ({
      data: {
        id: connection.id,
        connectorId: factoryIdOf(connection.connector),
        channel: connection.channel,
        name: connection.name,
        health: shownHealth(connection, after),
        before: { state: before.state, reason: before.reason },
      },
    }))
