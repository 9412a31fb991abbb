import type { AccountPatch, AccountProfile } from '@countersign/api'
import { ApiError } from '../refusals/refusal.ts'
import { MOST_OWN_DATA } from '../users/own-data.ts'
import { usernameProblem } from '../users/username-policy.ts'
import type { UserInput } from '../users/users.ts'
import { type AccountCall, requireEditable, requireScope } from './permissions.ts'
import { type AccountRoom, owner } from './room.ts'
import { shownProfile, shownUser } from './shown.ts'

/** In characters, as in Logto. */
const LONGEST_NAME = 128

const FIELDS = ['name', 'avatar', 'username', 'customData'] as const

/**
 * Gives the own account as the caller may see it.
 *
 * @example const { primaryEmail } = await readAccount(room, call)
 */
export async function readAccount(
  { users, center }: AccountRoom,
  { caller }: AccountCall,
): Promise<AccountProfile> {
  return shownUser(await owner(users, caller), caller, (await center.read()).fields)
}

/** @throws ApiError `user.username_*` */
async function requireFreeUsername(
  { users, experience }: AccountRoom,
  username: string,
  userId: string,
): Promise<void> {
  const { usernamePolicy } = await experience.read()
  const problem = usernameProblem(username, usernamePolicy)
  if (problem) throw new ApiError(problem)
  const other = await users.find({ type: 'username', value: username })
  if (other && other.id !== userId) throw new ApiError('user.username_already_in_use')
}

/** What a patch comes to. @throws ApiError `entity.*` when it changes nothing, or more than a name may be */
function changeOf(patch: AccountPatch): UserInput {
  const given = FIELDS.filter(field => patch[field] !== undefined)
  if (given.length === 0) throw new ApiError('entity.invalid_input')
  if ((patch.name?.length ?? 0) > LONGEST_NAME)
    throw new ApiError('entity.value_too_long', { data: { message: 'name' } })
  const change: UserInput = Object.fromEntries(given.map(field => [field, patch[field]]))
  return patch.name === '' ? { ...change, name: null } : change
}

/**
 * Changes name, avatar, username and custom data.
 *
 * @example await updateAccount(room, call, { name: 'Ada' })
 *
 * @throws ApiError in Logto's order of checks
 */
export async function updateAccount(
  room: AccountRoom,
  call: AccountCall,
  patch: AccountPatch,
): Promise<AccountProfile> {
  const { users, center, permissions } = room
  const { caller } = call
  const { fields } = await center.read()
  requireEditable(fields, ...FIELDS.filter(field => patch[field] !== undefined))
  requireScope(caller, 'profile')
  if (patch.customData !== undefined) requireScope(caller, 'custom_data')
  await permissions.requireFirstParty(caller)
  if (patch.username !== undefined) await permissions.requireProof(call)
  if (patch.username) await requireFreeUsername(room, patch.username, caller.userId)
  const change = changeOf(patch)
  const along = await room.tellChange(call)
  const user =
    patch.username === null
      ? await users.updateKeepingIdentifier(caller.userId, change, along)
      : await users.update(caller.userId, change, along)
  return shownUser(user, caller, fields)
}

/**
 * Adds members to the profile, and returns all that the caller may see of it.
 *
 * @example await updateProfile(room, call, { nickname: 'Ada' })
 *
 * @throws ApiError in Logto's order of checks
 */
export async function updateProfile(
  { users, center, permissions, tellChange }: AccountRoom,
  call: AccountCall,
  members: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const { caller } = call
  requireEditable((await center.read()).fields, 'profile')
  requireScope(caller, 'profile')
  if (members.address !== undefined) requireScope(caller, 'address')
  await permissions.requireFirstParty(caller)
  const along = await tellChange(call)
  // Nothing to add is told all the same, as in Logto.
  const user =
    Object.keys(members).length === 0
      ? await users.unchanged(caller.userId, along)
      : await users.merge(caller.userId, 'profile', members, { most: MOST_OWN_DATA, along })
  return shownProfile(user, caller)
}
