import type { User } from '@countersign/api'
import { newShortId } from '../crypto/chance.ts'
import { hashPassword, verifyPassword } from '../crypto/passwords.ts'
import { type Database, isUniqueViolation } from '../db/database.ts'
import { ApiError } from '../http/errors.ts'
import { normalizePhone, phoneKey } from '../identifiers/phone.ts'
import type { World } from '../world.ts'
import { type StoredUser, type UserChange, userStore } from './store.ts'

export type { StoredUser } from './store.ts'

export interface Identifier {
  type: 'username' | 'email' | 'phone'
  value: string
}

/** What a new user or a change may bring: a password in clear, to be hashed here, or a hash made earlier. */
export type UserInput = UserChange & { password?: string }

/** Contract sheet 7.5. */
const LONGEST_EMAIL = 128

/** Rules of users: one owner per username, e-mail address and phone number, numbers stored one way. */
export function createUsers(db: Database, world: World) {
  const store = userStore(db)

  /** Who an identifier belongs to. E-mail addresses ignore case, numbers are normalised. */
  async function find({ type, value }: Identifier): Promise<StoredUser | undefined> {
    if (type === 'email') return store.byEmail(value)
    if (type === 'phone') return store.byPhone(phoneKey(value))
    return store.byUsername(value)
  }

  async function toChange({ password, ...rest }: UserInput): Promise<UserChange> {
    const change: UserChange = { ...rest }
    if (typeof rest.primaryPhone === 'string') {
      const phone = normalizePhone(rest.primaryPhone)
      if (phone === undefined) throw new ApiError('user.invalid_phone', { data: { name: 'ParseError' } })
      change.primaryPhone = phone
    }
    if ((rest.primaryEmail?.length ?? 0) > LONGEST_EMAIL)
      throw new ApiError('entity.value_too_long', { data: { message: 'primaryEmail' } })
    if (password !== undefined) change.passwordHash = await hashPassword(password)
    return change
  }

  /** Runs a write and names the identifier that already has an owner. The unique columns decide, so no race can slip by. */
  async function claiming<T>(write: () => Promise<T>): Promise<T> {
    try {
      return await write()
    } catch (error) {
      if (isUniqueViolation(error, 'username')) throw new ApiError('user.username_already_in_use')
      if (isUniqueViolation(error, 'email_key')) throw new ApiError('user.email_already_in_use')
      if (isUniqueViolation(error, 'primary_phone')) throw new ApiError('user.phone_already_in_use')
      throw error
    }
  }

  async function get(id: string): Promise<StoredUser> {
    const user = await store.byId(id)
    if (!user) throw new ApiError('entity.not_found')
    return user
  }

  return {
    find,
    /** @throws ApiError `entity.not_found` */
    get,
    byId: store.byId,
    /**
     * Users that match a pattern with SQL's wildcards, newest first.
     *
     * @throws ApiError `request.invalid_input` when the pattern's last backslash escapes nothing
     */
    async list(pattern: string | undefined, limit: number, offset: number) {
      if (pattern !== undefined && /(?:^|[^\\])(?:\\\\)*\\$/.test(pattern))
        throw new ApiError('request.invalid_input', { data: { message: 'the pattern ends in an escape' } })
      return store.list(pattern, limit, offset)
    },
    /** Creates a user. @throws ApiError `user.*_already_in_use`, `user.invalid_phone` */
    async create(input: UserInput): Promise<StoredUser> {
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
        applicationId: null,
        isSuspended: false,
        lastSignInAt: null,
        ...(await toChange(input)),
        createdAt: now,
        updatedAt: now,
      }
      await claiming(() => store.insert(user))
      return user
    },
    /** Changes a user. @throws ApiError `entity.not_found`, `user.*_already_in_use`, `user.invalid_phone` */
    async update(id: string, input: UserInput): Promise<StoredUser> {
      const change = { ...(await toChange(input)), updatedAt: world.now() }
      const user = await claiming(() => store.update(id, change))
      if (!user) throw new ApiError('entity.not_found')
      return user
    },
    /** @throws ApiError `entity.not_found` */
    async delete(id: string): Promise<void> {
      if (!(await store.delete(id))) throw new ApiError('entity.not_found')
    },
    setPasswordHash: (id: string, passwordHash: string) =>
      store.update(id, { passwordHash, updatedAt: world.now() }),
    /** True when the password is the user's; costs the same without user or password. */
    passwordMatches: (user: StoredUser | undefined, password: string) =>
      verifyPassword(password, user?.passwordHash ?? null),
  }
}

export type Users = ReturnType<typeof createUsers>

/** A user on the wire (contract sheet 7.5). */
export function wireUser(user: StoredUser): User {
  const { passwordHash, ...rest } = user
  return { ...rest, identities: {}, cimdClientId: null, hasPassword: passwordHash !== null }
}
