import type { Search } from '../db/search.ts'
import { phoneKey } from '../identifiers/phone.ts'
import { ApiError } from '../refusals/refusal.ts'
import { withAddresses } from './addresses-as-written.ts'
import { withNumbers } from './numbers-as-written.ts'
import { checkPassword } from './passwords.ts'
import type { UsersRoom } from './room.ts'
import * as store from './store.ts'

/** What a user can be found by: `{ type: 'email', value: 'ada@example.com' }`. */
export interface Identifier {
  type: 'username' | 'email' | 'phone'
  value: string
}

const NOT_ASCII = /[^ -~]/

/** Who an identifier belongs to. E-mail addresses ignore case, usernames by policy; numbers are normalised. */
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

/** The user with an id. @throws ApiError `entity.not_found` */
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
 * True when the password is the user's. A hash of another system then becomes one of ours.
 *
 * @throws ApiError `request.too_many_password_checks`
 */
export const passwordMatches = (room: UsersRoom, user: store.StoredUser, password: string) =>
  check(room, user, password, false)

/**
 * Who has an identifier and this password; undefined when either is wrong. Whom nobody knows costs what a user with
 * a hash of ours does, so that no stranger sets slow work off; and while there are hashes of other systems, whose
 * checks may take longer, all refusals take the same time.
 *
 * @throws ApiError `request.too_many_password_checks`
 */
export async function findByPassword(
  room: UsersRoom,
  identifier: Identifier,
  password: string,
): Promise<store.StoredUser | undefined> {
  const [user, evenly] = await Promise.all([findUser(room, identifier), store.hasForeignHashes(room.db)])
  return (await check(room, user, password, evenly)) ? user : undefined
}
