import { both } from '../db/along.ts'
import { ApiError } from '../refusals/refusal.ts'
import { MOST_OWN_DATA } from '../users/own-data.ts'
import type { StoredUser } from '../users/users.ts'
import { contextOf, shownRecords } from './describe.ts'
import { missingProfile, type State } from './flow.ts'
import type { Step, Visitor } from './happenings.ts'
import type { OpenInteraction } from './open-interaction.ts'
import { identified, requireFree, requireHuman, requireIdentified, requireLacking } from './requirements.ts'
import type { StepsRoom } from './steps-room.ts'

/**
 * Finishes the interaction. Returns where to send the browser; undefined after a password reset.
 *
 * @example const address = await submit(room, interaction, visitor)
 */
export async function submit(
  room: StepsRoom,
  interaction: OpenInteraction,
  visitor: Visitor,
): Promise<string | undefined> {
  const state = interaction.current()
  const settings = await room.experience.read()
  requireHuman(settings, state)
  const user = await identified(room.users, interaction)
  const step = { uid: interaction.uid, event: state.event, visitor }
  if (state.event === 'ForgotPassword') {
    await changePassword(room, interaction, user, step)
    return undefined
  }
  requireLacking(user, state.profile)
  await requireFree(room.users, state.profile, user.id)
  const missing = missingProfile(settings.signUp, { ...user, ...state.profile })
  if (missing.length > 0) throw new ApiError('user.missing_profile', { data: { missingProfile: missing } })
  // What was proved is stored before the login is finished: whoever posts twice goes on from there.
  await interaction.write()
  // The user may have been looked up before a code was checked: as written they must still be the same.
  const changed = requireIdentified(await writeUser(room, user, state, step), state)
  const told = await room.tellAlong('finished', step)
  const submission = {
    interactionEvent: state.event,
    userId: user.id,
    verificationRecords: shownRecords(state),
    signInContext: contextOf(visitor),
  }
  const address = await room.finishLogin(interaction.uid, user.id, {
    submission,
    epoch: user.sessionEpoch,
    cookies: visitor.browser?.cookies,
    along: told && { ...told, write: tx => told.write(tx, changed) },
  })
  await room.tell({ type: 'finished', user: changed }, step)
  return address
}

/** Changes the password, and ends every session and grant of before. */
async function changePassword(
  room: StepsRoom,
  interaction: OpenInteraction,
  user: StoredUser,
  step: Step,
): Promise<void> {
  const { passwordHash } = interaction.current().profile
  if (passwordHash === undefined) throw new ApiError('user.new_password_required_in_profile')
  const changes = await room.tellAlong('user-changed', step, { sessionsEnded: true })
  const finishes = await room.tellAlong('finished', step, { sessionsEnded: true })
  const changed = await room.users.changePassword(
    user.id,
    { passwordHash },
    {},
    { seenEpoch: user.sessionEpoch, along: both(changes, finishes) },
  )
  interaction.clear()
  await room.sessionsEnded(user.id)
  await room.tell({ type: 'finished', user: changed }, step)
}

async function writeUser(room: StepsRoom, user: StoredUser, state: State, step: Step): Promise<StoredUser> {
  const { customData, profile, ...rest } = state.profile
  // Webhooks are not told of a change of the user when somebody merely signed in.
  const isChange = Object.keys(state.profile).length > 0
  return room.users.updateAdding(
    user.id,
    { ...rest, lastSignInAt: room.world.now() },
    { ...(customData && { customData }), ...(profile && { profile }) },
    { most: MOST_OWN_DATA, along: isChange ? await room.tellAlong('user-changed', step) : undefined },
  )
}
