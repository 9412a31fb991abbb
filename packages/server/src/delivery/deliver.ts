import { SendError, type Sent } from '@countersign/kit'
import { parseConfig } from '../connections/configuration.ts'
import { rateOf } from '../connections/prices.ts'
import type { Connection } from '../connections/room.ts'
import { asSendError, messageOf, sendOver, struck, worded } from '../connections/sending.ts'
import { newId } from '../crypto/chance.ts'
import type { NewMessage } from '../ledger/ledger.ts'
import { next, shareOf } from '../routing/routing.ts'
import { toApiError } from './refusal.ts'
import type { Along, Candidates, DeliveryRoom, Outcome, OutgoingMessage } from './room.ts'

/** Another attempt with less than so many milliseconds left would not end in time. */
const LEAST_FOR_ANOTHER = 500

/** One attempt, from its row in the ledger to its outcome there. @throws SendError */
async function attempt(
  room: DeliveryRoom,
  connection: Connection,
  out: OutgoingMessage & NewMessage,
  { nth, deadline }: { nth: number; deadline: number },
  { before, after }: Along,
): Promise<void> {
  const { world, ledger } = room
  const { connector } = connection
  const made = {
    id: newId(world.random),
    nth,
    connector: connector.id,
    connectionId: connection.id,
    rate: rateOf(connection, out.recipient),
    at: world.now(),
  }
  const message = messageOf(out, made.id)
  await ledger.begin(out, made, before)
  let sent: Sent
  try {
    // What the provider did stands alone here: an error of ours, from here on, is none of the message's.
    sent = await sendOver(room, connection, message, deadline)
  } catch (error) {
    const failed = asSendError(error)
    await ledger.end(made, { failed, answer: struck(failed, connection, message) }, after)
    world.log('warn', 'send failed', {
      attemptId: made.id,
      connector: connector.id,
      failure: failed.failure,
      ...(failed.code !== undefined && { providerCode: failed.code }),
      // A bug in a connector must be found; its stack holds no values.
      ...(failed !== error && { error: String((error as Error).stack) }),
    })
    throw failed
  }
  await ledger.end(made, sent, after)
}

/** The connection with its configuration as it sends: defaults filled in, and an operator's own text of an e-mail. */
async function asItSends(
  room: DeliveryRoom,
  connection: Connection,
  out: OutgoingMessage,
): Promise<Connection> {
  // A connection that was saved without configuration is refused here.
  const filled = { ...connection, config: parseConfig(connection.connector, connection.config) }
  return { ...filled, ...(await worded(room, filled, out)) }
}

/**
 * Delivers one message over the first of its candidates that can. The next one is asked only when the one before certainly
 * could not send it and another one may; the last one also a second time. All of it together takes no longer than one
 * send may take.
 *
 * @example await deliver(room, candidates, { recipient, usageType: 'SignIn', payload: { code: '739154' }, asker })
 *
 * @throws ApiError `connector.*` when none could, with `data.failure` saying in which way
 */
export async function deliver(
  room: DeliveryRoom,
  candidates: Candidates,
  out: OutgoingMessage,
  along: Along = {},
): Promise<Outcome> {
  const { before, after } = along
  // The ledger hands a failure on; until then nobody waits for it, which must not end the process.
  before?.catch(() => undefined)
  let settings = await asItSends(room, candidates[0], out)
  const { world, timeout } = room
  const message = { ...out, id: out.id ?? newId(world.random) }
  if (out.unsent) {
    await room.ledger.withhold(message, before)
    await after?.()
    return 'accepted'
  }
  const end = world.now() + timeout
  const failures: SendError[] = []
  let left: readonly Connection[] = candidates
  let askedTwice = false
  for (let nth = 1; ; nth += 1) {
    try {
      const deadline = shareOf(Math.max(1, end - world.now()), left.length - 1)
      await attempt(room, settings, message, { nth, deadline }, along)
      return 'accepted'
    } catch (error) {
      if (!(error instanceof SendError)) throw error
      if (error.maybeSent) return 'unconfirmed'
      const hasTime = end - world.now() > LEAST_FOR_ANOTHER
      const [another, ...others] = hasTime ? next(left, error) : []
      if (another) {
        failures.push(error)
        left = [another, ...others]
        settings = await asItSends(room, another, out)
      } else if (hasTime && error.then === 'retry' && !askedTwice) askedTwice = true
      else throw toApiError(error, out.recipient.channel, failures)
    }
  }
}
