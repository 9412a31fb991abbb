import type { HookConfig } from '@countersign/api'
import type { Fetch } from '@countersign/kit'
import type { Keys } from '../crypto/keys.ts'
import { open, seal } from '../crypto/seal.ts'
import type { World } from '../world.ts'
import { attempt, type Ending } from './attempt.ts'
import type { DeliveryRow, DeliveryStore } from './store.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND

/** Tries after the first one, unless the webhook says fewer: what Logto's documents promise. */
const RETRIES = 3

/** Pauses before the tries after the first: a hiccup, a restart, a repair. */
const PAUSES = [10 * SECOND, 2 * MINUTE, 30 * MINUTE] as const

/** A receiver may ask for patience, but not for ever. */
const LONGEST_PAUSE = 60 * MINUTE

/** The webhook that deliveries go to, as it is now. */
export interface Target {
  enabled: boolean
  config: HookConfig
  signingKey: string
}

/** The part of the answer that is kept, for operators. */
export type Outcome = Pick<Ending, 'error'> & { body?: unknown }

/** The room that a delivery takes first. */
export interface DeliveringRoom {
  store: Pick<DeliveryStore, 'conclude'>
  keys: Keys
  world: World
  fetch: Fetch
  /** The webhook of a delivery as it is now; undefined when it was deleted. */
  targetOf(hookId: string): Promise<Target | undefined>
  /** Milliseconds that a call may take, where they are not the usual ones. */
  deadline?: number
  /** Aborts when the process ends. */
  stop: AbortSignal
}

const bodyContext = (id: string) => `hook-delivery/${id}`
const outcomeContext = (id: string) => `hook-outcome/${id}`

/** Seals what a delivery says. */
export const sealBody = (keys: Keys, id: string, body: string): string =>
  seal(keys.seal, body, bodyContext(id))

/** Opens the parts of a settled delivery that an operator may read. */
export const openDelivery = (keys: Keys, { id, body, outcome }: DeliveryRow) => ({
  body: open(keys.seal, body, bodyContext(id)),
  outcome: (outcome === null ? {} : JSON.parse(open(keys.seal, outcome, outcomeContext(id)))) as Outcome,
})

/** Writes down how a delivery ended for good. */
function settle(
  { store, keys, world }: DeliveringRoom,
  row: DeliveryRow,
  { delivered, response, error }: Omit<Ending, 'retry'>,
): Promise<boolean> {
  const outcome: Outcome = {
    ...(response && { body: response.body }),
    ...(error !== undefined && { error }),
  }
  return store.conclude(row, {
    state: delivered ? 'delivered' : 'failed',
    settled_at: world.now(),
    status: response?.status ?? null,
    outcome: seal(keys.seal, JSON.stringify(outcome), outcomeContext(row.id)),
  })
}

/** Jitter keeps what failed together from coming back together. */
function pauseAfter({ world }: DeliveringRoom, tries: number, wished = 0): number {
  const pause = PAUSES[Math.min(tries, PAUSES.length) - 1]! * (0.75 + world.random(1)[0]! / 510)
  return Math.min(Math.max(Math.round(pause), wished), LONGEST_PAUSE)
}

/** Tries a delivery that was claimed, once, and writes down what came of it. */
export async function deliver(room: DeliveringRoom, row: DeliveryRow): Promise<void> {
  const { store, keys, world, fetch, deadline, stop } = room
  const target = await room.targetOf(row.hook_id)
  if (!target?.enabled) {
    const error = `The webhook was ${target ? 'disabled' : 'deleted'} before the delivery`
    await settle(room, row, { delivered: false, error })
    return
  }
  const { config, signingKey } = target
  const most = 1 + Math.floor(config.retries ?? RETRIES)
  // Only a process that died in the middle leaves a delivery behind that has had all its tries.
  if (row.tries > most) {
    await settle(room, row, { delivered: false, error: 'The process ended during the last try' })
    return
  }
  const { body } = openDelivery(keys, row)
  const call = { config, signingKey, body, eventId: row.event_id }
  const ending = await attempt(fetch, call, { stop, ...(deadline !== undefined && { deadline }) })
  if (ending.delivered || !ending.retry || row.tries >= most) await settle(room, row, ending)
  else await store.conclude(row, { due_at: world.now() + pauseAfter(room, row.tries, ending.retryAfter) })
  if (!ending.delivered)
    world.log('warn', 'webhook not delivered', {
      attemptId: row.id,
      ...(ending.response && { status: ending.response.status }),
    })
}
