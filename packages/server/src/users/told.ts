import type { HookEvent, Route, RouteInput } from '@countersign/api'
import type { Along } from '../db/along.ts'
import type { Answer, HandlerContext, Mount } from '../http/mount.ts'
import type { StoredUser } from './users.ts'

/** Prepares what webhooks are told of a user's change, to be written in its transaction. */
type Telling = (
  event: HookEvent,
  prepare: () => (user: StoredUser) => Record<string, unknown>,
) => Promise<Along<StoredUser>>

/** A change of a user that webhooks are told of. */
export interface ToldChange<R extends Route> {
  /** Makes the change, and hands on what is written in its transaction. */
  change(input: RouteInput<R>, along: Along<StoredUser>, context: HandlerContext): Promise<StoredUser>
  /** Makes the answer to the caller, which webhooks are told as well. It is asked inside the transaction. */
  answer(user: StoredUser, input: RouteInput<R>): Answer<R>
}

/** Mounts a route whose change webhooks are told of. */
export type AddTold = <const R extends Route>(
  mount: Mount,
  event: HookEvent,
  route: R,
  told: ToldChange<NoInfer<R>>,
) => void

/**
 * Mounts routes of the Management API that webhooks are told of: what was called, and what it answered. The
 * event is written in the transaction of the change. For example:
 *
 *     addTold(mount, 'User.Created', userRoutes.createUser, {
 *       change: ({ body }, along) => users.create(body, along),
 *       answer: user => ({ status: 200, body: wireUser(user) }),
 *     })
 */
export function tellOfChanges(telling: Telling): AddTold {
  return <const R extends Route>(
    mount: Mount,
    event: HookEvent,
    route: R,
    { change, answer }: ToldChange<NoInfer<R>>,
  ) => {
    mount.add(route, async (input, context) => {
      const along = await telling(event, () => user => {
        const { status, body, told } = answer(user, input)
        return { ...factsOf(route, input, context), status, data: body, ...told }
      })
      return answer(await change(input, along, context), input)
    })
  }
}

const factsOf = <R extends Route>(
  { method, path }: R,
  { params }: RouteInput<R>,
  { ip, userAgent, http }: HandlerContext,
) => ({
  userAgent,
  ip,
  path: http.req.path.replace(/^\/api/, ''),
  method: method.toUpperCase(),
  params: { ...(params as object) },
  matchedRoute: path.replace(/^\/api/, '').replaceAll(/\{(\w+)\}/g, ':$1'),
})
