import { verificationRoutes } from '@countersign/api'
import type { Applications } from '../applications/applications.ts'
import type { Experience } from '../experience/experience.ts'
import type { Mount } from '../http/mount.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { Users } from '../users/users.ts'
import type { AccountDoor } from './door.ts'
import type { Permissions } from './permissions.ts'
import type { Proofs } from './proofs.ts'

/** Tells the application that no answer came after the message had left: it may arrive, and its code is good. */
const UNCONFIRMED = { 'Countersign-Delivery': 'unconfirmed' }

/** Proofs of the own identity and of new identifiers. */
export function mountVerifications(
  mount: Mount,
  deps: {
    door: AccountDoor
    permissions: Permissions
    proofs: Proofs
    users: Users
    applications: Applications
    experience: Experience
  },
): void {
  const { door, permissions, proofs, users, applications, experience } = deps
  const routes = verificationRoutes

  async function owner(userId: string) {
    const user = await users.byId(userId)
    if (!user) throw new ApiError('auth.unauthorized')
    return user
  }

  /** The language that the settings allow the caller to choose, else theirs. */
  async function localeOf(languages: string[]): Promise<string> {
    const { autoDetect, fallbackLanguage } = (await experience.read()).languageInfo
    return (autoDetect ? languages[0] : undefined) ?? fallbackLanguage
  }

  mount
    .add(routes.verifyMyPassword, async ({ body }, context) => {
      const call = door.callOf(context)
      const { caller } = call
      await permissions.requireFirstParty(caller)
      const user = await owner(caller.userId)
      return { status: 201, body: await proofs.provePassword(user, body.password, call) }
    })
    .add(routes.sendMyCode, async ({ body }, context) => {
      const call = door.callOf(context)
      const { caller } = call
      await permissions.requireFirstParty(caller)
      const application = await applications.byId(caller.clientId)
      const { identifier, templateType } = body
      const { outcome, ...record } = await proofs.sendCode(
        await owner(caller.userId),
        {
          identifier,
          usageType: templateType,
          context: {
            locale: await localeOf(context.languages),
            ...(identifier.type === 'email' &&
              application && { application: { id: application.id, name: application.name } }),
          },
        },
        call,
      )
      return { status: 201, body: record, ...(outcome === 'unconfirmed' && { headers: UNCONFIRMED }) }
    })
    .add(routes.verifyMyCode, async ({ body }, context) => {
      const call = door.callOf(context)
      const { caller } = call
      await permissions.requireFirstParty(caller)
      const { identifier, verificationId: id, code } = body
      await proofs.verifyCode(caller.userId, { identifier, id, code }, call)
      return { status: 200, body: { verificationRecordId: body.verificationId } }
    })
}
