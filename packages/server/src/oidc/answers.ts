import type { IncomingMessage } from 'node:http'
import { ERRORS, type ErrorCode } from '@countersign/api'
import {
  chooseLocale,
  type Frame,
  type Locale,
  negotiate,
  pagePolicy,
  render,
  sentence,
  type View,
} from '@countersign/sign-in'
import type Provider from 'oidc-provider'
import { type Client, errors, type KoaContextWithOIDC } from 'oidc-provider'
import type { Config } from '../config.ts'
import { bodyOf, retryAfterOf, statusOf, toldAs } from '../http/errors.ts'
import { tagOf } from '../http/representation.ts'
import { acceptsHtml } from '../http/request.ts'
import type { Resources } from '../resources/resources.ts'
import { type ProviderRequest, Refusal } from './requests.ts'

/** Endpoints whose answers people see in a browser. */
const PAGES = new Set([
  'authorization',
  'resume',
  'end_session',
  'end_session_confirm',
  'end_session_success',
])

interface OAuthError {
  error: string
  error_description?: string
  [member: string]: unknown
}

const isOAuthError = (body: unknown): body is OAuthError =>
  typeof body === 'object' && body !== null && typeof (body as OAuthError).error === 'string'

/** The public code of an OAuth error, as in Logto. */
const codeOf = (error: string, cause: unknown): string =>
  cause instanceof errors.SessionNotFound ? 'session.not_found' : `oidc.${error}`

/** The code whose sentence says it to people: rare errors share one. */
const knownCode = (code: string): ErrorCode =>
  Object.hasOwn(ERRORS, code) ? (code as ErrorCode) : 'oidc.provider_error'

/** Languages that the application asks for, and those of the browser. */
function languagesOf(ctx: KoaContextWithOIDC): { asked: string[]; accepted: string[] } {
  const asked = ctx.oidc?.params?.ui_locales ?? ctx.query.ui_locales
  return {
    asked: typeof asked === 'string' ? asked.split(' ') : [],
    accepted: negotiate(ctx.get('accept-language')),
  }
}

function localeOf(ctx: KoaContextWithOIDC) {
  const { asked, accepted } = languagesOf(ctx)
  return chooseLocale([...asked, ...accepted])
}

const routeOf = (ctx: KoaContextWithOIDC) => ctx.oidc?.route as string | undefined

const wantsPage = (ctx: KoaContextWithOIDC) =>
  PAGES.has(routeOf(ctx) ?? '') && ctx.accepts('json', 'html') === 'html'

type Languages = ReturnType<typeof languagesOf>

interface Look {
  frame?: Partial<Frame>
  locale?: Locale
}

/** What pages look like, where their messages go, and how they speak in the languages given. */
export interface PageLook {
  chosen(languages: Languages): Promise<Look>
  /** The same as far as this process knows without asking anybody, for a page that says that something failed. */
  known(languages: Languages): Look
}

/** Where we are reached, and what our pages look like. */
interface Surroundings {
  config: Config
  look: PageLook
  resources: Pick<Resources, 'byIndicator'>
  /** Ids of the keys that are published; others only check hints. */
  published: ReadonlySet<string>
}

/** Answers with one of the sign-in package's pages. */
async function answerPage(
  ctx: KoaContextWithOIDC,
  { config, look }: Surroundings,
  view: View,
  leadsTo?: unknown,
): Promise<void> {
  const client = ctx.oidc?.client as Client | undefined
  const languages = languagesOf(ctx)
  let looking = look.chosen(languages)
  // The failure that this page tells of may be in its way as well.
  if (ctx.status >= 500) looking = looking.catch(() => look.known(languages))
  const { frame: chosen, locale = localeOf(ctx) } = await looking
  const frame: Frame = {
    ...(client?.clientName && { applicationName: client.clientName }),
    csrf: '',
    languages: [],
    simulated: config.clouds === 'simulated',
    ...chosen,
  }
  // Browsers wait for it before they show anything, and it is in the database, which may be what failed.
  if (ctx.status >= 500) delete frame.stylesheet
  ctx.type = 'html'
  ctx.set('Content-Security-Policy', pagePolicy(frame, leadsTo))
  ctx.set('Cache-Control', 'no-store')
  const page = render(view, frame, locale)
  if (ctx.status === 200) ctx.set('ETag', tagOf(page))
  ctx.body = page
}

