import { onlyDigits } from '@countersign/api'
import { findRecord } from './flow.ts'
import { ownerOf } from './owners.ts'
import { finish, identifyAndFinish } from './page-finish.ts'
import { inPlaceOf } from './page-in-place.ts'
import type { FormRequest } from './page-request.ts'
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
import type { InPlace } from './page-state.ts'
import { EVENTS, isOpen, methodFor, type Purpose, registersWith } from './views.ts'

/**
 * Checks a code and goes on as far as it carries.
 *
 * @example form(mount, '/sign-in/code', (request, form) => submitCode(room, request, 'sign-in', form))
 */
export function submitCode(room: PageRoom, request: FormRequest, aim: Aim, form: Form): Promise<Target> {
  const { interaction, visitor } = request
  const page = `${baseOf(aim)}/code`
  return trying(request, page, async () => {
    const state = interaction.current()
    const inPlace = aim === 'add' ? undefined : inPlaceOf(request, EVENTS[aim])
    if (inPlace && aim !== 'add') return submitInPlace(room, request, { purpose: aim, inPlace, form })
    const record = codeRecord(state)
    const begun = aim === 'add' || state.event === EVENTS[aim]
    if (!begun || !record || record.identifier.type === 'username') return { path: baseOf(aim) }
    const digits = digitsIn(request, form)
    if (digits === '') return { path: page }
    const { type, value } = record.identifier
    // A record that was verified before (the visitor went back) need not be proved twice.
    if (!record.verified)
      await room.verification.verifyCode(
        interaction,
        { identifier: { type, value }, verificationId: record.id, code: digits },
        visitor,
      )
    if (aim !== 'add') return proceed(room, request, aim, record)
    await room.steps.addProfile(interaction, { type, verificationId: record.id })
    return finish(room, request)
  })
}

/** The digits of the code that was typed; where there are none, the page gets a notice. */
function digitsIn({ interaction }: FormRequest, form: Form): string {
  const digits = onlyDigits(form.code ?? '')
  if (digits === '') interaction.remember({ notice: { tone: 'error', code: 'code_required' } })
  return digits
}

/** Checks the code of an e-mail that went in the place of a text message, and goes on as with any e-mail's. */
async function submitInPlace(
  room: PageRoom,
  request: FormRequest,
  { purpose, inPlace, form }: { purpose: Purpose; inPlace: InPlace; form: Form },
): Promise<Target> {
  const { interaction, visitor } = request
  const code = digitsIn(request, form)
  if (code === '') return { path: `/${purpose}/code` }
  const id = await room.verification.verifyInPlace(interaction, inPlace, { code, visitor })
  return proceed(room, request, purpose, findRecord(interaction.current(), id))
}

/** Where the right code leads: on, or to the offer of the other purpose. */
async function proceed(
  room: PageRoom,
  request: FormRequest,
  purpose: Purpose,
  { id, identifier }: NonNullable<ReturnType<typeof codeRecord>>,
): Promise<Target> {
  const { settings, interaction, visitor } = request
  if (purpose === 'reset-password') {
    await room.steps.identify(interaction, id, visitor)
    return { path: '/reset-password/new' }
  }
  const owner = await ownerOf(room.users, interaction, identifier)
  if (purpose === 'sign-in' && !owner && registersWith(identifier.type, settings))
    return { path: '/sign-in/create' }
  if (purpose === 'register' && owner && isOpen('sign-in', settings)) return { path: '/register/existing' }
  return identifyAndFinish(room, request, id)
}

/**
 * Goes on with the other event after the offer: register instead of sign in, or the reverse.
 *
 * @example switchEvent(room, request, { event: 'Register', otherwise: '/sign-in/create', form })
 */
export function switchEvent(
  room: PageRoom,
  request: FormRequest,
  { event, otherwise, form }: { event: 'SignIn' | 'Register'; otherwise: string; form: Form },
): Promise<Target> {
  const { interaction, settings } = request
  return trying(request, otherwise, async () => {
    const record = codeRecord(interaction.current())
    if (!record) return { path: '/sign-in' }
    if (!agrees(request, event, form)) return { path: otherwise }
    await room.steps.changeEvent(interaction, event)
    const method = methodFor(record.identifier.type, settings)
    if (event === 'SignIn' && method?.password && !method.verificationCode) {
      // The code has proved whose it is, but a password is what signs in.
      interaction.remember({ identifier: record.identifier })
      return { path: '/sign-in/password' }
    }
    return identifyAndFinish(room, request, record.id)
  })
}

/**
 * Checks a password and finishes.
 *
 * @example form(mount, '/sign-in/password', (request, form) => submitPassword(room, request, form))
 */
export function submitPassword(room: PageRoom, request: FormRequest, form: Form): Promise<Target> {
  const { interaction, visitor } = request
  return trying(request, '/sign-in/password', async () => {
    const { identifier } = interaction.page
    if (!identifier) return { path: '/sign-in' }
    if (!form.password) {
      interaction.remember({ notice: { tone: 'error', code: 'password_required' } })
      return { path: '/sign-in/password' }
    }
    await beSigningIn(room, request)
    const recordId = await room.verification.verifyPassword(
      interaction,
      { identifier, password: form.password },
      visitor,
    )
    return identifyAndFinish(room, request, recordId)
  })
}

/**
 * A new password, typed twice: for a registration, a reset, or because it is missing.
 *
 * @example submitNewPassword(room, request, { purpose: 'register', page: '/register/password', form })
 */
export function submitNewPassword(
  room: PageRoom,
  request: FormRequest,
  { purpose, page, form }: { purpose: 'register' | 'reset-password' | 'add'; page: string; form: Form },
): Promise<Target> {
  const { interaction, visitor } = request
  const { steps, verification } = room
  return trying(request, page, async () => {
    const { password = '', repeat = '' } = form
    const notice =
      password === '' ? 'password_required' : password === repeat ? undefined : 'passwords_differ'
    if (notice) {
      interaction.remember({ notice: { tone: 'error', code: notice } })
      return { path: page }
    }
    if (purpose === 'reset-password') {
      await steps.resetPassword(interaction, password)
      await steps.submit(interaction, visitor)
      return { path: '/reset-password/done' }
    }
    if (purpose === 'add') {
      await steps.addProfile(interaction, { type: 'password', value: password })
      return finish(room, request)
    }
    const { identifier } = interaction.page
    if (identifier?.type !== 'username') return { path: '/register' }
    const recordId = await verification.prepareIdentity(interaction, { username: identifier.value, password })
    return identifyAndFinish(room, request, recordId)
  })
}
