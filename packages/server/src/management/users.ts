import { userRoutes } from '@countersign/api'
import { ApiError } from '../http/errors.ts'
import type { Mount } from '../http/mount.ts'
import { type UserInput, type Users, wireUser } from '../users/users.ts'

/** Search parameters of contract sheet 7.5 with the one value each that is served so far. */
const SERVED = { mode: 'like', joint: 'or', jointMode: 'or', isCaseSensitive: 'false' } as const

/**
 * The pattern of a search over all identifiers.
 *
 * @throws ApiError `request.invalid_input` for what is not served: an answer that ignores half of the question
 *   would be wrong
 */
function searchOf(query: Record<string, unknown>): string | undefined {
  const { search } = query
  const unserved = Object.keys(query).filter(
    name =>
      name.startsWith('search.') ||
      name.startsWith('mode.') ||
      (name in SERVED && query[name] !== SERVED[name as keyof typeof SERVED]),
  )
  if (unserved.length > 0 || search === '' || Array.isArray(search))
    throw new ApiError('request.invalid_input', { data: { parameters: unserved } })
  return search as string | undefined
}

/** Users of the Management API (contract sheet 7.5). `revoke` ends a user's sessions and tokens. */
export function mountUsers(mount: Mount, users: Users, revoke: (userId: string) => Promise<void>): void {
  const routes = userRoutes
  /** The contract clears a text with the empty string as well as with null. */
  const cleared = (input: Record<string, unknown>): UserInput =>
    Object.fromEntries(
      Object.entries(input)
        .filter(([, value]) => value !== undefined)
        .map(([key, value]) => [key, value === '' ? null : value]),
    )
  mount
    .add(routes.listUsers, async ({ query }, { page }) => {
      const { users: found, total } = await users.list(searchOf(query), page.size, page.offset)
      return { status: 200, body: found.map(wireUser), total }
    })
    .add(routes.createUser, async ({ body }) => ({
      status: 200,
      body: wireUser(await users.create(cleared(body))),
    }))
    .add(routes.getUser, async ({ params }) => ({
      status: 200,
      body: wireUser(await users.get(params.userId)),
    }))
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
    .add(routes.setUserPassword, async ({ params, body }) => ({
      status: 200,
      body: wireUser(await users.update(params.userId, { password: body.password })),
    }))
    .add(routes.suspendUser, async ({ params, body }) => {
      const user = await users.update(params.userId, { isSuspended: body.isSuspended })
      if (body.isSuspended) await revoke(params.userId)
      return { status: 200, body: wireUser(user) }
    })
}
