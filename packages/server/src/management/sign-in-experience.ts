import { PublicSignInExperience, signInExperienceRoutes } from '@countersign/api'
import type { Connections } from '../connections/connections.ts'
import { checkLanguage } from '../experience/check.ts'
import type { Experience } from '../experience/experience.ts'
import type { Mount } from '../http/mount.ts'
import type { CustomTexts } from '../phrases/phrases.ts'
import type { Users } from '../users/users.ts'
import { requireNoCaseConflicts } from './policies.ts'

/** The sign-in experience: for those who manage it and, cut down, for anyone. */
export function mountSignInExperience(
  mount: Mount,
  experience: Experience,
  connections: Connections,
  { users, phrases }: { users: Users; phrases: CustomTexts },
): void {
  const routes = signInExperienceRoutes
  mount
    .add(routes.getSignInExperience, async () => ({ status: 200, body: await experience.read() }))
    .add(routes.updateSignInExperience, async ({ body }) => {
      const custom = (await phrases.list()).map(each => each.languageTag)
      checkLanguage(body, custom)
      const { usernamePolicy } = await experience.read()
      if (body.usernamePolicy?.caseSensitive === false && usernamePolicy.caseSensitive)
        await requireNoCaseConflicts(users)
      const connectors = (await connections.list()).map(({ connector }) => connector)
      const channels = await connections.channels()
      // Targets that there are none of are dropped, and there are no social connectors here.
      const patch = body.socialSignInConnectorTargets ? { ...body, socialSignInConnectorTargets: [] } : body
      return { status: 200, body: await experience.update(patch, channels, custom, connectors) }
    })
}

/** What anyone may read. */
export function mountPublicSignInExperience(
  mount: Mount,
  experience: Experience,
  connections: Connections,
): void {
  async function read() {
    const settings = await experience.read()
    const channels = await connections.channels()
    const allowed = (method: 'PhoneVerificationCode' | 'EmailVerificationCode') =>
      settings.forgotPasswordMethods === null || settings.forgotPasswordMethods.includes(method)
    const body = PublicSignInExperience.parse({
      ...settings,
      socialConnectors: [],
      ssoConnectors: [],
      forgotPassword: {
        phone: channels.sms && allowed('PhoneVerificationCode'),
        email: channels.email && allowed('EmailVerificationCode'),
      },
      isDevelopmentTenant: false,
      customProfileFields: [],
      customProfileFieldCatalog: [],
    })
    return { status: 200, body } as const
  }
  mount
    .add(signInExperienceRoutes.getPublicSignInExperience, read)
    .add(signInExperienceRoutes.getPublicExperience, read)
}
