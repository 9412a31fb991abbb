import type { Rate, SendError } from '@countersign/kit'
import { recipientKey } from '../crypto/recipient-key.ts'
import { seal } from '../crypto/seal.ts'
import { describeError } from '../http/errors.ts'
import { networkKey } from '../http/network.ts'
import { prefixOf } from '../identifiers/phone.ts'
import { keptAnswer, keptCode, keptIds, keptSegments, providerKeys } from './kept.ts'
import {
  type AskedMessage,
  answerContext,
  CODES,
  type LedgerRoom,
  recipientContext,
  type WhichCode,
} from './room.ts'
import type { Settling } from './settling.ts'
import type { BegunRow, MessageRow, NewAttemptRow } from './store.ts'

/** A message that is to leave. */
export interface NewMessage extends AskedMessage {
  id: string
}

/** An attempt that is about to be made. */
export interface NewAttempt {
  id: string
  /** Which attempt of the message; the first writes the message too. */
  nth: number
  /** Which of the message's codes it carries; the first where it is not said. */
  code?: WhichCode | undefined
  connector: string
  /** Undefined for a configuration that is not saved. */
  connectionId?: string | undefined
  /** What it costs when it leaves; undefined where nobody knows. */
  rate?: Rate | undefined
  at: number
}

/** How an attempt ended; `hedged`: it had been silent for so long that another message left with a code of its own. */
export type Outcome = { hedged?: boolean } & Came

type Came =
  | { ids: Record<string, string>; segments?: number | undefined }
  /** `answer`: without codes, recipients and keys. */
  | { failed: SendError; answer: { status?: number; body?: string } | undefined }

/**
 * Makes the row of a message as it was asked for.
 *
 * @example messageRow(room, message, { state: 'sending', reason: null })
 */
export function messageRow(
  { keys, scene, world }: Pick<LedgerRoom, 'keys' | 'scene' | 'world'>,
  { id, recipient, usageType, asker, visitorIp, fraud, budget, device }: NewMessage,
  decided: Pick<MessageRow, 'state' | 'reason'> & Partial<MessageRow>,
): MessageRow {
  const { applicationId, operatorId } = { ...scene(), ...asker }
  const now = world.now()
  return {
    id,
    recipient_key: recipientKey(keys, recipient.canonical),
    recipient: recipient.masked,
    country: recipient.country ?? null,
    channel: recipient.channel,
    usage_type: usageType,
    asked_by: asker.by,
    interaction_id: asker.interactionId ?? null,
    application_id: applicationId ?? null,
    user_id: asker.userId ?? null,
    operator_id: operatorId ?? null,
    connector: null,
    times: 1,
    created_at: now,
    last_at: now,
    verified_at: null,
    receipt: null,
    used_code: null,
    network: networkKey(keys, visitorIp) ?? null,
    prefix: recipient.channel === 'sms' ? prefixOf(recipient.value) : null,
    fraud: fraud ?? null,
    budget: budget ?? null,
    device: device ?? null,
    ...decided,
  }
}

/** A message that begins, with its first attempt. */
function begunRow(room: LedgerRoom, message: NewMessage, attempt: NewAttempt): BegunRow {
  const { id, connector, connectionId, at } = attempt
  const { reason, times, last_at, verified_at, receipt, used_code, ...row } = messageRow(room, message, {
    state: 'sending',
    reason: null,
    connector,
  })
  return {
    ...row,
    connector,
    attempt_id: id,
    connection_id: connectionId ?? null,
    attempt_at: at,
    ...toBeAsked(room, message, attempt),
  }
}

/** Milliseconds after which a provider is asked first: it knows of a message some seconds after it was handed over. */
const ASK_AFTER = 10_000

/**
 * Whom the provider is to be asked about, and when. The whole recipient is kept for that, sealed, until it is known what
 * became of the message. Nobody asks about a configuration that is not saved.
 */
function toBeAsked(
  { connectorOf, keys }: LedgerRoom,
  { recipient }: NewMessage,
  { id, connector, connectionId, at }: NewAttempt,
): Pick<BegunRow, 'sealed_to' | 'ask_at'> {
  const receipts = connectionId === undefined ? undefined : connectorOf(connector)?.receipts
  return {
    ask_at: receipts ? at + ASK_AFTER : null,
    sealed_to: receipts?.pull ? seal(keys.seal, recipient.value, recipientContext(id)) : null,
  }
}

const attemptRow = (room: LedgerRoom, message: NewMessage, attempt: NewAttempt): NewAttemptRow => ({
  ...toBeAsked(room, message, attempt),
  ...plainRow(message, attempt),
})

