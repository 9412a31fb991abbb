import type { IncomingMessage } from 'node:http'
import { negotiate } from '@countersign/sign-in'
import type { Context } from 'hono'
import { addressOf, clientAddress, type TrustProxy, trusts } from './proxies.ts'

/** The things that a handler may know about the request beside its input. */
export interface Caller {
  ip: string | undefined
  userAgent: string | undefined
  /** Languages the caller would like, best first. */
  languages: string[]
  /** Subject of the access token, operator id, or undefined. */
  subject?: string
}

/** The things that the node server hands to Hono beside the request. */
export interface NodeBindings {
  incoming?: { socket: { remoteAddress?: string } }
}

/**
 * Languages by the `locale` parameter, then `Accept-Language`.
 *
 * @example languagesOf(context) // ['zh-CN', 'en'] for `Accept-Language: zh-CN, en;q=0.5`
 */
export function languagesOf(context: Context): string[] {
  return [...(context.req.queries('locale') ?? []), ...negotiate(context.req.header('accept-language') ?? '')]
}

/**
 * Whether somebody looks at the answer: browsers ask for HTML wherever they go. `accept`: the header.
 *
 * @example acceptsHtml('text/html,application/xml') // true
 */
export const acceptsHtml = (accept: string | undefined): boolean => /\btext\/html\b/i.test(accept ?? '')

/** Most characters of a `User-Agent` header that are kept: it stands in logs and goes out to webhooks. */
const LONGEST_USER_AGENT = 512

/**
 * Tells who asks. `trustProxy` names the proxies that we believe in `X-Forwarded-For`.
 *
 * @example const { ip } = callerOf(context, config.trustProxy)
 */
export function callerOf(context: Context, trustProxy: TrustProxy): Caller {
  const bindings = context.env as NodeBindings | undefined
  const connected = bindings?.incoming?.socket.remoteAddress
  return {
    ip: clientAddress(trustProxy, connected, context.req.header('x-forwarded-for')),
    userAgent: context.req.header('user-agent')?.slice(0, LONGEST_USER_AGENT),
    languages: languagesOf(context),
  }
}

/** The same of a request that no app of ours handles. */
export function nodeCallerOf(
  { headers, socket }: IncomingMessage,
  trustProxy: TrustProxy,
): Pick<Caller, 'ip' | 'userAgent'> {
  return {
    ip: clientAddress(trustProxy, socket.remoteAddress, headers['x-forwarded-for']?.toString()),
    userAgent: headers['user-agent']?.slice(0, LONGEST_USER_AGENT),
  }
}

/** Whether a connection is that of a proxy that is believed: `if (isBelieved(request, config.trustProxy)) …`. */
export const isBelieved = ({ socket }: Pick<IncomingMessage, 'socket'>, trustProxy: TrustProxy): boolean =>
  trusts(trustProxy, addressOf(socket.remoteAddress))

/**
 * Whether a connection says for whom it asks, and its word does not count.
 *
 * @example if (isNotBelieved(request, config.trustProxy)) world.log('warn', 'set TRUST_PROXY')
 */
export const isNotBelieved = (request: IncomingMessage, trustProxy: TrustProxy): boolean =>
  request.headers['x-forwarded-for'] !== undefined && !isBelieved(request, trustProxy)

/**
 * Whether a proxy that is believed says for whom it asks.
 *
 * @example isNamed(request, config.trustProxy)
 */
export const isNamed = (request: IncomingMessage, trustProxy: TrustProxy): boolean =>
  request.headers['x-forwarded-for'] !== undefined && isBelieved(request, trustProxy)
