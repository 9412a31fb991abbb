import type { Fetch } from '@countersign/kit'
import type { Agent, Dispatcher, ProxyAgent } from 'undici'
import { exchange, type Undici } from './http/exchange.ts'

/**
 * Connections to the clouds stay open between sends; a send's own deadline is the signal's. A host that takes no connection
 * is given up before it counts as silent (`routing/patience.ts`): then the message has certainly not left, and goes on to
 * the next provider with the same code. It is long enough for one packet that is lost.
 */
const OPTIONS = { keepAliveTimeout: 30_000, connect: { timeout: 2_500 }, pipelining: 1 }
let agent: Agent | undefined
const direct = ({ Agent }: Undici) => (agent ??= new Agent(OPTIONS))

/** Each connection may have a proxy; more than a few are leftovers of settings that were tried. */
const MOST_PROXIES = 8
const proxies = new Map<string, ProxyAgent>()

function agentFor(proxy: string, { ProxyAgent }: Undici): Dispatcher {
  const known = proxies.get(proxy)
  if (known) return known
  const [oldest] = proxies.size >= MOST_PROXIES ? proxies : []
  if (oldest) {
    proxies.delete(oldest[0])
    // Ends when its last request has ended. It fails only where it was ended before, and then there is nothing to do.
    void oldest[1].close().catch(() => {})
  }
  const made = new ProxyAgent({ ...OPTIONS, uri: proxy, connectTimeout: OPTIONS.connect.timeout })
  proxies.set(proxy, made)
  return made
}

/** What undici calls a tunnel that did not come about. */
const NO_TUNNEL = ['UND_ERR_PRX_CONN', 'UND_ERR_PRX_TLS']

/** The proxy was there, but made no tunnel: the request has certainly not left. */
function explainProxy(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { code } = error as { code?: unknown }
  const noTunnel = NO_TUNNEL.includes(String(code)) || error.message.startsWith('Proxy response (')
  return noTunnel ? Object.assign(new Error('The proxy makes no tunnel'), { code: 'PROXY_REFUSED' }) : error
}

/** The network. Resolves with the head of the answer; its body comes as it is read. */
export const realFetch: Fetch = async (url, init) => {
  const { proxy } = init
  if (proxy === undefined) return exchange(direct, url, init)
  const connections = (undici: Undici) => agentFor(proxy, undici)
  return exchange(connections, url, init).catch(error => Promise.reject(explainProxy(error)))
}

/** What the development world has in place of the network. */
interface SimulatedClouds {
  serves(hostname: string): boolean
  fetch(request: Request): Promise<Response>
}

/** Nothing leaves this machine for a host that is not simulated. */
function refuseOthers(url: string, serves: (hostname: string) => boolean): URL {
  const target = new URL(url)
  if (serves(target.hostname)) return target
  const cause = Object.assign(new Error(`The development world has no ${target.hostname}`), {
    code: 'ENOTFOUND',
  })
  throw new TypeError('fetch failed', { cause })
}

/**
 * Answers requests to the clouds' hosts in process and refuses all others: nothing leaves this machine, not through
 * a proxy either.
 */
export function simulatedFetch(clouds: SimulatedClouds): Fetch {
  return async (url, { method, headers, body, signal }) => {
    refuseOthers(url, clouds.serves)
    signal.throwIfAborted()
    return clouds.fetch(new Request(url, { method, headers, signal, ...(body !== undefined && { body }) }))
  }
}

/**
 * Hands requests to the clouds' hosts to simulators of another process, under the names of those hosts, and refuses all
 * others.
 *
 * @example forwardedFetch('http://127.0.0.1:3003', isSimulated)
 */
export function forwardedFetch(simulators: string, serves: SimulatedClouds['serves']): Fetch {
  return async (url, { proxy: _, ...init }) => {
    const { host, pathname, search } = refuseOthers(url, serves)
    return exchange(direct, `${simulators}${pathname}${search}`, {
      ...init,
      headers: { ...init.headers, host },
    })
  }
}
