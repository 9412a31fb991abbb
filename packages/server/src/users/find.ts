import type { Search } from '../db/search.ts'
import { phoneKey } from '../identifiers/phone.ts'
import { ApiError } from '../refusals/refusal.ts'
import { withAddresses } from './addresses-as-written.ts'
import { withNumbers } from './numbers-as-written.ts'
import { checkPassword } from './passwords.ts'
import type { UsersRoom } from './room.ts'
import * as store from './store.ts'

/** An identifier of a user: `{ type: 'email', value: 'ada@example.com' }`. */
export interface Identifier {
  type: 'username' | 'email' | 'phone'
  value: string
}

const NOT_ASCII = /[^ -~]/

/**
 * Finds the owner of an identifier. E-mail addresses ignore case, usernames by policy; numbers are normalised. For
 * example: `await findUser(room, { type: 'phone', value: '+8613800138000' })`.
 */
export async function findUser(
  { db, isUsernameCaseSensitive }: UsersRoom,
  { type, value }: Identifier,
): Promise<store.StoredUser | undefined> {
  if (type === 'email') return store.byEmail(db, value)
  if (type === 'phone') return store.byPhone(db, phoneKey(value))
  // Usernames are ASCII. Other letters must not become its letters in a database's idea of case: such a spelling
  // would find the user, and be counted as somebody else's.
  if (NOT_ASCII.test(value) || (await isUsernameCaseSensitive())) return store.byUsername(db, value)
  return store.byUsernameIgnoringCase(db, value)
}

/** Reads the user with an id: `await getUser(room, 'k2j4h6g8f0d1')`. @throws ApiError `entity.not_found` */
export async function getUser({ db }: UsersRoom, id: string): Promise<store.StoredUser> {
  const user = await store.byId(db, id)
  if (!user) throw new ApiError('entity.not_found')
  return user
}

/** Users that a search finds, or all, newest first; numbers and addresses as people write them. */
export const listUsers = (
  { db }: UsersRoom,
  search: Search | undefined,
  ...page: [limit: number, offset: number]
) => store.list(db, search && withAddresses(withNumbers(search)), ...page)

/**
 * A query for the ids of users whose id, name, username, address or number has this text in it, written as people write
 * it, for a statement of another room. For example: `where('user_id', 'in', idsFor(room, '+86 138 0013 8000'))`.
 */
export function idsFor({ db }: UsersRoom, text: string) {
  const values = [`%${text.replaceAll(/[\\%_]/g, '\\$&')}%`]
  const conditions = [{ fields: store.SEARCHED_FIELDS, mode: 'like' as const, values }]
  return store.idsOf(db, withAddresses(withNumbers({ conditions, joint: 'or', isCaseSensitive: false })))
}

/** Checks a password. A right one whose hash another system made gets a hash of ours. */
async function check(
  { db }: UsersRoom,
  user: store.StoredUser | undefined,
  password: string,
  evenly: boolean,
): Promise<boolean> {
  const { right, ours } = await checkPassword(user, password, evenly)
  if (ours !== undefined) await store.rehash(db, user!.id, user!.passwordHash!, ours)
  return right
}

/**
 * Says whether the password is the user's; a hash of another system then becomes one of ours. For example:
 * `await passwordMatches(room, user, 'anemone-quartz')`.
 *
 * @throws ApiError `request.too_many_password_checks`
 */
export const passwordMatches = (room: UsersRoom, user: store.StoredUser, password: string) =>
  check(room, user, password, false)

/**
 * Finds the user with an identifier and this password; undefined when either is wrong. An unknown user costs as much as
 * one with a hash of ours, so that no stranger sets slow work off; and while there are hashes of other systems, whose
 * checks may take longer, all refusals take the same time.
 *
 * @throws ApiError `request.too_many_password_checks`
 * @example await findByPassword(room, { type: 'username', value: 'ada' }, password)
 */
export async function findByPassword(
  room: UsersRoom,
  identifier: Identifier,
  password: string,
): Promise<store.StoredUser | undefined> {
  const [user, evenly] = await Promise.all([findUser(room, identifier), store.hasForeignHashes(room.db)])
  return (await check(room, user, password, evenly)) ? user : undefined
}
