import type { Fetch, HttpAnswer } from '@countersign/kit'
import { Agent } from 'undici'
import { Exchange } from './http/exchange.ts'

/** Connections to the clouds stay open between sends; a send's own deadline is the signal's. */
const agent = new Agent({ keepAliveTimeout: 30_000, connect: { timeout: 5_000 }, pipelining: 1 })

/** The network. Resolves with the head of the answer; its body comes as it is read. */
export const realFetch: Fetch = (url, { method, headers, body, signal }) =>
  new Promise<HttpAnswer>((resolve, reject) => {
    const { origin, pathname, search } = new URL(url)
    const request = { origin, path: pathname + search, method: method as 'POST', headers, body: body ?? null }
    agent.dispatch(request, new Exchange(signal, resolve, reject))
  })

/** What the development world has in place of the network. */
interface SimulatedClouds {
  serves(hostname: string): boolean
  fetch(request: Request): Promise<Response>
}

/** Answers requests to the clouds' hosts in process and refuses all others: nothing leaves this machine. */
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
