import { signInExperienceRoutes } from '@countersign/api'
import type { Experience } from '../experience/experience.ts'
import type { Mount } from '../http/mount.ts'
import { ApiError } from '../refusals/refusal.ts'
import { passwordProblems } from '../users/password-policy.ts'
import type { Users } from '../users/users.ts'

/** So many conflicts are named when nobody says how many. */
const SAMPLES = 20

/** Tries of the policies for passwords and usernames. */
export function mountPolicies(mount: Mount, users: Users, experience: Experience): void {
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

/** @throws ApiError `…username_policy_case_conflicts_exist` when two users would have one name */
export async function requireNoCaseConflicts(users: Users): Promise<void> {
  const conflicts = await users.caseConflicts(SAMPLES)
  if (conflicts.totalConflicts > 0)
    throw new ApiError('sign_in_experiences.username_policy_case_conflicts_exist', { data: conflicts })
}
