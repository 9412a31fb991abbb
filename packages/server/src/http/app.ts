import { Hono } from 'hono'
import { ApiError } from '../refusals/refusal.ts'
import type { World } from '../world.ts'
import { tellWhenAnswered } from './answered.ts'
import { bodyOf, describeError, retryAfterOf, statusOf, toldAs } from './errors.ts'
import { REQUEST_ID, SECURITY_HEADERS } from './headers.ts'
import { loggable } from './log-path.ts'
import { languagesOf } from './request.ts'
import { requestId } from './request-id.ts'

/** Makes an app with what every answer has: security headers, a request id, errors in Logto's form, one log line. */
export function baseApp(world: World): Hono {
  const app = new Hono()
  app.use(tellWhenAnswered)
  app.use(async (context, next) => {
    const id = requestId(world)
    const start = world.now()
    await next()
    const headers = context.res.headers
    for (const [name, value] of Object.entries(SECURITY_HEADERS))
      if (!headers.has(name)) headers.set(name, value)
    headers.set(REQUEST_ID, id)
    // An answer of the API is for one caller, refusals too, unless it says otherwise.
    if (context.req.path.startsWith('/api/') && !headers.has('cache-control'))
      headers.set('cache-control', 'no-store')
    const { method, path } = context.req
    const error = context.error instanceof ApiError ? undefined : context.error
    world.log(error ? 'error' : 'info', 'request', {
      requestId: id,
      method,
      path: loggable(path),
      status: context.res.status,
      took: world.now() - start,
      ...(error && { error: describeError(error) }),
    })
  })
  app.notFound(context => context.text('Not Found', 404))
  app.onError((error, context) => {
    const told = toldAs(error)
    const retryAfter = retryAfterOf(told)
    return new Response(JSON.stringify(bodyOf(told, languagesOf(context))), {
      status: statusOf(told),
      headers: {
        'content-type': 'application/json; charset=utf-8',
        ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
      },
    })
  })
  return app
}
