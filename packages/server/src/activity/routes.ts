import { dashboardRoutes } from '@countersign/api'
import type { Mount } from '../http/mount.ts'
import type { Activity } from './activity.ts'

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
