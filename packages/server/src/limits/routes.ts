import { blockRoutes, MOST_REPLAYED, sendLimitRoutes, sentinelRoutes } from '@countersign/api'
import type { Mount } from '../http/mount.ts'
import type { Limits } from './limits.ts'
import { type PastMessage, whatIf } from './what-if.ts'

const WEEK = 7 * 24 * 60 * 60_000

/** What has left before. */
interface Past {
  now(): number
  /** The newest messages since a moment, the oldest of them first, in parts. */
  left(
    since: number,
    most: number,
    each: (messages: readonly PastMessage[]) => void,
  ): Promise<{ isCut: boolean; from: number }>
}

/**
 * What is counted against identifiers.
 *
 * @example mountSentinel(mount, limits)
 */
export function mountSentinel(mount: Mount, limits: Limits): void {
  mount
    .add(sentinelRoutes.deleteSentinelActivities, async ({ body }) => {
      // Nothing is counted against applications.
      if (body.targetType === 'User') await limits.forget(body.targets)
      return { status: 204 }
    })
    .add(blockRoutes.listBlocks, async () => ({ status: 200, body: await limits.blocks() }))
    .add(blockRoutes.releaseBlock, async ({ params }) => {
      await limits.release(params.id)
      return { status: 204 }
    })
}

/**
 * How many messages may be sent.
 *
 * @example mountSendLimits(mount, limits, { left: ledger.left, now: world.now })
 */
export function mountSendLimits(mount: Mount, limits: Limits, past: Past): void {
  mount
    .add(sendLimitRoutes.previewSendLimits, async ({ body }) => {
      const replay = whatIf(body)
      const read = await past.left(past.now() - WEEK, MOST_REPLAYED, replay.add)
      return { status: 200, body: { ...read, ...replay.outcome() } }
    })
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
