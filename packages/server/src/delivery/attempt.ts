import type { SendError } from '@countersign/kit'
import { rateOf } from '../connections/prices.ts'
import type { Connection } from '../connections/room.ts'
import { asSendError, messageOf, sendOver, struck } from '../connections/sending.ts'
import { newId } from '../crypto/chance.ts'
import { describeError } from '../http/errors.ts'
import { SILENT_AFTER } from '../ledger/ended.ts'
import type { NewAttempt, NewMessage, Outcome } from '../ledger/ledger.ts'
import type { Tried } from '../routing/course.ts'
import type { Along, DeliveryRoom, OutgoingMessage } from './room.ts'

/** An attempt whose row is in the ledger and whose request is on its way, or has been answered. */
export interface Attempt extends Tried<Connection> {
  made: NewAttempt
  /** When its request left. */
  leftAt: number
  accepted: boolean
  failed?: SendError
  /** Another message leaves beside it, as it has been silent for so long. */
  hedged: boolean
  /** It has been silent for as long as anybody waits before asking another one. */
  silent: boolean
  /** Resolves when the provider has answered, or there is nothing to wait for any more. */
  answered: Promise<void>
  /** Resolves when its outcome is written; neither of the two fails. */
  over: Promise<void>
}

/** True while nobody knows what becomes of an attempt: `attempts.filter(isUnderWay)`. */
export const isUnderWay = ({ accepted, failed }: Attempt): boolean => !accepted && !failed

/** What an attempt is to be made with. */
export interface NewRequest extends Pick<Tried<Connection>, 'way' | 'code'> {
  /** The connection as it sends. */
  connection: Connection
  /** With the code that this attempt carries. */
  out: OutgoingMessage & NewMessage
  nth: number
  /** The moment at which all must be over. */
  end: number
}

/** Asks the provider. What it did stands alone here: an error of ours is none of the message's. */
async function ask(
  room: DeliveryRoom,
  attempt: Attempt,
  { connection, out, end }: NewRequest,
): Promise<Outcome> {
  const { world, patience } = room
  const message = messageOf(out, attempt.made.id)
  attempt.leftAt = world.now()
  try {
    const call = () => sendOver(room, connection, message, Math.max(1, end - attempt.leftAt))
    const sent = await (room.around ? room.around(attempt.made, call) : call())
    attempt.accepted = true
    patience.note(connection.id, world.now() - attempt.leftAt)
    return sent
  } catch (error) {
    const failed = asSendError(error)
    attempt.failed = failed
    world.log('warn', 'send failed', {
      attemptId: attempt.made.id,
      connector: connection.connector.id,
      failure: failed.failure,
      ...(failed.code !== undefined && { providerCode: failed.code }),
      // A bug in a connector must be found; its stack holds no values.
      ...(failed !== error && { error: String((error as Error).stack) }),
    })
    return { failed, answer: struck(failed, connection, message) }
  }
}

/** Silence says something of a connection while it lasts, and not only when it ends. */
function reportSilence({ health }: DeliveryRoom, { way, made: { at } }: Attempt): NodeJS.Timeout {
  return setTimeout(() => void health?.report(way, { failure: 'unreachable', at }), SILENT_AFTER).unref()
}

/**
 * Whether the provider has certainly not counted an attempt. One that it refused because there were too many shows that it
 * counts more than we do, so that one keeps its place.
 */
const isUncounted = ({ failed }: Attempt): boolean =>
  failed !== undefined && !failed.maybeSent && failed.failure !== 'rate_limited'

/**
 * Begins one attempt: its row is in the ledger and its request on its way when this resolves. How it ends is written
 * whether or not anybody waits for that.
 *
 * @example const attempt = await beginAttempt(room, { way, connection, code: 'first', out, nth: 1, end }, along)
 */
export async function beginAttempt(
  room: DeliveryRoom,
  request: NewRequest,
  { before, after, turns }: Along,
): Promise<Attempt> {
  const { world, ledger, health, underWay } = room
  const { way, connection, code, out, nth } = request
  const made = {
    id: newId(world.random),
    nth,
    code,
    connector: connection.connector.id,
    connectionId: connection.id,
    rate: rateOf(connection, out.recipient),
    at: world.now(),
  }
  await ledger.begin(out, made, before)
  const attempt: Attempt = {
    way,
    code,
    made,
    leftAt: made.at,
    accepted: false,
    hedged: false,
    silent: false,
    answered: Promise.resolve(),
    over: Promise.resolve(),
  }
  const told = reportSilence(room, attempt)
  const outcome = ask(room, attempt, request)
  attempt.answered = outcome.then(() => undefined)
  attempt.over = outcome
    .then(async came => {
      clearTimeout(told)
      await ledger.end(made, { ...came, hedged: attempt.hedged }, after)
      const { failure = null, code: providerCode } = attempt.failed ?? {}
      if (isUncounted(attempt)) await turns?.free(way.id)
      await health?.report(way, { failure, code: providerCode, at: made.at })
    })
    .catch(error => world.log('error', 'outcome of a send not stored', { error: describeError(error) }))
    .finally(() => underWay.delete(attempt.over))
  underWay.add(attempt.over)
  return attempt
}
