import type { SignInExperience } from '@countersign/api'
import { signInExperienceRoutes } from '@countersign/api'
import type { Mount } from '../http/mount.ts'
import { ApiError } from '../refusals/refusal.ts'
import { passwordProblems } from './password-policy.ts'
import { SAMPLES } from './username-case.ts'
import type { Users } from './users.ts'

/** The settings that hold the policy for passwords. */
interface PasswordPolicies {
  read(): Promise<Pick<SignInExperience, 'passwordPolicy'>>
}

/** Tries of the policies for passwords and usernames. */
export function mountPolicies(mount: Mount, users: Users, experience: PasswordPolicies): void {
  const routes = signInExperienceRoutes
  mount
    .add(routes.checkPassword, async ({ body }) => {
      const { passwordPolicy } = await experience.read()
      if (body.userId === undefined && passwordPolicy.rejects?.userInfo !== false)
        throw new ApiError('request.invalid_input', {
          data: { message: 'the policy compares with the user, so give userId' },
        })
      const user = body.userId === undefined ? undefined : await users.get(body.userId)
      const issues = passwordProblems(body.password, passwordPolicy, {
        name: user?.name,
        username: user?.username,
        email: user?.primaryEmail,
        phone: user?.primaryPhone,
      })
      return issues.length === 0
        ? ({ status: 200, body: { result: true } } as const)
        : ({ status: 400, body: { result: false, issues } } as const)
    })
    .add(routes.listUsernameConflicts, async ({ query }) => ({
      status: 200,
      body: await users.caseConflicts(query.limit ?? SAMPLES),
    }))
}
