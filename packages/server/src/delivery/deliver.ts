import { type Connector, SendError } from '@countersign/kit'
import { parseConfig } from '../connections/configuration.ts'
import type { Connection } from '../connections/room.ts'
import { newId } from '../crypto/chance.ts'
import { seal } from '../crypto/seal.ts'
import { describeError } from '../http/errors.ts'
import { keptAnswer, keptCode, keptIds } from './kept.ts'
import { asSendError, toApiError } from './refusal.ts'
import {
  type Along,
  answerContext,
  type DeliveryRoom,
  messageOf,
  type Outcome,
  type OutgoingMessage,
  sendOver,
  struck,
  worded,
} from './room.ts'
import type { AttemptRow } from './store.ts'

/** A second try with less than so many milliseconds left would not end in time. */
const LEAST_FOR_RETRY = 500

/** A try that has just begun, as it is stored. */
const rowOf = (
  { world }: DeliveryRoom,
  id: string,
  connector: Connector,
  out: OutgoingMessage,
): AttemptRow => ({
  id,
  connector: connector.id,
  channel: out.recipient.channel,
  usage_type: out.usageType,
  recipient: out.recipient.masked,
  state: 'sending',
  ids: '{}',
  failure: null,
  provider_code: null,
  answer: null,
  took: null,
  created_at: world.now(),
})

/** Waits for the record and what goes along. Where one of them cannot be stored nothing leaves, so there was no try. */
async function whenStored(
  { store, world }: DeliveryRoom,
  row: AttemptRow,
  before: Promise<void> | undefined,
): Promise<void> {
  const outcomes = await Promise.allSettled([store.insert(row), before])
  const failed = outcomes.find(outcome => outcome.status === 'rejected')
  if (!failed) return
  await store
    .delete(row.id)
    .catch(error =>
      world.log('error', 'attempt not taken back', { attemptId: row.id, error: describeError(error) }),
    )
  throw failed.reason
}

/** Writes down that a message to a test identity was not sent, so that operators understand why it left no trace. */
async function withhold(
  room: DeliveryRoom,
  { connector }: Connection,
  out: OutgoingMessage,
  { before, after }: Along,
): Promise<void> {
  const row = rowOf(room, newId(room.world.random), connector, out)
  await whenStored(room, { ...row, state: 'not_sent', took: 0 }, before)
  await after?.()
}

/** What a failed try comes to in the table. */
function failedOutcome(
  { keys, world }: DeliveryRoom,
  row: AttemptRow,
  failed: SendError,
  answer: ReturnType<typeof struck>,
): Partial<AttemptRow> {
  return {
    state: failed.maybeSent ? 'unconfirmed' : 'failed',
    failure: failed.failure,
    provider_code: keptCode(failed.code),
    answer: answer ? seal(keys.seal, JSON.stringify(keptAnswer(answer)), answerContext(row.id)) : null,
    took: world.now() - row.created_at,
  }
}

/** One try, from its row in the table to its outcome there. @throws SendError */
async function attempt(
  room: DeliveryRoom,
  connection: Connection,
  out: OutgoingMessage,
  deadline: number,
  { before, after }: Along,
): Promise<void> {
  const { world, ledger } = room
  const { connector } = connection
  const row = rowOf(room, newId(world.random), connector, out)
  const message = messageOf(out, row.id)
  await whenStored(room, row, before)
  let ids: Record<string, string>
  try {
    // What the provider did stands alone here: an error of ours, from here on, is none of the message's.
    ids = (await sendOver(room, connection, message, deadline)).ids
  } catch (error) {
    const failed = asSendError(error)
    const outcome = failedOutcome(room, row, failed, struck(failed, connection, message))
    await ledger.write(row.id, outcome, failed.maybeSent ? after : undefined)
    world.log('warn', 'send failed', {
      attemptId: row.id,
      connector: connector.id,
      failure: failed.failure,
      ...(failed.code !== undefined && { providerCode: failed.code }),
      // A bug in a connector must be found; its stack holds no values.
      ...(failed !== error && { error: String((error as Error).stack) }),
    })
    throw failed
  }
  const took = world.now() - row.created_at
  // Another node may have taken this try for one of a dead process, and so noted a failure.
  await ledger.write(
    row.id,
    { state: 'accepted', failure: null, ids: JSON.stringify(keptIds(ids)), took },
    after,
  )
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
  // `whenStored` hands a failure on; until then nobody waits for it, which must not end the process.
  along.before?.catch(() => undefined)
  const settings = await asItSends(room, connection, out)
  if (out.unsent) {
    await withhold(room, connection, out, along)
    return 'accepted'
  }
  const { world, timeout } = room
  const end = world.now() + timeout
  for (let again = true; ; again = false) {
    try {
      await attempt(room, settings, out, Math.max(1, end - world.now()), along)
      return 'accepted'
    } catch (error) {
      if (!(error instanceof SendError)) throw error
      if (error.maybeSent) return 'unconfirmed'
      const retry = again && error.then === 'retry' && end - world.now() > LEAST_FOR_RETRY
      if (!retry) throw toApiError(error, connection.connector.channel)
    }
  }
}
