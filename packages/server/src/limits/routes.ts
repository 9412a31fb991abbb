import { sendLimitRoutes, sentinelRoutes } from '@countersign/api'
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

/**
 * How many messages may be sent.
 *
 * @example mountSendLimits(mount, limits)
 */
export function mountSendLimits(mount: Mount, limits: Limits): void {
  mount
    .add(sendLimitRoutes.getSendLimits, async () => ({ status: 200, body: await limits.sendLimits() }))
    .add(sendLimitRoutes.putSendLimits, async ({ body }) => {
      await limits.setSendLimits(body)
      return { status: 200, body: await limits.sendLimits() }
    })
    .add(sendLimitRoutes.deleteSendLimits, async () => {
      await limits.setSendLimits(undefined)
      return { status: 204 }
    })
}
