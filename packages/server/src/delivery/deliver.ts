import { SendError } from '@countersign/kit'
import { parseConfig } from '../connections/configuration.ts'
import type { Connection } from '../connections/room.ts'
import { newId } from '../crypto/chance.ts'
import type { NewMessage } from '../ledger/ledger.ts'
import { asSendError, toApiError } from './refusal.ts'
import {
  type Along,
  type DeliveryRoom,
  messageOf,
  type Outcome,
  type OutgoingMessage,
  sendOver,
  struck,
  worded,
} from './room.ts'

/** A second try with less than so many milliseconds left would not end in time. */
const LEAST_FOR_RETRY = 500

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
    at: world.now(),
  }
  const message = messageOf(out, made.id)
  await ledger.begin(out, made, before)
  let ids: Record<string, string>
  try {
    // What the provider did stands alone here: an error of ours, from here on, is none of the message's.
    ids = (await sendOver(room, connection, message, deadline)).ids
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
  await ledger.end(made, { ids }, after)
}

/** The connection with its configuration as it sends: defaults filled in, and an operator's own text of an e-mail. */
async function asItSends(
  room: DeliveryRoom,
  connection: Connection,
  out: OutgoingMessage,
): Promise<Connection> {
  // A connection that was saved without configuration is refused here.
  const filled = { ...connection, config: parseConfig(connection.connector, connection.config) }
  return { ...filled, config: await worded(room, filled, out) }
}

/**
 * Delivers one message over the connection that was chosen for it. Tries a second time only when the first certainly
 * did not go out.
 *
 * @example await deliver(room, connection, { recipient, usageType: 'SignIn', payload: { code: '739154' } })
 *
 * @throws ApiError `connector.*` when the provider refused, with `data.failure` saying in which way
 */
export async function deliver(
  room: DeliveryRoom,
  connection: Connection,
  out: OutgoingMessage,
  along: Along = {},
): Promise<Outcome> {
  const { before, after } = along
  // The ledger hands a failure on; until then nobody waits for it, which must not end the process.
  before?.catch(() => undefined)
  const settings = await asItSends(room, connection, out)
  const { world, timeout } = room
  const message = { ...out, id: out.id ?? newId(world.random) }
  if (out.unsent) {
    await room.ledger.withhold(message, before)
    await after?.()
    return 'accepted'
  }
  const end = world.now() + timeout
  for (let nth = 1; ; nth += 1) {
    try {
      await attempt(room, settings, message, { nth, deadline: Math.max(1, end - world.now()) }, along)
      return 'accepted'
    } catch (error) {
      if (!(error instanceof SendError)) throw error
      if (error.maybeSent) return 'unconfirmed'
      const retry = nth === 1 && error.then === 'retry' && end - world.now() > LEAST_FOR_RETRY
      if (!retry) throw toApiError(error, connection.connector.channel)
    }
  }
}
