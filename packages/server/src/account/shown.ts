import type { AccountProfile, FieldControls } from '@countersign/api'
import { type StoredUser, wireUser } from '../users/users.ts'
import { type AccountCaller, isReadable } from './permissions.ts'
import { canProveIdentity } from './room.ts'

/**
 * Gives the profile without what the scopes do not open.
 *
 * @example shownProfile(user, call.caller) // { nickname: 'Ada' }
 */
export function shownProfile({ profile }: StoredUser, { scopes }: AccountCaller): Record<string, unknown> {
  const { address, ...rest } = profile
  return { ...rest, ...(address !== undefined && scopes.has('address') && { address }) }
}

/**
 * Gives a user as the caller may see it: a member is there when scope and field control both open it.
 *
 * @example shownUser(user, call.caller, (await center.read()).fields)
 */
export function shownUser(user: StoredUser, caller: AccountCaller, fields: FieldControls): AccountProfile {
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
