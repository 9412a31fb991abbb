import { ApiError } from '../refusals/refusal.ts'
import { passwordProblems } from '../users/password-policy.ts'
import type { StoredUser } from '../users/users.ts'
import { type AccountCall, requireEditable } from './permissions.ts'
import { type AccountRoom, canProveIdentity, owner } from './room.ts'

/** @throws ApiError `password.rejected` with every rule that it breaks, `user.same_password` */
async function requireNewPassword(
  { users, experience }: AccountRoom,
  user: StoredUser,
  password: string,
): Promise<void> {
  const { passwordPolicy } = await experience.read()
  const { name, username, primaryEmail: email, primaryPhone: phone } = user
  const problems = passwordProblems(password, passwordPolicy, { name, username, email, phone })
  if (problems.length > 0) throw new ApiError('password.rejected', { data: problems })
  // A hash of another system is not compared with: it may well be of the same password, and is worth replacing.
  const ours = user.passwordHash !== null && user.passwordAlgorithm === null
  if (ours && (await users.passwordMatches(user, password))) throw new ApiError('user.same_password')
}

/**
 * Sets or replaces the password. Unless the caller wants it otherwise, all other sessions and grants end with it.
 *
 * @example await setPassword(room, call, 'another good passphrase')
 *
 * @throws ApiError in Logto's order of checks
 */
export async function setPassword(
  room: AccountRoom,
  call: AccountCall,
  password: string,
  endOthers = true,
): Promise<void> {
  const { users, center, permissions, sessions, tellChange } = room
  const { caller } = call
  await permissions.requireFirstParty(caller)
  const user = await owner(users, caller)
  if (canProveIdentity(user)) await permissions.requireProof(call)
  requireEditable((await center.read()).fields, 'password')
  await requireNewPassword(room, user, password)
  const kept = endOthers ? sessions.kept(caller) : undefined
  const along = await tellChange(call, { sessionsEnded: endOthers })
  await users.changePassword(user.id, { password }, kept, { along })
  if (endOthers) await sessions.clearEnded(user.id)
}
