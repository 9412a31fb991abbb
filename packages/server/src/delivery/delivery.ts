import type { Connector, MailTemplate } from '@countersign/kit'
import type { Connection } from '../connections/room.ts'
import type { Database } from '../db/database.ts'
import { listAttempts, purgeAttempts } from './attempts.ts'
import { deliver } from './deliver.ts'
import { createLedger } from './ledger.ts'
import type { Along, DeliveryRoom, OutgoingMessage } from './room.ts'
import { attemptStore } from './store.ts'
import { checkConnection, testConnection } from './try-out.ts'

export type { Along, Outcome, OutgoingMessage } from './room.ts'

/**
 * Gets messages out, writes every try down, and decides by the failure what comes next. One function a use case.
 *
 * @example
 * const delivery = createDelivery({ db, keys, world, connections, timeout: 10_000 })
 * await delivery.deliver(connection, { recipient, usageType: 'SignIn', payload: { code: '739154' } })
 */
export function createDelivery({ db, ...others }: Omit<DeliveryRoom, 'store' | 'ledger'> & { db: Database }) {
  const store = attemptStore(db)
  const ledger = createLedger(store, others.world, others.timeout)
  const room: DeliveryRoom = { ...others, store, ledger }
  return {
    deliver: (connection: Connection, out: OutgoingMessage, along?: Along) =>
      deliver(room, connection, out, along),
    test: (
      connector: Connector,
      config: Record<string, unknown>,
      out: OutgoingMessage,
      template?: MailTemplate | null,
    ) => testConnection(room, connector, config, out, template),
    check: (connector: Connector, config: Record<string, unknown>) =>
      checkConnection(room, connector, config),
    attempts: (state: string | undefined, limit: number, offset: number) =>
      listAttempts(room, state, limit, offset),
    /**
     * Tries that a dead process left behind are marked as unconfirmed, and the operator sees them; outcomes that could
     * not be stored before are stored.
     */
    recover: ledger.settle,
    /** Does the same now and then while the process runs. */
    start: ledger.start,
    stop: ledger.stop,
    purge: () => purgeAttempts(room),
  }
}

export type Delivery = ReturnType<typeof createDelivery>
