import type { SignInExperience } from '@countersign/api'
import { appScheme, chooseLocale, type Entrance, type Places, type View } from '@countersign/sign-in'
import type { Context, Hono } from 'hono'
import type { Keys } from '../crypto/keys.ts'
import type { Channels } from '../experience/check.ts'
import { failureLook, type Look, pageLook } from '../experience/look.ts'
import { retryAfterOf, statusOf, toldAs } from '../http/errors.ts'
import type { TrustProxy } from '../http/proxies.ts'
import { acceptsHtml, callerOf } from '../http/request.ts'
import { currentRequestId } from '../http/request-id.ts'
import type { Speech } from '../phrases/phrases.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { Browsers } from './browsers.ts'
import type { Interactions } from './interactions.ts'
import type { InteractionContent } from './open-interaction.ts'
import { takeCheck } from './page-check.ts'
import {
  type FormRequest,
  formToken,
  languageLinks,
  type PageRequest,
  pageLanguages,
  readForm,
  respond,
} from './page-request.ts'
import type { PageRoom, Target } from './page-room.ts'
import { pageName, pageStateFor } from './page-state.ts'
import { reachable } from './reachable.ts'

/** What the pages must know of the authorization request they belong to. */
export interface PageAuthorization {
  uid: string
  clientId: string
  params: Record<string, unknown>
  applicationName: string | undefined
}

export interface PagesDeps {
  /** What the forms need. */
  actions: PageRoom
  interactions: Interactions
  browsers: Browsers
  keys: Keys
  settings(): Promise<SignInExperience>
  /** Those that were read last, for a page that cannot ask for them. */
  knownSettings(): SignInExperience
  /** Which channels have a connection for an application. */
  channels(applicationId: string): Promise<Channels>
  /** Where text messages of an application can go. */
  servedPlaces(applicationId: string): Promise<Places>
  /** How the pages speak to somebody who likes these languages, best first. */
  speech(tags: string[], fallbackLanguage: string): Promise<Speech>
  /** @throws ApiError `session.not_found`, `oidc.invalid_request` */
  interactionOf(context: Context): Promise<PageAuthorization>
  /** The application with an id, or the only one that signs people in: where its visitors begin. */
  entrance(applicationId?: string): Promise<Entrance | undefined>
  /** Finishes the consent of a first-party application; returns the address to go on to. */
  consent(context: Context): Promise<string>
  /** See `callerOf`. */
  trustProxy: TrustProxy
  simulated: boolean
  inboxUrl: string | undefined
}

/** Where the hosted pages are mounted. */
export interface PageMount {
  app: Hono
  deps: PagesDeps
}

/** A request with everything a page needs, for an interaction that is only looked at or worked on. */
async function requestOf<V extends InteractionContent>(
  mount: PageMount,
  http: Context,
  authorization: PageAuthorization,
  interaction: V,
): Promise<PageRequest & { interaction: V }> {
  const { deps } = mount
  const { ip, userAgent } = callerOf(http, deps.trustProxy)
  const settings = reachable(await deps.settings(), await deps.channels(authorization.clientId))
  const languages = pageLanguages(http, authorization.params, settings)
  const speech = await deps.speech(languages, settings.languageInfo.fallbackLanguage)
  const { uid, clientId, applicationName } = authorization
  return {
    http,
    ...authorization,
    visitor: { ip, userAgent, clientId, browser: deps.browsers.of(http.req.header('cookie')) },
    now: deps.actions.world.now,
    settings,
    languages,
    served: () => deps.servedPlaces(clientId),
    challenge: () => deps.actions.captcha.ask(uid),
    interaction,
    locale: speech.locale,
    frame: {
      ...frameOf(mount, http, { look: pageLook(settings), languages: speech.languages, uid }),
      ...(applicationName !== undefined && { applicationName }),
    },
    href: addressesOf(http, authorization),
  }
}

/** Makes addresses of other pages of the same interaction, in the same language. */
function addressesOf(http: Context, { uid, clientId }: PageAuthorization): PageRequest['href'] {
  const kept = new URLSearchParams(uid && { app_id: clientId, interaction: uid })
  for (const name of ['ui_locales', 'preview']) {
    const value = http.req.query(name)
    if (value) kept.set(name, value)
  }
  return (path, query = {}) => {
    const [pathname, search = ''] = path.split('?')
    const all = new URLSearchParams([...kept, ...new URLSearchParams(search), ...Object.entries(query)])
    return `${pathname}?${all}`
  }
}

