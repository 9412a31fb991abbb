import type { SignInExperience } from '@countersign/api'
import type { Destination } from '@countersign/kit'
import { appScheme, chooseLocale, type View } from '@countersign/sign-in'
import type { Context, Hono } from 'hono'
import type { Keys } from '../crypto/keys.ts'
import type { Channels } from '../experience/check.ts'
import { DEFAULT_EXPERIENCE } from '../experience/defaults.ts'
import { pageLook } from '../experience/look.ts'
import { retryAfterOf, statusOf, toldAs } from '../http/errors.ts'
import type { TrustProxy } from '../http/proxies.ts'
import { acceptsHtml, callerOf } from '../http/request.ts'
import type { Speech } from '../phrases/phrases.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { Browsers } from './browsers.ts'
import { memoryFor, pageName } from './page-memory.ts'
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
import { reachable } from './reachable.ts'
import type { VisitContent } from './visit.ts'
import type { Visits } from './visits.ts'

/** What the pages must know of the authorization request they belong to. */
export interface PageInteraction {
  uid: string
  clientId: string
  params: Record<string, unknown>
  applicationName: string | undefined
}

export interface PagesDeps {
  /** What the forms need. */
  actions: PageRoom
  visits: Visits
  browsers: Browsers
  keys: Keys
  settings(): Promise<SignInExperience>
  /** Which channels have a connection. */
  channels(): Promise<Channels>
  /** Where text messages can go. */
  servedDestinations(): Promise<readonly Destination[]>
  /** How the pages speak to somebody who likes these languages, best first. */
  speech(tags: string[], fallbackLanguage: string): Promise<Speech>
  /** @throws ApiError `session.not_found`, `oidc.invalid_request` */
  interactionOf(context: Context): Promise<PageInteraction>
  /** Finishes the consent of a first-party application; returns the address to go on to. */
  consent(context: Context): Promise<string>
  /** See `callerOf`. */
  trustProxy: TrustProxy
  simulated: boolean
  inboxUrl: string | undefined
}

/** Where the hosted pages are mounted. */
export interface PageDoor {
  app: Hono
  deps: PagesDeps
  /** The settings that were read last, for the look of a page that cannot ask for them. */
  known?: SignInExperience
}

/** A request with everything a page needs, for a visit that is only looked at or worked on. */
async function requestOf<V extends VisitContent>(
  door: PageDoor,
  http: Context,
  interaction: PageInteraction,
  visit: V,
): Promise<PageRequest & { visit: V }> {
  const { deps } = door
  const { ip, userAgent } = callerOf(http, deps.trustProxy)
  door.known = await deps.settings()
  const settings = reachable(door.known, await deps.channels())
  const languages = pageLanguages(http, interaction.params, settings)
  const speech = await deps.speech(languages, settings.languageInfo.fallbackLanguage)
  const { uid, clientId, applicationName } = interaction
  return {
    http,
    ...interaction,
    visitor: { ip, userAgent, clientId, browser: deps.browsers.of(http.req.header('cookie')) },
    now: deps.actions.world.now,
    settings,
    languages,
    served: deps.servedDestinations,
    visit,
    locale: speech.locale,
    frame: {
      ...frameOf(door, http, { settings, languages: speech.languages, uid }),
      ...(applicationName !== undefined && { applicationName }),
    },
    href: addressesOf(http, interaction),
  }
}

/** Makes addresses of other pages of the same interaction, in the same language. */
function addressesOf(http: Context, { uid, clientId }: PageInteraction): PageRequest['href'] {
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
  { deps }: PageDoor,
  http: Context,
  page: { settings: SignInExperience; languages: Speech['languages']; uid?: string },
): PageRequest['frame'] {
  const { uid = '' } = page
  return {
    csrf: uid && formToken(deps.keys, uid),
    languages: languageLinks(http, page.languages, uid),
    simulated: deps.simulated,
    ...(deps.inboxUrl && { inboxUrl: deps.inboxUrl }),
    ...pageLook(page.settings),
  }
}

const show = ({ frame, locale, params }: PageRequest, view: View): Response =>
  respond(view, frame, locale, { leadsTo: params.redirect_uri })

/**
 * The answer to the form that ends a visit. A browser is sent on by a page, for it would hold a redirect, and all that
 * follow at the application, to the `form-action` of the page with the form; programs and native apps are redirected.
 */
