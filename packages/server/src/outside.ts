import type { Fetch, HttpAnswer } from '@countersign/kit'
import { Agent, request } from 'undici'

/** Connections to the clouds stay open between sends; a send's own deadline is the signal's. */
const agent = new Agent({ keepAliveTimeout: 30_000, connect: { timeout: 5_000 }, pipelining: 1 })

/** The network. `undici.request` rather than `fetch`: the same bytes for about half the processor time. */
export const realFetch: Fetch = async (url, { method, headers, body, signal }): Promise<HttpAnswer> => {
  const answer = await request(url, {
    method: method as 'GET',
    headers,
    signal,
    dispatcher: agent,
    ...(body !== undefined && { body }),
  })
  return {
    status: answer.statusCode,
    headers: {
      get(name) {
        const value = answer.headers[name.toLowerCase()]
        return Array.isArray(value) ? value.join(', ') : (value ?? null)
      },
    },
    body: answer.body,
  }
}

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
