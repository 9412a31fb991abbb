import type { KeptConnection } from '../connections/room.ts'
import { changeAlong } from '../db/along.ts'
import { describeError } from '../http/errors.ts'
import { COUNTED_FOR, counts, type Health, isOldNews, judgeOutcome, type Outcome } from './breaker.ts'
import { type HealthRoom, healthOf, momentOf, type Rested, rowOf } from './room.ts'
import { healthStore } from './store.ts'

/** Whoever finds a row written since it was read judges again; more often than this only under a flood of changes. */
const MOST_TRIES = 5

/** What the log says of a change. */
const WORDS = {
  healthy: 'connection works again',
  resting: 'connection rests',
  held: 'connection held back',
} as const

/** Writes a change with what is told of it; false when somebody else has written since the row was read. */
async function tryToChange(
  room: HealthRoom,
  connection: KeptConnection,
  judge: (before: Health) => Health | Promise<Health>,
): Promise<boolean> {
  const row = await room.store.byId(connection.id)
  const before = healthOf(row, connection)
  const after = await judge(before)
  if (after === before) return true
  const along = await room.telling({ connection, before, after })
  const written = await changeAlong(room.db, along, on =>
    healthStore(on).replace(row, rowOf(connection, after)),
  )
  if (!written) return false
  room.world.log(after.state === 'healthy' ? 'info' : 'warn', WORDS[after.state], {
    connector: connection.connector.id,
    ...(after.failure && { failure: after.failure }),
    ...(after.code && { providerCode: after.code }),
  })
  return true
}

/**
 * Changes how a connection works, by what it is at this moment, and tells of it in the same transaction.
 *
 * @example await changeHealth(room, connection, () => ({ ...HEALTHY, since: now }))
 */
export async function changeHealth(...change: Parameters<typeof tryToChange>): Promise<void> {
  for (let turn = 0; turn < MOST_TRIES; turn += 1) if (await tryToChange(...change)) return
}

/** What an outcome comes to, judged by the row and the ledger as they are now. */
async function judge(room: HealthRoom, id: string, outcome: Outcome): Promise<void> {
  const connection = (await room.connections()).find(each => each.id === id)
  // It was deleted since, or its attempt was with other settings.
  if (!connection || outcome.at < connection.updatedAt) return
  await changeHealth(room, connection, async before => {
    const now = room.world.now()
    const since = Math.max(now - COUNTED_FOR, connection.updatedAt, before.since)
    const ended = counts(outcome.failure) ? await room.ended(id, since) : []
    return judgeOutcome(before, outcome, ended, momentOf(room))
  })
}

/**
 * Takes the outcomes of attempts, and lets a connection rest or work again by them. It never fails, and costs nothing while
 * a connection works and is known to: `known` is what this node has read last.
 *
 * @example await createReporting(room, known)(connection, { failure: 'unreachable', at })
 */
export function createReporting(room: HealthRoom, known: (connection: Rested) => Health) {
  /** The newest of the outcomes of one kind that ended while an earlier one is being judged. */
  const waiting = new Map<string, Outcome>()
  const judging = new Map<string, Promise<void>>()

  async function judgeAll(key: string, id: string, first: Outcome): Promise<void> {
    try {
      for (let next: Outcome | undefined = first; next; next = waiting.get(key)) {
        waiting.delete(key)
        await judge(room, id, next)
      }
    } catch (error) {
      // The message has its answer from the provider; the next outcome is judged by the same ledger.
      room.world.log('error', 'health of a connection not judged', { error: describeError(error) })
    } finally {
      waiting.delete(key)
      judging.delete(key)
    }
  }

  return (connection: Rested, outcome: Outcome): Promise<void> => {
    if (isOldNews(known(connection), outcome)) return Promise.resolve()
    // Under load many fail at once. They are in the ledger already, so that one look there counts them all.
    const key = `${connection.id}/${outcome.failure}`
    const running = judging.get(key)
    if (running) {
      waiting.set(key, outcome)
      return running
    }
    const begun = judgeAll(key, connection.id, outcome)
    judging.set(key, begun)
    return begun
  }
}