const leave = (request: PageRequest, address: string): Response =>
  acceptsHtml(request.http.req.header('accept')) && appScheme(request.params.redirect_uri) === undefined
    ? show(request, { page: 'leaving', href: address })
    : request.http.redirect(address, 303)

/** A page outside any interaction. */
export async function plain(door: PageDoor, http: Context, view: View, status: number): Promise<Response> {
  const settings = await door.deps.settings()
  door.known = settings
  const { fallbackLanguage } = settings.languageInfo
  const { locale, languages } = await door.deps.speech(pageLanguages(http, {}, settings), fallbackLanguage)
  return respond(view, frameOf(door, http, { settings, languages }), locale, { status })
}

/** A page that asks the database for nothing, in the look that the pages had last. */
function withoutDatabase(door: PageDoor, http: Context, view: View, status: number): Response {
  const settings = door.known ?? DEFAULT_EXPERIENCE
  const locale = chooseLocale(pageLanguages(http, {}, settings))
  return respond(view, frameOf(door, http, { settings, languages: [] }), locale, { status })
}

/**
 * A visitor without an interaction is led to the page that explains it, or where the operator wants; whatever
 * else fails is told on a page, with the request's line in the log.
 */
export async function lost(door: PageDoor, http: Context, error: unknown): Promise<Response> {
  if (!(error instanceof ApiError)) {
    http.error = error instanceof Error ? error : new Error(String(error))
    const told = toldAs(error)
    const view = { page: 'error', code: told.code } as const
    const retryAfter = retryAfterOf(told)
    if (retryAfter === undefined) return plain(door, http, view, statusOf(told))
    const answer = withoutDatabase(door, http, view, statusOf(told))
    answer.headers.set('retry-after', String(retryAfter))
    return answer
  }
  if (error.code !== 'session.not_found')
    return plain(door, http, { page: 'error', code: error.code }, statusOf(error))
  const { unknownSessionRedirectUrl } = await door.deps.settings()
  // It may have been a form that brought the visitor here, or a redirect after one.
  if (unknownSessionRedirectUrl && acceptsHtml(http.req.header('accept')))
    return plain(door, http, { page: 'leaving', href: unknownSessionRedirectUrl }, 200)
  return http.redirect(unknownSessionRedirectUrl || '/unknown-session', 302)
}

/** Who asks for it may look at the pages without an interaction; their forms lead nowhere. */
async function interactionOrPreview({ deps }: PageDoor, http: Context): Promise<PageInteraction> {
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
 * @example page(door, '/sign-in/password', request => passwordView(request))
 */
export function page(
  door: PageDoor,
  path: string,
  view: (request: PageRequest) => Promise<Shown> | Shown,
): void {
  door.app.get(path, async http => {
    try {
      const { now } = door.deps.actions.world
      const interaction = await interactionOrPreview(door, http)
      const visit = await door.deps.visits.read(interaction.uid)
      const own = pageName(http.req.path, new URL(http.req.url).searchParams)
      const seen = { ...visit, page: memoryFor(own, visit.page, now()) }
      const request = await requestOf(door, http, interaction, seen)
      const shown = await view(request)
      return typeof shown === 'string' ? http.redirect(request.href(shown), 303) : show(request, shown)
    } catch (error) {
      return lost(door, http, error)
    }
  })
}

/** What a form does; the answer is where it leads. */
export type FormAction = (request: FormRequest, fields: Record<string, string>) => Promise<Target>

/**
 * Mounts a form: a POST that is one transition of its visit, and answers with a redirect, or with the page that leaves.
 *
 * @example form(door, '/sign-in/use-code', request => useCode(door.deps.actions, request))
 */
export function form(door: PageDoor, path: string, action: FormAction): void {
  door.app.post(path, async http => {
    try {
      return await answer(door, http, action)
    } catch (error) {
      return lost(door, http, error)
    }
  })
}

async function answer(door: PageDoor, http: Context, action: FormAction): Promise<Response> {
  const { deps } = door
  const interaction = await deps.interactionOf(http)
  const fields = await readForm(http, deps.keys, interaction.uid)
  return deps.visits.transition(interaction.uid, async visit => {
    const request = await requestOf(door, http, interaction, visit)
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
  request.visit.remember({ noticeFor: pageName(pathname, new URLSearchParams(query)) })
  return request.http.redirect(request.href(target.path), 303)
}

function expired({ http, visit, href }: FormRequest): Response {
  visit.remember({ notice: { tone: 'error', code: 'form_expired' }, noticeFor: '/sign-in' })
  return http.redirect(href('/sign-in'), 303)
}
