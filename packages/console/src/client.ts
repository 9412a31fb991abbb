import { consoleRoutes, type Route, type RouteAnswer, type RouteCall } from '@countersign/api'
import { ApiError } from './api-error.ts'
import { session } from './session.ts'

/** The input of a call; may be left out where the route needs none. */
export type CallInput<R extends Route> =
  Record<never, never> extends RouteCall<R> ? [input?: RouteCall<R>] : [input: RouteCall<R>]

/** One page of a list that the server cuts into pages. */
export interface Page<T> {
  items: T
  total: number
}

type Send = (url: string, init: RequestInit) => Promise<Response>
type LooseInput = { params?: Record<string, string>; query?: Record<string, unknown>; body?: unknown }

/** The address of a route with its parameters and query filled in. */
export function addressOf(route: Route, { params, query }: LooseInput): string {
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params?.[name] ?? ''))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {}))
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== undefined && one !== '') search.append(name, String(one))
  return search.size > 0 ? `${path}?${search}` : path
}

async function failureOf(response: Response): Promise<ApiError> {
  const text = await response.text()
  try {
    const { code, message, data } = JSON.parse(text) as { code?: string; message?: string; data?: unknown }
    return new ApiError(response.status, code ?? `http.${response.status}`, message ?? text, data)
  } catch {
    // A proxy's error page: its markup helps nobody.
    return new ApiError(response.status, `http.${response.status}`, response.statusText || 'no answer')
  }
}

/** Whoever signs out wants no session back. */
const needsSession = ({ auth, operationId }: Route) =>
  auth !== 'none' && operationId !== consoleRoutes.signOutOperator.operationId

const isSessionOver = (route: Route, error: ApiError) =>
  needsSession(route) && error.status === 401 && error.code === 'auth.unauthorized'

/**
 * A typed client of the routes in `@countersign/api`. `language` is asked at every call, so that the server's
 * sentences come in the language the operator reads just now. A call that is refused because the session is over waits
 * for `signedIn`, and is made once more.
 */
export function createClient(send: Send, language: () => string, signedIn?: () => Promise<void>) {
  async function request(route: Route, input: LooseInput, isSecond = false): Promise<Response> {
    const safe = route.method === 'get'
    let response: Response
    try {
      response = await send(addressOf(route, input), {
        method: route.method.toUpperCase(),
        headers: {
          accept: 'application/json',
          'accept-language': language(),
          // On every unsafe request, with or without body: other sites' forms cannot send this type.
          ...(!safe && { 'content-type': 'application/json' }),
        },
        ...(input.body !== undefined && { body: JSON.stringify(input.body) }),
      })
    } catch (error) {
      throw new ApiError(0, 'network', error instanceof Error ? error.message : String(error))
    }
    if (response.ok) return response
    const failure = await failureOf(response)
    if (isSecond || !signedIn || !isSessionOver(route, failure)) throw failure
    await signedIn()
    return request(route, input, true)
  }

  async function bodyOf(response: Response): Promise<unknown> {
    if (response.status === 204) return undefined
    try {
      return await response.json()
    } catch {
      throw new ApiError(response.status, 'http.not_json', 'the answer is not JSON')
    }
  }

  return {
    /** Calls a route and answers its body. */
    call: async <R extends Route>(route: R, ...[input]: CallInput<R>) =>
      (await bodyOf(await request(route, (input ?? {}) as LooseInput))) as RouteAnswer<R>,

    /** Calls a route that is cut into pages and answers one page with the number of all entries. */
    callPage: async <R extends Route & { paginated: true }>(
      route: R,
      ...[input]: CallInput<R>
    ): Promise<Page<RouteAnswer<R>>> => {
      const response = await request(route, (input ?? {}) as LooseInput)
      const items = (await bodyOf(response)) as RouteAnswer<R>
      return { items, total: Number(response.headers.get('total-number') ?? (items as unknown[]).length) }
    },
  }
}

// The document's own language attribute is the one place that says what the operator reads.
export const { call, callPage } = createClient(
  (url, init) => fetch(url, init),
  () => document.documentElement.lang,
  session.untilItGoesOn,
)
