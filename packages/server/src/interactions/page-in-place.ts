import type { InteractionEvent, SignInExperience } from '@countersign/api'
import { Spent } from '../budgets/budgets.ts'
import { pauseOf } from '../experience/experience.ts'
import { Limited } from '../limits/limits.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { Identifier } from '../users/users.ts'
import {
  DOUBLE_TAP,
  type FormRequest,
  messageContextOf,
  type PageRequest,
  rememberWait,
} from './page-request.ts'
import type { PageRoom } from './page-room.ts'
import type { InPlace } from './page-state.ts'

/**
 * Whether a code by e-mail lets somebody in for an event. To register, or to add a number, only the number will do.
 *
 * @example mailOpens('ForgotPassword', { ...settings, forgotPasswordMethods: ['EmailVerificationCode'] }) // true
 */
export function mailOpens(
  event: InteractionEvent,
  settings: Pick<SignInExperience, 'signIn' | 'signInMode' | 'forgotPasswordMethods'>,
): boolean {
  if (event === 'ForgotPassword')
    return settings.forgotPasswordMethods?.includes('EmailVerificationCode') === true
  return (
    event === 'SignIn' &&
    settings.signInMode !== 'Register' &&
    settings.signIn.methods.some(method => method.identifier === 'email' && method.verificationCode)
  )
}

/**
 * The e-mail that this page's code is in, where it went in the place of a text message.
 *
 * @example const inPlace = inPlaceOf(request, 'SignIn')
 */
export function inPlaceOf(
  { interaction: { page, state } }: Pick<PageRequest, 'interaction'>,
  event: InteractionEvent | undefined,
): InPlace | undefined {
  const { inPlace } = page
  const isOf = state !== undefined && state.event === event && state.userId === undefined
  return isOf && inPlace?.event === event ? inPlace : undefined
}

/**
 * Whether such an e-mail was asked for just now, for just this: a form that comes again asks for no other one.
 *
 * @example if (hasJustMailed(room, request, 'SignIn', identifier)) return { path: page }
 */
export function hasJustMailed(
  { world }: PageRoom,
  request: FormRequest,
  event: InteractionEvent,
  { type, value }: Identifier,
): boolean {
  const { sentAt = 0 } = request.interaction.page
  const inPlace = inPlaceOf(request, event)
  const isSame = type === 'phone' && inPlace?.number === value
  return isSame && world.now() - sentAt < Math.max(pauseOf(request.settings), DOUBLE_TAP)
}

/** A text message that was refused, and the page that a code would lead to. */
interface Refused {
  number: string
  event: InteractionEvent
  page: string
  error: unknown
}

/**
 * Has an e-mail take the place of a text message that budgets have no money for, where they and the settings say so. False
 * where nothing of that kind can be done: then the text message's refusal holds.
 *
 * @example if (!(await mailInPlace(room, request, { number, event: 'SignIn', page, error }))) throw error
 *
 * @throws ApiError what holds up e-mails for whatever number: a limit, the pause, a check for people
 */
export async function mailInPlace(
  room: PageRoom,
  request: FormRequest,
  { number, event, page, error }: Refused,
): Promise<boolean> {
  const { interaction, settings } = request
  const isMoved = error instanceof Spent && error.movesToEmail && interaction.state?.userId === undefined
  if (!isMoved || !mailOpens(event, settings)) return false
  return mailAgain(room, request, { number, event, page, budget: error.budget })
}

/**
 * Sends another one. It stays with e-mails, also when there is money again.
 *
 * @example await mailAgain(room, request, { ...inPlace, page: '/sign-in/code' })
 *
 * @returns false where e-mails are not there for it
 * @throws ApiError as `mailInPlace`
 */
export async function mailAgain(
  { verification, world }: PageRoom,
  request: FormRequest,
  { number, event, budget, page }: Pick<InPlace, 'number' | 'event' | 'budget'> & { page: string },
): Promise<boolean> {
  const { interaction, visitor } = request
  const { sentAt } = interaction.page
  // Stored before the message leaves. The page itself says what may have been sent.
  interaction.remember({ sentAt: world.now(), isUnsure: false, noticeFor: page, notice: undefined })
  try {
    const context = messageContextOf(request)
    await verification.sendInPlace(interaction, { number, event, context, visitor, budget })
    return true
  } catch (error) {
    interaction.remember({ sentAt })
    rememberWait(request, number, error)
    const isTold =
      error instanceof Limited || (error instanceof ApiError && error.code === 'session.captcha_required')
    if (isTold || !(error instanceof ApiError)) throw error
    return false
  }
}
