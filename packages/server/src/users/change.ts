import { newShortId } from '../crypto/chance.ts'
import { type Along, changeAlong } from '../db/along.ts'
import { againAfterDeadlock, type Database, isUniqueViolation } from '../db/database.ts'
import { canonicalEmail } from '../identifiers/email.ts'
import { phoneKey } from '../identifiers/phone.ts'
import { ApiError } from '../refusals/refusal.ts'
import { findUser, getUser } from './find.ts'
import { freshPassword, type PasswordInput, passwordChange } from './passwords.ts'
import { requirePossible } from './possible-phone.ts'
import type { UsersRoom } from './room.ts'
import * as store from './store.ts'

/**
 * The members of a new user or of a change; its password comes in clear, as a hash of ours, or as one of another system.
 * For example: `{ username: 'ada', password: 'anemone-quartz' }`.
 */
export type UserInput = Omit<store.UserChange, 'passwordAlgorithm'> & PasswordInput

/** Conditions for adding members to a user's custom data and profile. */
export interface Adding {
  /** Bytes that each of the two may take afterwards. */
  most?: number
  along?: Along<store.StoredUser>
}

/** Longest e-mail address that is stored, in characters, as in Logto. */
export const LONGEST_EMAIL = 128

/** In the order in which a conflict is told; the column is the unique one. */
const IDENTIFIERS = [
  ['username', { field: 'username', column: 'username' }],
  ['email', { field: 'primaryEmail', column: 'email_key' }],
  ['phone', { field: 'primaryPhone', column: 'primary_phone' }],
] as const

/**
 * Checks what was given, and makes of it what is stored.
 *
 * @param id whose number it may be already: then it stays, whatever it is
 */
async function toChange({ db, world }: UsersRoom, input: UserInput, id?: string): Promise<store.UserChange> {
  const { password, passwordDigest, passwordAlgorithm, ...rest } = input
  const change: store.UserChange = {
    ...rest,
    ...(rest.passwordHash && freshPassword(world.now())),
    ...(await passwordChange({ password, passwordDigest, passwordAlgorithm }, world.now())),
  }
  if (typeof rest.primaryPhone === 'string') {
    const phone = phoneKey(rest.primaryPhone)
    const isOwn = async () => id !== undefined && (await store.byId(db, id))?.primaryPhone === phone
    await requirePossible(phone, isOwn)
    change.primaryPhone = phone
  }
  if (typeof rest.primaryEmail === 'string') change.primaryEmail = canonicalEmail(rest.primaryEmail)
  if ((change.primaryEmail?.length ?? 0) > LONGEST_EMAIL)
    throw new ApiError('entity.value_too_long', { data: { message: 'primaryEmail' } })
  return change
}

/** Checks what was given, and makes of it a change of a user who is there. */
const toUpdate = async (room: UsersRoom, id: string, input: UserInput): Promise<store.UserChange> => ({
  ...(await toChange(room, input, id)),
  updatedAt: room.world.now(),
})

type Write = (on: Database) => Promise<store.StoredUser | undefined>

/** Writes a user and what goes along. @throws ApiError `entity.not_found` when nobody was there to be changed */
async function writing(
  { db }: UsersRoom,
  along: Along<store.StoredUser>,
  write: Write,
): Promise<store.StoredUser> {
  const user = await changeAlong(db, along, write)
  if (!user) throw new ApiError('entity.not_found')
  return user
}

/** Writes identifiers, and names the first that has an owner. The unique columns decide, so no race can slip by. */
async function claiming(
  room: UsersRoom,
  id: string,
  change: store.UserChange,
  along: Along<store.StoredUser>,
  write: Write,
): Promise<store.StoredUser | undefined> {
  try {
    // Two who take what the other has given up may wait for each other.
    return await againAfterDeadlock(() => changeAlong(room.db, along, write))
  } catch (error) {
    if (!isUniqueViolation(error, 'users')) throw error
    for (const [type, { field }] of IDENTIFIERS) {
      const value = change[field]
      const owner = typeof value === 'string' ? await findUser(room, { type, value }) : undefined
      if (owner && owner.id !== id) throw new ApiError(`user.${type}_already_in_use`)
    }
    // The owner has gone meanwhile.
    for (const [type, { column }] of IDENTIFIERS)
      if (isUniqueViolation(error, column)) throw new ApiError(`user.${type}_already_in_use`)
    throw error
  }
}

