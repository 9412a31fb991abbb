import type { SignInExperience } from '@countersign/api'
import type { Destination } from '@countersign/kit'
import { assets, chooseLocale, type IdentifierKind, themeStylesheet, type View } from '@countersign/sign-in'
import type { Context, Hono } from 'hono'
import type { Keys } from '../crypto/keys.ts'
import type { Channels } from '../experience/check.ts'
import { DEFAULT_EXPERIENCE } from '../experience/defaults.ts'
import { pageLook } from '../experience/look.ts'
import { ApiError, retryAfterOf, toldAs } from '../http/errors.ts'
import { callerOf } from '../http/request.ts'
import type { Speech } from '../phrases/phrases.ts'
import type { World } from '../world.ts'
import type { Browsers } from './browsers.ts'
import type { State } from './flow.ts'
import type { PageActions, Target } from './page-actions.ts'
import { memoryFor, pageName } from './page-memory.ts'
import {
  formToken,
  languageLinks,
  type PageRequest,
  pageLanguages,
  readForm,
  respond,
} from './page-request.ts'
import { reachable } from './reachable.ts'
import { termsFor } from './terms.ts'
import { showIdentifier } from './typed.ts'
import {
  addIdentifierView,
  codeView,
  EVENTS,
  identifierView,
  isOpen,
  kindsOffered,
  kindsOfMissing,
  newPasswordView,
  type Purpose,
  passwordView,
} from './views.ts'
import type { Visits } from './visits.ts'

/** What the pages must know of the authorization request they belong to. */
export interface PageInteraction {
  uid: string
  clientId: string
  params: Record<string, unknown>
  applicationName: string | undefined
}

export interface PagesDeps {
  actions: PageActions
  visits: Visits
  browsers: Browsers
  keys: Keys
  world: World
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
  trustProxy: boolean
  simulated: boolean
  inboxUrl: string | undefined
}

/** Paths that show the first page of a purpose; the aliases are Logto's names. */
const FIRST_PAGES: readonly (readonly [string, Purpose])[] = [
  ['/sign-in', 'sign-in'],
  ['/register', 'register'],
  ['/reset-password', 'reset-password'],
  ['/forgot-password', 'reset-password'],
  ['/identifier-sign-in', 'sign-in'],
  ['/identifier-register', 'register'],
]

/** What leads to a first page: addresses of Logto's pages that are none here, and of forms that somebody reloads. */
const ELSEWHERE = [
  ['/single-sign-on', '/sign-in'],
  ['/single-sign-on/*', '/sign-in'],
  ['/social/register/*', '/register'],
  ['/forgot-password/*', '/reset-password'],
  ['/sign-in/*', '/sign-in'],
  ['/register/*', '/register'],
  ['/reset-password/*', '/reset-password'],
  ['/continue/*', '/continue'],
] as const

/** Something missing can be added by whoever has proved who they are, or is about to register. */
const mayAdd = (state: State | undefined) =>
  state?.event === 'Register' || (state?.event === 'SignIn' && state.userId !== undefined)

