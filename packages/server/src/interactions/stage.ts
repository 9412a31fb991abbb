import type { ProfileStep } from '@countersign/api'
import { requireAllowedEmail } from '../experience/experience.ts'
import { ApiError } from '../refusals/refusal.ts'
import { hashPassword } from '../users/passwords.ts'
import type { StoredUser } from '../users/users.ts'
import { sortExtraProfile } from './extra-profile.ts'
import { findRecord, type StagedProfile, type State } from './flow.ts'
import type { OpenInteraction } from './open-interaction.ts'
import { userOf } from './owners.ts'
import { HAS, identified, requireFree, requirePassword, requireUsername } from './requirements.ts'
import type { StepsRoom } from './steps-room.ts'
import { RECORD_TYPES } from './verification-room.ts'

/**
 * Stages a part of the profile.
 *
 * @example await addProfile(room, interaction, { type: 'username', value: 'ada' })
 *
 * @throws ApiError in Logto's order of checks
 */
export async function addProfile(
  room: StepsRoom,
  interaction: OpenInteraction,
  part: ProfileStep,
): Promise<void> {
  const state = interaction.current()
  if (state.event === 'ForgotPassword') throw new ApiError('session.not_supported_for_forgot_password')
  if (state.event === 'SignIn' && state.userId === undefined)
    throw new ApiError('session.identifier_not_found')
  const user = state.userId === undefined ? undefined : await userOf(room.users, interaction, state.userId)
  const profile =
    part.type === 'extraProfile' ? sortExtraProfile(part.values) : await judged(room, part, state, user)
  interaction.apply({ type: 'stage', profile, userId: state.userId })
}

/** Judges an identifier or a password, and gives it as it is staged. */
async function judged(
  room: StepsRoom,
  part: Exclude<ProfileStep, { type: 'extraProfile' }>,
  state: State,
  user: StoredUser | undefined,
): Promise<StagedProfile> {
  const settings = await room.experience.read()
  const proven =
    part.type === 'email' || part.type === 'phone' ? provenValue(state, part.type, part.verificationId) : ''
  if (part.type === 'email') requireAllowedEmail(proven, settings)
  if (user && has(user, part.type)) throw new ApiError(HAS[part.type])
  if (part.type === 'password') {
    await requirePassword(room, part.value, { user, state, settings })
    return { passwordHash: await hashPassword(part.value) }
  }
  if (part.type === 'username') requireUsername(part.value, settings)
  const profile =
    part.type === 'username'
      ? { username: part.value }
      : part.type === 'email'
        ? { primaryEmail: proven }
        : { primaryPhone: proven }
  await requireFree(room.users, profile, user?.id)
  return profile
}

/** @throws ApiError `session.verification_session_not_found`, `session.verification_failed` */
function provenValue(state: State, type: 'email' | 'phone', verificationId: string): string {
  const record = findRecord(state, verificationId, RECORD_TYPES[type])
  if (!record.verified) throw new ApiError('session.verification_failed')
  return record.identifier.value
}

function has(user: StoredUser, type: 'username' | 'email' | 'phone' | 'password'): boolean {
  const { username, primaryEmail: email, primaryPhone: phone, passwordHash: password } = user
  return !!{ username, email, phone, password }[type]
}

/**
 * Stages the new password of a reset.
 *
 * @example await resetPassword(room, interaction, 'another good passphrase')
 *
 * @throws ApiError in Logto's order of checks
 */
export async function resetPassword(
  room: StepsRoom,
  interaction: OpenInteraction,
  password: string,
): Promise<void> {
  const state = interaction.current()
  if (state.event !== 'ForgotPassword') throw new ApiError('session.invalid_interaction_type')
  const user = await identified(room.users, interaction)
  await requirePassword(room, password, { user, state, settings: await room.experience.read() })
  interaction.apply({ type: 'password-reset', passwordHash: await hashPassword(password) })
}
