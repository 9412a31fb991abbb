import { type StoredUser, wireUser } from '../users/users.ts'

export type { Emit, Fields, Telling } from './telling.ts'

/** The member that tells that all other sessions and grants of the user have ended. */
export const ended = ({ sessionsEnded }: { sessionsEnded?: boolean | undefined }) =>
  sessionsEnded ? { sessionsEnded } : {}

/** A user as events tell of one: nothing about the password. */
export function hookUser(user: StoredUser): Record<string, unknown> {
  const { hasPassword: _, ...rest } = wireUser(user)
  return rest
}
