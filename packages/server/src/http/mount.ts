import type { Route, RouteAnswer, RouteInput } from '@countersign/api'
import type { Context, Hono } from 'hono'
import type { z } from 'zod'
import { ApiError } from '../refusals/refusal.ts'
import { BODY_LIMIT, BODY_LIMITS, findUnstorable, readText, requireUtf8 } from './body.ts'
import { type Page, pageHeaders, readPage } from './pagination.ts'
import type { TrustProxy } from './proxies.ts'
import { type LastingText, represent } from './representation.ts'
import { type Caller, callerOf } from './request.ts'
import { parseInput } from './validation.ts'

/** Success statuses of a route, as number literals. */
type StatusOf<R extends Route> = Extract<keyof R['answers'], number>

/** A handler's answer: one of the route's statuses with its body. */
export interface Answer<R extends Route> {
  status: StatusOf<R>
  body?: RouteAnswer<R>
  /** The text of the body, where it is the same each time. */
  lasting?: LastingText
  /** Instead of a body: a word for those who look. */
  text?: string
  /** The members that webhooks are told beside the body. */
  told?: Record<string, unknown>
  /** Of a paginated list: how many there are in all. */
  total?: number
  /** The total is where counting stopped; there are more. */
  capped?: boolean
  headers?: Record<string, string>
}

export interface HandlerContext extends Caller {
  page: Page
  http: Context
}

export type Handler<R extends Route> = (input: RouteInput<R>, context: HandlerContext) => Promise<Answer<R>>

/** Lets a request through by returning the subject, or throws. */
export type Guard = (context: Context) => Promise<string | undefined>

/** A call as it is observed; what it brings becomes known while it runs. */
export interface Observed {
  route: Route
  call: {
    /** The id of the caller, where the route does not let everybody in. */
    subject?: string
    params?: Record<string, unknown>
    /** Names of the body's members. */
    members?: string[]
  }
}

/** Sees every call that was let in, and what comes of it. */
export type Observer = (observed: Observed, run: () => Promise<Response>) => Promise<Response>

/** Checks for each kind of authentication that a route may ask for. */
export type Guards = Partial<Record<Route['auth'], Guard>>

/** Most bytes of a route's body, by who may call it. */
const LIMIT_OF: Readonly<Record<Route['auth'], number>> = {
  none: BODY_LIMITS.stranger,
  interaction: BODY_LIMITS.stranger,
  account: BODY_LIMITS.user,
  management: BODY_LIMIT,
  operator: BODY_LIMIT,
}

async function readJson(context: Context, { auth, bodyLimit = LIMIT_OF[auth] }: Route): Promise<unknown> {
  const text = await readText(context, bodyLimit)
  if (text.trim() === '') return {}
  const type = context.req.header('content-type') ?? ''
  if (!/^application\/(?:[\w.+-]+\+)?json\b/i.test(type))
    throw new ApiError('request.invalid_input', {
      kind: 'wrong-media-type',
      data: { message: 'send application/json' },
    })
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ApiError('request.malformed_json', { data: { message: (cause as Error).message }, cause })
  }
}

function queryOf(context: Context): Record<string, string | string[]> {
  const { url } = context.req
  const start = url.indexOf('?')
  if (start >= 0) requireUtf8(url.slice(start), 'the query')
  return Object.fromEntries(
    Object.entries(context.req.queries()).map(([name, values]) => [
      name,
      values.length === 1 ? values[0]! : values,
    ]),
  )
}

/** @throws ApiError `guard.invalid_input` also for a character that no database column could take */
function parsePart(schema: z.ZodType | undefined, input: unknown): unknown {
  if (!schema) return undefined
  const unstorable = findUnstorable(input)
  if (unstorable) {
    const { path, message } = unstorable
    throw new ApiError('guard.invalid_input', {
      data: { issues: [{ code: 'custom', path, message }], name: 'ZodError' },
      details: `Error in key path "${path.join('.')}": (custom) ${message}`,
    })
  }
  return parseInput(schema, input)
}

