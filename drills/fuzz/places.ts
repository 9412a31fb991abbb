import type { Route } from '@countersign/api'
import * as api from '@countersign/api'
import fc from 'fast-check'
import { z } from 'zod'
import { valuesOf } from '../../packages/server/src/testing/values.ts'

/** Who may come in at a place: what a request carries besides itself. */
export type Auth = Route['auth']

/** One place of the product that can be asked for something. */
export interface Place {
  /** Which of the two ports listens there. */
  port: 'public' | 'console'
  /** In capitals. */
  method: string
  /** With parameters in braces, e.g. `/api/users/{userId}`. */
  path: string
  auth: Auth
  /** JSON for the API, a form for pages and OpenID Connect. */
  form: 'json' | 'form'
  /** Bodies that the declaration allows, before chance spoils them; empty where none is wanted. */
  bodies: readonly unknown[]
  /** The same of queries. */
  queries: readonly Record<string, unknown>[]
}

/** So many bodies of each kind are drawn beforehand. */
const DRAWN = 30

function drawn(schema: z.ZodType | undefined, seed: number): unknown[] {
  if (!schema) return []
  const json = z.toJSONSchema(schema, { target: 'openapi-3.0', io: 'input', unrepresentable: 'any' })
  return fc.sample(valuesOf(json as object), { seed, numRuns: DRAWN })
}

/** Every route of the HTTP interface, as it is declared. */
const routes = (): Route[] =>
  Object.entries(api)
    .filter(([name]) => name.endsWith('Routes'))
    .flatMap(([, group]) => Object.values(group as unknown as Record<string, Route>))

/** Operators may call the Management API too, with their session. */
function portsOf({ auth, path }: Route): Place['port'][] {
  if (auth === 'operator' || path.startsWith('/api/console/')) return ['console']
  return auth === 'management' || path === '/api/status' ? ['public', 'console'] : ['public']
}

function apiPlaces(seed: number): Place[] {
  return routes().flatMap((route, index) => {
    const bodies = drawn(route.body, seed + index)
    const queries = drawn(route.query, seed + index) as Place['queries']
    return portsOf(route).map(
      (port): Place => ({
        port,
        method: route.method.toUpperCase(),
        path: route.path,
        auth: port === 'console' && route.auth === 'management' ? 'operator' : route.auth,
        form: 'json',
        bodies,
        queries,
      }),
    )
  })
}

/** Of each field one of its values, and often the first, which does well; some fields are left out. */
const form = (values: Record<string, readonly string[]>, always: readonly string[] = []) =>
  fc.record(
    Object.fromEntries(
      Object.entries(values).map(([name, all]) => [
        name,
        fc.oneof({ arbitrary: fc.constant(all[0]!), weight: 3 }, fc.constantFrom(...all)),
      ]),
    ),
    { requiredKeys: [...always] },
  )

/** What the forms of the hosted pages hold, in any mixture. */
const PAGE_FIELDS = form({
  identifier: ['13800138000', '+8613800138000', 'ada@example.com', 'ada', ''],
  country: ['CN', 'US', '86', ''],
  code: ['123456', '000000', ''],
  password: ['anemone-quartz', ''],
  newPassword: ['anemone-quartz', 'a'],
  agree: ['on', ''],
  method: ['code', 'password'],
  interaction: ['nobody'],
  csrf: ['nobody'],
  first_screen: ['sign-in', 'register', 'nobody'],
  ui_locales: ['zh-CN en', 'xx-yy-zz', '*'],
})

const PAGE_METHODS = ['GET', 'POST'] as const

/** Pages by their paths, and what lies beside them. A test holds that no page of the server is missing. */
export const PAGES: readonly string[] = [
  '/',
  ...['sign-in', 'register', 'reset-password', 'forgot-password', 'continue', 'consent'].flatMap(page => [
    `/${page}`,
    `/${page}/{any}`,
  ]),
  ...['identifier-sign-in', 'identifier-register', 'single-sign-on'].flatMap(page => [
    `/${page}`,
    `/${page}/{any}`,
  ]),
  ...['sign-in', 'register', 'reset-password', 'continue'].flatMap(page => [
    `/${page}/code`,
    `/${page}/resend`,
    `/${page}/password`,
  ]),
  '/sign-in/use-code',
  '/sign-in/create',
  '/register/existing',
  '/reset-password/new',
  '/reset-password/done',
  '/social/register/{any}',
  '/message-receipt',
  '/unknown-session',
  '/assets/{any}',
  '/assets/custom/{any}',
  '/receipts/{secret}',
]

