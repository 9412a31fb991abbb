import type { InteractionEvent } from '@countersign/api'
import type { Captcha } from '../captcha/captcha.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { Users } from '../users/users.ts'
import type { World } from '../world.ts'
import type { State, VerificationRecord } from './flow.ts'
import { type FormRequest, noteRefusal, passwordIssues } from './page-request.ts'
import type { Steps } from './steps.ts'
import { AGREED, needsAgreement } from './terms.ts'
import type { Verification } from './verification.ts'
import type { Purpose } from './views.ts'

/** What the forms of the hosted pages need. The judging is the flow's, as for the Experience API. */
export interface PageRoom {
  captcha: Pick<Captcha, 'ask'>
  steps: Steps
  verification: Verification
  users: Users
  world: World
}

/** Where a form leads: a path of ours, or an absolute address back to the authorization request. */
export type Target = { path: string } | { address: string }

/** The fields of a form as they were posted. */
export type Form = Record<string, string>

/** What a form is for: a purpose, or an identifier to add to an account. */
export type Aim = Purpose | 'add'

/**
 * Gives the path of the first page of an aim.
 *
 * @example baseOf('add') // '/continue'
 */
export const baseOf = (aim: Aim) => (aim === 'add' ? '/continue' : `/${aim}`)

/**
 * Gives the path of the page where an event begins.
 *
 * @example pageOf('Register') // '/register'
 */
export const pageOf = (event: InteractionEvent) => (event === 'Register' ? '/register' : '/sign-in')

/**
 * Finds the record of the newest code.
 *
 * @example const record = codeRecord(interaction.state)
 */
export const codeRecord = (state: State | undefined): VerificationRecord | undefined =>
  state?.records.findLast(record => record.templateType !== undefined)

/**
 * Runs one action. A refusal becomes the notice of the page `otherwise`.
 *
 * @example return trying(request, '/sign-in', async () => ({ path: '/sign-in/code' }))
 */
export async function trying(
  request: FormRequest,
  otherwise: string,
  action: () => Promise<Target>,
): Promise<Target> {
  const { interaction } = request
  interaction.remember({ notice: undefined, issues: undefined, meant: undefined })
  try {
    await request.takeCheck(otherwise)
    return await action()
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (error.code === 'session.interaction_not_found') {
      interaction.remember({ notice: { tone: 'error', code: 'session_expired' } })
      return { path: '/sign-in' }
    }
    const issues = passwordIssues(error)
    if (issues.length > 0) interaction.remember({ issues })
    else noteRefusal(request, error)
    return { path: otherwise }
  }
}

/**
 * Remembers that the box of the terms was ticked. Where the tick is missing, the answer is false and the page gets a
 * notice.
 *
 * @example if (!agrees(request, 'Register', form)) return { path: '/register' }
 */
export function agrees(
  { interaction, settings }: FormRequest,
  event: InteractionEvent,
  form: Form = {},
): boolean {
  const ticked = form.terms === AGREED
  const isMissing = !ticked && needsAgreement({ settings, page: interaction.page }, event)
  if (ticked) interaction.remember({ agreed: true })
  if (isMissing) interaction.remember({ notice: { tone: 'error', code: 'terms_required' } })
  return !isMissing
}

/**
 * Begins to sign in. A visitor may come back from a reset or a registration that they did not finish.
 *
 * @example await beSigningIn(room, request)
 */
export async function beSigningIn({ steps }: PageRoom, { interaction }: FormRequest): Promise<void> {
  if (interaction.state?.event !== 'SignIn') await steps.start(interaction, 'SignIn')
}
