import type { InteractionEvent } from '@countersign/api'
import type { Audit, Facts } from '../audit/audit.ts'
import type { State } from './flow.ts'
import type { Interactions } from './interactions.ts'
import type { Verification } from './verification.ts'
import type { Visits } from './visits.ts'

const OF_TYPE = { email: 'EmailVerificationCode', phone: 'PhoneVerificationCode' } as const

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
export function auditSteps(deps: {
  interactions: Interactions
  verification: Verification
  visits: Visits
  audit: Audit
}): { interactions: Interactions; verification: Verification } {
  const { interactions, verification, visits, audit } = deps

  /** Runs a step. Its key begins with the event that it belongs to; without one there is no interaction. */
  async function step<T>(
    uid: string,
    part: string,
    facts: Facts,
    run: () => Promise<T>,
    ofEvent?: InteractionEvent,
  ): Promise<T> {
    const { state } = await visits.read(uid)
    const event = ofEvent ?? state?.event
    const write = (error?: unknown) => {
      if (event) audit.record(`Interaction.${event}.${part}`, gather({ ...facts, error }, state?.userId))
    }
    const gather = async (known: Facts, userId: string | undefined): Promise<Facts> => {
      const { state: now } = await visits.read(uid).catch(() => ({ state: undefined }))
      const owner = now?.userId ?? userId
      return {
        ...known,
        interactionId: uid,
        // Logto's name for it, as in webhooks.
        sessionId: uid,
        ...(owner !== undefined && { userId: owner }),
        ...(now && { interaction: outline(now) }),
      }
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
      start: (uid, event) => step(uid, 'Create', {}, () => interactions.start(uid, event), event),
      changeEvent: (uid, event) => step(uid, 'Update', {}, () => interactions.changeEvent(uid, event), event),
      identify: (uid, verificationId, ...more) =>
        step(uid, 'Identifier.Submit', { verification: { id: verificationId } }, () =>
          interactions.identify(uid, verificationId, ...more),
        ),
      addProfile: (uid, part) =>
        step(uid, 'Profile.Update', { payload: { type: part.type } }, () =>
          interactions.addProfile(uid, part),
        ),
      resetPassword: (uid, password) =>
        step(uid, 'Profile.Update', { payload: { type: 'password' } }, () =>
          interactions.resetPassword(uid, password),
        ),
      submit: (uid, ...more) => step(uid, 'Submit', {}, () => interactions.submit(uid, ...more)),
    },
    verification: {
      ...verification,
      sendCode: (uid, request) => {
        const { identifier, event } = request
        return step(
          uid,
          `Verification.${OF_TYPE[identifier.type]}.Create`,
          { payload: { identifier, interactionEvent: event } },
          () => verification.sendCode(uid, request),
          event,
        )
      },
      verifyCode: (uid, identifier, verificationId, code, ...more) =>
        step(
          uid,
          `Verification.${OF_TYPE[identifier.type]}.Submit`,
          { payload: { identifier, verificationId, code } },
          () => verification.verifyCode(uid, identifier, verificationId, code, ...more),
        ),
      verifyPassword: (uid, identifier, password, ...more) =>
        step(uid, 'Verification.Password.Submit', { payload: { identifier, password } }, () =>
          verification.verifyPassword(uid, identifier, password, ...more),
        ),
      prepareIdentity: (uid, username, password) =>
        step(
          uid,
          'Verification.NewPasswordIdentity.Submit',
          { payload: { identifier: { type: 'username', value: username }, password } },
          () => verification.prepareIdentity(uid, username, password),
        ),
    },
  }
}
