import { accountCenterRoutes, accountRoutes } from '@countersign/api'
import type { Mount } from '../http/mount.ts'
import type { Account } from './account.ts'
import type { AccountCenterRoom } from './center.ts'
import type { AccountGuard } from './guard.ts'

/**
 * The own account.
 *
 * @example mountAccount(mount, account, guard)
 */
export function mountAccount(mount: Mount, account: Account, { callOf }: AccountGuard): void {
  const routes = accountRoutes
  mount
    .add(routes.getMyAccount, async (_, context) => ({
      status: 200,
      body: await account.read(callOf(context)),
    }))
    .add(routes.updateMyAccount, async ({ body }, context) => ({
      status: 200,
      body: await account.update(callOf(context), body),
    }))
    .add(routes.updateMyProfile, async ({ body }, context) => ({
      status: 200,
      body: await account.updateProfile(callOf(context), body),
    }))
    .add(routes.setMyPassword, async ({ body }, context) => {
      await account.setPassword(callOf(context), body.password, body.endOtherSessions)
      return { status: 204 }
    })
    .add(routes.setMyEmail, async ({ body }, context) => {
      const identifier = { type: 'email', value: body.email } as const
      await account.setIdentifier(callOf(context), identifier, body.newIdentifierVerificationRecordId)
      return { status: 204 }
    })
    .add(routes.removeMyEmail, async (_, context) => {
      await account.removeIdentifier(callOf(context), 'email')
      return { status: 204 }
    })
    .add(routes.setMyPhone, async ({ body }, context) => {
      const identifier = { type: 'phone', value: body.phone } as const
      await account.setIdentifier(callOf(context), identifier, body.newIdentifierVerificationRecordId)
      return { status: 204 }
    })
    .add(routes.removeMyPhone, async (_, context) => {
      await account.removeIdentifier(callOf(context), 'phone')
      return { status: 204 }
    })
}

/**
 * What users may do with their account, for those who manage it.
 *
 * @example mountAccountCenter(mount, center)
 */
export function mountAccountCenter(mount: Mount, center: AccountCenterRoom): void {
  mount
    .add(accountCenterRoutes.getAccountCenter, async () => ({ status: 200, body: await center.read() }))
    .add(accountCenterRoutes.updateAccountCenter, async ({ body }) => ({
      status: 200,
      body: await center.update(body),
    }))
}

/**
 * The same for anyone to read.
 *
 * @example mountPublicAccountCenter(mount, center)
 */
export function mountPublicAccountCenter(mount: Mount, center: AccountCenterRoom): void {
  mount.add(accountCenterRoutes.getPublicAccountCenter, async () => ({
    status: 200,
    body: await center.read(),
  }))
}
