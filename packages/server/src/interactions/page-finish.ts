import { ApiError } from '../refusals/refusal.ts'
import type { StoredUser } from '../users/users.ts'
import { type MissingProfile, missingProfile, type State } from './flow.ts'
import { userOf } from './owners.ts'
import type { FormRequest, PageRequest } from './page-request.ts'
import { agrees, type PageRoom, pageOf, type Target } from './page-room.ts'

/**
 * What the settings still ask for, of the identified user or of the new one.
 *
 * @example if (missing(request, state, user).includes('password')) return { path: '/continue' }
 */
export const missing = (
  { settings }: PageRequest,
  state: State,
  user: StoredUser | undefined,
): MissingProfile[] => missingProfile(settings.signUp, { ...user, ...state.profile })

/**
 * Finishes, or leads to what is missing.
 *
 * @example return finish(room, request)
 */
export async function finish(room: PageRoom, request: FormRequest): Promise<Target> {
  const { interaction, visitor } = request
  const state = interaction.current()
  // Whichever way led here, nobody gets past the box.
  if (!agrees(request, state.event)) return { path: pageOf(state.event) }
  const user = state.userId === undefined ? undefined : await userOf(room.users, interaction, state.userId)
  if (missing(request, state, user).length > 0) return { path: '/continue' }
  if (state.userId === undefined) await room.steps.identify(interaction, undefined, visitor)
  const address = await room.steps.submit(interaction, visitor)
  return address === undefined ? { path: '/reset-password/done' } : { address }
}

/**
 * Says by a record who it is, or creates the user, and finishes.
 *
 * @example return identifyAndFinish(room, request, record.id)
 */
export async function identifyAndFinish(
  room: PageRoom,
  request: FormRequest,
  recordId: string,
): Promise<Target> {
  const { interaction, visitor } = request
  const { event } = interaction.current()
  if (!agrees(request, event)) return { path: pageOf(event) }
  try {
    await room.steps.identify(interaction, recordId, visitor)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (error.code === 'user.missing_profile') return { path: '/continue' }
    if (event !== 'Register') throw error
    // The form was sent twice, and the first one has created the user: this one goes on from there.
    await interaction.reload()
    if (interaction.state?.userId === undefined) throw error
  }
  return finish(room, request)
}