/** The hosted pages: every page a GET that changes nothing, every form a POST that answers with a redirect. */
export function mountPages(app: Hono, deps: PagesDeps): void {
  const { actions, visits, keys, world } = deps
  let known: SignInExperience | undefined

  async function requestOf(http: Context, interaction: PageInteraction): Promise<PageRequest> {
    const { ip, userAgent } = callerOf(http, deps.trustProxy)
    known = await deps.settings()
    const settings = reachable(known, await deps.channels())
    const languages = pageLanguages(http, interaction.params, settings)
    const speech = await deps.speech(languages, settings.languageInfo.fallbackLanguage)
    const visit = await visits.read(interaction.uid)
    const kept = new URLSearchParams(
      interaction.uid && { app_id: interaction.clientId, interaction: interaction.uid },
    )
    for (const name of ['ui_locales', 'preview']) {
      const value = http.req.query(name)
      if (value) kept.set(name, value)
    }
    return {
      http,
      ...interaction,
      visitor: {
        ip,
        userAgent,
        clientId: interaction.clientId,
        browser: deps.browsers.of(http.req.header('cookie')),
      },
      settings,
      languages,
      served: deps.servedDestinations,
      visit: {
        ...visit,
        page: memoryFor(pageName(http.req.path, new URL(http.req.url).searchParams), visit.page),
      },
      locale: speech.locale,
      frame: {
        ...frameOf(http, settings, speech.languages, formToken(keys, interaction.uid), interaction.uid),
        ...(interaction.applicationName !== undefined && { applicationName: interaction.applicationName }),
      },
      href(path, query = {}) {
        const [pathname, search = ''] = path.split('?')
        const all = new URLSearchParams([...kept, ...new URLSearchParams(search), ...Object.entries(query)])
        return `${pathname}?${all}`
      },
    }
  }

  function frameOf(
    http: Context,
    settings: SignInExperience,
    languages: Speech['languages'],
    csrf: string,
    uid = '',
  ): PageRequest['frame'] {
    return {
      csrf,
      languages: languageLinks(http, languages, uid),
      simulated: deps.simulated,
      ...(deps.inboxUrl && { inboxUrl: deps.inboxUrl }),
      ...pageLook(settings),
    }
  }

  const show = (request: PageRequest, view: View) => {
    const { redirect_uri: target } = request.params
    return respond(view, request.frame, request.locale, typeof target === 'string' ? [target] : [])
  }

  /** A page outside any interaction. */
  async function plain(http: Context, view: View, status: number): Promise<Response> {
    const settings = await deps.settings()
    known = settings
    const { fallbackLanguage } = settings.languageInfo
    const { locale, languages } = await deps.speech(pageLanguages(http, {}, settings), fallbackLanguage)
    return respond(view, frameOf(http, settings, languages, ''), locale, [], status)
  }

  /** A page that asks the database for nothing, in the look that the pages had last. */
  function withoutDatabase(http: Context, view: View, status: number): Response {
    const settings = known ?? DEFAULT_EXPERIENCE
    const locale = chooseLocale(pageLanguages(http, {}, settings))
    return respond(view, frameOf(http, settings, [], ''), locale, [], status)
  }

  /**
   * A visitor without an interaction is led to the page that explains it, or where the operator wants; whatever
   * else fails is told on a page, with the request's line in the log.
   */
  async function lost(http: Context, error: unknown): Promise<Response> {
    if (!(error instanceof ApiError)) {
      http.error = error instanceof Error ? error : new Error(String(error))
      const told = toldAs(error)
      const view = { page: 'error', code: told.code } as const
      const retryAfter = retryAfterOf(told)
      if (retryAfter === undefined) return plain(http, view, told.status)
      const answer = withoutDatabase(http, view, told.status)
      answer.headers.set('retry-after', String(retryAfter))
      return answer
    }
    if (error.code !== 'session.not_found')
      return plain(http, { page: 'error', code: error.code }, error.status)
    const { unknownSessionRedirectUrl } = await deps.settings()
    return http.redirect(unknownSessionRedirectUrl || '/unknown-session', 302)
  }

  /** Who asks for it may look at the pages without an interaction; their forms lead nowhere. */
  async function interactionOrPreview(http: Context): Promise<PageInteraction> {
    try {
      return await deps.interactionOf(http)
    } catch (error) {
      const isPreview = error instanceof ApiError && error.code === 'session.not_found'
      if (!isPreview || !http.req.query('preview')) throw error
      return { uid: '', clientId: '', params: {}, applicationName: undefined }
    }
  }

  function page(path: string, view: (request: PageRequest) => Promise<View | string> | View | string): void {
    app.get(path, async http => {
      try {
        const request = await requestOf(http, await interactionOrPreview(http))
        const shown = await view(request)
        return typeof shown === 'string' ? http.redirect(request.href(shown), 303) : show(request, shown)
      } catch (error) {
        return lost(http, error)
      }
    })
  }

  function form(
    path: string,
    action: (request: PageRequest, fields: Record<string, string>) => Promise<Target>,
  ): void {
    app.post(path, async http => {
      try {
        return await answer(http, action)
      } catch (error) {
        return lost(http, error)
      }
    })
  }

  async function answer(
    http: Context,
    action: (request: PageRequest, fields: Record<string, string>) => Promise<Target>,
  ): Promise<Response> {
    const request = await requestOf(http, await deps.interactionOf(http))
    const fields = await readForm(http, keys, request.uid)
    if (!fields) {
      const notice = { tone: 'error', code: 'form_expired' } as const
      await visits.remember(request.uid, { notice, noticeFor: '/sign-in' })
      return http.redirect(request.href('/sign-in'), 303)
    }
    const target = await action(request, fields)
    const { setCookie } = request.visitor.browser ?? {}
    if (setCookie !== undefined) http.header('set-cookie', setCookie, { append: true })
    if ('address' in target) return http.redirect(target.address, 303)
    const [pathname = '', query] = target.path.split('?')
    await visits.remember(request.uid, { noticeFor: pageName(pathname, new URLSearchParams(query)) })
    return http.redirect(request.href(target.path), 303)
  }

  const kindIn = (kinds: IdentifierKind[], wanted: string | undefined) =>
    kinds.find(kind => kind === wanted) ?? kinds[0] ?? 'phone'

  for (const [path, purpose] of FIRST_PAGES) {
    page(path, request => {
      if (isOpen(purpose, request.settings)) return identifierView(request, purpose)
      const other = purpose === 'sign-in' ? 'register' : 'sign-in'
      return isOpen(other, request.settings)
        ? `/${other}`
        : { page: 'error', code: 'user.sign_in_method_not_enabled' }
    })
    form(path, async (request, fields) =>
      isOpen(purpose, request.settings)
        ? actions.begin(request, purpose, kindIn(kindsOffered(request, purpose), fields.kind), fields)
        : { path: `/${purpose}` },
    )
  }

  const codePages = [
    ['/sign-in', 'sign-in'],
    ['/register', 'register'],
    ['/reset-password', 'reset-password'],
    ['/continue', 'add'],
  ] as const
  for (const [base, purpose] of codePages) {
    page(`${base}/code`, async request => {
      const { state } = request.visit
      const record = actions.codeRecord(state)
      const begun = purpose === 'add' ? mayAdd(state) : state?.event === EVENTS[purpose]
      if (!record || !begun) return base
      return codeView(request, purpose, record, {
        now: world.now(),
        end: await actions.codeEnd(request.uid, record),
      })
    })
    form(`${base}/code`, (request, fields) => actions.submitCode(request, purpose, fields))
    form(`${base}/resend`, request => actions.resend(request, purpose))
  }

  page('/sign-in/password', request => (request.visit.page.identifier ? passwordView(request) : '/sign-in'))
  form('/sign-in/password', (request, fields) => actions.submitPassword(request, fields))
  form('/sign-in/use-code', request => actions.useCode(request))

  const offer = (kind: 'offer-register' | 'offer-sign-in', path: string, back: string) =>
    page(path, request => {
      const record = actions.codeRecord(request.visit.state)
      if (!record?.verified) return back
      const { notice } = request.visit.page
      return {
        page: kind,
        action: request.href(path),
        identifier: showIdentifier(record.identifier),
        changeHref: request.href(back),
        ...(kind === 'offer-register' &&
          termsFor({ settings: request.settings, memory: request.visit.page }, 'Register')),
        ...(notice && { notice }),
      }
    })
  offer('offer-register', '/sign-in/create', '/sign-in')
  form('/sign-in/create', (request, fields) =>
    actions.switchEvent(request, 'Register', '/sign-in/create', fields),
  )
  offer('offer-sign-in', '/register/existing', '/register')
  form('/register/existing', (request, fields) =>
    actions.switchEvent(request, 'SignIn', '/register/existing', fields),
  )

  page('/register/password', request =>
    request.visit.page.identifier?.type === 'username'
      ? newPasswordView(request, 'register', '/register/password')
      : '/register',
  )
  form('/register/password', (request, fields) =>
    actions.submitNewPassword(request, 'register', '/register/password', fields),
  )
  page('/reset-password/new', request =>
    request.visit.state?.event === 'ForgotPassword' && request.visit.state.userId !== undefined
      ? newPasswordView(request, 'reset-password', '/reset-password/new')
      : '/reset-password',
  )
  form('/reset-password/new', (request, fields) =>
    actions.submitNewPassword(request, 'reset-password', '/reset-password/new', fields),
  )
  page('/reset-password/done', request => ({
    page: 'password-changed',
    continueHref: request.href('/sign-in'),
  }))

  page('/continue', async request => {
    const { state } = request.visit
    const [first] = state && mayAdd(state) ? await actions.missing(request, state) : []
    if (!first) return '/sign-in'
    return first === 'password'
      ? newPasswordView(request, 'add', '/continue/password')
      : addIdentifierView(request, first)
  })
  form('/continue', async (request, fields) => {
    const { state } = request.visit
    const [first] = state && mayAdd(state) ? await actions.missing(request, state) : []
    if (!first || first === 'password') return { path: '/continue' }
    return actions.addIdentifier(request, kindIn(kindsOfMissing(first), fields.kind), fields)
  })
  form('/continue/password', (request, fields) =>
    actions.submitNewPassword(request, 'add', '/continue', fields),
  )

  app.get('/consent', async http => {
    try {
      return http.redirect(await deps.consent(http), 302)
    } catch (error) {
      // In a visit that has not come so far nothing is lost; it is the wrong page.
      const early = error instanceof ApiError && error.code === 'session.not_found'
      if (early && (await deps.interactionOf(http).catch(() => undefined)))
        return plain(http, { page: 'unknown-session' }, 400)
      return lost(http, error)
    }
  })
  page('/', () => '/sign-in')
  for (const [path, base] of ELSEWHERE) page(path, () => base)
  app.get('/unknown-session', http => plain(http, { page: 'unknown-session' }, 200))

  app.get('/assets/theme/:color{[0-9a-f]{6}\\.css}', http => {
    const theme = themeStylesheet(`#${http.req.param('color').slice(0, 6)}`)
    return theme ? asset(theme.body, 'text/css; charset=utf-8') : http.text('Not Found', 404)
  })
  app.get('/assets/*', http => {
    const found = assets[http.req.path]
    return found ? asset(found.body, found.type) : http.text('Not Found', 404)
  })
}

const asset = (body: string, type: string) =>
  new Response(body, {
    headers: { 'content-type': type, 'cache-control': 'public, max-age=31536000, immutable' },
  })
