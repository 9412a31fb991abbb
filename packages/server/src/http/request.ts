import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { negotiate } from '@countersign/sign-in'
import type { Context } from 'hono'

/** What a handler may know about the request beside its input. */
export interface Caller {
  ip: string | undefined
  userAgent: string | undefined
  /** Languages the caller would like, best first. */
  languages: string[]
  /** Subject of the access token, operator id, or undefined. */
  subject?: string
}

/** What the node server hands to Hono beside the request. */
export interface NodeBindings {
  incoming?: { socket: { remoteAddress?: string } }
}

/** Languages by the `locale` parameter, then `Accept-Language`. */
export function languagesOf(context: Context): string[] {
  return [...(context.req.queries('locale') ?? []), ...negotiate(context.req.header('accept-language') ?? '')]
}

/** Most characters of a `User-Agent` header that are kept: it stands in logs and goes out to webhooks. */
const LONGEST_USER_AGENT = 512

/**
 * The address in the last entry of `X-Forwarded-For`, which is the one that our own proxy put there. Some proxies add
 * the port. What is no address stands for none: it would be stored, told to providers and counted by.
 */
function forwardedAddress(header: string | undefined): string | undefined {
  const last = header?.split(',').at(-1)?.trim() ?? ''
  const [, bracketed, withPort] = /^(?:\[([^\]]*)\](?::\d+)?|([\d.]+):\d+)$/.exec(last) ?? []
  // A zone may be any text, and only means something on the machine that wrote it.
  const address = (bracketed ?? withPort ?? last).split('%')[0]!
  return isIP(address) ? address : undefined
}

/** Who asks. `trustProxy`: our own proxy says in `X-Forwarded-For` where the client is. */
export function callerOf(context: Context, trustProxy: boolean): Caller {
  const forwarded = trustProxy ? forwardedAddress(context.req.header('x-forwarded-for')) : undefined
  const bindings = context.env as NodeBindings | undefined
  return {
    ip: forwarded ?? bindings?.incoming?.socket.remoteAddress,
    userAgent: context.req.header('user-agent')?.slice(0, LONGEST_USER_AGENT),
    languages: languagesOf(context),
  }
}

/** The same of a request that no app of ours handles. */
export function nodeCallerOf(
  { headers, socket }: IncomingMessage,
  trustProxy: boolean,
): Pick<Caller, 'ip' | 'userAgent'> {
  const forwarded = trustProxy ? forwardedAddress(headers['x-forwarded-for']?.toString()) : undefined
  return {
    ip: forwarded ?? socket.remoteAddress,
    userAgent: headers['user-agent']?.slice(0, LONGEST_USER_AGENT),
  }
}