const plainRow = (
  message: NewMessage,
  { id, nth, code = 'first', connector, connectionId, at }: NewAttempt,
): NewAttemptRow => ({
  id,
  message_id: message.id,
  nth,
  connection_id: connectionId ?? null,
  connector,
  channel: message.recipient.channel,
  usage_type: message.usageType,
  recipient: message.recipient.masked,
  state: 'sending',
  reason: null,
  which_code: CODES.indexOf(code) + 1,
  ids: '{}',
  failure: null,
  provider_code: null,
  answer: null,
  took: null,
  segments: null,
  price: null,
  currency: null,
  price_unit: null,
  charged: null,
  created_at: at,
})

/** Waits for what is stored before a message leaves. Where something of it cannot be stored, the rest is taken back. */
async function whenStored(
  { world }: LedgerRoom,
  writing: Promise<unknown>[],
  takeBack: () => Promise<unknown>[],
): Promise<void> {
  const outcomes = await Promise.allSettled(writing)
  const failed = outcomes.find(outcome => outcome.status === 'rejected')
  if (!failed) return
  for (const { status, ...result } of await Promise.allSettled(takeBack()))
    if (status === 'rejected')
      world.log('error', 'message not taken back', {
        error: describeError((result as PromiseRejectedResult).reason),
      })
  throw failed.reason
}

/**
 * Writes an attempt down, and with the first of them the message, before anything leaves. They wait for the disk
 * together with what the caller stores. When one of them cannot be stored, there was no attempt.
 *
 * @example await beginAttempt(room, message, { id, nth: 1, connector: 'aliyun-sms', at: now }, issued.stored)
 */
export async function beginAttempt(
  room: LedgerRoom,
  message: NewMessage,
  attempt: NewAttempt,
  before?: Promise<void>,
): Promise<void> {
  const { store } = room
  const isFirst = attempt.nth === 1
  await whenStored(
    room,
    [
      isFirst
        ? store.begin(begunRow(room, message, attempt))
        : store.insertAttempt(attemptRow(room, message, attempt)),
      before ?? Promise.resolve(),
    ],
    () => [store.deleteAttempt(attempt.id), ...(isFirst ? [store.deleteMessage(message.id)] : [])],
  )
}

/**
 * Writes down that a message to a test identity was not sent, so that operators understand why it left no trace.
 *
 * @example await withhold(room, message, issued.stored)
 */
export async function withhold(room: LedgerRoom, message: NewMessage, before?: Promise<void>): Promise<void> {
  const { store } = room
  const row = messageRow(room, message, { state: 'not_sent', reason: 'test_identity' })
  await whenStored(room, [store.insertMessage(row), before ?? Promise.resolve()], () => [
    store.deleteMessage(message.id),
  ])
}

/** What stays with an attempt of the price that it left at, whatever becomes of the table of prices. */
const pricedBy = (rate: Rate | undefined) =>
  rate && { price: rate.price, currency: rate.currency, price_unit: rate.unit, charged: rate.charged }

/**
 * Writes down how an attempt ended, and does what goes along with it. Neither can fail for the caller.
 *
 * @example await endAttempt(room, settling, attempt, { ids: { bizId: '900619746936498440^0' } })
 */
export async function endAttempt(
  { keys, world }: LedgerRoom,
  settling: Settling,
  { id, at, connector, rate }: Pick<NewAttempt, 'id' | 'at' | 'connector' | 'rate'>,
  outcome: Outcome,
  along?: () => Promise<void>,
): Promise<void> {
  const took = world.now() - at
  const reason = outcome.hedged ? 'hedged' : null
  if ('ids' in outcome) {
    const [key = null] = providerKeys(connector, outcome.ids)
    const segments = keptSegments(outcome.segments)
    const change = {
      state: 'accepted',
      reason,
      // Another node may have taken this attempt for one of a dead process, and so noted a failure.
      failure: null,
      ids: JSON.stringify(keptIds(outcome.ids)),
      provider_key: key,
      took,
      // A receipt may have told of them already.
      ...(segments !== null && { segments }),
      ...pricedBy(rate),
    }
    return settling.write(id, change, along)
  }
  const { failed, answer } = outcome
  const change = {
    state: failed.maybeSent ? 'unconfirmed' : 'failed',
    reason,
    failure: failed.failure,
    provider_code: keptCode(failed.code),
    answer: answer ? seal(keys.seal, JSON.stringify(keptAnswer(answer)), answerContext(id)) : null,
    took,
    ...(failed.maybeSent && pricedBy(rate)),
    // What certainly did not leave, nobody asks about.
    ...(!failed.maybeSent && { ask_at: null, sealed_to: null }),
  }
  return settling.write(id, change, failed.maybeSent ? along : undefined)
}
