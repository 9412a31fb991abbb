import { dashboardRoutes, sentinelRoutes } from '@countersign/api'
import type { Activity } from '../activity/activity.ts'
import type { Mount } from '../http/mount.ts'
import type { Limits } from '../limits/limits.ts'

/** Figures about users. */
export function mountDashboard(mount: Mount, activity: Activity): void {
  mount
    .add(dashboardRoutes.countUsers, async () => ({
      status: 200,
      body: { totalUserCount: await activity.total() },
    }))
    .add(dashboardRoutes.countNewUsers, async () => ({ status: 200, body: await activity.newUsers() }))
    .add(dashboardRoutes.countActiveUsers, async ({ query }) => ({
      status: 200,
      body: await activity.activeUsers(query.date),
    }))
}

/** What is counted against identifiers. */
export function mountSentinel(mount: Mount, limits: Limits): void {
  mount.add(sentinelRoutes.deleteSentinelActivities, async ({ body }) => {
    // Nothing is counted against applications.
    if (body.targetType === 'User') await limits.forget(body.targets)
    return { status: 204 }
  })
}
