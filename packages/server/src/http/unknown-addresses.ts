import type { IncomingMessage } from 'node:http'
import type { Log } from '../world.ts'
import { isVisitors } from './network.ts'
import type { TrustProxy } from './proxies.ts'
import { isNamed, isNotBelieved, nodeCallerOf } from './request.ts'

/** Where visitors come to. What back ends and checks of health ask comes from private networks by right. */
const FOR_VISITORS = /^\/(?:oidc\/auth|sign-in|register|reset-password|api\/experience)\b/

/** What is logged, each once in the life of a process. */
export const NOT_BELIEVED =
  'a connection that is not trusted names another address as the visitor’s, which is not believed: if it is a proxy of yours, set TRUST_PROXY'
export const NOT_A_VISITOR =
  'a visitor came from an address of a private network: if a proxy stands before the server, set TRUST_PROXY; until then no limit by client address holds'
export const NOT_A_VISITOR_OF_PROXY =
  'a trusted proxy names an address of a private network as the visitor’s: fine where visitors are in your own network; else another proxy stands before that one, so set TRUST_PROXY to how many there are, or to their networks; until then no limit by client address holds'

/**
 * Watches whether visitors' addresses can be known, and says in the log, once each, when a proxy seems to stand before
 * the server that it does not trust. Strangers can cause a line, but no second one, and what they write is in none.
 *
 * @example
 * const watch = watchAddresses(config.trustProxy, world.log)
 * watch(request)
 */
export function watchAddresses(trusted: TrustProxy, log: Log): (request: IncomingMessage) => void {
  const untold = new Set(['word', 'visitor'])
  const tell = (of: string, line: string) => {
    if (untold.delete(of)) log('warn', line)
  }
  return request => {
    if (untold.size === 0) return
    if (isNotBelieved(request, trusted)) tell('word', NOT_BELIEVED)
    if (!untold.has('visitor') || !FOR_VISITORS.test(request.url ?? '')) return
    const { ip } = nodeCallerOf(request, trusted)
    if (ip === undefined || isVisitors(ip)) return
    tell('visitor', isNamed(request, trusted) ? NOT_A_VISITOR_OF_PROXY : NOT_A_VISITOR)
  }
}

/**
 * What a start says where others than this machine reach the server and no proxy is trusted.
 *
 * @example addressLines({ trustProxy: 0, isReachable: true })
 */
export const addressLines = (how: { trustProxy: TrustProxy; isReachable: boolean }): string[] =>
  how.trustProxy === 0 && how.isReachable
    ? [
        '  No proxy is trusted: a visitor’s address is that of the connection. If a proxy stands before this',
        '  server, set TRUST_PROXY, or all visitors count as one address and no limit by address holds.',
        '',
      ]
    : []
