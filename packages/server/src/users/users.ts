import type { User } from '@countersign/api'
import { newShortId } from '../crypto/chance.ts'
import { type Along, changeAlong } from '../db/along.ts'
import { againAfterDeadlock, type Database, isUniqueViolation } from '../db/database.ts'
import type { Search } from '../db/search.ts'
import { normalizePhone, phoneKey } from '../identifiers/phone.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { World } from '../world.ts'
import { checkPassword, freshPassword, type PasswordInput, passwordChange } from './passwords.ts'
import { type Kept, type StoredUser, type UserChange, type UserMembers, userStore } from './store.ts'

export { isPasswordExpired } from './passwords.ts'
export { type Kept, SEARCHED_FIELDS, type StoredUser } from './store.ts'

export interface Identifier {
  type: 'username' | 'email' | 'phone'
  value: string
}

/** What a new user or a change may bring: a password in clear, a hash of ours made earlier, or one of another system. */
export type UserInput = Omit<UserChange, 'passwordAlgorithm'> & PasswordInput

/** How members are added to a user's custom data and profile. */
export interface Adding {
  /** Bytes that each of the two may take afterwards. */
  most?: number
  along?: Along<StoredUser>
}

/** Longest e-mail address that is stored, in characters, as in Logto. */
export const LONGEST_EMAIL = 128

const NOT_ASCII = /[^ -~]/

/** In the order in which a conflict is told; the column is the unique one. */
const IDENTIFIERS = [
  ['username', { field: 'username', column: 'username' }],
  ['email', { field: 'primaryEmail', column: 'email_key' }],
  ['phone', { field: 'primaryPhone', column: 'primary_phone' }],
] as const

/**
 * Rules of users: one owner per username, e-mail address and phone number, numbers stored one way. Every change takes
 * what is to be written in its transaction, `along`: whoever makes one says there what webhooks are told of it.
 *
 * @param isUsernameCaseSensitive what the username policy says at present
 */
