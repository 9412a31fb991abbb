import type Provider from 'oidc-provider'
import type { Interaction, KoaContextWithOIDC } from 'oidc-provider'
import type { CookieSignatures } from './cookie-signatures.ts'

/** Cookies of a sign-in: which interaction each application of this browser is in. */
export const INTERACTION_COOKIE = '_interaction'

/** Cookie of a session. */
export const SESSION_COOKIE = '_session'

/** Cookie with which a browser comes back to the provider; its path is that of its interaction. */
export const RESUME_COOKIE = '_interaction_resume'

/**
 * What the names of those cookies begin with that say whose browser it is. Browsers take a `__Host-` cookie from this very
 * host alone: a page of a sister domain could otherwise put cookies of its own sign-in into somebody's browser, and
 * whoever then signed in would have signed the other one in. It needs HTTPS.
 *
 * @example hostPrefix(config.endpoint.startsWith('https:')) // '__Host-'
 */
export const hostPrefix = (isSecure: boolean): string => (isSecure ? '__Host-' : '')

/** Tells the page of which application, and in which languages it asked to be; whoever reads it knows that anybody can write it. */
export const LOGTO_COOKIE = '_logto'

/** The query parameter by which an address of a hosted page names its interaction. */
export const INTERACTION_PARAMETER = 'interaction'

/**
 * Every interaction has a cookie of its own beside the map: its name ends in the uid, and its value says when it began.
 * The map has room for one interaction of an application, and two answers at once would each write it without the
 * other's entry; so two tabs of one application are kept apart by these cookies.
 */
const ownCookie = (prefix: string, uid: string) => `${prefix}${INTERACTION_COOKIE}_${uid}`
const OWN_COOKIE = /^_interaction_([\w-]{21,64})$/

/** The key of the most recent interaction, whatever the application. */
const LATEST = '_legacy'

/** Most applications that one browser may be signing in to at once; the oldest gives way. */
const MOST = 10

/**
 * Most interactions that one browser may be in at once; the oldest gives way. Their cookies take about 160 bytes each of
 * the 16 KiB that all headers of a request may have.
 */
const MOST_INTERACTIONS = 10

const LIFETIME = 3_600_000

const OPTIONS = { path: '/', httpOnly: true, sameSite: 'lax', signed: true, overwrite: true } as const

type Uids = Record<string, string>

function parse(value: string | undefined): Uids {
  try {
    const map: unknown = JSON.parse(decodeURIComponent(value ?? ''))
    if (typeof map !== 'object' || map === null) return {}
    return Object.fromEntries(
      Object.entries(map).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    )
  } catch {
    return {}
  }
}

/** What was read last: a request asks for several cookies of its one header. */
let lastRead: { header: string; cookies: ReadonlyMap<string, string> } | undefined

/**
 * The cookies of a `Cookie` header, the first of each name.
 *
 * @example cookiesOf('_session=a; other=b').get('_session') // 'a'
 */
export function cookiesOf(header: string): ReadonlyMap<string, string> {
  if (lastRead?.header === header) return lastRead.cookies
  const cookies = new Map<string, string>()
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=')
    const name = pair.slice(0, equals).trim()
    if (equals >= 0 && !cookies.has(name)) cookies.set(name, pair.slice(equals + 1).trim())
  }
  lastRead = { header, cookies }
  return cookies
}

/** The value of a cookie that we signed; undefined when there is none, or somebody else wrote it. */
function signedCookie(header: string, name: string, signatures: CookieSignatures): string | undefined {
  const cookies = cookiesOf(header)
  const value = cookies.get(name)
  const signature = cookies.get(`${name}.sig`)
  if (value === undefined || signature === undefined) return undefined
  return signatures.verify(`${name}=${value}`, signature) ? value : undefined
}

function setOwnCookie(ctx: KoaContextWithOIDC, uid: string): void {
  const prefix = hostPrefix(ctx.secure)
  // The address at which an interaction ends and the next one of the same request begins.
  const ended = ctx.path.split('/').at(-1)
  const others = [...cookiesOf(ctx.get('cookie'))].flatMap(([name, began]) => {
    const other = name.startsWith(prefix) ? OWN_COOKIE.exec(name.slice(prefix.length))?.[1] : undefined
    return other === undefined || other === ended
      ? []
      : [{ uid: other, began: Number.parseInt(began, 36) || 0 }]
  })
  others.sort((one, other) => other.began - one.began)
  // Browsers of ours have one too many at most; whoever sends more of them is answered with no more than a few.
  const over = others.slice(MOST_INTERACTIONS - 1, 2 * MOST_INTERACTIONS)
  for (const old of over) forgetInteraction(ctx, old.uid)
  ctx.cookies.set(ownCookie(prefix, uid), Date.now().toString(36), { ...OPTIONS, maxAge: LIFETIME })
}

