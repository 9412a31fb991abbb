import type { InteractionEvent, ProfileStep } from '@countersign/api'
import { describe } from './describe.ts'
import type { Visitor } from './happenings.ts'
import { identify } from './identify.ts'
import type { OpenInteraction } from './open-interaction.ts'
import { addProfile, resetPassword } from './stage.ts'
import type { StepsRoom } from './steps-room.ts'
import { submit } from './submit.ts'

export { requireHuman } from './requirements.ts'

/**
 * Goes on with another event.
 *
 * @example await changeEvent(room, interaction, 'Register')
 *
 * @throws ApiError `auth.forbidden`, `session.not_supported_for_forgot_password`
 */
export async function changeEvent(
  { experience }: StepsRoom,
  interaction: OpenInteraction,
  event: InteractionEvent,
): Promise<void> {
  const { signInMode } = await experience.read()
  interaction.apply({ type: 'change-event', event, mode: signInMode })
}

/**
 * The steps of an interaction in their room: each looks facts up and lets the flow judge. One file a step.
 *
 * @example await interactions.transition(uid, interaction => createSteps(room).start(interaction, 'SignIn'))
 */
export const createSteps = (room: StepsRoom) => ({
  start: async (interaction: OpenInteraction, event: InteractionEvent) =>
    interaction.apply({ type: 'begin', event }),
  changeEvent: (interaction: OpenInteraction, event: InteractionEvent) =>
    changeEvent(room, interaction, event),
  identify: (interaction: OpenInteraction, verificationId: string | undefined, visitor: Visitor) =>
    identify(room, interaction, verificationId, visitor),
  addProfile: (interaction: OpenInteraction, part: ProfileStep) => addProfile(room, interaction, part),
  resetPassword: (interaction: OpenInteraction, password: string) =>
    resetPassword(room, interaction, password),
  submit: (interaction: OpenInteraction, visitor: Visitor) => submit(room, interaction, visitor),
  describe,
})

export type Steps = ReturnType<typeof createSteps>
