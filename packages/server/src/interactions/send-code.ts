import type { InteractionEvent, SignInExperience } from '@countersign/api'
import type { NoticeKey } from '@countersign/sign-in'
import { endOf, pauseLeft, requireAllowed, requirePauseOver } from '../challenges/challenges.ts'
import { send, type TakeBack } from '../challenges/send.ts'
import type { CodeEnd } from '../codes/codes.ts'
import { newId } from '../crypto/chance.ts'
import type { Outcome } from '../delivery/delivery.ts'
import { type Recipient, readRecipient } from '../identifiers/recipient.ts'
import { humanityOf, type State, templateTypeOf, type VerificationRecord } from './flow.ts'
import type { Visitor } from './happenings.ts'
import type { OpenInteraction } from './open-interaction.ts'
import { requireHumanToSend } from './requirements.ts'
import {
  challengeOf,
  isKept,
  listenerOf,
  RECORD_TYPES,
  recipientOf,
  type VerificationRoom,
} from './verification-room.ts'

/** A code that a visitor asks for. */
export interface CodeRequest {
  /** It was read where the request came in. */
  recipient: Recipient
  event: InteractionEvent
  /** Context for the templates: language, application. */
  context: Record<string, unknown>
  visitor: Visitor
  /** True for pages, which wait between two codes to one recipient. */
  isPaced?: boolean
  /** True where the recipient is to become the visitor's: an address that may not is refused before a code is paid for. */
  isAdded?: boolean
}

/** What a message may say of where its code was asked for; a text message says less. */
function saidTo(channel: 'sms' | 'email', context: Record<string, unknown>): Record<string, unknown> {
  if (channel === 'email') return context
  const { application: _, ...rest } = context
  return rest
}

/**
 * True when a message goes out only where the account exists. Then neither the answer, nor its time, nor a delivery
 * error may tell whether it does. While registration is closed that holds for a code to register too: it opens nothing,
 * and whoever asks for it would have it sent to any number at the operator's cost.
 */
const tellsOfAccount = (event: InteractionEvent, state: State, { signInMode }: SignInExperience) =>
  event === 'ForgotPassword' || (signInMode === 'SignIn' && state.userId === undefined)

/**
 * Adds the record of a code and claims the interaction with it: of two requests that ask at once, the second finds the
 * record of the first and sends nothing.
 */
async function claimWith(interaction: OpenInteraction, record: VerificationRecord): Promise<TakeBack> {
  const { id, type } = record
  const previous = interaction.current().records.find(other => other.type === type)
  const takeBack = async () => interaction.apply({ type: 'drop-record', id, previous })
  interaction.apply({ type: 'add-record', record })
  try {
    await interaction.claim()
  } catch (error) {
    await takeBack()
    throw error
  }
  return takeBack
}

const askerOf = ({ uid }: Pick<OpenInteraction, 'uid'>, { clientId }: Visitor) =>
  ({ by: 'interaction', interactionId: uid, applicationId: clientId }) as const

/** A number that a page refuses before a code is asked for. */
export interface RefusedNumber {
  value: string
  event: InteractionEvent
  visitor: Visitor
  reason: 'impossible_number' | 'no_destination'
}

/**
 * Has the ledger count a number that a page refuses, as it counts those that are refused later.
 *
 * @example await noteRefused(room, interaction, { value, event: 'SignIn', visitor, reason: 'impossible_number' })
 */
export async function noteRefused(
  { challenges }: VerificationRoom,
  interaction: OpenInteraction,
  { value, event, visitor, reason }: RefusedNumber,
): Promise<void> {
  const { state } = interaction
  const usageType = state ? templateTypeOf(event, 'phone', state, await challenges.experience.read()) : event
  const recipient = readRecipient({ type: 'phone', value })
  const asker = askerOf(interaction, visitor)
  challenges.ledger.notSent({ recipient, usageType, asker }, { state: 'refused', reason })
}

