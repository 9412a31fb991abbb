import type { InteractionEvent } from '@countersign/api'
import { type Challenge, endOf, pauseLeft, requirePauseOver } from '../challenges/challenges.ts'
import { check } from '../challenges/check.ts'
import { send } from '../challenges/send.ts'
import type { CodeEnd } from '../codes/codes.ts'
import { newId } from '../crypto/chance.ts'
import { ownerOfNumber, readRecipient } from '../identifiers/recipient.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { StoredUser } from '../users/users.ts'
import { humanityOf, templateTypeOf } from './flow.ts'
import type { Visitor } from './happenings.ts'
import type { OpenInteraction } from './open-interaction.ts'
import { ownerOf } from './owners.ts'
import type { InPlace } from './page-state.ts'
import { requireHumanToSend } from './requirements.ts'
import { clientOf, isKept, listenerOf, type VerificationRoom } from './verification-room.ts'

/** An e-mail that a page asks for in the place of a text message. */
export interface InPlaceRequest {
  /** The number that was typed. */
  number: string
  event: InteractionEvent
  /** Context for the templates: language, application. */
  context: Record<string, unknown>
  visitor: Visitor
  /** The name of the budget that stopped the text message. */
  budget: string
}

const challengeOf = (uid: string, { id, number, usageType }: InPlace): Challenge => ({
  usageType,
  recipient: ownerOfNumber(number),
  scope: `${uid}/${id}`,
})

/** Where the code may go: to the address that the number's owner has now. */
const addressOf = (owner: StoredUser | undefined): InPlace['to'] =>
  owner?.primaryEmail && !owner.isSuspended ? { userId: owner.id, email: owner.primaryEmail } : undefined

/**
 * Sends a code to the e-mail address of whoever has a number, in the place of a text message that budgets have no money for.
 * All that a visitor could notice is done for the number, whether there is such an account or not: its places, its pause,
 * its code, and what the pages remember. The e-mail leaves after the answer. The address stands in what the pages remember
 * and in no record of the flow, for those are shown by the Experience API.
 *
 * @example await sendInPlace(room, interaction, { number: '8613800138000', event: 'SignIn', context, visitor, budget })
 *
 * @throws ApiError `request.message_rate_limited`, `connector.*`, `session.captcha_required`
 */
export async function sendInPlace(
  room: VerificationRoom,
  interaction: OpenInteraction,
  { number, event, context, visitor, budget }: InPlaceRequest,
): Promise<void> {
  const { challenges, users, world } = room
  const state = interaction.current()
  const settings = await challenges.experience.read()
  requireHumanToSend(settings, state)
  const usageType = templateTypeOf(event, 'email', state, settings)
  const before = interaction.page.inPlace
  const identifier = { type: 'phone', value: number } as const
  const to = addressOf(await ownerOf(users, interaction, identifier))
  const inPlace: InPlace = { id: newId(world.random), number, event, usageType, budget, ...(to && { to }) }
  const challenge = challengeOf(interaction.uid, inPlace)
  const asker = {
    by: 'interaction',
    interactionId: interaction.uid,
    applicationId: visitor.clientId,
  } as const
  // The code that is out stays in its place while another one would be refused anyway.
  if (before) await requirePauseOver(challenges, { ...challenge, asker, budget })
  await send(challenges, {
    ...challenge,
    context,
    budget,
    askedBy: {
      asker,
      device: visitor.browser?.pass,
      ip: visitor.ip,
      humanity: humanityOf(state),
      listener: listenerOf(room, { uid: interaction.uid, event: state.event, visitor }),
    },
    isKept: () => isKept(room, identifier),
    isPaced: true,
    async alsoStore({ length }) {
      const takeBack = async () => interaction.remember({ inPlace: before })
      interaction.remember({ inPlace: { ...inPlace, codeLength: length } })
      interaction.apply({ type: 'message-asked' })
      try {
        await interaction.claim()
      } catch (error) {
        await takeBack()
        throw error
      }
      return takeBack
    },
    async afterAnswer() {
      // Nothing is sent to a test identity. It is asked for nobody's address as well, so that no work tells of one.
      const recipient = readRecipient({ type: 'email', value: to?.email ?? 'nobody@example.com' })
      const isFixed = (await challenges.testIdentities.markOf(recipient)) !== undefined
      return to !== undefined && !isFixed && recipient
    },
  })
}

/**
 * Checks the code of an e-mail that went in the place of a text message. What it proves is the address, and never the number:
 * the record that it leaves is that of an e-mail. Guesses count for the number, as those at a text message would; at the
 * address they would tell whose number it is, and lock its owner out there too.
 *
 * @example const recordId = await verifyInPlace(room, interaction, inPlace, { code: '739154', visitor })
 *
 * @returns the id of the verified record
 * @throws ApiError `verification_code.*`, `session.verification_*`
 */
export async function verifyInPlace(
  room: VerificationRoom,
  interaction: OpenInteraction,
  inPlace: InPlace,
  { code, visitor }: { code: string; visitor: Visitor },
): Promise<string> {
  const { id, number, to, usageType, codeLength } = inPlace
  const { event } = interaction.current()
  const owner = await ownerOf(room.users, interaction, { type: 'phone', value: number })
  await check(room.challenges, {
    ...challengeOf(interaction.uid, inPlace),
    code,
    guess: {
      client: clientOf(interaction.uid, visitor, owner),
      message: id,
      listener: listenerOf(room, { uid: interaction.uid, event, visitor }),
    },
  })
  // Number and address may have become somebody else's since; the code opens the account that it was sent for, or none.
  if (!to || !owner || owner.id !== to.userId || owner.primaryEmail !== to.email)
    throw new ApiError('session.verification_failed')
  interaction.apply({
    type: 'add-record',
    record: {
      id,
      type: 'EmailVerificationCode',
      identifier: { type: 'email', value: to.email },
      verified: false,
      templateType: usageType,
      ...(codeLength !== undefined && { codeLength }),
    },
  })
  interaction.apply({ type: 'record-verified', id, epoch: owner.sessionEpoch })
  interaction.remember({ inPlace: undefined })
  return id
}

/**
 * Says how many seconds a page must wait before it asks for another one, and why its code can no longer be used, where it
 * cannot.
 *
 * @example const { pause, end } = await standingOf(room, uid, inPlace)
 */
export async function standingOf(
  { challenges }: VerificationRoom,
  uid: string,
  inPlace: InPlace,
): Promise<{ pause: number; end: CodeEnd | undefined }> {
  const challenge = challengeOf(uid, inPlace)
  return {
    pause: await pauseLeft(challenges, challenge.recipient),
    end: await endOf(challenges, challenge),
  }
}