function frameOf(
  { deps }: PageMount,
  http: Context,
  page: { look: Look; languages: Speech['languages']; uid?: string },
): PageRequest['frame'] {
  const { uid = '' } = page
  return {
    csrf: uid && formToken(deps.keys, uid),
    languages: languageLinks(http, page.languages, uid),
    simulated: deps.simulated,
    ...(deps.inboxUrl && { inboxUrl: deps.inboxUrl }),
    ...page.look,
  }
}

const show = ({ frame, locale, params }: PageRequest, view: View): Response =>
  respond(view, frame, locale, { leadsTo: params.redirect_uri })

/**
 * The answer to the form that ends an interaction. A browser is sent on by a page, for it would hold a redirect, and
 * all that follow at the application, to the `form-action` of the page with the form; programs and native apps are
 * redirected.
 */
const leave = (request: PageRequest, address: string): Response =>
  acceptsHtml(request.http.req.header('accept')) && appScheme(request.params.redirect_uri) === undefined
    ? show(request, { page: 'leaving', href: address })
    : request.http.redirect(address, 303)

/**
 * A page outside any interaction.
 *
 * @example return plain(mount, http, { page: 'error', code: 'oidc.access_denied' }, 403)
 */
export async function plain(mount: PageMount, http: Context, view: View, status: number): Promise<Response> {
  const settings = await mount.deps.settings()
  const { fallbackLanguage } = settings.languageInfo
  const { locale, languages } = await mount.deps.speech(pageLanguages(http, {}, settings), fallbackLanguage)
  const frame = frameOf(mount, http, { look: pageLook(settings), languages })
  const name = 'application' in view ? view.application?.name : undefined
  return respond(view, { ...frame, ...(name && { applicationName: name }) }, locale, { status })
}

/** A page that asks the database for nothing, in the look that the pages had last. */
function withoutDatabase(mount: PageMount, http: Context, view: View, status: number): Response {
  const settings = mount.deps.knownSettings()
  const locale = chooseLocale(pageLanguages(http, {}, settings))
  const frame = frameOf(mount, http, { look: failureLook(settings), languages: [] })
  return respond(view, frame, locale, { status })
}

/** What the address says of the interaction that it belonged to. */
function interactionIn(http: Context): URLSearchParams {
  const kept = new URLSearchParams()
  for (const name of ['app_id', 'interaction', 'ui_locales']) {
    const value = http.req.query(name)
    if (value && value.length <= 256) kept.set(name, value)
  }
  return kept
}

/**
 * The page for visitors without an interaction: it says that theirs is over, or where to begin, and leads back to the
 * application that the address names, else to the only one.
 *
 * @example app.get('/unknown-session', http => withoutInteraction(mount, http))
 */
export async function withoutInteraction(mount: PageMount, http: Context, status = 200): Promise<Response> {
  const id = interactionIn(http).get('app_id')
  const application = (id !== null && (await mount.deps.entrance(id))) || (await mount.deps.entrance())
  const expired = interactionIn(http).has('interaction')
  return plain(mount, http, { page: 'unknown-session', expired, ...(application && { application }) }, status)
}

/** The page at the bare address. */
async function home(mount: PageMount, http: Context): Promise<Response> {
  const application = await mount.deps.entrance()
  return plain(mount, http, { page: 'home', ...(application && { application }) }, 200)
}

/** True when an operator sends visitors without an interaction to the very page that they have come from. */
function leadsBack(http: Context, wanted: string): boolean {
  const { host, pathname } = new URL(wanted)
  return host === http.req.header('host') && pathname === http.req.path
}

/** What support finds the request by in the log. */
function referenceOf(): { reference?: string } {
  const reference = currentRequestId()
  return reference === undefined ? {} : { reference }
}

/**
 * A visitor without an interaction is led to the page that explains it, or where the operator wants; whatever
 * else fails is told on a page, with the request's line in the log.
 *
 * @example return answer(mount, http, action).catch(error => lost(mount, http, error))
 */
export async function lost(mount: PageMount, http: Context, error: unknown): Promise<Response> {
  if (!(error instanceof ApiError)) {
    http.error = error instanceof Error ? error : new Error(String(error))
    const told = toldAs(error)
    const view = { page: 'error', code: told.code, ...referenceOf() } as const
    const retryAfter = retryAfterOf(told)
    if (retryAfter === undefined) return plain(mount, http, view, statusOf(told))
    const answer = withoutDatabase(mount, http, view, statusOf(told))
    answer.headers.set('retry-after', String(retryAfter))
    return answer
  }
  if (error.code !== 'session.not_found')
    return plain(mount, http, { page: 'error', code: error.code, ...referenceOf() }, statusOf(error))
  const { unknownSessionRedirectUrl: wanted } = await mount.deps.settings()
  const elsewhere = wanted && !leadsBack(http, wanted) ? wanted : undefined
  const isBrowser = acceptsHtml(http.req.header('accept'))
  // It may have been a form that brought the visitor here, or a redirect after one.
  if (elsewhere && isBrowser) return plain(mount, http, { page: 'leaving', href: elsewhere }, 200)
  if (elsewhere) return http.redirect(elsewhere, 302)
  if (http.req.path === '/') return home(mount, http)
  const query = isBrowser ? interactionIn(http).toString() : ''
  return http.redirect(`/unknown-session${query && '?'}${query}`, 302)
}

