import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type Provider from 'oidc-provider'
import type { Interaction, KoaContextWithOIDC } from 'oidc-provider'

/** Cookies of a sign-in: which interaction each application of this browser is in. */
export const INTERACTION_COOKIE = '_interaction'

/** The key of the most recent interaction, whatever the application. */
const LATEST = '_legacy'

/** Most applications that one browser may be signing in to at once; the oldest gives way. */
const MOST = 10

const LIFETIME = 3_600_000

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

/** Puts an interaction that was just started into the browser's map, and tells the page which application it is for. */
export function rememberInteraction(ctx: KoaContextWithOIDC, { uid, params }: Interaction): void {
  const appId = String(params.client_id)
  const before = parse(ctx.cookies.get(INTERACTION_COOKIE, { signed: true }))
  const others = Object.entries(before).filter(([key]) => key !== appId && key !== LATEST)
  const map = Object.fromEntries([...others.slice(1 - MOST), [appId, uid], [LATEST, uid]])
  // oidc-provider has just set the bare uid under the same name.
  ctx.cookies.set(INTERACTION_COOKIE, encodeURIComponent(JSON.stringify(map)), {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    signed: true,
    overwrite: true,
    maxAge: LIFETIME,
  })
  const uiLocales = typeof params.ui_locales === 'string' ? params.ui_locales : undefined
  ctx.cookies.set('_logto', JSON.stringify({ appId, ...(uiLocales && { uiLocales }) }), {
    path: '/',
    httpOnly: false,
    sameSite: 'lax',
    signed: true,
    overwrite: true,
  })
}

/**
 * The uid that a `Cookie` header holds for an application, or the most recent one.
 *
 * @returns undefined when the browser has no map; null when the map lacks the application
 */
export function interactionUid(
  provider: Provider,
  cookieHeader: string | undefined,
  appId: string | undefined,
): string | null | undefined {
  if (!cookieHeader) return undefined
  const request = new IncomingMessage(new Socket())
  request.headers.cookie = cookieHeader
  const { cookies } = provider.createContext(request, new ServerResponse(request))
  const value = cookies.get(INTERACTION_COOKIE, { signed: true })
  if (value === undefined) return undefined
  const map = parse(value)
  return (appId === undefined ? map[LATEST] : Object.hasOwn(map, appId) ? map[appId] : null) ?? null
}
