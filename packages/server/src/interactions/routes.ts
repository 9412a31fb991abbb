import { experienceRoutes } from '@countersign/api'
import type { Captcha } from '../captcha/captcha.ts'
import type { HandlerContext, Mount } from '../http/mount.ts'
import { type Recipient, readRecipient } from '../identifiers/recipient.ts'
import type { Browsers } from './browsers.ts'
import type { Visitor } from './happenings.ts'
import type { Interactions } from './interactions.ts'
import { currentState } from './open-interaction.ts'
import type { Steps } from './steps.ts'
import type { Verification } from './verification.ts'

/** Which interaction a request belongs to, of which application, and what its messages may say. */
export type InteractionOf = (context: HandlerContext) => Promise<{
  uid: string
  clientId: string
  messageContext(channel: Recipient['channel']): Promise<Record<string, unknown>>
}>

/** What the Experience API needs. */
export interface ExperienceApi {
  interactionOf: InteractionOf
  steps: Steps
  verification: Verification
  browsers: Browsers
  interactions: Interactions
  captcha: Pick<Captcha, 'ask'>
}

/** Who calls, of which interaction. */
async function callOf({ interactionOf, browsers }: ExperienceApi, context: HandlerContext) {
  const { uid, clientId, messageContext } = await interactionOf(context)
  const browser = browsers.of(context.http.req.header('cookie'))
  const visitor: Visitor = { ip: context.ip, userAgent: context.userAgent, clientId, browser }
  return { uid, visitor, messageContext }
}

/**
 * Mounts the Experience API, for custom sign-in pages.
 *
 * @example mountExperience(mount, { interactionOf, steps, verification, browsers, interactions, captcha })
 */
export function mountExperience(mount: Mount, api: ExperienceApi): void {
  mountBeginning(mount, api)
  mountProofs(mount, api)
  mountProfile(mount, api)
  mountEnd(mount, api)
}

/** How an interaction begins, and where it stands. */
function mountBeginning(mount: Mount, api: ExperienceApi): void {
  const { steps, interactions } = api
  const routes = experienceRoutes
  mount
    .add(routes.startInteraction, async ({ body }, context) => {
      const { uid, visitor } = await callOf(api, context)
      const { interactionEvent, captchaToken } = body
      await interactions.transition(uid, async interaction => {
        await steps.start(interaction, interactionEvent)
        if (captchaToken !== undefined) await steps.passCaptcha(interaction, captchaToken, visitor)
      })
      return { status: 204 }
    })
    .add(routes.getCaptchaChallenge, async (_, context) => {
      const { uid } = await api.interactionOf(context)
      return { status: 200, body: await api.captcha.ask(uid) }
    })
    .add(routes.passCaptcha, async ({ body }, context) => {
      const { uid, visitor } = await callOf(api, context)
      await interactions.transition(uid, interaction =>
        steps.passCaptcha(interaction, body.captchaToken, visitor),
      )
      return { status: 204 }
    })
    .add(routes.changeInteractionEvent, async ({ body }, context) => {
      const { uid } = await api.interactionOf(context)
      await interactions.transition(uid, interaction => steps.changeEvent(interaction, body.interactionEvent))
      return { status: 204 }
    })
    .add(routes.getInteraction, async (_, context) => {
      const { uid, visitor } = await callOf(api, context)
      return { status: 200, body: steps.describe(currentState(await interactions.read(uid)), visitor) }
    })
    .add(routes.listSsoConnectors, async (_, context) => {
      await api.interactionOf(context)
      return { status: 200, body: { connectorIds: [] } }
    })
}

/** Proofs by code and by password. */
function mountProofs(mount: Mount, api: ExperienceApi): void {
  const { verification, interactions } = api
  const routes = experienceRoutes
  mount
    .add(routes.sendInteractionCode, async ({ body }, context) => {
      const { uid, visitor, messageContext } = await callOf(api, context)
      const recipient = readRecipient(body.identifier)
      const said = await messageContext(recipient.channel)
      const { verificationId } = await interactions.transition(uid, interaction =>
        verification.sendCode(interaction, {
          recipient,
          event: body.interactionEvent,
          context: said,
          visitor,
        }),
      )
      return { status: 200, body: { verificationId } }
    })
    .add(routes.verifyInteractionCode, async ({ body }, context) => {
      const { uid, visitor } = await callOf(api, context)
      const { identifier, verificationId, code } = body
      await interactions.transition(uid, interaction =>
        verification.verifyCode(interaction, { identifier, verificationId, code }, visitor),
      )
      return { status: 200, body: { verificationId } }
    })
    .add(routes.verifyInteractionPassword, async ({ body }, context) => {
      const { uid, visitor } = await callOf(api, context)
      const { identifier, password } = body
      const verificationId = await interactions.transition(uid, interaction =>
        verification.verifyPassword(interaction, { identifier, password }, visitor),
      )
      return { status: 200, body: { verificationId } }
    })
    .add(routes.createNewPasswordIdentity, async ({ body }, context) => {
      const { uid } = await api.interactionOf(context)
      const { identifier, password } = body
      const verificationId = await interactions.transition(uid, interaction =>
        verification.prepareIdentity(interaction, { username: identifier.value, password }),
      )
      return { status: 200, body: { verificationId } }
    })
}

/** What is to be written to the user at the end. */
function mountProfile(mount: Mount, { interactionOf, steps, interactions }: ExperienceApi): void {
  const routes = experienceRoutes
  mount
    .add(routes.addProfile, async ({ body }, context) => {
      const { uid } = await interactionOf(context)
      await interactions.transition(uid, interaction => steps.addProfile(interaction, body))
      return { status: 204 }
    })
    .add(routes.resetPassword, async ({ body }, context) => {
      const { uid } = await interactionOf(context)
      await interactions.transition(uid, interaction => steps.resetPassword(interaction, body.password))
      return { status: 204 }
    })
}

/** Who it is, and the finish. */
function mountEnd(mount: Mount, api: ExperienceApi): void {
  const { steps, interactions } = api
  const routes = experienceRoutes
  mount
    .add(routes.identify, async ({ body }, context) => {
      const { uid, visitor } = await callOf(api, context)
      const created = await interactions.transition(uid, interaction =>
        steps.identify(interaction, body.verificationId, visitor),
      )
      return created ? { status: 201, text: 'Created' } : { status: 204 }
    })
    .add(routes.submitInteraction, async (_, context) => {
      const { uid, visitor } = await callOf(api, context)
      const redirectTo = await interactions.transition(uid, interaction => steps.submit(interaction, visitor))
      const { setCookie } = visitor.browser ?? {}
      const headers = setCookie === undefined ? undefined : { 'set-cookie': setCookie }
      return redirectTo === undefined
        ? { status: 204 }
        : { status: 200, body: { redirectTo }, ...(headers && { headers }) }
    })
}
