import type { Identifier, StoredUser, Users } from '../users/users.ts'
import type { Visit } from './visit.ts'

/**
 * The user whom an identifier belongs to, looked up once in a request.
 *
 * @example const owner = await ownerOf(room.users, visit, record.identifier)
 */
export async function ownerOf(
  users: Users,
  visit: Visit,
  identifier: Identifier,
): Promise<StoredUser | undefined> {
  const owner = await visit.once(`${identifier.type} ${identifier.value}`, () => users.find(identifier))
  if (owner) void visit.once(`user ${owner.id}`, async () => owner)
  return owner
}

/** A user, looked up once in a request. */
export const userOf = (users: Users, visit: Visit, id: string): Promise<StoredUser | undefined> =>
  visit.once(`user ${id}`, () => users.byId(id))
