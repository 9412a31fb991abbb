import { assets, customStylesheet, type IdentifierKind, sentence, themeAt } from '@countersign/sign-in'
import type { Context, Hono } from 'hono'
import { acceptsHtml } from '../http/request.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { State } from './flow.ts'
import { addIdentifier, begin, resend, useCode } from './page-codes.ts'
import { missing } from './page-finish.ts'
import { inPlaceOf } from './page-in-place.ts'
import {
  form,
  lost,
  type PageMount,
  type PagesDeps,
  page,
  plain,
  question,
  type Shown,
  withoutInteraction,
} from './page-mount.ts'
import { submitCode, submitNewPassword, submitPassword, switchEvent } from './page-proofs.ts'
import type { PageRequest } from './page-request.ts'
import { type Aim, baseOf, codeRecord } from './page-room.ts'
import { mustBeHuman } from './requirements.ts'
import { termsFor } from './terms.ts'
import { showIdentifier } from './typed.ts'
import {
  addIdentifierView,
  codeView,
  EVENTS,
  identifierView,
  inPlaceView,
  isOpen,
  kindsOffered,
  kindsOfMissing,
  newPasswordView,
  type Purpose,
  passwordView,
  RECEIPT_PATH,
} from './views.ts'

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
  ['/identifier-sign-in/*', '/sign-in'],
  ['/identifier-register/*', '/register'],
  ['/consent/*', '/consent'],
] as const

/** Something missing can be added by whoever has proved who they are, or is about to register. */
const mayAdd = (state: State | undefined) =>
  state?.event === 'Register' || (state?.event === 'SignIn' && state.userId !== undefined)

const kindIn = (kinds: IdentifierKind[], wanted: string | undefined) =>
  kinds.find(kind => kind === wanted) ?? kinds[0] ?? 'phone'

/**
 * Mounts the hosted pages: every page is a GET that changes nothing, every form a POST that answers with a redirect, or
 * with the page that leaves.
 *
 * @example mountPages(app, deps)
 */
export function mountPages(app: Hono, deps: PagesDeps): void {
  const mount: PageMount = { app, deps }
  const { actions } = deps
  for (const [path, purpose] of FIRST_PAGES) mountFirstPage(mount, path, purpose)
  for (const aim of ['sign-in', 'register', 'reset-password', 'add'] as const) mountCodePage(mount, aim)
  question(mount, RECEIPT_PATH, request => receiptNotice(actions, request))
  mountPasswordPages(mount)
  mountOffers(mount)
  mountNewPasswordPages(mount)
  mountContinue(mount)
  app.get('/consent', http => consent(mount, http))
  page(mount, '/', () => '/sign-in')
  for (const [path, base] of ELSEWHERE) page(mount, path, () => base)
  app.get('/unknown-session', http =>
    withoutInteraction(mount, http).catch(error => lost(mount, http, error)),
  )
  mountAssets(mount)
  app.notFound(http => nowhere(mount, http))
}

/** An address that nothing stands at: people read it on a page of ours, programs in two words. */
async function nowhere(mount: PageMount, http: Context): Promise<Response> {
  const { path, method } = http.req
  const isRead = method === 'GET' || method === 'HEAD'
  if (!isRead || path.startsWith('/api/') || !acceptsHtml(http.req.header('accept')))
    return http.text('Not Found', 404)
  const view = { page: 'error', code: 'request.page_not_found' } as const
  return plain(mount, http, view, 404).catch(error => lost(mount, http, error))
}

function mountFirstPage(mount: PageMount, path: string, purpose: Purpose): void {
  page(mount, path, request => {
    if (isOpen(purpose, request.settings)) return identifierView(request, purpose)
    const other = purpose === 'sign-in' ? 'register' : 'sign-in'
    return isOpen(other, request.settings)
      ? `/${other}`
      : { page: 'error', code: 'user.sign_in_method_not_enabled' }
  })
  form(mount, path, async (request, fields) => {
    if (!isOpen(purpose, request.settings)) return { path: `/${purpose}` }
    const kind = kindIn(kindsOffered(request, purpose), fields.kind)
    return begin(mount.deps.actions, request, { purpose, kind, form: fields })
  })
}

function mountCodePage(mount: PageMount, aim: Aim): void {
  const { actions } = mount.deps
  const base = baseOf(aim)
  page(mount, `${base}/code`, async request => {
    const { state } = request.interaction
    const inPlace = aim === 'add' ? undefined : inPlaceOf(request, EVENTS[aim])
    if (inPlace && aim !== 'add')
      return inPlaceView(request, aim, inPlace, await actions.verification.standingOf(request.uid, inPlace))
    const record = codeRecord(state)
    const begun = aim === 'add' ? mayAdd(state) : state?.event === EVENTS[aim]
    if (!record || !begun) return base
    const { notice } = request.interaction.page
    const { verification } = actions
    return codeView(request, aim, record, {
      pause: await verification.resendAfter(record),
      end: await verification.codeEnd(request.uid, record),
      // What was wrong with what was typed says more.
      undelivered: notice?.tone === 'error' ? undefined : await verification.undeliveredNotice(record),
    })
  })
  form(mount, `${base}/code`, (request, fields) => submitCode(actions, request, aim, fields))
  form(mount, `${base}/resend`, request => resend(actions, request, aim))
}

/** The sentence for whoever waits for a message that was not delivered; nothing in any other case, whatever that is. */
async function receiptNotice(
  { verification }: PagesDeps['actions'],
  { interaction, locale }: PageRequest,
): Promise<{ notice?: string }> {
  const record = codeRecord(interaction.state)
  const code = record && (await verification.undeliveredNotice(record))
  return code ? { notice: sentence(code, locale) } : {}
}

