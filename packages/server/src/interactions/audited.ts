import type { InteractionEvent } from '@countersign/api'
import type { Audit, Facts } from '../audit/audit.ts'
import type { State } from './flow.ts'
import type { Interactions } from './interactions.ts'
import type { Verification } from './verification.ts'
import { RECORD_TYPES } from './verification-room.ts'
import type { Visit } from './visit.ts'

/** Where an interaction stands, by ids and names alone: what visitors bring is told by the users that it ends in. */
const outline = ({ event, userId, profile, records }: State) => ({
  interactionEvent: event,
  ...(userId !== undefined && { userId }),
  // No values: whoever may send them at every step would fill the log.
  profile: Object.keys(profile),
  verificationRecords: records.map(({ id, type, verified }) => ({ id, type, verified })),
})

/**
 * The same interactions and verifications, with every step written down, whichever door it comes through. What is
 * written is no part of the step: it waits for nothing and nothing fails with it.
 */
export function auditSteps(deps: { interactions: Interactions; verification: Verification; audit: Audit }): {
  interactions: Interactions
  verification: Verification
} {
  const { interactions, verification, audit } = deps

  /** Runs a step. Its key begins with the event that it belongs to; without one there is no interaction. */
  async function step<T>(
    visit: Visit,
    part: string,
    facts: Facts,
    run: () => Promise<T>,
    ofEvent?: InteractionEvent,
  ): Promise<T> {
    const before = visit.state
    const event = ofEvent ?? before?.event
    const write = (error?: unknown) => {
      if (event === undefined) return
      const { state } = visit
      const owner = state?.userId ?? before?.userId
      const told = {
        ...facts,
        interactionId: visit.uid,
        // Logto's name for it, as in webhooks.
        sessionId: visit.uid,
        ...(owner !== undefined && { userId: owner }),
        ...(state && { interaction: outline(state) }),
      }
      // A step that begins again because another node was faster is told once.
      visit.afterwards(unwritten =>
        audit.record(`Interaction.${event}.${part}`, { ...told, error: error ?? unwritten }),
      )
    }
    try {
      const result = await run()
      write()
      return result
    } catch (error) {
      write(error)
      throw error
    }
  }

  return {
    interactions: {
      ...interactions,
      start: (visit, event) => step(visit, 'Create', {}, () => interactions.start(visit, event), event),
      changeEvent: (visit, event) =>
        step(visit, 'Update', {}, () => interactions.changeEvent(visit, event), event),
      identify: (visit, verificationId, ...more) =>
        step(visit, 'Identifier.Submit', { verification: { id: verificationId } }, () =>
          interactions.identify(visit, verificationId, ...more),
        ),
      addProfile: (visit, part) =>
        step(visit, 'Profile.Update', { payload: { type: part.type } }, () =>
          interactions.addProfile(visit, part),
        ),
      resetPassword: (visit, password) =>
        step(visit, 'Profile.Update', { payload: { type: 'password' } }, () =>
          interactions.resetPassword(visit, password),
        ),
      submit: (visit, ...more) => step(visit, 'Submit', {}, () => interactions.submit(visit, ...more)),
    },
    verification: {
      ...verification,
      sendCode: (visit, request) => {
        const { type, value } = request.recipient
        return step(
          visit,
          `Verification.${RECORD_TYPES[type]}.Create`,
          { payload: { identifier: { type, value }, interactionEvent: request.event } },
          () => verification.sendCode(visit, request),
          request.event,
        )
      },
      verifyCode: (visit, proof, visitor) =>
        step(visit, `Verification.${RECORD_TYPES[proof.identifier.type]}.Submit`, { payload: proof }, () =>
          verification.verifyCode(visit, proof, visitor),
        ),
      verifyPassword: (visit, proof, visitor) =>
        step(visit, 'Verification.Password.Submit', { payload: proof }, () =>
          verification.verifyPassword(visit, proof, visitor),
        ),
      prepareIdentity: (visit, { username, password }) =>
        step(
          visit,
          'Verification.NewPasswordIdentity.Submit',
          { payload: { identifier: { type: 'username', value: username }, password } },
          () => verification.prepareIdentity(visit, { username, password }),
        ),
    },
  }
}
