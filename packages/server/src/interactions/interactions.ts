import type { InteractionEvent, ProfileStep } from '@countersign/api'
import { describe } from './describe.ts'
import type { State } from './flow.ts'
import type { Visitor } from './happenings.ts'
import { identify } from './identify.ts'
import type { InteractionsRoom } from './interactions-room.ts'
import { addProfile, resetPassword } from './stage.ts'
import { submit } from './submit.ts'
import type { Visit } from './visit.ts'

export { requireHuman } from './requirements.ts'

/** Goes on with another event. @throws ApiError `auth.forbidden`, `session.not_supported_for_forgot_password` */
export async function changeEvent(
  { experience }: InteractionsRoom,
  visit: Visit,
  event: InteractionEvent,
): Promise<void> {
  const { signInMode } = await experience.read()
  visit.apply({ type: 'change-event', event, mode: signInMode })
}

/** The steps of an interaction in their room: each looks facts up and lets the flow judge. One file a step. */
export const createInteractions = (room: InteractionsRoom) => ({
  start: async (visit: Visit, event: InteractionEvent) => visit.apply({ type: 'begin', event }),
  changeEvent: (visit: Visit, event: InteractionEvent) => changeEvent(room, visit, event),
  identify: (visit: Visit, verificationId: string | undefined, visitor: Visitor) =>
    identify(room, visit, verificationId, visitor),
  addProfile: (visit: Visit, part: ProfileStep) => addProfile(room, visit, part),
  resetPassword: (visit: Visit, password: string) => resetPassword(room, visit, password),
  submit: (visit: Visit, visitor: Visitor) => submit(room, visit, visitor),
  describe: (state: State, visitor?: Visitor) => describe(room, state, visitor),
})

export type Interactions = ReturnType<typeof createInteractions>
