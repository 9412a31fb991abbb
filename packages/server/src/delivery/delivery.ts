import { deliver } from './deliver.ts'
import type { Along, Candidates, DeliveryRoom, OutgoingMessage } from './room.ts'

export type { Along, Candidates, Outcome, OutgoingMessage } from './room.ts'

/**
 * Gets messages out, has every attempt written down, and decides by the failure what comes next. One function a use case.
 *
 * @example
 * const delivery = createDelivery({ world, ledger, timeout: 10_000 })
 * await delivery.deliver(candidates, { recipient, usageType: 'SignIn', payload: { code: '739154' }, asker })
 */
export function createDelivery(room: DeliveryRoom) {
  return {
    deliver: (candidates: Candidates, out: OutgoingMessage, along?: Along) =>
      deliver(room, candidates, out, along),
  }
}

export type Delivery = ReturnType<typeof createDelivery>
