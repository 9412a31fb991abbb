import type { State } from './flow.ts'
import type { Visitor } from './happenings.ts'

/**
 * The records without anything that would help a thief.
 *
 * @example shownRecords(interaction.current()) // [{ id: '…', type: 'PhoneVerificationCode', verified: true, … }]
 */
export const shownRecords = ({ records }: State): Record<string, unknown>[] =>
  records.map(({ passwordHash: _, codeLength: __, messageId: ___, epoch: ____, verified, ...record }) =>
    record.type === 'NewPasswordIdentity' ? record : { ...record, verified },
  )

/**
 * Where a visitor comes from, for the application that they sign in to.
 *
 * @example contextOf(visitor) // { ip: '198.51.100.4', userAgent: 'Mozilla/5.0 …' }
 */
export const contextOf = ({ ip, userAgent }: Visitor) => ({
  ...(ip && { ip }),
  ...(userAgent && { userAgent }),
})

/**
 * Where the interaction stands, without anything that would help a thief.
 *
 * @example const { interactionEvent, verificationRecords } = describe(interaction.current(), visitor)
 */
export function describe(state: State, visitor?: Visitor): Record<string, unknown> {
  const { event, userId, profile, human } = state
  const { passwordHash: _, ...shown } = profile
  return {
    interactionEvent: event,
    ...(userId !== undefined && { userId }),
    profile: shown,
    verificationRecords: shownRecords(state),
    mfa: {},
    // Nobody is let off.
    captcha: { verified: human !== undefined, skipped: false },
    ...(visitor && { signInContext: contextOf(visitor) }),
  }
}
