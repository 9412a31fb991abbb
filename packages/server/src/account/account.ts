import type { AccountPatch, AccountProfile, CodeIdentifier, FieldControls } from '@countersign/api'
import { type Experience, requireAllowedEmail } from '../experience/experience.ts'
import { ApiError } from '../refusals/refusal.ts'
import { MOST_OWN_DATA } from '../users/own-data.ts'
import { passwordProblems } from '../users/password-policy.ts'
import { usernameProblem } from '../users/username-policy.ts'
import { type Kept, type StoredUser, type UserInput, type Users, wireUser } from '../users/users.ts'
import type { AccountCenterRoom } from './center.ts'
import type { TellChange } from './events.ts'
import {
  type AccountCall,
  type AccountCaller,
  isReadable,
  type Permissions,
  requireEditable,
  requireScope,
} from './permissions.ts'
import type { Proofs } from './proofs.ts'

/** In characters, as in Logto. */
const LONGEST_NAME = 128

const canProveIdentity = ({ passwordHash, primaryEmail, primaryPhone }: StoredUser) =>
  passwordHash !== null || primaryEmail !== null || primaryPhone !== null

/** The profile without what the scopes do not open. */
function shownProfile({ profile }: StoredUser, { scopes }: AccountCaller): Record<string, unknown> {
  const { address, ...rest } = profile
  return { ...rest, ...(address !== undefined && scopes.has('address') && { address }) }
}

/** A user as the caller may see it: a member is there when scope and field control both open it. */
function shown(user: StoredUser, caller: AccountCaller, fields: FieldControls): AccountProfile {
  const { id, username, name, avatar, primaryEmail, primaryPhone, customData, ...rest } = wireUser(user)
  const { scopes } = caller
  const result: AccountProfile = { id, hasSecurityVerificationMethod: canProveIdentity(user) }
  if (scopes.has('profile')) {
    if (isReadable(fields, 'username')) result.username = username
    if (isReadable(fields, 'name')) result.name = name
    if (isReadable(fields, 'avatar')) result.avatar = avatar
    if (isReadable(fields, 'profile')) result.profile = shownProfile(user, caller)
    if (isReadable(fields, 'password')) result.hasPassword = rest.hasPassword
    result.lastSignInAt = rest.lastSignInAt
    result.createdAt = rest.createdAt
    result.updatedAt = rest.updatedAt
    result.applicationId = rest.applicationId
    result.cimdClientId = rest.cimdClientId
    result.isSuspended = rest.isSuspended
  }
  if (scopes.has('email') && isReadable(fields, 'email')) result.primaryEmail = primaryEmail
  if (scopes.has('phone') && isReadable(fields, 'phone')) result.primaryPhone = primaryPhone
  if (scopes.has('custom_data') && isReadable(fields, 'customData')) result.customData = customData
  if (scopes.has('identities') && isReadable(fields, 'social')) result.identities = rest.identities
  return result
}

/** What ends, and what goes on, when a password changes. */
interface EndingSessions {
  /** Names the session and grant of the caller's token. */
  kept(caller: AccountCaller): Kept
  clearEnded(userId: string): Promise<void>
}

