import type { Fetch, HttpAnswer } from '@countersign/kit'
import { type Dispatcher, request } from 'undici'

/**
 * One request over a dispatcher's connections. Resolves with the head of the answer; its body comes as it is read.
 *
 * @example
 * const { status, body } = await exchange(agent, 'https://example.com/', { method: 'POST', headers: {}, signal })
 */
export async function exchange(
  dispatcher: Dispatcher,
  url: string,
  { method, headers, body, signal }: Parameters<Fetch>[1],
): Promise<HttpAnswer> {
  const answer = await request(url, {
    dispatcher,
    method: method as Dispatcher.HttpMethod,
    headers,
    body: body ?? null,
    signal,
  })
  const header = (name: string) => {
    const value = answer.headers[name.toLowerCase()]
    return Array.isArray(value) ? value.join(', ') : (value ?? null)
  }
  return { status: answer.statusCode, headers: { get: header }, body: answer.body }
}
