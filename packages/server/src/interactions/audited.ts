import type { InteractionEvent } from '@countersign/api'
import type { Audit, Facts } from '../audit/audit.ts'
import type { State } from './flow.ts'
import type { OpenInteraction } from './open-interaction.ts'
import type { Steps } from './steps.ts'
import type { Verification } from './verification.ts'
import { RECORD_TYPES } from './verification-room.ts'

/** Where an interaction stands, by ids and names alone: what visitors bring is told by the users that it ends in. */
const outline = ({ event, userId, profile, records }: State) => ({
  interactionEvent: event,
  ...(userId !== undefined && { userId }),
  // No values: whoever may send them at every step would fill the log.
  profile: Object.keys(profile),
  verificationRecords: records.map(({ id, type, verified }) => ({ id, type, verified })),
})

/** A step of an interaction that is written down. */
interface AuditedStep {
  /** The end of its key, whose beginning is the event that it belongs to. */
  part: string
  facts?: Facts
  /**
   * The event, where it is not that of the interaction; without one there is no interaction, and nothing is written.
   */
  ofEvent?: InteractionEvent
  /** The key, where it does not begin with the event. */
  key?: string
}

/** Runs a step and writes it down. */
async function audited<T>(
  audit: Audit,
  interaction: OpenInteraction,
  { part, facts = {}, ofEvent, key }: AuditedStep,
  run: () => Promise<T>,
): Promise<T> {
  const before = interaction.state
  const event = ofEvent ?? before?.event
  const write = (error?: unknown) => {
    if (event === undefined) return
    const { state } = interaction
    const owner = state?.userId ?? before?.userId
    const told = {
      ...facts,
      interactionId: interaction.uid,
      // Logto's name for it, as in webhooks.
      sessionId: interaction.uid,
      ...(owner !== undefined && { userId: owner }),
      ...(state && { interaction: outline(state) }),
    }
    // A step that begins again because another node was faster is told once.
    interaction.afterwards(unwritten =>
      audit.record(key ?? `Interaction.${event}.${part}`, { ...told, error: error ?? unwritten }),
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

/**
 * The same steps, with every one written down, whether a page or the Experience API takes it. What is written is no
 * part of the step: it waits for nothing and nothing fails with it.
 *
 * @example const steps = auditSteps(createSteps(room), audit)
 */
export const auditSteps = (steps: Steps, audit: Audit): Steps => ({
  ...steps,
  start: (interaction, event) =>
    audited(audit, interaction, { part: 'Create', ofEvent: event }, () => steps.start(interaction, event)),
  passCaptcha: (interaction, token, visitor) =>
    audited(audit, interaction, { part: 'Captcha', key: 'Interaction.Create.Captcha' }, () =>
      steps.passCaptcha(interaction, token, visitor),
    ),
  changeEvent: (interaction, event) =>
    audited(audit, interaction, { part: 'Update', ofEvent: event }, () =>
      steps.changeEvent(interaction, event),
    ),
  identify: (interaction, verificationId, visitor) =>
    audited(
      audit,
      interaction,
      { part: 'Identifier.Submit', facts: { verification: { id: verificationId } } },
      () => steps.identify(interaction, verificationId, visitor),
    ),
  addProfile: (interaction, step) =>
    audited(audit, interaction, { part: 'Profile.Update', facts: { payload: { type: step.type } } }, () =>
      steps.addProfile(interaction, step),
    ),
  resetPassword: (interaction, password) =>
    audited(audit, interaction, { part: 'Profile.Update', facts: { payload: { type: 'password' } } }, () =>
      steps.resetPassword(interaction, password),
    ),
  submit: (interaction, visitor) =>
    audited(audit, interaction, { part: 'Submit' }, () => steps.submit(interaction, visitor)),
})

/**
 * The same proofs, with every one written down.
 *
 * @example const verification = auditVerification(createVerification(room), audit)
 */
export const auditVerification = (verification: Verification, audit: Audit): Verification => ({
  ...verification,
  sendCode(interaction, request) {
    const { type, value } = request.recipient
    const { event: ofEvent } = request
    const payload = { identifier: { type, value }, interactionEvent: ofEvent }
    const part = `Verification.${RECORD_TYPES[type]}.Create`
    return audited(audit, interaction, { part, facts: { payload }, ofEvent }, () =>
      verification.sendCode(interaction, request),
    )
  },
  sendInPlace(interaction, request) {
    const { number: value, event: ofEvent } = request
    const payload = { identifier: { type: 'phone', value }, interactionEvent: ofEvent }
    const part = 'Verification.EmailVerificationCode.Create'
    return audited(audit, interaction, { part, facts: { payload, inPlaceOf: 'sms' }, ofEvent }, () =>
      verification.sendInPlace(interaction, request),
    )
  },
  verifyInPlace(interaction, inPlace, proof) {
    const { id: verificationId, number: value } = inPlace
    const payload = { identifier: { type: 'phone', value }, verificationId, code: proof.code }
    const part = 'Verification.EmailVerificationCode.Submit'
    return audited(audit, interaction, { part, facts: { payload, inPlaceOf: 'sms' } }, () =>
      verification.verifyInPlace(interaction, inPlace, proof),
    )
  },
  verifyCode(interaction, proof, visitor) {
    const part = `Verification.${RECORD_TYPES[proof.identifier.type]}.Submit`
    return audited(audit, interaction, { part, facts: { payload: proof } }, () =>
      verification.verifyCode(interaction, proof, visitor),
    )
  },
  verifyPassword: (interaction, proof, visitor) =>
    audited(audit, interaction, { part: 'Verification.Password.Submit', facts: { payload: proof } }, () =>
      verification.verifyPassword(interaction, proof, visitor),
    ),
  prepareIdentity(interaction, { username, password }) {
    const payload = { identifier: { type: 'username', value: username }, password }
    const part = 'Verification.NewPasswordIdentity.Submit'
    return audited(audit, interaction, { part, facts: { payload } }, () =>
      verification.prepareIdentity(interaction, { username, password }),
    )
  },
})
