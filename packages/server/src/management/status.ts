import { statusRoutes } from '@countersign/api'
import { sameText } from '../crypto/keys.ts'
import type { Mount } from '../http/mount.ts'

/**
 * Says that the server is there, and whose it is to who knows the key.
 *
 * @param key undefined when nobody is told
 */
export function mountStatus(mount: Mount, key: string | undefined): void {
  mount.add(statusRoutes.getStatus, async (_, { http }) => {
    const known = key !== undefined && sameText(http.req.header('logto-status-api-key') ?? '', key)
    return { status: 204, ...(known && { headers: { 'logto-tenant-id': 'default' } }) }
  })
}
