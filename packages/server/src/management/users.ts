import { userRoutes } from '@countersign/api'
import { ended } from '../hooks/events.ts'
import { ApiError } from '../http/errors.ts'
import type { Mount } from '../http/mount.ts'
import { SEARCHED_FIELDS, type StoredUser, type UserInput, type Users, wireUser } from '../users/users.ts'
import { isTrue, readSearch, searching } from './search.ts'

/**
 * Users of the Management API. `revoke` ends a user's sessions and tokens; grants may stay. `clearEnded` clears away
 * what a new password has ended.
 */
export function mountUsers(
  mount: Mount,
  users: Users,
  revoke: (userId: string, stays?: 'grants') => Promise<void>,
  clearEnded: (userId: string) => Promise<void>,
): void {
  const routes = userRoutes
  /** As in Logto a text is cleared with the empty string as well as with null. */
  const cleared = (input: Record<string, unknown>): UserInput =>
    Object.fromEntries(
      Object.entries(input)
        .filter(([, value]) => value !== undefined)
        .map(([key, value]) => [key, value === '' ? null : value]),
    )
  mount
    .add(routes.listUsers, async ({ query }, { page }) => {
      const search = readSearch(query, SEARCHED_FIELDS)
      const { users: found, total } = await searching(() => users.list(search, page.size, page.offset))
      return { status: 200, body: found.map(wireUser), total }
    })
    .add(routes.createUser, async ({ body }) => ({
      status: 200,
      body: wireUser(await users.create(cleared(body))),
    }))
    .add(routes.getUser, async ({ params, query }) => {
      const user = await users.get(params.userId)
      return {
        status: 200,
        body: {
          ...wireUser(user),
          ...(isTrue(query.includeSsoIdentities) && { ssoIdentities: [] }),
          ...(isTrue(query.includePasswordHash) && hashOf(user)),
        },
      }
    })
    .add(routes.updateUser, async ({ params, body }) => {
      const change = cleared(body)
      if (Object.keys(change).length === 0) throw new ApiError('entity.invalid_input')
      return { status: 200, body: wireUser(await users.update(params.userId, change)) }
    })
    .add(routes.deleteUser, async ({ params }, { subject }) => {
      if (subject === params.userId) throw new ApiError('user.cannot_delete_self')
      await users.delete(params.userId)
      await revoke(params.userId)
      return { status: 204 }
    })
    .add(routes.setUserPassword, async ({ params, body }) => {
      const sessionsEnded = body.endSessions ?? true
      const user = await users.changePassword(
        params.userId,
        { password: body.password },
        sessionsEnded ? {} : undefined,
      )
      if (sessionsEnded) await clearEnded(user.id)
      return { status: 200, body: wireUser(user), told: ended({ sessionsEnded }) }
    })
    .add(routes.suspendUser, async ({ params, body }) => {
      const user = await users.update(params.userId, { isSuspended: body.isSuspended })
      if (body.isSuspended) await revoke(params.userId, 'grants')
      return { status: 200, body: wireUser(user) }
    })
}

/** The hash as the next system would import it. */
const hashOf = ({ passwordHash, passwordAlgorithm }: StoredUser) => ({
  passwordDigest: passwordHash,
  passwordAlgorithm: passwordHash === null ? null : (passwordAlgorithm ?? 'Argon2id'),
})
