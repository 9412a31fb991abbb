import { readFileSync } from 'node:fs'
import { type Context, Hono } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { AuthorizationResponseError, ResponseBodyError } from 'openid-client'
import {
  notFoundPage,
  type Problem,
  problemPage,
  type Surroundings,
  signedInPage,
  signedOutPage,
} from './pages.ts'
import { createRelyingParty, Unavailable } from './relying-party.ts'
import { chooseLocale } from './sentences.ts'
import { remember, Sessions } from './sessions.ts'

export interface DemoAppOptions {
  /** The sign-in service, such as `http://localhost:3001/oidc`. Plain http only on loopback. */
  issuer: string
  clientId: string
  /** Absent for a public client. */
  clientSecret?: string
  /**
   * Our own address, such as `http://localhost:3004`. Register it as the post sign-out redirect URI and
   * `<baseUrl>/callback` as the redirect URI.
   */
  baseUrl: string
  /** Where the development world shows its messages, for a link. */
  inboxUrl?: string
}

/** Cookies do not know ports: on localhost this must not be a name that the sign-in service uses. */
const COOKIE = 'demo_session'
const STYLE = readFileSync(new URL('style.css', import.meta.url), 'utf8')

/** A small OpenID Connect relying party: signs in, shows the claims, refreshes, signs out. */
export function createDemoApp(options: DemoAppOptions): { fetch(request: Request): Promise<Response> } {
  const baseUrl = options.baseUrl.replace(/\/+$/, '')
  const { issuer, inboxUrl } = options
  const party = createRelyingParty({ ...options, baseUrl })
  const sessions = new Sessions()
  const cookie = { httpOnly: true, sameSite: 'Lax', path: '/', secure: baseUrl.startsWith('https:') } as const
  // Signing out is a form whose answer redirects to the issuer, and `form-action` binds redirects as well.
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    'img-src data:',
    `form-action 'self' ${new URL(issuer).origin}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

  const around = (c: Context): Surroundings => ({
    locale: chooseLocale(c.req.header('Accept-Language')),
    issuer,
    inboxUrl,
  })
  const session = (c: Context) => sessions.find(getCookie(c, COOKIE))
  const problem = (c: Context, status: 400 | 502 | 503, what: Problem) =>
    c.html(problemPage(around(c), what), status)

  const app = new Hono()

  app.use(async (c, next) => {
    await next()
    c.header('Content-Security-Policy', policy)
    c.header('X-Content-Type-Options', 'nosniff')
    c.header('Referrer-Policy', 'no-referrer')
    if (!c.res.headers.has('Cache-Control')) c.header('Cache-Control', 'no-store')
    c.header('Vary', 'Accept-Language, Cookie')
  })

  app.get('/', c => {
    const current = session(c)
    if (!current?.tokens) return c.html(signedOutPage(around(c)))
    const refreshed = current.notice === 'refreshed'
    current.notice = undefined
    return c.html(signedInPage(around(c), current.tokens, refreshed))
  })

  app.get('/style.css', c =>
    c.body(STYLE, 200, { 'Content-Type': 'text/css; charset=utf-8', 'Cache-Control': 'max-age=300' }),
  )

  app.get('/sign-in', async c => {
    const { ui_locales, first_screen } = c.req.query()
    const { address, visit } = await party.begin({
      ...(ui_locales && { ui_locales }),
      ...(first_screen === 'register' && { first_screen }),
    })
    let current = session(c)
    if (!current) {
      const created = sessions.create()
      current = created.session
      setCookie(c, COOKIE, created.id, cookie)
    }
    remember(current, visit)
    return c.redirect(address)
  })

  app.get('/callback', async c => {
    const current = session(c)
    const visit = current?.visits.get(c.req.query('state') ?? '')
    if (!current || !visit) return problem(c, 400, { kind: 'unknownVisit' })
    current.visits.delete(visit.state)
    const tokens = await party.finish(new URL(c.req.url).search, visit)
    // A new id with the new rights, so that an id planted before the sign-in is worth nothing after it.
    sessions.delete(getCookie(c, COOKIE))
    setCookie(c, COOKIE, sessions.create({ visits: current.visits, tokens }).id, cookie)
    return c.redirect('/')
  })

  app.post('/refresh', async c => {
    const current = session(c)
    if (!current?.tokens?.refreshToken) return c.redirect('/', 303)
    current.tokens = await party.refresh(current.tokens)
    current.notice = 'refreshed'
    return c.redirect('/', 303)
  })

  app.post('/sign-out', async c => {
    const idToken = session(c)?.tokens?.idToken
    sessions.delete(getCookie(c, COOKIE))
    deleteCookie(c, COOKIE, cookie)
    return c.redirect(await party.end(idToken), 303)
  })

  app.notFound(c => c.html(notFoundPage(around(c)), 404))

  app.onError((error, c) => {
    if (error instanceof Unavailable) return problem(c, 503, { kind: 'unavailable' })
    if (error instanceof AuthorizationResponseError && error.error === 'access_denied')
      return problem(c, 400, { kind: 'cancelled' })
    if (error instanceof AuthorizationResponseError || error instanceof ResponseBodyError) {
      const reason = [error.error, error.error_description].filter(Boolean).join(': ')
      return problem(c, 400, { kind: 'refused', reason })
    }
    return problem(c, 502, { kind: 'unexpected', reason: error.message })
  })

  return { fetch: async request => app.fetch(request) }
}