/**
 * Tells of a fault that came before there was a provider to ask: on a page to browsers, else as the provider would.
 *
 * @returns the answer's status, headers and body
 */
export function faultAnswer(
  error: unknown,
  { headers }: IncomingMessage,
  reference: string,
  look: PageLook,
): { status: number; headers: Record<string, string>; body: string } {
  const told = toldAs(error)
  const retryAfter = retryAfterOf(told)
  const languages = negotiate(headers['accept-language'] ?? '')
  const more = {
    'cache-control': 'no-store',
    ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
  }
  if (!acceptsHtml(headers.accept))
    return {
      status: statusOf(told),
      headers: { ...more, 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ ...bodyOf(told, languages), error: 'server_error' }),
    }
  const { frame: chosen, locale = chooseLocale(languages) } = look.known({ asked: [], accepted: languages })
  const frame = { csrf: '', languages: [], simulated: false, ...chosen }
  return {
    status: statusOf(told),
    headers: {
      ...more,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': pagePolicy({}),
    },
    body: render({ page: 'error', code: told.code, reference }, frame, locale),
  }
}

/** True when tokens are asked for a resource that there is, and that the sign-in did not name. */
async function isNotGranted({ oidc }: KoaContextWithOIDC, { resources }: Surroundings): Promise<boolean> {
  const source = oidc.entities.RefreshToken ?? oidc.entities.AuthorizationCode
  const asked = oidc.params?.resource
  if (!source || typeof asked !== 'string' || source.resourceIndicators.has(asked)) return false
  return (await resources.byIndicator(asked)) !== undefined
}

/** What oidc-provider says in other words, or leaves open. */
const NO_CLIENT = 'no client authentication mechanism provided'
const NO_RESOURCE = 'resource indicator is missing, or unknown'

/** What is wrong with a request's client or API, in words that say what to do. */
function clearer(
  { oidc }: KoaContextWithOIDC,
  { error, error_description: said }: OAuthError,
): string | undefined {
  if (error === 'invalid_client' && !oidc?.client) return 'no application here has this client_id'
  if (said === NO_CLIENT)
    return 'the request names no application: send its client_id, or its id and secret in a Basic header'
  if (error !== 'invalid_target' || said !== NO_RESOURCE) return undefined
  return oidc?.params?.resource
    ? 'resource is unknown: it must be the indicator of an API as it was registered here'
    : 'resource is missing: name the API that the token is for'
}

/** Puts right where Logto answers otherwise than oidc-provider. */
async function correct(ctx: KoaContextWithOIDC, body: OAuthError, around: Surroundings): Promise<OAuthError> {
  const client = ctx.oidc?.client
  // Only a client that exists can fail to authenticate.
  if (body.error === 'invalid_client' && !client && ctx.status === 401) {
    ctx.status = 400
    ctx.remove('WWW-Authenticate')
  }
  const asked = ctx.oidc?.params
  if (
    routeOf(ctx) === 'authorization' &&
    client &&
    body.error === 'invalid_request' &&
    asked &&
    !asked.redirect_uri
  )
    return { ...body, error: 'invalid_redirect_uri', error_description: 'redirect_uri is missing' }
  if (body.error === 'invalid_target' && (await isNotGranted(ctx, around)))
    return {
      ...body,
      error_description: 'the resource was not granted: the authorization request must name it too',
    }
  const words = clearer(ctx, body)
  return words === undefined ? body : { ...body, error_description: words }
}

