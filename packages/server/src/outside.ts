import type { Fetch } from '@countersign/kit'
import { Agent, type Dispatcher, ProxyAgent } from 'undici'
import { exchange } from './http/exchange.ts'

/** Connections to the clouds stay open between sends; a send's own deadline is the signal's. */
const OPTIONS = { keepAliveTimeout: 30_000, connect: { timeout: 5_000 }, pipelining: 1 }
const agent = new Agent(OPTIONS)

/** Each connection may have a proxy; more than a few are leftovers of settings that were tried. */
const MOST_PROXIES = 8
const proxies = new Map<string, ProxyAgent>()

function agentFor(proxy: string): Dispatcher {
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
  if (proxy === undefined) return exchange(agent, url, init)
  return exchange(agentFor(proxy), url, init).catch(error => Promise.reject(explainProxy(error)))
}

/** What the development world has in place of the network. */
interface SimulatedClouds {
  serves(hostname: string): boolean
  fetch(request: Request): Promise<Response>
}

/**
 * Answers requests to the clouds' hosts in process and refuses all others: nothing leaves this machine, not through
 * a proxy either.
 */
export function simulatedFetch(clouds: SimulatedClouds): Fetch {
  return async (url, { method, headers, body, signal }) => {
    const { hostname } = new URL(url)
    if (!clouds.serves(hostname)) {
      const cause = Object.assign(new Error(`The development world has no ${hostname}`), {
        code: 'ENOTFOUND',
      })
      throw new TypeError('fetch failed', { cause })
    }
    signal.throwIfAborted()
    return clouds.fetch(new Request(url, { method, headers, signal, ...(body !== undefined && { body }) }))
  }
}