/** Takes the cookie of an interaction that is over, or has to give way, out of the browser. */
export function forgetInteraction(ctx: KoaContextWithOIDC, uid: string): void {
  ctx.cookies.set(ownCookie(hostPrefix(ctx.secure), uid), null, OPTIONS)
}

/** Puts an interaction that was just started into the browser's cookies, and tells the page which application it is for. */
export function rememberInteraction(ctx: KoaContextWithOIDC, { uid, params }: Interaction): void {
  const appId = String(params.client_id)
  const before = parse(ctx.cookies.get(INTERACTION_COOKIE, { signed: true }))
  const others = Object.entries(before).filter(([key]) => key !== appId && key !== LATEST)
  const map = Object.fromEntries([...others.slice(1 - MOST), [appId, uid], [LATEST, uid]])
  // oidc-provider has just set the bare uid under the same name.
  ctx.cookies.set(INTERACTION_COOKIE, encodeURIComponent(JSON.stringify(map)), {
    ...OPTIONS,
    maxAge: LIFETIME,
  })
  setOwnCookie(ctx, uid)
  const uiLocales = typeof params.ui_locales === 'string' ? params.ui_locales : undefined
  ctx.cookies.set(LOGTO_COOKIE, JSON.stringify({ appId, ...(uiLocales && { uiLocales }) }), {
    ...OPTIONS,
    httpOnly: false,
  })
}

/** Which interaction a request names: by its uid, else by its application; neither means the most recent one. */
export interface Wanted {
  /** From the address of a hosted page. Worth nothing in a browser that has no cookie of this interaction. */
  uid?: string | undefined
  appId?: string | undefined
}

/**
 * The uid that a `Cookie` header holds for what a request names.
 *
 * @returns undefined when the browser is in no such interaction; null when its map lacks the application
 */
export function interactionUid(
  signatures: CookieSignatures,
  cookieHeader: string | undefined,
  { uid, appId }: Wanted,
): string | null | undefined {
  if (!cookieHeader) return undefined
  // One that was taken back is empty, and signed as well.
  const isOwn = (each: string) =>
    Boolean(signedCookie(cookieHeader, ownCookie(signatures.prefix, each), signatures))
  if (uid !== undefined) return isOwn(uid) ? uid : undefined
  const value = signedCookie(cookieHeader, INTERACTION_COOKIE, signatures)
  if (value === undefined) return undefined
  const map = parse(value)
  const named = (appId === undefined ? map[LATEST] : Object.hasOwn(map, appId) ? map[appId] : null) ?? null
  // The map says which one; that it is this browser's only the other cookie shows.
  return named === null || signatures.prefix === '' || isOwn(named) ? named : undefined
}

/** The id of the session that a `Cookie` header holds. */
export const sessionId = (
  signatures: CookieSignatures,
  cookieHeader: string | undefined,
): string | undefined =>
  cookieHeader === undefined
    ? undefined
    : signedCookie(cookieHeader, `${signatures.prefix}${SESSION_COOKIE}`, signatures)

/** Where an interaction ends, or the next step of it begins. */
const RESUMED = /^\/auth\/([\w-]{1,64})$/

/**
 * Lets a browser come back from an interaction only where it is in it, so that no page of a sister domain signs
 * somebody in to its own account. The cookie of the way back cannot be a `__Host-` one, for it has a path.
 */
export function requireOwnInteraction(provider: Provider, signatures: CookieSignatures): void {
  if (signatures.prefix === '') return
  provider.use(async ({ path, req }, next) => {
    const uid = RESUMED.exec(path)?.[1]
    const header = req.headers.cookie ?? ''
    const isOwn = uid !== undefined && cookiesOf(header).get(RESUME_COOKIE) === uid
    if (uid !== undefined && !(isOwn && interactionUid(signatures, header, { uid }) === uid))
      req.headers.cookie = header
        .split(';')
        .filter(pair => pair.split('=')[0]!.trim() !== RESUME_COOKIE)
        .join(';')
    await next()
  })
}
