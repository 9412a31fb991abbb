import type { IncomingMessage } from 'node:http'
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

/** Who asks. `trustProxy`: the client address is the last that our own proxy put into `X-Forwarded-For`. */
export function callerOf(context: Context, trustProxy: boolean): Caller {
  const forwarded = trustProxy ? context.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined
  const bindings = context.env as NodeBindings | undefined
  return {
    ip: forwarded ?? bindings?.incoming?.socket.remoteAddress,
    userAgent: context.req.header('user-agent')?.slice(0, 512),
    languages: languagesOf(context),
  }
}

/** The same of a request that no app of ours handles. */
export function nodeCallerOf(
  { headers, socket }: IncomingMessage,
  trustProxy: boolean,
): Pick<Caller, 'ip' | 'userAgent'> {
  const forwarded = trustProxy
    ? String(headers['x-forwarded-for'] ?? '')
        .split(',')
        .at(-1)
        ?.trim()
    : undefined
  return { ip: forwarded || socket.remoteAddress, userAgent: headers['user-agent']?.slice(0, 512) }
}
