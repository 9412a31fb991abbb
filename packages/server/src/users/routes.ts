import { userRoutes } from '@countersign/api'
import type { Mount } from '../http/mount.ts'
import { isTrue } from '../http/query.ts'
import { readSearch, searching } from '../http/search.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { AddTold } from './told.ts'
import { hookUser, SEARCHED_FIELDS, type StoredUser, type UserInput, type Users, wireUser } from './users.ts'

/** The sessions, tokens and grants of users. */
export interface UserSessions {
  /** Ends a user's sessions and tokens; what was granted to applications may stay. */
  revokeUser(userId: string, stays?: 'grants'): Promise<void>
  /** Clears away the sessions and tokens that a new password has ended. */
  clearEnded(userId: string): Promise<void>
}

/** Users of the Management API. */
export function mountUsers(mount: Mount, users: Users, addTold: AddTold, sessions: UserSessions): void {
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
      const withHash = isTrue(query.includePasswordHash)
      const body = found.map(user => ({ ...wireUser(user), ...(withHash && hashOf(user)) }))
      return { status: 200, body, total }
    })
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
  addTold(mount, 'User.Created', routes.createUser, {
    change: ({ body }, along) => users.create(cleared(body), along),
    answer: user => ({ status: 200, body: wireUser(user) }),
  })
  addTold(mount, 'User.Data.Updated', routes.updateUser, {
    async change({ params, body }, along) {
      const change = cleared(body)
      if (Object.keys(change).length === 0) throw new ApiError('entity.invalid_input')
      return users.update(params.userId, change, along)
    },
    answer: user => ({ status: 200, body: wireUser(user) }),
  })
  addTold(mount, 'User.Deleted', routes.deleteUser, {
    async change({ params }, along, { subject }) {
      if (subject === params.userId) throw new ApiError('user.cannot_delete_self')
      const user = await users.delete(params.userId, along)
      await sessions.revokeUser(params.userId)
      return user
    },
    // Afterwards nobody can look up who it was.
    answer: user => ({ status: 204, told: { data: hookUser(user) } }),
  })
  addTold(mount, 'User.Data.Updated', routes.setUserPassword, {
    async change({ params, body }, along) {
      const ends = body.endSessions ?? true
      const { password } = body
      const user = await users.changePassword(params.userId, { password }, ends ? {} : undefined, { along })
      if (ends) await sessions.clearEnded(user.id)
      return user
    },
    answer: (user, { body }) => ({
      status: 200,
      body: wireUser(user),
      told: (body.endSessions ?? true) ? { sessionsEnded: true } : {},
    }),
  })
  addTold(mount, 'User.SuspensionStatus.Updated', routes.suspendUser, {
    async change({ params, body }, along) {
      const user = await users.update(params.userId, { isSuspended: body.isSuspended }, along)
      if (body.isSuspended) await sessions.revokeUser(params.userId, 'grants')
      return user
    },
    answer: user => ({ status: 200, body: wireUser(user) }),
  })
}

/** The hash as the next system would import it. */
const hashOf = ({ passwordHash, passwordAlgorithm }: StoredUser) => ({
  passwordDigest: passwordHash,
  passwordAlgorithm: passwordHash === null ? null : (passwordAlgorithm ?? 'Argon2id'),
})
