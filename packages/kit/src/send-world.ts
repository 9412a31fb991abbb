/** The part of an HTTP answer that connectors read; a `Response` is one. */
export interface HttpAnswer {
  status: number
  headers: { get(name: string): string | null }
  body: AsyncIterable<Uint8Array> | null
}

/**
 * Makes one HTTP request. `fetch` of the platform is one; rejects when no answer came. `redirect` keeps a signed
 * request from being sent on to wherever an answer points. `proxy` is the address of an HTTP proxy to go through; a
 * fetch that cannot must refuse the request rather than go straight.
 */
export type Fetch = (
  url: string,
  init: {
    method: string
    headers: Record<string, string>
    body?: string
    signal: AbortSignal
    redirect?: 'manual'
    proxy?: string
  },
) => Promise<HttpAnswer>

/** The outside as a connector sees it. */
export interface SendWorld {
  fetch: Fetch
  /** Milliseconds since the Unix epoch. */
  now(): number
  /** Cryptographically random bytes. */
  random(size: number): Uint8Array
  /** How long the send may take, in milliseconds, from request to the last byte of the answer. */
  deadline: number
}