/** Who asks for it may look at the pages without an interaction; their forms lead nowhere. */
async function authorizationOrPreview({ deps }: PageMount, http: Context): Promise<PageAuthorization> {
  try {
    return await deps.interactionOf(http)
  } catch (error) {
    const isPreview = error instanceof ApiError && error.code === 'session.not_found'
    if (!isPreview || !http.req.query('preview')) throw error
    return { uid: '', clientId: '', params: {}, applicationName: undefined }
  }
}

/** What a page shows, or the path of the page that is to be shown instead. */
export type Shown = View | string

/**
 * Mounts a page: a GET that changes nothing.
 *
 * @example page(mount, '/sign-in/password', request => passwordView(request))
 */
export function page(
  mount: PageMount,
  path: string,
  view: (request: PageRequest) => Promise<Shown> | Shown,
): void {
  mount.app.get(path, async http => {
    try {
      const request = await lookedAt(mount, http)
      const shown = await view(request)
      return typeof shown === 'string' ? http.redirect(request.href(shown), 303) : show(request, shown)
    } catch (error) {
      return lost(mount, http, error)
    }
  })
}

/** A request that changes nothing. */
async function lookedAt(mount: PageMount, http: Context): Promise<PageRequest> {
  const { now } = mount.deps.actions.world
  const authorization = await authorizationOrPreview(mount, http)
  const interaction = await mount.deps.interactions.read(authorization.uid)
  const own = pageName(http.req.path, new URL(http.req.url).searchParams)
  const seen = { ...interaction, page: pageStateFor(own, interaction.page, now()) }
  return requestOf(mount, http, authorization, seen)
}

/**
 * Mounts what the script of a page asks: a GET that changes nothing, answered with JSON.
 *
 * @example question(mount, '/message-receipt', async () => ({ notice: 'The phone is off.' }))
 */
export function question(
  mount: PageMount,
  path: string,
  answerTo: (request: PageRequest) => Promise<Record<string, string>>,
): void {
  mount.app.get(path, async http => {
    http.header('cache-control', 'no-store')
    return http.json(await answerTo(await lookedAt(mount, http)))
  })
}

/** What a form does; the answer is where it leads. */
export type FormAction = (request: FormRequest, fields: Record<string, string>) => Promise<Target>

/**
 * Mounts a form: a POST that is one transition of its interaction, and answers with a redirect, or with the page that
 * leaves.
 *
 * @example form(mount, '/sign-in/use-code', request => useCode(mount.deps.actions, request))
 */
export function form(mount: PageMount, path: string, action: FormAction): void {
  mount.app.post(path, async http => {
    try {
      return await answer(mount, http, action)
    } catch (error) {
      return lost(mount, http, error)
    }
  })
}

async function answer(mount: PageMount, http: Context, action: FormAction): Promise<Response> {
  const { deps } = mount
  const authorization = await deps.interactionOf(http)
  const fields = await readForm(http, deps.keys, authorization.uid)
  return deps.interactions.transition(authorization.uid, async interaction => {
    const asked = await requestOf(mount, http, authorization, interaction)
    const request: FormRequest = {
      ...asked,
      takeCheck: page => takeCheck(deps.actions.steps, asked, { token: fields?.captcha, page }),
    }
    if (!fields) return expired(request)
    const response = goOn(request, await action(request, fields))
    const { setCookie } = request.visitor.browser ?? {}
    if (setCookie !== undefined) response.headers.append('set-cookie', setCookie)
    return response
  })
}

function goOn(request: FormRequest, target: Target): Response {
  if ('address' in target) return leave(request, target.address)
  const [pathname = '', query] = target.path.split('?')
  request.interaction.remember({ noticeFor: pageName(pathname, new URLSearchParams(query)) })
  return request.http.redirect(request.href(target.path), 303)
}

function expired({ http, interaction, href }: FormRequest): Response {
  interaction.remember({ notice: { tone: 'error', code: 'form_expired' }, noticeFor: '/sign-in' })
  return http.redirect(href('/sign-in'), 303)
}
