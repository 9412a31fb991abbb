import type { HookLog } from '@countersign/api'
import type { Keys } from '../crypto/keys.ts'
import { open, seal } from '../crypto/seal.ts'
import type { Ending } from './attempt.ts'
import type { DeliveryRow } from './store.ts'

/** The part of the answer that is kept, for operators. */
export type Outcome = Pick<Ending, 'error' | 'failure' | 'sent'> & {
  body?: unknown
  note?: HookLog['payload']['note']
}

/** What a sealed body is bound to: `bodyContext(row.id)`. */
export const bodyContext = (id: string) => `hook-delivery/${id}`

/** What a sealed outcome is bound to: `outcomeContext(row.id)`. */
export const outcomeContext = (id: string) => `hook-outcome/${id}`

/** Seals what a delivery says. */
export const sealBody = (keys: Keys, id: string, body: string): string =>
  seal(keys.seal, body, bodyContext(id))

/** Opens the parts of a settled delivery that an operator may read. */
export const openDelivery = (keys: Keys, { id, body, outcome }: DeliveryRow) => ({
  body: open(keys.seal, body, bodyContext(id)),
  outcome: (outcome === null ? {} : JSON.parse(open(keys.seal, outcome, outcomeContext(id)))) as Outcome,
})

/** Seals how a delivery ended. */
export const sealOutcome = (keys: Keys, id: string, outcome: Outcome): string =>
  seal(keys.seal, JSON.stringify(outcome), outcomeContext(id))