/**
 * Puts routes of the HTTP interface on an app: authentication, then query, body and path against the route's
 * schemas in that order, then the handler. Remembers what it put there, for 405 answers and the API
 * description.
 */
export class Mount {
  readonly routes: Route[] = []
  readonly #app: Hono
  readonly #guards: Guards
  readonly #trustProxy: TrustProxy
  readonly #observe: Observer
  readonly #origin: string | undefined

  /** @param origin where the server is reached, for links to itself: behind a proxy no request says that rightly */
  constructor(
    app: Hono,
    guards: Guards,
    trustProxy: TrustProxy,
    observe: Observer = (_observed, run) => run(),
    origin?: string,
  ) {
    this.#origin = origin
    this.#app = app
    this.#guards = guards
    this.#trustProxy = trustProxy
    this.#observe = observe
  }

  /** Puts one route there. */
  add<const R extends Route>(route: R, handler: Handler<NoInfer<R>>): this {
    this.routes.push(route)
    const guard = this.#guards[route.auth]
    if (!guard && route.auth !== 'none')
      throw new Error(`${route.path}: nothing here can check "${route.auth}"`)
    this.#app.on(route.method.toUpperCase(), toHonoPath(route.path), async context => {
      const subject = await guard?.(context)
      const observed: Observed = { route, call: subject === undefined ? {} : { subject } }
      return this.#observe(observed, () => this.#answer(route, handler, context, observed.call))
    })
    return this
  }

  async #answer<R extends Route>(
    route: R,
    handler: Handler<R>,
    context: Context,
    call: Observed['call'],
  ): Promise<Response> {
    call.params = context.req.param()
    const query = parsePart(route.query, queryOf(context))
    const body = route.body && parsePart(route.body, await readJson(context, route))
    if (typeof body === 'object' && body !== null) call.members = Object.keys(body)
    const params = parsePart(route.params, context.req.param())
    const page = route.paginated
      ? readPage(new URL(context.req.url).searchParams)
      : { page: 1, size: 20, offset: 0 }
    const { subject } = call
    const caller = { ...callerOf(context, this.#trustProxy), ...(subject !== undefined && { subject }) }
    const input = { query, body, params } as RouteInput<R>
    const answer = await handler(input, { ...caller, page, http: context })
    const headers = new Headers(answer.headers)
    if (answer.total !== undefined) {
      const asked = new URL(context.req.url)
      const url = new URL(`${asked.pathname}${asked.search}`, this.#origin ?? asked)
      const extra = pageHeaders(url, page, answer.total, answer.capped)
      for (const [name, value] of Object.entries(extra)) headers.set(name, value)
    }
    const schema = route.answers[answer.status]
    if (!schema) return new Response(answer.text ?? null, { status: answer.status, headers })
    headers.set('content-type', 'application/json; charset=utf-8')
    // Browsers may keep what everybody may read, and ask each time whether it is still so; nobody keeps the rest.
    if (route.auth === 'none' && route.method === 'get' && !headers.has('cache-control'))
      headers.set('cache-control', 'private, no-cache')
    const asking = { method: context.req.method, header: (name: string) => context.req.header(name) }
    const {
      status,
      body: bytes,
      ...more
    } = await represent(asking, answer.lasting ?? JSON.stringify(answer.body), {
      status: answer.status,
    })
    for (const [name, value] of Object.entries(more.headers)) headers.set(name, value)
    if (bytes === null) headers.delete('content-type')
    return new Response(bytes, { status, headers })
  }

  /** Answers known paths with other methods: 405, and `OPTIONS` with what is allowed. */
  refuseOtherMethods(): void {
    const byPath = Map.groupBy(this.routes, route => toHonoPath(route.path))
    for (const [path, routes] of byPath) {
      const methods = routes.flatMap(({ method }) =>
        method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()],
      )
      const allow = [...new Set(methods)].join(', ')
      this.#app.all(path, context =>
        context.req.method === 'OPTIONS'
          ? context.body(null, 200, { Allow: allow })
          : context.text('Method Not Allowed', 405, { Allow: allow }),
      )
    }
  }
}

const toHonoPath = (path: string) => path.replaceAll(/\{(\w+)\}/g, ':$1')
