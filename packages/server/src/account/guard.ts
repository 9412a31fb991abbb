import { VERIFICATION_HEADER } from '@countersign/api'
import type { Context, Hono } from 'hono'
import type { Guard, HandlerContext } from '../http/mount.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { AccountCenterRoom } from './center.ts'
import type { AccountCall, AccountCaller } from './permissions.ts'

/** The paths that pages of any application may call. */
const OPEN_PATHS = ['/api/my-account/*', '/api/verifications/*']

/**
 * Lets pages of every origin read answers and refusals of these paths. Nothing is lost by it: who calls is told by
 * the token alone, never by a cookie. To be called before the routes are mounted.
 *
 * @example openToEveryOrigin(app)
 */
export function openToEveryOrigin(app: Hono): void {
  for (const path of OPEN_PATHS)
    app.use(path, async (context, next) => {
      const { req } = context
      const preflight = req.method === 'OPTIONS' && req.header('access-control-request-method') !== undefined
      if (preflight) context.res = new Response(null, { status: 204 })
      else await next()
      const { headers } = context.res
      headers.set('Access-Control-Allow-Origin', req.header('origin') ?? '*')
      headers.set('Access-Control-Expose-Headers', '*')
      if (!preflight) return
      headers.set('Access-Control-Allow-Methods', 'GET,HEAD,PUT,POST,DELETE,PATCH')
      const asked = req.header('access-control-request-headers')
      if (asked !== undefined) headers.set('Access-Control-Allow-Headers', asked)
    })
}

/**
 * Lets in who has a user's token, while the account center is open, and remembers who it is for the handler.
 *
 * @example const guard = createAccountGuard({ userOfToken: oidc.userOfToken, center })
 */
export function createAccountGuard(deps: {
  userOfToken(authorizationHeader: string | undefined): Promise<AccountCaller>
  center: AccountCenterRoom
}) {
  const callers = new WeakMap<Context, AccountCaller>()
  const letIn: Guard = async context => {
    const caller = await deps.userOfToken(context.req.header('authorization'))
    if (!(await deps.center.read()).enabled) throw new ApiError('account_center.not_enabled')
    callers.set(context, caller)
    return caller.userId
  }
  return {
    letIn,
    /** The call that a handler answers. */
    callOf({ http, ip, userAgent }: HandlerContext): AccountCall {
      const caller = callers.get(http)
      if (!caller) throw new Error('A route of accounts without the guard of accounts')
      return { caller, proofId: http.req.header(VERIFICATION_HEADER), ip, userAgent }
    },
  }
}

export type AccountGuard = ReturnType<typeof createAccountGuard>
