import { experienceRoutes } from '@countersign/api'
import type { HandlerContext, Mount } from '../http/mount.ts'
import { readRecipient } from '../identifiers/recipient.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { Browsers } from './browsers.ts'
import type { Visitor } from './happenings.ts'
import type { Interactions } from './interactions.ts'
import type { Verification } from './verification.ts'
import { currentState } from './visit.ts'
import type { Visits } from './visits.ts'

/** Which interaction a request belongs to, of which application, and what its messages may say. */
export type InteractionOf = (
  context: HandlerContext,
) => Promise<{ uid: string; clientId: string; messageContext: Record<string, unknown> }>

/** The Experience API: the door for custom sign-in pages. */
export function mountExperience(
  mount: Mount,
  interactionOf: InteractionOf,
  interactions: Interactions,
  verification: Verification,
  browsers: Browsers,
  visits: Visits,
): void {
  const routes = experienceRoutes
  const uidOf = async (context: HandlerContext) => (await interactionOf(context)).uid
  const callOf = async (context: HandlerContext) => {
    const { uid, clientId, messageContext } = await interactionOf(context)
    const browser = browsers.of(context.http.req.header('cookie'))
    const visitor: Visitor = { ip: context.ip, userAgent: context.userAgent, clientId, browser }
    return { uid, visitor, messageContext }
  }
  mount
    .add(routes.startInteraction, async ({ body }, context) => {
      const uid = await uidOf(context)
      if (body.captchaToken !== undefined) throw new ApiError('session.captcha_failed')
      await visits.transition(uid, visit => interactions.start(visit, body.interactionEvent))
      return { status: 204 }
    })
    .add(routes.changeInteractionEvent, async ({ body }, context) => {
      const uid = await uidOf(context)
      await visits.transition(uid, visit => interactions.changeEvent(visit, body.interactionEvent))
      return { status: 204 }
    })
    .add(routes.getInteraction, async (_, context) => {
      const { uid, visitor } = await callOf(context)
      return { status: 200, body: await interactions.describe(currentState(await visits.read(uid)), visitor) }
    })
    .add(routes.sendInteractionCode, async ({ body }, context) => {
      const { uid, visitor, messageContext } = await callOf(context)
      const { verificationId } = await visits.transition(uid, visit =>
        verification.sendCode(visit, {
          recipient: readRecipient(body.identifier),
          event: body.interactionEvent,
          context: messageContext,
          visitor,
        }),
      )
      return { status: 200, body: { verificationId } }
    })
    .add(routes.verifyInteractionCode, async ({ body }, context) => {
      const { uid, visitor } = await callOf(context)
      const { identifier, verificationId, code } = body
      await visits.transition(uid, visit =>
        verification.verifyCode(visit, { identifier, verificationId, code }, visitor),
      )
      return { status: 200, body: { verificationId } }
    })
    .add(routes.verifyInteractionPassword, async ({ body }, context) => {
      const { uid, visitor } = await callOf(context)
      const { identifier, password } = body
      const verificationId = await visits.transition(uid, visit =>
        verification.verifyPassword(visit, { identifier, password }, visitor),
      )
      return { status: 200, body: { verificationId } }
    })
    .add(routes.createNewPasswordIdentity, async ({ body }, context) => {
      const uid = await uidOf(context)
      const verificationId = await visits.transition(uid, visit =>
        verification.prepareIdentity(visit, { username: body.identifier.value, password: body.password }),
      )
      return { status: 200, body: { verificationId } }
    })
    .add(routes.identify, async ({ body }, context) => {
      const { uid, visitor } = await callOf(context)
      const created = await visits.transition(uid, visit =>
        interactions.identify(visit, body.verificationId, visitor),
      )
      return created ? { status: 201, text: 'Created' } : { status: 204 }
    })
    .add(routes.addProfile, async ({ body }, context) => {
      const uid = await uidOf(context)
      await visits.transition(uid, visit => interactions.addProfile(visit, body))
      return { status: 204 }
    })
    .add(routes.resetPassword, async ({ body }, context) => {
      const uid = await uidOf(context)
      await visits.transition(uid, visit => interactions.resetPassword(visit, body.password))
      return { status: 204 }
    })
    .add(routes.submitInteraction, async (_, context) => {
      const { uid, visitor } = await callOf(context)
      const redirectTo = await visits.transition(uid, visit => interactions.submit(visit, visitor))
      const { setCookie } = visitor.browser ?? {}
      const headers = setCookie === undefined ? undefined : { 'set-cookie': setCookie }
      return redirectTo === undefined
        ? { status: 204 }
        : { status: 200, body: { redirectTo }, ...(headers && { headers }) }
    })
    .add(routes.listSsoConnectors, async (_, context) => {
      await uidOf(context)
      return { status: 200, body: { connectorIds: [] } }
    })
}