/** What a signed-in user reads and changes of the own account. The order of the checks is Logto's. */
export function createAccount(deps: {
  users: Users
  experience: Experience
  center: AccountCenterRoom
  permissions: Permissions
  proofs: Proofs
  sessions: EndingSessions
  tellChange: TellChange
}) {
  const { users, experience, center, permissions, proofs, sessions, tellChange } = deps

  const fieldsNow = async () => (await center.read()).fields

  /** @throws ApiError `auth.unauthorized` when the user went away in this moment */
  async function owner({ userId }: AccountCaller): Promise<StoredUser> {
    const user = await users.byId(userId)
    if (!user) throw new ApiError('auth.unauthorized')
    return user
  }

  /** @throws ApiError `user.username_*` */
  async function requireFreeUsername(username: string, userId: string): Promise<void> {
    const { usernamePolicy } = await experience.read()
    const problem = usernameProblem(username, usernamePolicy)
    if (problem) throw new ApiError(problem)
    const other = await users.find({ type: 'username', value: username })
    if (other && other.id !== userId) throw new ApiError('user.username_already_in_use')
  }

  /** What every change of an e-mail address or phone number needs. */
  async function requireIdentifierChange(call: AccountCall, field: 'email' | 'phone'): Promise<void> {
    await permissions.requireProof(call)
    requireEditable(await fieldsNow(), field)
    requireScope(call.caller, field)
    await permissions.requireFirstParty(call.caller)
  }

  const columnOf = (type: CodeIdentifier['type']) => (type === 'email' ? 'primaryEmail' : 'primaryPhone')

  return {
    async read({ caller }: AccountCall): Promise<AccountProfile> {
      return shown(await owner(caller), caller, await fieldsNow())
    },
    /** @throws ApiError in Logto's order of checks */
    async update(call: AccountCall, patch: AccountPatch): Promise<AccountProfile> {
      const { caller } = call
      const fields = await fieldsNow()
      const given = (['name', 'avatar', 'username', 'customData'] as const).filter(
        field => patch[field] !== undefined,
      )
      requireEditable(fields, ...given)
      requireScope(caller, 'profile')
      if (patch.customData !== undefined) requireScope(caller, 'custom_data')
      await permissions.requireFirstParty(caller)
      if (patch.username !== undefined) await permissions.requireProof(call)
      if (patch.username) await requireFreeUsername(patch.username, caller.userId)
      if (given.length === 0) throw new ApiError('entity.invalid_input')
      if ((patch.name?.length ?? 0) > LONGEST_NAME)
        throw new ApiError('entity.value_too_long', { data: { message: 'name' } })
      const change: UserInput = Object.fromEntries(given.map(field => [field, patch[field]]))
      if (patch.name === '') change.name = null
      const along = await tellChange(call)
      const user =
        patch.username === null
          ? await users.updateKeepingIdentifier(caller.userId, change, along)
          : await users.update(caller.userId, change, along)
      return shown(user, caller, fields)
    },
    /** Adds members to the profile. @throws ApiError in Logto's order of checks */
    async updateProfile(call: AccountCall, members: Record<string, unknown>) {
      const { caller } = call
      requireEditable(await fieldsNow(), 'profile')
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
    },
    /**
     * Sets or replaces the password. Unless the caller wants it otherwise, all other sessions and grants end with it.
     *
     * @throws ApiError in Logto's order of checks
     */
    async setPassword(call: AccountCall, password: string, endOthers = true): Promise<void> {
      const { caller } = call
      await permissions.requireFirstParty(caller)
      const user = await owner(caller)
      if (canProveIdentity(user)) await permissions.requireProof(call)
      requireEditable(await fieldsNow(), 'password')
      const { passwordPolicy } = await experience.read()
      const problems = passwordProblems(password, passwordPolicy, {
        name: user.name,
        username: user.username,
        email: user.primaryEmail,
        phone: user.primaryPhone,
      })
      if (problems.length > 0) throw new ApiError('password.rejected', { data: problems })
      // A hash of another system is not compared with: it may well be of the same password, and is worth replacing.
      const ours = user.passwordHash !== null && user.passwordAlgorithm === null
      if (ours && (await users.passwordMatches(user, password))) throw new ApiError('user.same_password')
      const kept = endOthers ? sessions.kept(caller) : undefined
      const along = await tellChange(call, { sessionsEnded: endOthers })
      await users.changePassword(user.id, { password }, kept, { along })
      if (endOthers) await sessions.clearEnded(user.id)
    },
    /** Adds or replaces an e-mail address or phone number. @throws ApiError in Logto's order of checks */
    async setIdentifier(call: AccountCall, identifier: CodeIdentifier, recordId: string): Promise<void> {
      const { type, value } = identifier
      const { userId } = call.caller
      await requireIdentifierChange(call, type)
      if (type === 'email') requireAllowedEmail(value, await experience.read())
      await proofs.requireHolder(userId, identifier, recordId)
      await users.update(userId, { [columnOf(type)]: value }, await tellChange(call))
      await proofs.forgetPending(userId, type)
    },
    /** Removes an e-mail address or phone number while another identifier remains; none is none already. */
    async removeIdentifier(call: AccountCall, type: CodeIdentifier['type']): Promise<void> {
      const { userId } = call.caller
      await requireIdentifierChange(call, type)
      await users.updateKeepingIdentifier(userId, { [columnOf(type)]: null }, await tellChange(call))
      await proofs.forgetPending(userId, type)
    },
  }
}

export type Account = ReturnType<typeof createAccount>
