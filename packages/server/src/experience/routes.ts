import { PublicSignInExperience, signInExperienceRoutes } from '@countersign/api'
import type { Connector } from '@countersign/kit'
import type { Mount } from '../http/mount.ts'
import { type Channels, checkLanguage } from './check.ts'
import type { Experience } from './experience.ts'

/** The connections that messages can leave over. */
interface Connections {
  channels(): Promise<Channels>
  inUse(): Promise<{ connector: Connector }[]>
}

/** The other rooms' settings that a change of the sign-in experience must fit. */
export interface Around {
  connections: Connections
  /** The languages that operators have texts in. */
  phrases: { list(): Promise<{ languageTag: string }[]> }
  users: {
    /** @throws ApiError `…username_policy_case_conflicts_exist` when two users would have one name */
    requireNoCaseConflicts(): Promise<void>
  }
}

/** The sign-in experience: for those who manage it and, cut down, for anyone. */
export function mountSignInExperience(
  mount: Mount,
  experience: Experience,
  { connections, phrases, users }: Around,
): void {
  const routes = signInExperienceRoutes
  mount
    .add(routes.getSignInExperience, async () => ({ status: 200, body: await experience.read() }))
    .add(routes.updateSignInExperience, async ({ body }) => {
      const custom = (await phrases.list()).map(each => each.languageTag)
      checkLanguage(body, custom)
      const { usernamePolicy } = await experience.read()
      if (body.usernamePolicy?.caseSensitive === false && usernamePolicy.caseSensitive)
        await users.requireNoCaseConflicts()
      const connectors = (await connections.inUse()).map(({ connector }) => connector)
      const channels = await connections.channels()
      // Targets that there are none of are dropped, and there are no social connectors here.
      const patch = body.socialSignInConnectorTargets ? { ...body, socialSignInConnectorTargets: [] } : body
      return { status: 200, body: await experience.update(patch, channels, custom, connectors) }
    })
}

/** Mounts the route of the sign-in experience that anyone may read. */
export function mountPublicSignInExperience(
  mount: Mount,
  experience: Experience,
  connections: Pick<Connections, 'channels'>,
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
