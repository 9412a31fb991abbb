import type { Experience } from '../experience/experience.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { Kept, StoredUser, Users } from '../users/users.ts'
import type { AccountCenterRoom } from './center.ts'
import type { TellChange } from './events.ts'
import type { AccountCaller, Permissions } from './permissions.ts'
import type { Proofs } from './proofs.ts'

/** What ends, and what goes on, when a password changes. */
interface EndingSessions {
  /** Names the session and grant of the caller's token. */
  kept(caller: AccountCaller): Kept
  clearEnded(userId: string): Promise<void>
}

/** What every use case of the own account works with. */
export interface AccountRoom {
  users: Users
  experience: Experience
  center: AccountCenterRoom
  permissions: Permissions
  proofs: Proofs
  sessions: EndingSessions
  tellChange: TellChange
}

/**
 * Finds the user who calls.
 *
 * @example const user = await owner(room.users, call.caller)
 *
 * @throws ApiError `auth.unauthorized` when the user went away in this moment
 */
export async function owner(users: Users, { userId }: Pick<AccountCaller, 'userId'>): Promise<StoredUser> {
  const user = await users.byId(userId)
  if (!user) throw new ApiError('auth.unauthorized')
  return user
}

/**
 * True when a user has something by which they can prove who they are.
 *
 * @example if (canProveIdentity(user)) await permissions.requireProof(call)
 */
export const canProveIdentity = ({ passwordHash, primaryEmail, primaryPhone }: StoredUser): boolean =>
  passwordHash !== null || primaryEmail !== null || primaryPhone !== null
