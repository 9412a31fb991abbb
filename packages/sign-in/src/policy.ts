import { widgetSources } from './captcha-hosts.ts'
import type { Check, Frame } from './view.ts'

/**
 * The scheme of an address that opens a native app, with its colon; undefined for the addresses of the web, and for
 * schemes that would run or read something.
 *
 * @example appScheme('io.app.native://callback') // 'io.app.native:'
 */
export function appScheme(address: unknown): string | undefined {
  if (typeof address !== 'string' || !URL.canParse(address)) return undefined
  const { protocol } = new URL(address)
  const others = ['http:', 'https:', 'javascript:', 'data:', 'blob:', 'file:', 'vbscript:']
  return others.includes(protocol) ? undefined : protocol
}

/** The pictures of a frame, and whether a stylesheet of the operator's is on the page with them. */
export type Pictures = Pick<Frame, 'logoUrl' | 'darkLogoUrl' | 'favicon' | 'darkFavicon' | 'stylesheet'>

/** A picture's address as a source: signs that part a policy are written otherwise there. */
function sourceOf(address: string | undefined): string[] {
  if (address === undefined || !URL.canParse(address)) return []
  const { protocol, origin, pathname } = new URL(address)
  const path = pathname.replaceAll(';', '%3B').replaceAll(',', '%2C')
  return protocol === 'https:' ? [`${origin}${path}`] : []
}

/**
 * Where pictures may come from. A foreign stylesheet can ask for one for each thing that stands on the page, and so tell
 * somebody what that is: beside it only the operator's own few pictures are asked for.
 */
function pictureSources({ stylesheet, logoUrl, darkLogoUrl, favicon, darkFavicon }: Pictures): string {
  const all = [logoUrl, darkLogoUrl, favicon, darkFavicon].flatMap(sourceOf)
  return ["'self'", 'data:', ...(stylesheet === undefined ? ['https:'] : new Set(all))].join(' ')
}

/**
 * The `Content-Security-Policy` of every page: nothing inline, nothing from elsewhere but images, no frames
 * around it, and forms only to here.
 *
 * Browsers hold every redirect after a form to `form-action`, and nobody knows where an application's callback leads
 * on to. So no form is answered with a redirect that leaves for the web: the page `leaving` goes on from there. An
 * app's own scheme is where every way ends, and phones open an app only straight from a tap, so this one is named.
 *
 * @param pictures what the page shows around its content
 * @param leadsTo where the visitor comes out in the end, as far as it is known
 * @param options `asks`: the page's own script asks the server something; `check`: the check for people that stands on it,
 * which has workers of ours; where it is a provider's, its hosts may be asked, and no others
 */
export function pagePolicy(
  pictures: Pictures,
  leadsTo?: unknown,
  { asks = false, check }: { asks?: boolean; check?: Pick<Check, 'challenge'> | undefined } = {},
): string {
  const scheme = appScheme(leadsTo)
  const widget = widgetSources(check?.challenge.provider)
  const directive = (name: keyof typeof widget, ...sources: string[]) => {
    const all = [...sources, ...(widget[name] ?? [])]
    return all.length === 0 ? [] : [`${name}-src ${all.join(' ')}`]
  }
  return [
    "default-src 'none'",
    ...directive('style', "'self'"),
    ...directive('script', "'self'"),
    ...directive('connect', ...(asks ? ["'self'"] : [])),
    ...directive('worker', ...(check ? ["'self'"] : [])),
    ...directive('frame'),
    ...directive('font'),
    ...directive('img', pictureSources(pictures)),
    `form-action 'self'${scheme === undefined ? '' : ` ${scheme}`}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "object-src 'none'",
  ].join('; ')
}