/** What OpenID Connect's endpoints take, in any mixture. */
const OIDC_FIELDS = form(
  {
    client_id: ['{application}', 'nobody'],
    client_secret: ['nobody'],
    redirect_uri: ['http://localhost:9/callback', 'https://evil.example.com/', 'javascript:alert(1)'],
    response_type: ['code', 'token', 'id_token', 'none', 'code token'],
    response_mode: ['query', 'form_post', 'fragment', 'web_message'],
    scope: ['openid', 'openid profile email phone offline_access', 'all', ''],
    state: ['"><fzz>', 's'],
    nonce: ['n'],
    prompt: ['login', 'none', 'consent', 'select_account'],
    max_age: ['0', '-1', '99999999999999999999'],
    code_challenge: ['Dnlg0lIM9kvc1y-FRqNIka8znqXeMCSKSgGQDP7XxfU', 'x'],
    code_challenge_method: ['S256', 'plain'],
    code_verifier: ['verifier-of-test-verifier-of-test-verifier-of-test'],
    grant_type: ['authorization_code', 'refresh_token', 'client_credentials', 'password'],
    code: ['nobody'],
    refresh_token: ['nobody'],
    token: ['nobody', '{token}'],
    resource: ['https://default.logto.app/api', 'not a uri', ''],
    claims: ['{"userinfo":{"email":null}}', '{', '[]'],
    request: ['a.b.c'],
    id_token_hint: ['a.b.c', '{token}'],
    login_hint: ['13800138000', '"><fzz>'],
    post_logout_redirect_uri: ['http://localhost:9/goodbye', 'https://evil.example.com/'],
    client_assertion_type: ['urn:ietf:params:oauth:client-assertion-type:jwt-bearer'],
    client_assertion: ['a.b.c'],
    xsrf: ['nobody'],
    first_screen: ['register', 'identifier:sign-in', 'x'],
    identifier: ['phone', 'email', 'x'],
    ui_locales: ['zh-CN', 'xx'],
  },
  ['client_id', 'redirect_uri', 'response_type', 'scope', 'code_challenge', 'code_challenge_method'],
)

const OIDC_PATHS = [
  '/oidc/auth',
  '/oidc/auth/{uid}',
  '/oidc/token',
  '/oidc/me',
  '/oidc/jwks',
  '/oidc/session/end',
  '/oidc/session/end/confirm',
  '/oidc/token/introspection',
  '/oidc/token/revocation',
  '/oidc/.well-known/openid-configuration',
  '/oidc/{any}',
]

function formPlaces(paths: readonly string[], fields: fc.Arbitrary<object>, seed: number): Place[] {
  const bodies = fc.sample(fields, { seed, numRuns: 10 * DRAWN }) as Record<string, string>[]
  return paths.flatMap(path =>
    PAGE_METHODS.map(
      (method): Place => ({
        port: 'public',
        method,
        path,
        auth: path.startsWith('/oidc') ? 'none' : 'interaction',
        form: 'form',
        bodies: method === 'POST' ? bodies : [],
        queries: bodies,
      }),
    ),
  )
}

const consoleSite = ['/', '/connectors', '/assets/{any}', '/{any}'].map(
  (path): Place => ({
    port: 'console',
    method: 'GET',
    path,
    auth: 'operator',
    form: 'form',
    bodies: [],
    queries: [],
  }),
)

/**
 * Every place of the two ports: the API as it is declared, the hosted pages, OpenID Connect, the console's files.
 *
 * @param seed draws the bodies and queries; the same seed draws the same ones
 * @example placesOf(1).filter(({ path }) => path.startsWith('/api/users'))
 */
export const placesOf = (seed: number): Place[] => [
  ...apiPlaces(seed),
  ...formPlaces(PAGES, PAGE_FIELDS, seed),
  ...formPlaces(OIDC_PATHS, OIDC_FIELDS, seed),
  ...consoleSite,
]
