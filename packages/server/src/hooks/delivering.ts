import type { Fetch } from '@countersign/kit'
import type { Keys } from '../crypto/keys.ts'
import type { World } from '../world.ts'
import { attempt, type Ending } from './attempt.ts'
import type { StoredConfig } from './config.ts'
import { attemptRobot, isRobot, type RobotConfig } from './robots/attempt.ts'
import { gather, messageFor } from './robots/gathering.ts'
import { type Outcome, openDelivery, sealOutcome } from './sealing.ts'
import type { DeliveryRow, DeliveryStore } from './store.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND

/** Tries after the first one, unless the webhook says fewer: what Logto's documents promise. */
const RETRIES = 3

/** Pauses before the tries after the first: a hiccup, a restart, a repair. */
const PAUSES = [10 * SECOND, 2 * MINUTE, 30 * MINUTE] as const

/** Those of a chat service's robot: an alert that comes late is worth less. */
const ROBOT_PAUSES = [SECOND, MINUTE, 10 * MINUTE] as const

/** A receiver may ask for patience, but not for ever. */
const LONGEST_PAUSE = 60 * MINUTE

/** The webhook that deliveries go to, as it is now. */
export interface Target {
  enabled: boolean
  config: StoredConfig
  signingKey: string
}

/** The room that a delivery takes first. */
export interface DeliveringRoom {
  store: DeliveryStore
  keys: Keys
  world: World
  fetch: Fetch
  /** The way to chat services' robots, where it is another one. */
  robots?: Fetch
  /** The console's address for links in messages. */
  console?: string | undefined
  /** The webhook of a delivery as it is now; undefined when it was deleted. */
  targetOf(hookId: string): Promise<Target | undefined>
  /** Milliseconds that a call may take, where they are not the usual ones. */
  deadline?: number
  /** Aborts when the process ends. */
  stop: AbortSignal
}

/** Writes down how a delivery ended for good. */
function settle(
  { store, keys, world }: DeliveringRoom,
  row: DeliveryRow,
  { delivered, response, error, failure, sent }: Omit<Ending, 'retry'>,
): Promise<boolean> {
  const outcome: Outcome = {
    ...(response && { body: response.body }),
    ...(error !== undefined && { error }),
    ...(failure && { failure }),
    ...(sent !== undefined && { sent }),
  }
  return store.conclude(row, {
    state: delivered ? 'delivered' : 'failed',
    settled_at: world.now(),
    status: response?.status ?? null,
    outcome: sealOutcome(keys, row.id, outcome),
  })
}

/** Jitter keeps what failed together from coming back together. */
function pauseAfter(
  { world }: DeliveringRoom,
  pauses: readonly [number, number, number],
  tries: number,
  wished = 0,
): number {
  const pause = pauses[Math.min(tries, pauses.length) - 1]! * (0.75 + world.random(1)[0]! / 510)
  return Math.min(Math.max(Math.round(pause), wished), LONGEST_PAUSE)
}

/** Tells a robot of an event, and along with it what is told together. */
async function tellRobot(room: DeliveringRoom, row: DeliveryRow, config: RobotConfig): Promise<Ending> {
  const { world, fetch, robots, stop, deadline, console } = room
  const body = await gather(room, row)
  const message = messageFor(row.event, body, { ...config.robot, console })
  return attemptRobot(robots ?? fetch, config, message, { now: world.now(), stop, deadline })
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
  const ending: Ending = isRobot(config)
    ? await tellRobot(room, row, config)
    : await attempt(
        fetch,
        { config, signingKey, body: openDelivery(keys, row).body, eventId: row.event_id },
        { stop, deadline },
      )
  if (ending.delivered || !ending.retry || row.tries >= most) await settle(room, row, ending)
  else
    await store.conclude(row, {
      due_at:
        world.now() + pauseAfter(room, isRobot(config) ? ROBOT_PAUSES : PAUSES, row.tries, ending.retryAfter),
    })
  if (!ending.delivered)
    world.log('warn', 'webhook not delivered', {
      attemptId: row.id,
      ...(ending.response && { status: ending.response.status }),
    })
}
