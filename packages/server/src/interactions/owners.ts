import type { Identifier, StoredUser, Users } from '../users/users.ts'
import type { OpenInteraction } from './open-interaction.ts'

/**
 * The user whom an identifier belongs to, looked up once in a request.
 *
 * @example const owner = await ownerOf(room.users, interaction, record.identifier)
 */
export async function ownerOf(
  users: Users,
  interaction: OpenInteraction,
  identifier: Identifier,
): Promise<StoredUser | undefined> {
  const owner = await interaction.once(`${identifier.type} ${identifier.value}`, () => users.find(identifier))
  if (owner) void interaction.once(`user ${owner.id}`, async () => owner)
  return owner
}

/**
 * A user, looked up once in a request.
 *
 * @example const user = await userOf(room.users, interaction, state.userId)
 */
export const userOf = (
  users: Users,
  interaction: OpenInteraction,
  id: string,
): Promise<StoredUser | undefined> => interaction.once(`user ${id}`, () => users.byId(id))