async function answerError(
  ctx: KoaContextWithOIDC,
  around: Surroundings,
  request: ProviderRequest,
): Promise<void> {
  const body = await correct(ctx, ctx.body as OAuthError, around)
  const code = codeOf(body.error, request.failure)
  request.code = code
  if (wantsPage(ctx)) {
    if (code === 'session.not_found')
      await answerPage(ctx, around, { page: 'unknown-session', expired: true })
    else
      await answerPage(ctx, around, {
        page: 'error',
        code: knownCode(code),
        reference: request.requestId,
      })
    return
  }
  if (ctx.query.parse_error === 'false') {
    ctx.body = body
    return
  }
  ctx.body = { code, message: sentence(knownCode(code), localeOf(ctx)), ...body }
}

/** The page that signs out: the click, or the page's script, sends the form that oidc-provider waits for. */
async function answerSignOut(ctx: KoaContextWithOIDC, around: Surroundings): Promise<void> {
  const { session, params } = ctx.oidc
  await answerPage(
    ctx,
    around,
    {
      page: 'sign-out',
      action: `${around.config.endpoint}/oidc/session/end/confirm`,
      fields: { xsrf: String(session!.state?.secret), logout: 'yes' },
      formId: 'op.logoutForm',
    },
    params?.post_logout_redirect_uri,
  )
}

/**
 * Sends a browser on by a page where the form that signed out would have been answered with a redirect to the
 * application's page, which may lead on to anywhere: see `pagePolicy`. The address is the one that was checked. So are
 * those who sign out of native apps: where the page's script has sent the form, a tap on the link opens the app.
 */
async function answerSignedOut(ctx: KoaContextWithOIDC, around: Surroundings): Promise<void> {
  const href = ctx.response.get('location')
  const staysHere = href.startsWith(`${around.config.endpoint}/oidc/session/end/success`)
  if (staysHere || !wantsPage(ctx)) return
  ctx.remove('location')
  ctx.status = 200
  await answerPage(ctx, around, { page: 'leaving', href })
}

/** Gives oidc-provider's answers Logto's form: error bodies, pages, what is missing. */
export function shapeAnswers(provider: Provider, around: Surroundings): void {
  provider.use(async (context, next) => {
    const ctx = context as KoaContextWithOIDC
    const request = ctx.req as ProviderRequest
    try {
      if (request.refusal) throw request.refusal
      await next()
    } catch (error) {
      request.failure = error
      const refused = error instanceof Refusal
      ctx.status = refused ? error.status : 500
      ctx.body = refused
        ? { error: 'invalid_request', error_description: error.message }
        : { error: 'server_error', error_description: 'something went wrong' }
    }
    const told = ctx.status >= 500 && request.failure ? toldAs(request.failure) : undefined
    const retryAfter = told && retryAfterOf(told)
    if (told && retryAfter !== undefined) {
      ctx.status = statusOf(told)
      ctx.set('Retry-After', String(retryAfter))
    }
    if (ctx.oidc?.client) request.applicationId = ctx.oidc.client.clientId
    if (ctx.status === 404 && !ctx.body) {
      ctx.status = 404
      ctx.body = {
        error: 'invalid_request',
        error_description: `unrecognized route or not allowed method (${ctx.method} on ${ctx.path})`,
      }
    }
    const route = routeOf(ctx)
    if (ctx.status >= 400 && isOAuthError(ctx.body)) await answerError(ctx, around, request)
    else if (route === 'end_session' && ctx.status === 200) await answerSignOut(ctx, around)
    else if (route === 'end_session_confirm' && ctx.status === 303) await answerSignedOut(ctx, around)
    else if (route === 'end_session_success' && ctx.status === 200)
      await answerPage(ctx, around, { page: 'signed-out' })
    // There is nothing in it that could have a type, and clients refuse one that is not JSON's.
    if (route === 'revocation' && ctx.status === 200) ctx.remove('Content-Type')
    if (route === 'jwks' && ctx.status === 200) {
      const { keys } = ctx.body as { keys: { kid: string }[] }
      ctx.body = { keys: keys.filter(({ kid }) => around.published.has(kid)) }
      ctx.type = 'application/jwk-set+json; charset=utf-8'
    }
    if (route === 'discovery' || route === 'jwks') {
      ctx.set('Access-Control-Allow-Origin', '*')
      ctx.set('Cache-Control', 'no-cache, max-age=0, must-revalidate')
    }
  })
}
