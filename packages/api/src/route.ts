import type { z } from 'zod'

/** One operation of the HTTP interface: the declaration that the server checks by, documents by and that clients call by. */
export interface Route {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** With parameters in braces, e.g. `/api/users/{userId}`. */
  path: string
  /** The operation's name in the API description. */
  operationId: string
  tag: string
  summary: string
  /** `none`: anyone; `interaction`: the interaction cookie; `management`: a Bearer token or an operator's session; `operator`: only an operator's session; `account`: the Bearer token of a signed-in user. */
  auth: 'none' | 'interaction' | 'management' | 'operator' | 'account'
  params?: z.ZodType
  query?: z.ZodType
  body?: z.ZodType
  /** Most bytes that the body may have, where it is not what others of this `auth` may have. */
  bodyLimit?: number
  /** Success status → body; null where there is none. */
  answers: Readonly<Record<number, z.ZodType | null>>
  /** It only looks, although its method is not `get`: the audit log says nothing of it. */
  changes?: false
  /** The list is cut into pages: takes `page` and `page_size`, answers `Total-Number`. */
  paginated?: boolean
}

/**
 * Declares a route, keeping its exact type.
 *
 * @example
 * export const getUser = defineRoute({
 *   method: 'get',
 *   path: '/api/users/{userId}',
 *   operationId: 'GetUser',
 *   tag: 'Users',
 *   auth: 'management',
 *   summary: 'Read a user',
 *   params: z.object({ userId: z.string() }),
 *   answers: { 200: User },
 * })
 */
export const defineRoute = <const R extends Route>(route: R): R => route

type Output<S> = S extends z.ZodType ? z.output<S> : undefined
type Input<S> = S extends z.ZodType ? z.input<S> : undefined

/** What a handler gets. */
export interface RouteInput<R extends Route> {
  params: Output<R['params']>
  query: Output<R['query']>
  body: Output<R['body']>
}

/** What a caller gives; members that the route does not declare may be left out. */
export type RouteCall<R extends Route> = (R['params'] extends z.ZodType
  ? { params: Input<R['params']> }
  : unknown) &
  (R['query'] extends z.ZodType ? { query?: Input<R['query']> } : unknown) &
  (R['body'] extends z.ZodType ? { body: Input<R['body']> } : unknown)

/** The body of a successful answer. */
export type RouteAnswer<R extends Route> = {
  [S in keyof R['answers']]: R['answers'][S] extends z.ZodType ? z.output<R['answers'][S]> : undefined
}[keyof R['answers']]
