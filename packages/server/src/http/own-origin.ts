import type { Context } from 'hono'
import { ApiError } from '../refusals/refusal.ts'

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/** The same place on this machine under another of its names; `anyPort`: whatever else answers there. */
function isNeighbour(origin: string, own: URL, anyPort: boolean): boolean {
  const other = URL.parse(origin)
  if (!other || !LOOPBACK.has(other.hostname) || !LOOPBACK.has(own.hostname)) return false
  return anyPort || (other.port === own.port && other.protocol === own.protocol)
}

/**
 * Lets changes through that no foreign page makes with a visitor's cookies: a wall behind `SameSite`, which pages of a
 * sister domain stand inside of. Browsers say in `Origin` and `Sec-Fetch-Site` where a request comes from; who says
 * nothing is no browser. The own origin is the one of the settings: the `Host` header is whatever somebody wrote.
 *
 * @param setting names the setting that holds `own`, for the message
 * @param anyPort on a server that is known by a name of this machine, pages of its other ports pass: that is how
 *   somebody tries out a page of their own
 * @throws ApiError `auth.forbidden`
 */
export function requireOwnOrigin(
  { req }: Context,
  own: string,
  { setting, anyPort = false }: { setting: string; anyPort?: boolean },
): void {
  if (req.method === 'GET' || req.method === 'HEAD') return
  const origin = req.header('origin')
  const site = req.header('sec-fetch-site')
  const isOurs = origin === undefined || origin === own || isNeighbour(origin, new URL(own), anyPort)
  const isNear = site === undefined || site === 'same-origin' || site === 'none'
  if (isOurs && isNear) return
  throw new ApiError('auth.forbidden', {
    data: {
      issues: [
        {
          code: 'custom',
          path: [isOurs ? 'Sec-Fetch-Site' : 'Origin'],
          message: `changes come from pages of ${own} alone; if your browser shows another address, set ${setting}`,
        },
      ],
    },
  })
}