export function createUsers(
  db: Database,
  world: World,
  isUsernameCaseSensitive: () => Promise<boolean> = async () => true,
) {
  const store = userStore(db)

  /** Who an identifier belongs to. E-mail addresses ignore case, usernames by policy; numbers are normalised. */
  async function find({ type, value }: Identifier): Promise<StoredUser | undefined> {
    if (type === 'email') return store.byEmail(value)
    if (type === 'phone') return store.byPhone(phoneKey(value))
    // Usernames are ASCII. Other letters must not become its letters in a database's idea of case: such a spelling
    // would find the user, and be counted as somebody else's.
    if (NOT_ASCII.test(value) || (await isUsernameCaseSensitive())) return store.byUsername(value)
    return store.byUsernameIgnoringCase(value)
  }

  async function toChange(input: UserInput): Promise<UserChange> {
    const { password, passwordDigest, passwordAlgorithm, ...rest } = input
    const change: UserChange = {
      ...rest,
      ...(rest.passwordHash && freshPassword(world.now())),
      ...(await passwordChange({ password, passwordDigest, passwordAlgorithm }, world.now())),
    }
    if (typeof rest.primaryPhone === 'string') {
      const phone = normalizePhone(rest.primaryPhone)
      if (phone === undefined) throw new ApiError('user.invalid_phone', { data: { name: 'ParseError' } })
      change.primaryPhone = phone
    }
    if ((rest.primaryEmail?.length ?? 0) > LONGEST_EMAIL)
      throw new ApiError('entity.value_too_long', { data: { message: 'primaryEmail' } })
    return change
  }

  /** Changes a user with what goes along. */
  const changing = (
    along: Along<StoredUser>,
    change: (on: ReturnType<typeof userStore>) => Promise<StoredUser | undefined>,
  ) => changeAlong(db, along, on => change(on === db ? store : userStore(on)))

  /** Changes, and names the first identifier that has an owner. The unique columns decide, so no race can slip by. */
  async function claiming(
    id: string,
    change: UserChange,
    ...making: Parameters<typeof changing>
  ): Promise<StoredUser | undefined> {
    try {
      // Two who take what the other has given up may wait for each other.
      return await againAfterDeadlock(() => changing(...making))
    } catch (error) {
      if (!isUniqueViolation(error, 'users')) throw error
      for (const [type, { field }] of IDENTIFIERS) {
        const value = change[field]
        const owner = typeof value === 'string' ? await find({ type, value }) : undefined
        if (owner && owner.id !== id) throw new ApiError(`user.${type}_already_in_use`)
      }
      // The owner has gone meanwhile.
      for (const [type, { column }] of IDENTIFIERS)
        if (isUniqueViolation(error, column)) throw new ApiError(`user.${type}_already_in_use`)
      throw error
    }
  }

  async function get(id: string): Promise<StoredUser> {
    const user = await store.byId(id)
    if (!user) throw new ApiError('entity.not_found')
    return user
  }

  async function check(user: StoredUser | undefined, password: string, evenly: boolean): Promise<boolean> {
    const { right, ours } = await checkPassword(user, password, evenly)
    if (ours !== undefined) await store.rehash(user!.id, user!.passwordHash!, ours)
    return right
  }

  /**
   * True when the password is the user's. A hash of another system then becomes one of ours.
   *
   * @throws ApiError `request.too_many_password_checks`
   */
  const passwordMatches = (user: StoredUser, password: string) => check(user, password, false)

  return {
    find,
    /** @throws ApiError `entity.not_found` */
    get,
    byId: store.byId,
    /** Usernames that would be the same if their case did not count, so many of them with their users. */
    caseConflicts: store.caseConflicts,
    /** Users that a search finds, or all, newest first. */
    list: (search: Search | undefined, limit: number, offset: number) => store.list(search, limit, offset),
    /** Creates a user. @throws ApiError `user.*_already_in_use`, `user.invalid_phone` */
    async create(input: UserInput, along?: Along<StoredUser>): Promise<StoredUser> {
      const now = world.now()
      const user: StoredUser = {
        id: newShortId(world.random),
        username: null,
        primaryEmail: null,
        primaryPhone: null,
        name: null,
        avatar: null,
        customData: {},
        profile: {},
        passwordHash: null,
        passwordAlgorithm: null,
        passwordChangedAt: null,
        passwordExpired: false,
        sessionEpoch: 0,
        applicationId: null,
        isSuspended: false,
        lastSignInAt: null,
        ...(await toChange(input)),
        createdAt: now,
        updatedAt: now,
      }
      await claiming(user.id, user, along, async on => {
        await on.insert(user)
        return user
      })
      return user
    },
    /** Changes a user. @throws ApiError `entity.not_found`, `user.*_already_in_use`, `user.invalid_phone` */
    async update(id: string, input: UserInput, along?: Along<StoredUser>): Promise<StoredUser> {
      const change = { ...(await toChange(input)), updatedAt: world.now() }
      const user = await claiming(id, change, along, on => on.update(id, change))
      if (!user) throw new ApiError('entity.not_found')
      return user
    },
    /**
     * Changes a user who must keep an identifier to sign in with.
     *
     * @throws ApiError `user.last_sign_in_method_required`, and as `update` does
     */
    async updateKeepingIdentifier(
      id: string,
      input: UserInput,
      along?: Along<StoredUser>,
    ): Promise<StoredUser> {
      const change = { ...(await toChange(input)), updatedAt: world.now() }
      const user = await claiming(id, change, along, on => on.update(id, change, true))
      if (user) return user
      await get(id)
      throw new ApiError('user.last_sign_in_method_required')
    },
    /**
     * Changes a user, and adds members to custom data and profile: what others write there meanwhile stays.
     *
     * @throws ApiError as `update` does, and `guard.invalid_input` that names what would be larger
     */
    async updateAdding(
      id: string,
      input: UserInput,
      members: UserMembers,
      { most, along }: Adding = {},
    ): Promise<StoredUser> {
      const change = { ...(await toChange(input)), updatedAt: world.now() }
      const user = await claiming(id, change, along, on => on.updateAdding(id, change, members, most))
      if (!user) throw new ApiError('entity.not_found')
      return user
    },
    /** A change that comes to nothing, and is told all the same. @throws ApiError `entity.not_found` */
    async unchanged(id: string, along: Along<StoredUser>): Promise<StoredUser> {
      const user = await changing(along, on => on.byId(id))
      if (!user) throw new ApiError('entity.not_found')
      return user
    },
    /** Adds members to a user's custom data or profile. @throws ApiError `entity.not_found`, and see `Adding` */
    async merge(
      id: string,
      field: 'customData' | 'profile',
      members: object,
      { most, along }: Adding = {},
    ): Promise<StoredUser> {
      const added = { [field]: { ...members } }
      const user = await changing(along, on => on.updateAdding(id, { updatedAt: world.now() }, added, most))
      if (!user) throw new ApiError('entity.not_found')
      return user
    },
    /** Deletes a user, and returns who it was. @throws ApiError `entity.not_found` */
    async delete(id: string, along?: Along<StoredUser>): Promise<StoredUser> {
      const user = await changing(along, on => on.delete(id))
      if (!user) throw new ApiError('entity.not_found')
      return user
    },
    /**
     * Sets the password. Unless `ends` is missing, all sessions and grants of the user end with it but those that it
     * names.
     *
     * With `seenEpoch` only while no other change has ended them since.
     *
     * @throws ApiError `entity.not_found`, also for a user of another epoch
     */
    async changePassword(
      id: string,
      input: { password: string } | { passwordHash: string },
      ends?: Kept,
      { seenEpoch, along }: { seenEpoch?: number; along?: Along<StoredUser> } = {},
    ): Promise<StoredUser> {
      const change = { ...(await toChange(input)), updatedAt: world.now() }
      const user = await changing(along, on => on.changePassword(id, change, ends, seenEpoch))
      if (!user) throw new ApiError('entity.not_found')
      return user
    },
    passwordMatches,
    /**
     * Who has an identifier and this password; undefined when either is wrong. Whom nobody knows costs what a user with
     * a hash of ours does, so that no stranger sets slow work off; and while there are hashes of other systems, whose
     * checks may take longer, all refusals take the same time.
     *
     * @throws ApiError `request.too_many_password_checks`
     */
    async findByPassword(identifier: Identifier, password: string): Promise<StoredUser | undefined> {
      const [user, evenly] = await Promise.all([find(identifier), store.hasForeignHashes()])
      return (await check(user, password, evenly)) ? user : undefined
    },
  }
}

export type Users = ReturnType<typeof createUsers>

/** A user on the wire, in Logto's form. */
export function wireUser(user: StoredUser): User {
  const { passwordHash, passwordAlgorithm: _, passwordChangedAt: __, passwordExpired: ___, ...others } = user
  const { sessionEpoch: ____, ...rest } = others
  return { ...rest, identities: {}, cimdClientId: null, hasPassword: passwordHash !== null }
}

/** A user as webhooks are told of one: nothing about the password. */
export function hookUser(user: StoredUser): Record<string, unknown> {
  const { hasPassword: _, ...rest } = wireUser(user)
  return rest
}
