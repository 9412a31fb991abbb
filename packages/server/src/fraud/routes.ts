import { fraudRoutes } from '@countersign/api'
import type { Mount } from '../http/mount.ts'
import type { Fraud } from './fraud.ts'

/**
 * What was found of codes that are not used, and what becomes of their messages.
 *
 * @example mountFraud(mount, fraud)
 */
export function mountFraud(
  mount: Mount,
  fraud: Pick<Fraud, 'guard' | 'set' | 'list' | 'allow' | 'disallow'>,
): void {
  mount
    .add(fraudRoutes.getFraudGuard, async () => ({ status: 200, body: await fraud.guard() }))
    .add(fraudRoutes.putFraudGuard, async ({ body }) => {
      await fraud.set(body)
      return { status: 200, body: await fraud.guard() }
    })
    .add(fraudRoutes.listFraudFindings, async () => ({ status: 200, body: await fraud.list() }))
    .add(fraudRoutes.allowFraudFinding, async ({ params, body }, { subject = '' }) => ({
      status: 200,
      body: await fraud.allow(params.id, { days: body.days, by: subject }),
    }))
    .add(fraudRoutes.disallowFraudFinding, async ({ params }) => {
      await fraud.disallow(params.id)
      return { status: 204 }
    })
}
