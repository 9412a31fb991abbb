import { AsyncLocalStorage } from 'node:async_hooks'
import type { ServerResponse } from 'node:http'
import type { MiddlewareHandler } from 'hono'

const requests = new AsyncLocalStorage<Promise<void>>()

/** Lets what a request begins wait until its answer has left. */
export const tellWhenAnswered: MiddlewareHandler = (context, next) => {
  const { promise, resolve } = Promise.withResolvers<void>()
  // Through `app.request()` there is no socket: the answer has left when it is there.
  const outgoing = (context.env as { outgoing?: ServerResponse } | undefined)?.outgoing
  outgoing?.once('close', resolve)
  return requests.run(promise, async () => {
    await next()
    if (!outgoing) resolve()
  })
}

/**
 * Resolves when the answer to the current request has left, or its caller has gone; at once outside a request.
 *
 * @example await answered() // then what the caller need not wait for
 */
export const answered = (): Promise<void> => requests.getStore() ?? Promise.resolve()
