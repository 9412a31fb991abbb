import type { InteractionEvent } from '@countersign/api'
import type { IdentifierKind } from '@countersign/sign-in'
import type { CodeEnd } from '../codes/codes.ts'
import { requireAllowedEmail } from '../experience/experience.ts'
import { ApiError } from '../http/errors.ts'
import { phoneProblem } from '../identifiers/phone.ts'
import type { Identifier, Users } from '../users/users.ts'
import type { World } from '../world.ts'
import { type MissingProfile, missingProfile, type State, type VerificationRecord } from './flow.ts'
import type { Interactions } from './interactions.ts'
import { noticeOf, type PageRequest, passwordIssues } from './page-request.ts'
import { AGREED, needsAgreement } from './terms.ts'
import { asTyped, phoneFieldOf, readIdentifier } from './typed.ts'
import type { Verification } from './verification.ts'
import {
  beginsWithCode,
  EVENTS,
  isOpen,
  methodFor,
  offersPassword,
  type Purpose,
  registersWith,
} from './views.ts'
import type { Visits } from './visits.ts'

/** Where a form leads: a path of ours, or an absolute address back to the authorization request. */
export type Target = { path: string } | { address: string }

type Form = Record<string, string>

const baseOf = (purpose: Purpose | 'add') => (purpose === 'add' ? '/continue' : `/${purpose}`)

/** Where an event begins. */
const pageOf = (event: InteractionEvent) => (event === 'Register' ? '/register' : '/sign-in')

const codeRecord = (state: State | undefined): VerificationRecord | undefined =>
  state?.records.findLast(record => record.templateType !== undefined)

/** True when a code for just this is under way already: asking again must not make it worthless. */
function waitsForCode(state: State | undefined, event: InteractionEvent, identifier: Identifier): boolean {
  const record = codeRecord(state)
  return (
    record !== undefined &&
    !record.verified &&
    state?.event === event &&
    state.userId === undefined &&
    record.identifier.type === identifier.type &&
    record.identifier.value === identifier.value
  )
}

/**
 * What the forms of the hosted pages do. Each returns where to go next; what went wrong is remembered as a
 * notice for that page. The judging is the flow's, as for the Experience API.
 */
