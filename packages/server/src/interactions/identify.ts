import type { SignInExperience } from '@countersign/api'
import { requireAllowedEmail } from '../experience/experience.ts'
import { bytesOf, tooBig } from '../http/sizes.ts'
import { ApiError } from '../refusals/refusal.ts'
import { findRecord, furtherFields, isKnown, missingProfile, registeringRecord, type State } from './flow.ts'
import type { Visitor } from './happenings.ts'
import type { OpenInteraction } from './open-interaction.ts'
import { ownerOf } from './owners.ts'
import { IDENTIFIERS, requireHuman, requireUsername } from './requirements.ts'
import type { StepsRoom } from './steps-room.ts'

/** Most bytes of further fields, as JSON, that somebody brings into an account who proved nothing. */
const MOST_UNPROVED = 1024

/**
 * Finds the user whom the verified identifier belongs to, or creates one. True when a user was created.
 *
 * @example const isNew = await identify(room, interaction, verificationId, visitor)
 */
export async function identify(
  room: StepsRoom,
  interaction: OpenInteraction,
  verificationId: string | undefined,
  visitor: Visitor,
): Promise<boolean> {
  const state = interaction.current()
  if (state.event === 'Register') {
    await register(room, interaction, verificationId, visitor)
    return true
  }
  if (verificationId === undefined) throw new ApiError('guard.invalid_input')
  const owner = await ownerOf(room.users, interaction, findRecord(state, verificationId).identifier)
  interaction.apply({ type: 'identify', id: verificationId, experience: await room.experience.read(), owner })
  return false
}

async function register(
  room: StepsRoom,
  interaction: OpenInteraction,
  verificationId: string | undefined,
  visitor: Visitor,
): Promise<void> {
  const settings = await room.experience.read()
  if (verificationId !== undefined) await stageRecord(room, interaction, verificationId, settings)
  const state = interaction.current()
  requireComplete(state, settings)
  const step = { uid: interaction.uid, event: state.event, visitor }
  const user = await room.users.create(state.profile, await room.tellAlong('user-created', step))
  void interaction.once(`user ${user.id}`, async () => user)
  interaction.apply({ type: 'user-created', userId: user.id, epoch: user.sessionEpoch })
  // This is written at once, so that a second request which finds the identifier taken sees that it was this
  // interaction.
  await interaction.write()
}

async function stageRecord(
  { users }: StepsRoom,
  interaction: OpenInteraction,
  id: string,
  settings: SignInExperience,
): Promise<void> {
  const state = interaction.current()
  const { identifier } = findRecord(state, id)
  if (identifier.type === 'email') requireAllowedEmail(identifier.value, settings)
  registeringRecord(state, id)
  if (identifier.type === 'username') requireUsername(identifier.value, settings)
  if (await users.find(identifier)) throw new ApiError(`user.${identifier.type}_already_in_use`)
  interaction.apply({ type: 'stage-record', id })
}

/** @throws ApiError when what is staged makes no account */
function requireComplete(state: State, settings: SignInExperience): void {
  if (settings.signInMode === 'SignIn') throw new ApiError('auth.forbidden')
  requireHuman(settings, state)
  if (state.userId !== undefined) throw new ApiError('session.identity_conflict')
  const missing = missingProfile(settings.signUp, state.profile)
  if (missing.length > 0) throw new ApiError('user.missing_profile', { data: { missingProfile: missing } })
  // Settings may ask for nothing at all; an account that nobody could ever come back to is made all the same by Logto.
  if (!IDENTIFIERS.some(field => state.profile[field] !== undefined))
    throw new ApiError('session.verification_failed')
  if (!isKnown(state) && bytesOf(furtherFields(state.profile)) > MOST_UNPROVED)
    throw tooBig(
      'values',
      `who registers without a code brings at most ${MOST_UNPROVED} bytes; stage the rest when the account is there`,
    )
}
