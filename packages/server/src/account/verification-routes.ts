import { verificationRoutes } from '@countersign/api'
import type { Applications } from '../applications/applications.ts'
import type { MessageWish } from '../experience/message-language.ts'
import type { HandlerContext, Mount } from '../http/mount.ts'
import type { Users } from '../users/users.ts'
import type { AccountGuard } from './guard.ts'
import type { AccountCall, Permissions } from './permissions.ts'
import type { Proofs } from './proofs.ts'
import { owner } from './room.ts'

/** Tells the application that no answer came after the message had left: it may arrive, and its code is good. */
const UNCONFIRMED = { 'Countersign-Delivery': 'unconfirmed' }

/** What the routes of proofs need. */
interface ProofRoutes {
  guard: AccountGuard
  permissions: Permissions
  proofs: Proofs
  users: Users
  /** Finds the application that calls, a built-in one too. */
  clientById: Applications['byId']
  messageLanguage(wish: MessageWish): Promise<string>
  /** `ui_locales` of the sign-in before, as a `Cookie` header tells of it. */
  uiLocalesOf(cookies: string | undefined): string | undefined
}

/** What a message may say of where its code was asked for; a text message says less. */
async function messageContext(
  deps: ProofRoutes,
  { caller }: AccountCall,
  type: 'email' | 'phone',
  { http, languages }: HandlerContext,
): Promise<Record<string, unknown>> {
  const application = await deps.clientById(caller.clientId)
  const uiLocales = deps.uiLocalesOf(http.req.header('cookie'))
  const isNamed = type === 'email' && application
  const channel = type === 'email' ? 'email' : 'sms'
  return {
    locale: await deps.messageLanguage({ channel, uiLocales, accepted: languages }),
    ...(uiLocales !== undefined && { uiLocales }),
    ...(isNamed && { application: { id: application.id, name: application.name } }),
  }
}

/** The call of somebody whose application may ask for proofs. */
async function callOf({ guard, permissions }: ProofRoutes, context: HandlerContext): Promise<AccountCall> {
  const call = guard.callOf(context)
  await permissions.requireFirstParty(call.caller)
  return call
}

/**
 * Mounts the proofs of the own identity and of new identifiers.
 *
 * @example mountVerifications(mount, { guard, permissions, proofs, users, clientById, messageLanguage, uiLocalesOf })
 */
export function mountVerifications(mount: Mount, deps: ProofRoutes): void {
  const { proofs, users } = deps
  const routes = verificationRoutes
  mount
    .add(routes.verifyMyPassword, async ({ body }, context) => {
      const call = await callOf(deps, context)
      const user = await owner(users, call.caller)
      return { status: 201, body: await proofs.provePassword(user, body.password, call) }
    })
    .add(routes.sendMyCode, async ({ body }, context) => {
      const call = await callOf(deps, context)
      const { identifier, templateType: usageType } = body
      const said = await messageContext(deps, call, identifier.type, context)
      const user = await owner(users, call.caller)
      const { outcome, ...record } = await proofs.sendCode(
        user,
        { identifier, usageType, context: said, applicationId: call.caller.clientId },
        call,
      )
      return { status: 201, body: record, ...(outcome === 'unconfirmed' && { headers: UNCONFIRMED }) }
    })
    .add(routes.verifyMyCode, async ({ body }, context) => {
      const call = await callOf(deps, context)
      const { identifier, verificationId: id, code } = body
      await proofs.verifyCode(call.caller.userId, { identifier, id, code }, call)
      return { status: 200, body: { verificationRecordId: body.verificationId } }
    })
}
