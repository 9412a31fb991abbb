import { AsyncLocalStorage } from 'node:async_hooks'
import type { IncomingMessage } from 'node:http'
import type { Log, World } from '../world.ts'
import type { TrustProxy } from './proxies.ts'
import { isBelieved } from './request.ts'

/** What proxies make: hexadecimal digits, with dashes or not. A phone number or a code is shorter. */
const MADE_BY_PROXIES = /^[\da-f](?:-?[\da-f]){15,63}$/i

const ids = new AsyncLocalStorage<string>()

/** A new id: `newRequestId(world)` is 16 characters. */
const newRequestId = ({ random }: Pick<World, 'random'>): string =>
  Buffer.from(random(12)).toString('base64url')

/**
 * The id of the request that is under way, by which its lines of the log, its answer and its error page are found; a new
 * one outside of a request.
 *
 * @example headers.set(REQUEST_ID, requestId(world))
 */
export const requestId = (world: Pick<World, 'random'>): string => ids.getStore() ?? newRequestId(world)

/** The id of the request that is under way; undefined outside of one: `currentRequestId()`. */
export const currentRequestId = (): string | undefined => ids.getStore()

/**
 * Runs what a request brings under an id: that of a trusted proxy's header `X-Request-Id`, where it looks like one that a
 * proxy has made, else a new one.
 *
 * @example identified(request, { trustProxy: 1, world }, () => answer(request))
 */
export function identified<T>(
  request: Pick<IncomingMessage, 'headers' | 'socket'>,
  { trustProxy, world }: { trustProxy: TrustProxy; world: Pick<World, 'random'> },
  run: () => T,
): T {
  const given = request.headers['x-request-id']
  const isGood = typeof given === 'string' && MADE_BY_PROXIES.test(given) && isBelieved(request, trustProxy)
  return ids.run(isGood ? given : newRequestId(world), run)
}

/** A log whose lines name the request that they were written for: `{ ...world, log: withRequestId(world.log) }`. */
export const withRequestId =
  (log: Log): Log =>
  (level, event, fields) => {
    const id = ids.getStore()
    log(level, event, id === undefined ? fields : { requestId: id, ...fields })
  }