/**
 * Creates a user.
 *
 * @throws ApiError `user.*_already_in_use`, `user.invalid_phone`
 * @example await createUser(room, { username: 'ada', password: 'anemone-quartz' })
 */
export async function createUser(
  room: UsersRoom,
  input: UserInput,
  along?: Along<store.StoredUser>,
): Promise<store.StoredUser> {
  const now = room.world.now()
  const user: store.StoredUser = {
    id: newShortId(room.world.random),
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
    ...(await toChange(room, input)),
    createdAt: now,
    updatedAt: now,
  }
  await claiming(room, user.id, user, along, async on => {
    await store.insert(on, user)
    return user
  })
  return user
}

/**
 * Changes a user.
 *
 * @throws ApiError `entity.not_found`, `user.*_already_in_use`, `user.invalid_phone`
 * @example await updateUser(room, id, { name: 'Ada' }, along)
 */
export async function updateUser(
  room: UsersRoom,
  id: string,
  input: UserInput,
  along?: Along<store.StoredUser>,
): Promise<store.StoredUser> {
  const change = await toUpdate(room, id, input)
  const user = await claiming(room, id, change, along, on => store.update(on, id, change))
  if (!user) throw new ApiError('entity.not_found')
  return user
}

/**
 * Changes a user who must keep an identifier to sign in with.
 *
 * @throws ApiError `user.last_sign_in_method_required`, and as `updateUser` does
 * @example await updateKeepingIdentifier(room, id, { primaryEmail: null })
 */
export async function updateKeepingIdentifier(
  room: UsersRoom,
  id: string,
  input: UserInput,
  along?: Along<store.StoredUser>,
): Promise<store.StoredUser> {
  const change = await toUpdate(room, id, input)
  const user = await claiming(room, id, change, along, on => store.update(on, id, change, true))
  if (user) return user
  await getUser(room, id)
  throw new ApiError('user.last_sign_in_method_required')
}

/**
 * Changes a user, and adds members to custom data and profile: what others write there meanwhile stays.
 *
 * @throws ApiError as `updateUser` does, and `guard.invalid_input` that names what would be larger
 * @example await updateAdding(room, id, { name: 'Ada' }, { profile: { nickname: 'A' } })
 */
export async function updateAdding(
  room: UsersRoom,
  id: string,
  input: UserInput,
  members: store.UserMembers,
  { most, along }: Adding = {},
): Promise<store.StoredUser> {
  const change = await toUpdate(room, id, input)
  const user = await claiming(room, id, change, along, on =>
    store.updateAdding(on, id, change, members, most),
  )
  if (!user) throw new ApiError('entity.not_found')
  return user
}

/**
 * A change that comes to nothing, and is told all the same.
 *
 * @throws ApiError `entity.not_found`
 * @example await leaveUnchanged(room, id, along)
 */
export const leaveUnchanged = (room: UsersRoom, id: string, along: Along<store.StoredUser>) =>
  writing(room, along, on => store.byId(on, id))

/**
 * Adds members to a user's custom data or profile.
 *
 * @throws ApiError `entity.not_found`, and see `Adding`
 * @example await mergeMembers(room, id, 'customData', { plan: 'pro' })
 */
export function mergeMembers(
  room: UsersRoom,
  id: string,
  field: 'customData' | 'profile',
  members: object,
  { most, along }: Adding = {},
): Promise<store.StoredUser> {
  const added = { [field]: { ...members } }
  const change = { updatedAt: room.world.now() }
  return writing(room, along, on => store.updateAdding(on, id, change, added, most))
}

/**
 * Deletes a user, and returns who it was.
 *
 * @throws ApiError `entity.not_found`
 * @example await deleteUser(room, id, along)
 */
export const deleteUser = (room: UsersRoom, id: string, along?: Along<store.StoredUser>) =>
  writing(room, along, on => store.remove(on, id))

/**
 * Sets the password. Unless `ends` is missing, all sessions and grants of the user end with it but those that it
 * names.
 *
 * With `seenEpoch` only while no other change has ended them since.
 *
 * @throws ApiError `entity.not_found`, also for a user of another epoch
 * @example await changePassword(room, id, { password }, { session })
 */
export async function changePassword(
  room: UsersRoom,
  id: string,
  input: { password: string } | { passwordHash: string },
  ends?: store.Kept,
  { seenEpoch, along }: { seenEpoch?: number; along?: Along<store.StoredUser> } = {},
): Promise<store.StoredUser> {
  const change = await toUpdate(room, id, input)
  return writing(room, along, on => store.changePassword(on, id, change, ends, seenEpoch))
}
