import type { InteractionEvent } from '@countersign/api'
import type { IdentifierKind } from '@countersign/sign-in'
import { pauseOf } from '../experience/experience.ts'
import { phoneProblem } from '../identifiers/phone.ts'
import { readRecipient } from '../identifiers/recipient.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { Identifier } from '../users/users.ts'
import type { VerificationRecord } from './flow.ts'
import { finish } from './page-finish.ts'
import { hasJustMailed, inPlaceOf, mailAgain, mailInPlace } from './page-in-place.ts'
import {
  DOUBLE_TAP,
  type FormRequest,
  messageContextOf,
  noteRefusal,
  type PageRequest,
  rememberWait,
} from './page-request.ts'
import {
  type Aim,
  agrees,
  baseOf,
  beSigningIn,
  codeRecord,
  type Form,
  type PageRoom,
  type Target,
  trying,
} from './page-room.ts'
import { requireHuman } from './requirements.ts'
import { asTyped, phoneFieldOf, readIdentifier } from './typed.ts'
import { beginsWithCode, EVENTS, methodFor, offersPassword, type Purpose } from './views.ts'

/**
 * Does what the first page's form asks for: begins the interaction, and asks for a code or the password.
 *
 * @example
 * form(mount, '/sign-in', (request, form) => begin(room, request, { purpose: 'sign-in', kind: 'phone', form }))
 */
export function begin(
  room: PageRoom,
  request: FormRequest,
  { purpose, kind, form }: { purpose: Purpose; kind: IdentifierKind; form: Form },
): Promise<Target> {
  const { interaction, settings } = request
  const own = `/${purpose}?with=${kind}`
  return trying(request, own, async () => {
    const byPassword =
      purpose === 'sign-in' &&
      (!beginsWithCode(kind, settings) || (form.use === 'password' && offersPassword(kind, settings)))
    const sends = byPassword ? undefined : EVENTS[purpose]
    const identifier = await readTyped(room, request, { kind, form, sends })
    if (!identifier || !agrees(request, EVENTS[purpose], form)) return { path: own }
    interaction.remember({ identifier })
    requireHuman(settings, interaction.state)
    const page = `/${purpose}/code`
    if (!byPassword && hasJustMailed(room, request, EVENTS[purpose], identifier)) return { path: page }
    const waiting = waitingFor(request, EVENTS[purpose], identifier)
    if (!waiting) {
      await room.steps.start(interaction, EVENTS[purpose])
      interaction.remember({ inPlace: undefined })
    }
    if (purpose === 'register' && kind === 'username') return { path: '/register/password' }
    if (purpose === 'sign-in') {
      if (!methodFor(kind, settings)) throw new ApiError('user.sign_in_method_not_enabled')
      if (byPassword) return { path: '/sign-in/password' }
    }
    if (waiting) await sendOnce(room, request, { record: waiting, event: EVENTS[purpose], page })
    else await sendCode(room, request, { identifier, event: EVENTS[purpose], page })
    return { path: page }
  })
}

/**
 * Finds the record of a code that is out already for just this. Another code would make it worthless, so none is sent
 * at once.
 */
function waitingFor(
  { interaction: { state } }: PageRequest,
  event: InteractionEvent,
  identifier: Identifier,
  { isAdded = false } = {},
): VerificationRecord | undefined {
  const record = codeRecord(state)
  const isSame =
    record !== undefined &&
    !record.verified &&
    state?.event === event &&
    (isAdded || state.userId === undefined) &&
    record.identifier.type === identifier.type &&
    record.identifier.value === identifier.value
  return isSame ? record : undefined
}

/** Answers a form that came again. Its code is on its way; a second message follows only when the first may be lost. */
async function sendOnce(
  room: PageRoom,
  request: FormRequest,
  { record, event, page }: { record: VerificationRecord; event: InteractionEvent; page: string },
): Promise<void> {
  const { interaction } = request
  const { sentAt = 0, isUnsure } = interaction.page
  // Within the pause no other code would be sent, so what was typed again can only mean the one that is out.
  const isSame = room.world.now() - sentAt < Math.max(pauseOf(request.settings), DOUBLE_TAP)
  if (isSame && !isUnsure && (await room.verification.codeEnd(interaction.uid, record)) === undefined) {
    interaction.remember({ notice: { tone: 'info', code: 'code_sent' } })
    return
  }
  try {
    await sendCode(room, request, { identifier: record.identifier, event, page })
  } catch (error) {
    // The message that went out before can still be used, and its page is the place for that.
    if (!(error instanceof ApiError)) throw error
    noteRefusal(request, error)
  }
}

/**
 * Sends another code to the same recipient.
 *
 * @example form(mount, '/sign-in/resend', request => resend(room, request, 'sign-in'))
 */
export function resend(room: PageRoom, request: FormRequest, aim: Aim): Promise<Target> {
  const page = `${baseOf(aim)}/code`
  return trying(request, page, async () => {
    const state = request.interaction.current()
    const inPlace = aim === 'add' ? undefined : inPlaceOf(request, EVENTS[aim])
    if (inPlace) {
      if (await mailAgain(room, request, { ...inPlace, page })) return { path: page }
      throw new ApiError('request.message_refused')
    }
    const record = codeRecord(state)
    const begun = aim === 'add' || state.event === EVENTS[aim]
    if (!begun || !record) return { path: baseOf(aim) }
    const { identifier } = record
    await sendCode(room, request, { identifier, event: state.event, page, again: true })
    return { path: page }
  })
}

/**
 * Signs in by code instead of by password.
 *
 * @example form(mount, '/sign-in/use-code', request => useCode(room, request))
 */