/**
 * Sends a code and adds its record. The record and the code are stored before the message leaves, so that a code that
 * arrives can be used whatever happens here; both are taken back when it certainly did not.
 *
 * @example
 * const recipient = readRecipient({ type: 'phone', value: '8613800138000' })
 * await sendCode(room, interaction, { recipient, event: 'SignIn', context: {}, visitor })
 *
 * @throws ApiError `user.invalid_phone`, `request.message_rate_limited`, `connector.*`, `session.captcha_required`,
 * `session.interaction_not_found`
 */
export async function sendCode(
  room: VerificationRoom,
  interaction: OpenInteraction,
  { recipient, event, context, visitor, isPaced = false, isAdded = event === 'Register' }: CodeRequest,
): Promise<{ verificationId: string; outcome: Outcome }> {
  const { challenges, users, world } = room
  const { type, value } = recipient
  const identifier = { type, value }
  const state = interaction.current()
  const settings = await challenges.experience.read()
  requireHumanToSend(settings, state)
  const record: VerificationRecord = {
    id: newId(world.random),
    type: RECORD_TYPES[type],
    identifier,
    verified: false,
    templateType: templateTypeOf(event, type, state, settings),
  }
  // The record of the code that is out stays in its place while another one would be refused anyway.
  const replaces = state.records.some(other => other.type === record.type)
  const asker = askerOf(interaction, visitor)
  const challenge = challengeOf(interaction.uid, record, recipient)
  if (isAdded) await requireAllowed(challenges, { ...challenge, asker })
  if (isPaced && replaces) await requirePauseOver(challenges, { ...challenge, asker })
  const isConditional = tellsOfAccount(event, state, settings)
  const step = { uid: interaction.uid, event: state.event, visitor }
  const outcome = await send(challenges, {
    ...challenge,
    context: saidTo(recipient.channel, context),
    askedBy: {
      asker,
      ip: visitor.ip,
      humanity: humanityOf(state),
      device: visitor.browser?.pass,
      listener: listenerOf(room, step),
    },
    isKept: () => isKept(room, identifier),
    isPaced,
    alsoStore: ({ length, messageId }) =>
      claimWith(interaction, {
        ...record,
        codeLength: length,
        ...(!isConditional && messageId !== undefined && { messageId }),
      }),
    ...(isConditional && {
      afterAnswer: async () => (await users.find(identifier)) !== undefined,
    }),
  })
  return { verificationId: record.id, outcome }
}

/**
 * Says how many seconds a page must wait before it asks for another code to the recipient of a record. Another
 * interaction may have sent the last one.
 *
 * @example codeView(request, aim, record, { resendAfter: await resendAfter(room, record), end: undefined })
 */
export const resendAfter = ({ challenges }: VerificationRoom, record: VerificationRecord): Promise<number> =>
  pauseLeft(challenges, recipientOf(record))

/**
 * Says why the code of a record can no longer be used. It is undefined while the code can be used, and where the record
 * is verified already and needs no other code.
 *
 * @example if (await codeEnd(room, uid, record)) // The page offers another code.
 */
export const codeEnd = async (
  { challenges }: VerificationRoom,
  uid: string,
  record: VerificationRecord,
): Promise<CodeEnd | undefined> =>
  record.verified ? undefined : endOf(challenges, challengeOf(uid, record, recipientOf(record)))

/**
 * Says why the message of a record was not delivered, by the notice that helps; undefined where it may have been, and always
 * where it would tell whether an account exists.
 *
 * @example if (await undeliveredNotice(room, record)) // The page says so.
 */
export async function undeliveredNotice(
  { ledger }: VerificationRoom,
  { messageId, verified }: VerificationRecord,
): Promise<NoticeKey | undefined> {
  const fate = messageId === undefined || verified ? undefined : await ledger.undelivered(messageId)
  return fate && (fate.advice ?? 'not_delivered')
}