export function createPageActions(deps: {
  visits: Visits
  interactions: Interactions
  verification: Verification
  users: Users
  world: World
}) {
  const { visits, interactions, verification, users, world } = deps

  /** Runs one action; an error of ours becomes the notice of the page `otherwise`. */
  async function trying(
    request: PageRequest,
    otherwise: string,
    action: () => Promise<Target>,
  ): Promise<Target> {
    await visits.remember(request.uid, { notice: undefined, issues: undefined, meant: undefined })
    try {
      return await action()
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (error.code === 'session.interaction_not_found') {
        await visits.remember(request.uid, { notice: { tone: 'error', code: 'session_expired' } })
        return { path: '/sign-in' }
      }
      const issues = passwordIssues(error)
      await visits.remember(request.uid, issues.length > 0 ? { issues } : { notice: noticeOf(error) })
      return { path: otherwise }
    }
  }

  /** Remembers a tick; false, with the notice, when it is missing. */
  async function agrees(request: PageRequest, event: InteractionEvent, form: Form = {}): Promise<boolean> {
    const ticked = form.terms === AGREED
    const { page } = await visits.read(request.uid)
    const missing = !ticked && needsAgreement({ settings: request.settings, memory: page }, event)
    if (ticked) await visits.remember(request.uid, { agreed: true })
    if (missing) await visits.remember(request.uid, { notice: { tone: 'error', code: 'terms_required' } })
    return !missing
  }

  /**
   * Reads what was typed, or the number that was taken instead, and remembers it; nothing, with the notice, when it leads
   * no further. A number that cannot exist and that a user has all the same still gets its codes. For a password nobody
   * looks whether there is such a user, as that would tell: whoever insists on the number goes on.
   */
  async function readTyped(
    request: PageRequest,
    kind: IdentifierKind,
    form: Form,
    { sendsCode }: { sendsCode: boolean },
  ): Promise<Identifier | undefined> {
    const { page } = request.visit
    const { value, country } =
      kind === 'phone' && form.meant
        ? asTyped(form.meant)
        : { value: form.value ?? '', country: form.country ?? page.country ?? '' }
    const reading = readIdentifier(kind, value, country, await phoneFieldOf(request, sendsCode))
    const { identifier, notice, meant, unserved } = reading
    const insists = async (number: Identifier) =>
      sendsCode ? verification.isKept(number, { unserved }) : page.doubted === number.value
    const isWrong = notice && !(identifier && (await insists(identifier)))
    await visits.remember(request.uid, {
      typed: { kind, value },
      ...(country && { country }),
      ...(isWrong && { notice, meant, doubted: identifier?.value }),
    })
    return isWrong ? undefined : identifier
  }

  async function sendCode(
    request: PageRequest,
    identifier: { type: IdentifierKind; value: string },
    event: InteractionEvent,
    again = false,
  ) {
    if (identifier.type === 'username') throw new ApiError('user.sign_in_method_not_enabled')
    const isOdd = identifier.type === 'phone' && phoneProblem(identifier.value, 'plan') !== undefined
    // Whoever insisted on it for a password gets no code to it.
    if (isOdd && !(await verification.isKept(identifier))) throw new ApiError('user.invalid_phone')
    const application = request.frame.applicationName
    const { ui_locales: uiLocales } = request.params
    const { outcome } = await verification.sendCode(request.uid, {
      identifier: { type: identifier.type, value: identifier.value },
      event,
      context: {
        locale: request.locale.tag,
        ...(typeof uiLocales === 'string' && { uiLocales }),
        ...(application !== undefined && { application: { id: request.clientId, name: application } }),
      },
      visitor: request.visitor,
      // A number that a user has and that cannot exist is dialled as it always was.
      hasCountryCode: !isOdd,
    })
    await visits.remember(request.uid, {
      sentAt: world.now(),
      notice: {
        tone: 'info',
        code: outcome === 'unconfirmed' ? 'maybe_sent' : again ? 'code_resent' : 'code_sent',
      },
    })
  }

  /** Begins to sign in, for those who come back from a reset or a registration that they did not finish. */
  async function beSigningIn(uid: string): Promise<void> {
    const { state } = await visits.read(uid)
    if (state?.event !== 'SignIn') await interactions.start(uid, 'SignIn')
  }

  /** What the settings still ask for, of the identified user or of the new one. */
  async function missing({ settings }: PageRequest, state: State): Promise<MissingProfile[]> {
    const user = state.userId === undefined ? undefined : await users.byId(state.userId)
    return missingProfile(settings.signUp, { ...user, ...state.profile })
  }

  /** Finishes, or leads to what is missing. */
  async function finish(request: PageRequest): Promise<Target> {
    const state = await visits.state(request.uid)
    // Whichever way led here, nobody gets past the box.
    if (!(await agrees(request, state.event))) return { path: pageOf(state.event) }
    if ((await missing(request, state)).length > 0) return { path: '/continue' }
    if (state.userId === undefined) await interactions.identify(request.uid, undefined, request.visitor)
    const address = await interactions.submit(request.uid, request.visitor)
    return address === undefined ? { path: '/reset-password/done' } : { address }
  }

  async function identifyAndFinish(request: PageRequest, recordId: string): Promise<Target> {
    const { event } = await visits.state(request.uid)
    if (!(await agrees(request, event))) return { path: pageOf(event) }
    try {
      await interactions.identify(request.uid, recordId, request.visitor)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (error.code === 'user.missing_profile') return { path: '/continue' }
      // The form was sent twice, and the first one has created the user: this one goes on from there.
      const { userId } = await visits.state(request.uid)
      if (event !== 'Register' || userId === undefined) throw error
    }
    return finish(request)
  }

  return {
    codeRecord,
    /** Why the code that a page asks for can no longer be used. Who proved it and came back needs no other. */
    codeEnd: async (uid: string, record: VerificationRecord): Promise<CodeEnd | undefined> =>
      record.verified ? undefined : verification.codeEnd(uid, record),
    missing,
    /** The first page's form: begins, and asks for a code or the password. */
    begin: (request: PageRequest, purpose: Purpose, kind: IdentifierKind, form: Form) =>
      trying(request, `/${purpose}?with=${kind}`, async () => {
        const byPassword =
          purpose === 'sign-in' &&
          (!beginsWithCode(kind, request.settings) ||
            (form.use === 'password' && offersPassword(kind, request.settings)))
        const identifier = await readTyped(request, kind, form, { sendsCode: !byPassword })
        if (!identifier) return { path: `/${purpose}?with=${kind}` }
        if (!(await agrees(request, EVENTS[purpose], form))) return { path: `/${purpose}?with=${kind}` }
        await visits.remember(request.uid, { identifier })
        const waiting = waitsForCode(request.visit.state, EVENTS[purpose], identifier)
        if (!waiting) await interactions.start(request.uid, EVENTS[purpose])
        if (purpose === 'register' && kind === 'username') return { path: '/register/password' }
        if (purpose === 'sign-in') {
          if (!methodFor(kind, request.settings)) throw new ApiError('user.sign_in_method_not_enabled')
          if (byPassword) return { path: '/sign-in/password' }
        }
        try {
          await sendCode(request, identifier, EVENTS[purpose])
        } catch (error) {
          // The message that went out before can still be used, and its page is the place for that.
          if (!waiting || !(error instanceof ApiError)) throw error
          await visits.remember(request.uid, { notice: noticeOf(error) })
        }
        return { path: `/${purpose}/code` }
      }),
    /** Sends another code to the same recipient. */
    resend: (request: PageRequest, purpose: Purpose | 'add') => {
      const base = baseOf(purpose)
      return trying(request, `${base}/code`, async () => {
        const state = await visits.state(request.uid)
        const record = codeRecord(state)
        const begun = purpose === 'add' || state.event === EVENTS[purpose]
        if (!begun || !record) return { path: base }
        await sendCode(request, record.identifier, state.event, true)
        return { path: `${base}/code` }
      })
    },
    /** Signs in by code instead of by password. */
    useCode: (request: PageRequest) =>
      trying(request, '/sign-in/password', async () => {
        const { identifier } = request.visit.page
        if (!identifier || !methodFor(identifier.type, request.settings)?.verificationCode)
          throw new ApiError('user.sign_in_method_not_enabled')
        await beSigningIn(request.uid)
        await sendCode(request, identifier, 'SignIn')
        return { path: '/sign-in/code' }
      }),
    /** Checks a code and goes on as far as it carries. */
    submitCode: (request: PageRequest, purpose: Purpose | 'add', form: Form) => {
      const base = baseOf(purpose)
      return trying(request, `${base}/code`, async () => {
        const state = await visits.state(request.uid)
        const record = codeRecord(state)
        const begun = purpose === 'add' || state.event === EVENTS[purpose]
        if (!begun || !record || record.identifier.type === 'username') return { path: base }
        const digits = (form.code ?? '').normalize('NFKC').replaceAll(/\D/g, '')
        if (digits === '') {
          await visits.remember(request.uid, { notice: { tone: 'error', code: 'code_required' } })
          return { path: `${base}/code` }
        }
        // A record that was verified before (the visitor went back) need not be proved twice.
        if (!record.verified)
          await verification.verifyCode(
            request.uid,
            { type: record.identifier.type, value: record.identifier.value },
            record.id,
            digits,
            request.visitor,
          )
        if (purpose === 'add') {
          await interactions.addProfile(request.uid, {
            type: record.identifier.type,
            verificationId: record.id,
          })
          return finish(request)
        }
        const owner = await users.find(record.identifier)
        const { settings } = request
        if (purpose === 'sign-in' && !owner && registersWith(record.identifier.type, settings))
          return { path: '/sign-in/create' }
        if (purpose === 'register' && owner && isOpen('sign-in', settings))
          return { path: '/register/existing' }
        if (purpose === 'reset-password') {
          await interactions.identify(request.uid, record.id, request.visitor)
          return { path: '/reset-password/new' }
        }
        return identifyAndFinish(request, record.id)
      })
    },
    /** Goes on with the other event after the offer: register instead of sign in, or the reverse. */
    switchEvent: (request: PageRequest, event: 'SignIn' | 'Register', otherwise: string, form: Form) =>
      trying(request, otherwise, async () => {
        const record = codeRecord(await visits.state(request.uid))
        if (!record) return { path: '/sign-in' }
        if (!(await agrees(request, event, form))) return { path: otherwise }
        await interactions.changeEvent(request.uid, event)
        const method = methodFor(record.identifier.type, request.settings)
        if (event === 'SignIn' && method?.password && !method.verificationCode) {
          // The code has proved whose it is, but a password is what signs in.
          await visits.remember(request.uid, { identifier: record.identifier })
          return { path: '/sign-in/password' }
        }
        return identifyAndFinish(request, record.id)
      }),
    submitPassword: (request: PageRequest, form: Form) =>
      trying(request, '/sign-in/password', async () => {
        const { identifier } = request.visit.page
        if (!identifier) return { path: '/sign-in' }
        if (!form.password) {
          await visits.remember(request.uid, { notice: { tone: 'error', code: 'password_required' } })
          return { path: '/sign-in/password' }
        }
        await beSigningIn(request.uid)
        const recordId = await verification.verifyPassword(
          request.uid,
          identifier,
          form.password,
          request.visitor,
        )
        return identifyAndFinish(request, recordId)
      }),
    /** A new password, typed twice: for a registration, a reset, or because it is missing. */
    submitNewPassword: (
      request: PageRequest,
      purpose: 'register' | 'reset-password' | 'add',
      page: string,
      form: Form,
    ) =>
      trying(request, page, async () => {
        const { password = '', repeat = '' } = form
        const notice =
          password === '' ? 'password_required' : password === repeat ? undefined : 'passwords_differ'
        if (notice) {
          await visits.remember(request.uid, { notice: { tone: 'error', code: notice } })
          return { path: page }
        }
        if (purpose === 'reset-password') {
          await interactions.resetPassword(request.uid, password)
          await interactions.submit(request.uid, request.visitor)
          return { path: '/reset-password/done' }
        }
        if (purpose === 'add') {
          await interactions.addProfile(request.uid, { type: 'password', value: password })
          return finish(request)
        }
        const { identifier } = request.visit.page
        if (identifier?.type !== 'username') return { path: '/register' }
        const recordId = await verification.prepareIdentity(request.uid, identifier.value, password)
        return identifyAndFinish(request, recordId)
      }),
    /** An identifier that the settings require: a username is staged, the others get a code first. */
    addIdentifier: (request: PageRequest, kind: IdentifierKind, form: Form) =>
      trying(request, `/continue?with=${kind}`, async () => {
        const state = await visits.state(request.uid)
        const identifier = await readTyped(request, kind, form, { sendsCode: true })
        if (!identifier) return { path: `/continue?with=${kind}` }
        if (identifier.type === 'username') {
          await interactions.addProfile(request.uid, { type: 'username', value: identifier.value })
          return finish(request)
        }
        // It would be refused after the code as well; so no code is paid for.
        if (identifier.type === 'email') requireAllowedEmail(identifier.value, request.settings)
        await sendCode(request, identifier, state.event)
        return { path: '/continue/code' }
      }),
  }
}

export type PageActions = ReturnType<typeof createPageActions>
