import type { SignInExperience } from '@countersign/api'
import { ApiError } from '../refusals/refusal.ts'
import { passwordProblems } from '../users/password-policy.ts'
import { usernameProblem } from '../users/username-policy.ts'
import type { StoredUser, Users } from '../users/users.ts'
import { humanityOf, type StagedProfile, type State } from './flow.ts'
import type { OpenInteraction } from './open-interaction.ts'
import { userOf } from './owners.ts'
import { personalData } from './personal.ts'

/** The error for a part of the profile that the user has already. */
export const HAS = {
  username: 'user.username_exists_in_profile',
  email: 'user.email_exists_in_profile',
  phone: 'user.phone_exists_in_profile',
  password: 'user.password_exists_in_profile',
} as const

const TAKEN = {
  username: 'user.username_already_in_use',
  primaryEmail: 'user.email_already_in_use',
  primaryPhone: 'user.phone_already_in_use',
} as const

/** The members of a profile that are identifiers. */
export const IDENTIFIERS = ['username', 'primaryEmail', 'primaryPhone'] as const

const OF_FIELD = { username: 'username', primaryEmail: 'email', primaryPhone: 'phone' } as const

/**
 * True where the sign-in experience asks everybody for the check for people, and this visitor has not passed it.
 *
 * @example if (mustBeHuman(settings, interaction.state)) // The page shows the check.
 */
export const mustBeHuman = (
  { captchaPolicy }: SignInExperience,
  state: Pick<State, 'human'> | undefined,
): boolean => captchaPolicy.enabled === true && state?.human === undefined

/**
 * Requires the check for people of everybody, where an operator asked for that.
 *
 * @example requireHuman(await experience.read(), interaction.current())
 *
 * @throws ApiError `session.captcha_required`
 */
export function requireHuman(settings: SignInExperience, state: Pick<State, 'human'> | undefined): void {
  if (mustBeHuman(settings, state)) throw new ApiError('session.captcha_required')
}

/**
 * Requires the check for people before another message, where an operator asked for that. It is good for some messages
 * alone: whoever has passed it once would else ask for as many as there are numbers.
 *
 * @example requireHumanToSend(settings, interaction.current())
 *
 * @throws ApiError `session.captcha_required`
 */
export function requireHumanToSend({ captchaPolicy }: SignInExperience, state: State): void {
  if (captchaPolicy.enabled === true && state.userId === undefined && humanityOf(state) === 'missing')
    throw new ApiError('session.captcha_required')
}

/**
 * Just what is staged may be there already: a submission that came first, or that died halfway, wrote it.
 *
 * @example requireLacking(user, { primaryPhone: '8613800138000' })
 *
 * @throws ApiError `user.*_exists_in_profile` when the user got something else by now
 */
export function requireLacking(user: StoredUser, profile: StagedProfile): void {
  const has = (field: (typeof IDENTIFIERS)[number] | 'passwordHash') =>
    profile[field] !== undefined && user[field] !== null && user[field] !== profile[field]
  for (const field of IDENTIFIERS) if (has(field)) throw new ApiError(HAS[OF_FIELD[field]])
  if (has('passwordHash')) throw new ApiError(HAS.password)
}

/**
 * Requires that the staged identifiers are still free, or already the user's own.
 *
 * @example await requireFree(users, state.profile, user.id)
 *
 * @throws ApiError `user.*_already_in_use` when a staged identifier belongs to somebody else than `self` by now
 */
export async function requireFree(users: Users, profile: StagedProfile, self?: string): Promise<void> {
  for (const field of IDENTIFIERS) {
    const value = profile[field]
    if (value === undefined) continue
    const owner = await users.find({ type: OF_FIELD[field], value })
    if (owner && owner.id !== self) throw new ApiError(TAKEN[field])
  }
}

/**
 * Requires a name that the operator's rules allow.
 *
 * @example requireUsername('ada', settings)
 *
 * @throws ApiError the first rule of the operator's that the name breaks, with the lengths that are allowed
 */
export function requireUsername(username: string, { usernamePolicy }: SignInExperience): void {
  const problem = usernameProblem(username, usernamePolicy)
  const { minLength: min, maxLength: max } = usernamePolicy
  if (problem) throw new ApiError(problem, { values: { min, max } })
}

/**
 * Requires a new password that the operator's rules allow, and that is not the one the user has.
 *
 * @example await requirePassword(room, password, { user, state, settings })
 *
 * @throws ApiError `password.rejected` with every rule that it breaks, `user.same_password`
 */
export async function requirePassword(
  { users }: { users: Users },
  password: string,
  whose: { user: StoredUser | undefined; state: State; settings: SignInExperience },
): Promise<void> {
  const { user, state, settings } = whose
  const problems = passwordProblems(password, settings.passwordPolicy, personalData(state, user))
  if (problems.length > 0) throw new ApiError('password.rejected', { data: problems })
  if (user?.passwordHash && (await users.passwordMatches(user, password)))
    throw new ApiError('user.same_password')
}

/**
 * The user whom the interaction is about.
 *
 * @example const user = await identified(room.users, interaction)
 *
 * @throws ApiError `session.identifier_not_found`, `user.suspended`
 */
export async function identified(users: Users, interaction: OpenInteraction): Promise<StoredUser> {
  const state = interaction.current()
  if (state.userId === undefined) throw new ApiError('session.identifier_not_found')
  return requireIdentified(await userOf(users, interaction, state.userId), state)
}

/**
 * The user, where they still are whom the interaction is about.
 *
 * @example const user = requireIdentified(await users.byId(id), interaction.current())
 *
 * @throws ApiError as `identified`
 */
export function requireIdentified(user: StoredUser | undefined, { epoch = 0 }: State): StoredUser {
  if (user?.isSuspended) throw new ApiError('user.suspended')
  if (!user || user.sessionEpoch !== epoch) throw new ApiError('session.identifier_not_found')
  return user
}
