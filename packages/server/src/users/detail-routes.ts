import { type SignInExperience, userRoutes } from '@countersign/api'
import type { Mount } from '../http/mount.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { AddTold } from './told.ts'
import { type Users, wireUser } from './users.ts'

/** The settings that say whether passwords expire. */
interface Expiration {
  read(): Promise<Pick<SignInExperience, 'passwordExpiration'>>
}

/** The parts of a user that have routes of their own: password, custom data, profile. */
export function mountUserDetails(mount: Mount, users: Users, experience: Expiration, addTold: AddTold): void {
  const routes = userRoutes
  mount
    .add(routes.verifyUserPassword, async ({ params, body }) => {
      const user = await users.get(params.userId)
      if (!(await users.passwordMatches(user, body.password)))
        throw new ApiError('session.invalid_credentials')
      return { status: 204 }
    })
    .add(routes.hasUserPassword, async ({ params }) => {
      const { passwordHash } = await users.get(params.userId)
      return { status: 200, body: { hasPassword: passwordHash !== null } }
    })
    .add(routes.expireUserPassword, async ({ params, body }) => {
      await users.get(params.userId)
      const { passwordExpiration } = await experience.read()
      if (body.isExpired && passwordExpiration.enabled !== true)
        throw new ApiError('sign_in_experiences.password_expiration_not_enabled')
      const user = await users.update(params.userId, { passwordExpired: body.isExpired })
      return { status: 200, body: wireUser(user) }
    })
    .add(routes.getUserCustomData, async ({ params }) => ({
      status: 200,
      body: (await users.get(params.userId)).customData,
    }))
  addTold(mount, 'User.Data.Updated', routes.updateUserCustomData, {
    change: ({ params, body }, along) => users.merge(params.userId, 'customData', body.customData, { along }),
    answer: ({ customData }) => ({ status: 200, body: customData }),
  })
  addTold(mount, 'User.Data.Updated', routes.updateUserProfile, {
    change: ({ params, body }, along) => users.merge(params.userId, 'profile', body.profile, { along }),
    answer: ({ profile }) => ({ status: 200, body: profile }),
  })
}