function mountPasswordPages(mount: PageMount): void {
  const { actions } = mount.deps
  page(mount, '/sign-in/password', request =>
    // Who must pass the check for people does so on the first page.
    request.interaction.page.identifier && !mustBeHuman(request.settings, request.interaction.state)
      ? passwordView(request)
      : '/sign-in',
  )
  form(mount, '/sign-in/password', (request, fields) => submitPassword(actions, request, fields))
  form(mount, '/sign-in/use-code', request => useCode(actions, request))
}

function mountOffers(mount: PageMount): void {
  const { actions } = mount.deps
  page(mount, '/sign-in/create', request => offer(request, 'offer-register', '/sign-in'))
  form(mount, '/sign-in/create', (request, fields) =>
    switchEvent(actions, request, { event: 'Register', otherwise: '/sign-in/create', form: fields }),
  )
  page(mount, '/register/existing', request => offer(request, 'offer-sign-in', '/register'))
  form(mount, '/register/existing', (request, fields) =>
    switchEvent(actions, request, { event: 'SignIn', otherwise: '/register/existing', form: fields }),
  )
}

/** The offer of the other purpose, for whoever has proved an identifier; others go back. */
function offer(request: PageRequest, kind: 'offer-register' | 'offer-sign-in', back: string): Shown {
  const record = codeRecord(request.interaction.state)
  if (!record?.verified) return back
  const { notice } = request.interaction.page
  return {
    page: kind,
    action: request.href(kind === 'offer-register' ? '/sign-in/create' : '/register/existing'),
    identifier: showIdentifier(record.identifier),
    changeHref: request.href(back),
    ...(kind === 'offer-register' &&
      termsFor({ settings: request.settings, page: request.interaction.page }, 'Register')),
    ...(notice && { notice }),
  }
}

function mountNewPasswordPages(mount: PageMount): void {
  const { actions } = mount.deps
  page(mount, '/register/password', request =>
    request.interaction.page.identifier?.type === 'username'
      ? newPasswordView(request, 'register', '/register/password')
      : '/register',
  )
  form(mount, '/register/password', (request, fields) =>
    submitNewPassword(actions, request, { purpose: 'register', page: '/register/password', form: fields }),
  )
  page(mount, '/reset-password/new', request =>
    request.interaction.state?.event === 'ForgotPassword' && request.interaction.state.userId !== undefined
      ? newPasswordView(request, 'reset-password', '/reset-password/new')
      : '/reset-password',
  )
  form(mount, '/reset-password/new', (request, fields) =>
    submitNewPassword(actions, request, {
      purpose: 'reset-password',
      page: '/reset-password/new',
      form: fields,
    }),
  )
  page(mount, '/reset-password/done', request => ({
    page: 'password-changed',
    continueHref: request.href('/sign-in'),
  }))
}

/** The pages that ask for what the settings still require of an account. */
function mountContinue(mount: PageMount): void {
  const { actions } = mount.deps
  const firstMissing = async (request: PageRequest) => {
    const { state } = request.interaction
    if (!state || !mayAdd(state)) return undefined
    const user = state.userId === undefined ? undefined : await actions.users.byId(state.userId)
    return missing(request, state, user)[0]
  }
  page(mount, '/continue', async request => {
    const first = await firstMissing(request)
    if (!first) return '/sign-in'
    return first === 'password'
      ? newPasswordView(request, 'add', '/continue/password')
      : addIdentifierView(request, first)
  })
  form(mount, '/continue', async (request, fields) => {
    const first = await firstMissing(request)
    if (!first || first === 'password') return { path: '/continue' }
    const kind = kindIn(kindsOfMissing(first, request.settings), fields.kind)
    return addIdentifier(actions, request, { kind, form: fields })
  })
  form(mount, '/continue/password', (request, fields) =>
    submitNewPassword(actions, request, { purpose: 'add', page: '/continue', form: fields }),
  )
}

async function consent(mount: PageMount, http: Context): Promise<Response> {
  try {
    return http.redirect(await mount.deps.consent(http), 302)
  } catch (error) {
    try {
      if (!(error instanceof ApiError && error.code === 'session.not_found')) throw error
      // In an interaction that has not come so far nothing is lost; it is the wrong page.
      await mount.deps.interactionOf(http)
      return await withoutInteraction(mount, http, 400)
    } catch (failure) {
      return lost(mount, http, failure)
    }
  }
}

const CSS = 'text/css; charset=utf-8'

function mountAssets({ app, deps }: PageMount): void {
  app.get('/assets/custom/*', async http => {
    const own = customStylesheet((await deps.settings()).customCss)
    if (!own) return http.text('Not Found', 404)
    // A page of before a change, or of a node that knows it already, gets what holds now, and asks again next time.
    return asset(own.body, CSS, own.path === http.req.path ? FOR_EVER : 'no-cache')
  })
  app.get('/assets/*', http => {
    const found = assets[http.req.path]
    if (found) return asset(found.body, found.type)
    const theme = themeAt(http.req.path)
    return theme ? asset(theme, CSS) : http.text('Not Found', 404)
  })
}

/** For what is named by its content. */
const FOR_EVER = 'public, max-age=31536000, immutable'

const asset = (body: string, type: string, lasts = FOR_EVER) =>
  new Response(body, { headers: { 'content-type': type, 'cache-control': lasts } })
