import { createPatience } from '../routing/patience.ts'
import { deliver } from './deliver.ts'
import type { Along, Candidates, DeliveryNeeds, DeliveryRoom, OutgoingMessage } from './room.ts'

export type { Along, Candidates, Outcome, OutgoingMessage } from './room.ts'

/**
 * Gets messages out, has every attempt written down, and decides by the failure what comes next. One function a use case.
 *
 * @example
 * const delivery = createDelivery({ world, ledger, timeout: 10_000 })
 * await delivery.deliver(candidates, { recipient, usageType: 'SignIn', payload: { code: '739154' }, asker })
 */
export function createDelivery(needs: DeliveryNeeds) {
  const room: DeliveryRoom = { ...needs, patience: createPatience(), underWay: new Set() }
  return {
    deliver: (candidates: Candidates, out: OutgoingMessage, along?: Along) =>
      deliver(room, candidates, out, along),
    /** When the attempts that are under way have ended, also those for which nobody waits. */
    async settled(): Promise<void> {
      while (room.underWay.size > 0) await Promise.all(room.underWay)
    },
  }
}

export type Delivery = ReturnType<typeof createDelivery>
