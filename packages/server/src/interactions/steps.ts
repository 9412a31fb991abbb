import type { InteractionEvent, ProfileStep } from '@countersign/api'
import { ApiError } from '../refusals/refusal.ts'
import { describe } from './describe.ts'
import type { Visitor } from './happenings.ts'
import { identify } from './identify.ts'
import type { OpenInteraction } from './open-interaction.ts'
import { addProfile, resetPassword } from './stage.ts'
import type { StepsRoom } from './steps-room.ts'
import { submit } from './submit.ts'

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
 * Takes what a browser brought back from the check for people. Looked up once: the work may begin again, and no check is
 * taken twice.
 *
 * @example await passCaptcha(room, interaction, token, visitor)
 *
 * @throws ApiError `session.captcha_failed`, also where the provider of the check cannot be asked
 */
export async function passCaptcha(
  { captcha }: StepsRoom,
  interaction: OpenInteraction,
  token: string,
  { ip }: Visitor,
): Promise<void> {
  interaction.current()
  const { result } = await interaction.once('captcha', () =>
    captcha.verify(token, { interaction: interaction.uid, ip }),
  )
  if (result !== 'passed') throw new ApiError('session.captcha_failed')
  interaction.apply({ type: 'captcha-passed' })
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
  passCaptcha: (interaction: OpenInteraction, token: string, visitor: Visitor) =>
    passCaptcha(room, interaction, token, visitor),
  identify: (interaction: OpenInteraction, verificationId: string | undefined, visitor: Visitor) =>
    identify(room, interaction, verificationId, visitor),
  addProfile: (interaction: OpenInteraction, part: ProfileStep) => addProfile(room, interaction, part),
  resetPassword: (interaction: OpenInteraction, password: string) =>
    resetPassword(room, interaction, password),
  submit: (interaction: OpenInteraction, visitor: Visitor) => submit(room, interaction, visitor),
  describe,
})

export type Steps = ReturnType<typeof createSteps>
