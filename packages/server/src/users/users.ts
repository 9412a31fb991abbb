import type { User } from '@countersign/api'
import type { Database } from '../db/database.ts'
import type { World } from '../world.ts'
import * as changes from './change.ts'
import * as finding from './find.ts'
import type { UsersRoom } from './room.ts'
import * as store from './store.ts'

export { type Adding, LONGEST_EMAIL, type UserInput } from './change.ts'
export type { Identifier } from './find.ts'
export { isPasswordExpired } from './passwords.ts'
export { type Kept, SEARCHED_FIELDS, type StoredUser } from './store.ts'

type StoredUser = store.StoredUser

/**
 * Rules of users: one owner per username, e-mail address and phone number, numbers and addresses stored one way. Every
 * change takes what is to be written in its transaction, `along`: whoever makes one says there what webhooks are told of it.
 *
 * @param isUsernameCaseSensitive what the username policy says at present
 */
export function createUsers(
  db: Database,
  world: World,
  isUsernameCaseSensitive: () => Promise<boolean> = async () => true,
) {
  const room: UsersRoom = { db, world, isUsernameCaseSensitive }
  return {
    find: finding.findUser.bind(null, room),
    get: finding.getUser.bind(null, room),
    byId: store.byId.bind(null, db),
    /** Usernames that would be the same if their case did not count, so many of them with their users. */
    caseConflicts: store.caseConflicts.bind(null, db),
    /** Users that a search finds, or all, newest first. */
    list: finding.listUsers.bind(null, room),
    /** A query for the ids of those whom a text names in part, for a statement of another room. */
    idsFor: finding.idsFor.bind(null, room),
    create: changes.createUser.bind(null, room),
    update: changes.updateUser.bind(null, room),
    updateKeepingIdentifier: changes.updateKeepingIdentifier.bind(null, room),
    updateAdding: changes.updateAdding.bind(null, room),
    unchanged: changes.leaveUnchanged.bind(null, room),
    merge: changes.mergeMembers.bind(null, room),
    delete: changes.deleteUser.bind(null, room),
    changePassword: changes.changePassword.bind(null, room),
    passwordMatches: finding.passwordMatches.bind(null, room),
    findByPassword: finding.findByPassword.bind(null, room),
  }
}

export type Users = ReturnType<typeof createUsers>

/**
 * A user on the wire, in Logto's form.
 *
 * @example wireUser(user).hasPassword // true
 */
export function wireUser(user: StoredUser): User {
  const { passwordHash, passwordAlgorithm: _, passwordChangedAt: __, passwordExpired: ___, ...others } = user
  const { sessionEpoch: ____, ...rest } = others
  return { ...rest, identities: {}, cimdClientId: null, hasPassword: passwordHash !== null }
}

/**
 * A user as webhooks are told of one: nothing about the password.
 *
 * @example const body = { data: hookUser(user) }
 */
export function hookUser(user: StoredUser): Record<string, unknown> {
  const { hasPassword: _, ...rest } = wireUser(user)
  return rest
}
