import { sentinelRoutes } from '@countersign/api'
import type { Mount } from '../http/mount.ts'
import type { Limits } from './limits.ts'

/**
 * What is counted against identifiers.
 *
 * @example mountSentinel(mount, limits)
 */
export function mountSentinel(mount: Mount, limits: Limits): void {
  mount.add(sentinelRoutes.deleteSentinelActivities, async ({ body }) => {
    // Nothing is counted against applications.
    if (body.targetType === 'User') await limits.forget(body.targets)
    return { status: 204 }
  })
}
