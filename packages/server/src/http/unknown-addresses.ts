import type { IncomingMessage } from 'node:http'
import type { Log } from '../world.ts'
import type { TrustProxy } from './proxies.ts'
import { isNotBelieved, nodeCallerOf } from './request.ts'
import { mayReach } from './targets.ts'

/** Where visitors come to. What back ends and checks of health ask comes from private networks by right. */
const FOR_VISITORS = /^\/(?:oidc\/auth|sign-in|register|reset-password|api\/experience)\b/

/** What is logged, each once in the life of a process. */
export const NOT_BELIEVED =
  'a connection that is not trusted names another address as the visitor’s, which is not believed: if it is a proxy of yours, set TRUST_PROXY'
export const NOT_A_VISITOR =
  'a visitor came from an address of a private network: if a proxy stands before the server, set TRUST_PROXY; until then no limit by client address holds'

/**
 * Watches whether visitors' addresses can be known, and says in the log, once each, when a proxy seems to stand before
 * the server that it does not trust. Strangers can cause a line, but no second one, and what they write is in none.
 *
 * @example
 * const watch = watchAddresses(config.trustProxy, world.log)
 * watch(request)
 */
export function watchAddresses(trusted: TrustProxy, log: Log): (request: IncomingMessage) => void {
  const untold = new Set([NOT_BELIEVED, NOT_A_VISITOR])
  const tell = (line: string) => {
    if (untold.delete(line)) log('warn', line)
  }
  return request => {
    if (untold.size === 0) return
    if (isNotBelieved(request, trusted)) tell(NOT_BELIEVED)
    if (!untold.has(NOT_A_VISITOR) || !FOR_VISITORS.test(request.url ?? '')) return
    const { ip } = nodeCallerOf(request, trusted)
    if (ip !== undefined && !mayReach(ip, 'public')) tell(NOT_A_VISITOR)
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
