import { type StoredUser, wireUser } from '../users/users.ts'

export type { Emit } from './hooks.ts'

/** A user as events tell of one: nothing about the password. */
export function hookUser(user: StoredUser): Record<string, unknown> {
  const { hasPassword: _, ...rest } = wireUser(user)
  return rest
}