export function useCode(room: PageRoom, request: FormRequest): Promise<Target> {
  return trying(request, '/sign-in/password', async () => {
    const { identifier } = request.interaction.page
    if (!identifier || !methodFor(identifier.type, request.settings)?.verificationCode)
      throw new ApiError('user.sign_in_method_not_enabled')
    await beSigningIn(room, request)
    const page = '/sign-in/code'
    if (hasJustMailed(room, request, 'SignIn', identifier)) return { path: page }
    const waiting = waitingFor(request, 'SignIn', identifier)
    if (waiting) await sendOnce(room, request, { record: waiting, event: 'SignIn', page })
    else await sendCode(room, request, { identifier, event: 'SignIn', page })
    return { path: page }
  })
}

/**
 * Adds an identifier that the settings require: a username is staged at once, the others get a code first.
 *
 * @example form(mount, '/continue', (request, form) => addIdentifier(room, request, { kind: 'email', form }))
 */
export function addIdentifier(
  room: PageRoom,
  request: FormRequest,
  { kind, form }: { kind: IdentifierKind; form: Form },
): Promise<Target> {
  const own = `/continue?with=${kind}`
  return trying(request, own, async () => {
    const { interaction } = request
    const { event } = interaction.current()
    const identifier = await readTyped(room, request, { kind, form, sends: event })
    if (!identifier) return { path: own }
    if (identifier.type === 'username') {
      await room.steps.addProfile(interaction, { type: 'username', value: identifier.value })
      return finish(room, request)
    }
    const page = '/continue/code'
    const waiting = waitingFor(request, event, identifier, { isAdded: true })
    if (waiting) await sendOnce(room, request, { record: waiting, event, page })
    else await sendCode(room, request, { identifier, event, page, isAdded: true })
    return { path: page }
  })
}

/**
 * Reads what was typed, or the number that was chosen in its place, and remembers it. Where it leads no further, it is
 * undefined and the page gets a notice. A number that cannot exist, and that a user has all the same, still gets its
 * codes. Where a password comes next, nobody looks whether there is such a user, as that would tell: whoever types the
 * same number twice goes on with it.
 *
 * @param sends the event for which a code would be sent; undefined where a password comes next
 */
async function readTyped(
  { verification }: PageRoom,
  request: FormRequest,
  { kind, form, sends }: { kind: IdentifierKind; form: Form; sends: InteractionEvent | undefined },
): Promise<Identifier | undefined> {
  const { interaction } = request
  const { doubted, country: chosen } = interaction.page
  const { value, country } =
    kind === 'phone' && form.meant
      ? asTyped(form.meant)
      : { value: form.value ?? '', country: form.country ?? chosen ?? '' }
  const reading = readIdentifier(kind, value, country, await phoneFieldOf(request, sends !== undefined))
  const { identifier, notice, meant, unserved } = reading
  const insists = async (number: Identifier) =>
    sends ? verification.isKept(number, { unserved }) : doubted === number.value
  const isWrong = notice && !(identifier && (await insists(identifier)))
  interaction.remember({
    // An address is shown as the message goes to it, so that whoever comes back sees that.
    typed: { kind, value: isWrong || identifier?.type !== 'email' ? value : identifier.value },
    ...(country && { country }),
    ...(isWrong && { notice, meant, doubted: identifier?.value }),
  })
  if (isWrong && sends && identifier?.type === 'phone') {
    const reason = unserved ? 'no_destination' : 'impossible_number'
    const { visitor } = request
    await verification.noteRefused(interaction, { value: identifier.value, event: sends, visitor, reason })
  }
  return isWrong ? undefined : identifier
}

/** Sends a code. The notice that it is on its way is for `page`, and is stored before the message leaves. */
async function sendCode(
  room: PageRoom,
  request: FormRequest,
  {
    identifier,
    event,
    page,
    again = false,
    isAdded,
  }: { identifier: Identifier; event: InteractionEvent; page: string; again?: boolean; isAdded?: boolean },
): Promise<void> {
  const { verification, world } = room
  const { interaction } = request
  if (identifier.type === 'username') throw new ApiError('user.sign_in_method_not_enabled')
  const isOdd = identifier.type === 'phone' && phoneProblem(identifier.value, 'plan') !== undefined
  // Whoever typed such a number twice to use a password gets no code to it.
  if (isOdd && !(await verification.isKept(identifier))) {
    const { visitor } = request
    const reason = 'impossible_number'
    await verification.noteRefused(interaction, { value: identifier.value, event, visitor, reason })
    throw new ApiError('user.invalid_phone')
  }
  const { sentAt, isUnsure = false } = interaction.page
  interaction.remember({
    sentAt: world.now(),
    isUnsure: false,
    noticeFor: page,
    notice: { tone: 'info', code: again ? 'code_resent' : 'code_sent' },
  })
  try {
    const { outcome } = await verification.sendCode(interaction, {
      recipient: readRecipient({ type: identifier.type, value: identifier.value }),
      event,
      context: messageContextOf(request),
      visitor: request.visitor,
      isPaced: true,
      ...(isAdded && { isAdded }),
    })
    interaction.remember({ inPlace: undefined })
    if (outcome === 'unconfirmed')
      interaction.remember({ isUnsure: true, notice: { tone: 'info', code: 'maybe_sent' } })
  } catch (error) {
    interaction.remember({ sentAt, isUnsure, notice: undefined })
    rememberWait(request, identifier.value, error)
    const { value: number } = identifier
    if (isAdded || !(await mailInPlace(room, request, { number, event, page, error }))) throw error
  }
}
