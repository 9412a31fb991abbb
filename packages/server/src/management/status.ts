import { statusRoutes } from '@countersign/api'
import { sameText } from '../crypto/keys.ts'
import type { Readiness } from '../db/readiness.ts'
import type { Mount } from '../http/mount.ts'

/** What was true a moment ago is of no use to who asks now. */
const headers = { 'cache-control': 'no-store' }

/**
 * Says that the server is there, and whose it is to who knows the key; and whether it can serve.
 *
 * @param key undefined when nobody is told
 */
export function mountStatus(mount: Mount, key: string | undefined, readiness: Readiness): void {
  mount.add(statusRoutes.getStatus, async (_, { http }) => {
    const known = key !== undefined && sameText(http.req.header('logto-status-api-key') ?? '', key)
    return { status: 204, ...(known && { headers: { 'logto-tenant-id': 'default' } }) }
  })
  mount.add(statusRoutes.getLive, async () => ({ status: 200, body: { status: 'live' } as const, headers }))
  mount.add(statusRoutes.getReady, async () => {
    const failing = await readiness.hindrances()
    if (failing.length === 0) return { status: 200, body: { status: 'ready' } as const, headers }
    return {
      status: 503,
      body: { status: 'not_ready', failing } as const,
      headers: { ...headers, 'retry-after': '1' },
    }
  })
}
