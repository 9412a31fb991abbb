import type { InteractionEvent, SignInExperience } from '@countersign/api'
import type { IdentifierKind, Notice, NoticeKey, OtherWay, View } from '@countersign/sign-in'
import type { CodeEnd } from '../codes/codes.ts'
import { codePolicy, minutesOf } from '../experience/experience.ts'
import { maskRecipient, showPhone } from '../identifiers/phone.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { MissingProfile, VerificationRecord } from './flow.ts'
import { checked } from './page-check.ts'
import { noticeOf, type PageRequest } from './page-request.ts'
import { type InPlace, waitFor } from './page-state.ts'
import { termsFor } from './terms.ts'
import { countryOf, phoneFieldOf, showIdentifier } from './typed.ts'

/** Where the page of a code asks whether its message could not be delivered. */
export const RECEIPT_PATH = '/message-receipt'

export type Purpose = 'sign-in' | 'register' | 'reset-password'

/** What each purpose is called on the wire. */
export const EVENTS = {
  'sign-in': 'SignIn',
  register: 'Register',
  'reset-password': 'ForgotPassword',
} as const satisfies Record<Purpose, InteractionEvent>

const RESET_KINDS = { EmailVerificationCode: 'email', PhoneVerificationCode: 'phone' } as const

/**
 * Puts identifiers into the order of the ways to sign in. That order is the one that operators choose, so every page
 * goes by it; an identifier that signs nobody in stands after those that do.
 */
function inOrder(kinds: readonly IdentifierKind[], { signIn }: SignInExperience): IdentifierKind[] {
  const order = signIn.methods.map(method => method.identifier)
  return [...order.filter(kind => kinds.includes(kind)), ...kinds.filter(kind => !order.includes(kind))]
}

/** Identifiers by which a password can be reset; the settings are those of `reachable`. */
function resetKinds(settings: SignInExperience): IdentifierKind[] {
  const kinds = (settings.forgotPasswordMethods ?? []).map(method => RESET_KINDS[method])
  return inOrder(kinds, settings)
}

/** Identifiers that a purpose can begin with, in the operator's order. */
function kindsFor(purpose: Purpose, settings: SignInExperience): IdentifierKind[] {
  if (purpose === 'reset-password') return resetKinds(settings)
  if (purpose === 'register') return inOrder(settings.signUp.identifiers, settings)
  return settings.signIn.methods.map(method => method.identifier)
}

/** Purposes whose first page an application may narrow down to the identifiers that it names. */
const NARROWED: Record<string, Purpose> = {
  'identifier:sign_in': 'sign-in',
  'identifier:register': 'register',
  reset_password: 'reset-password',
}

/**
 * Lists the identifiers that the first page of a purpose offers in this interaction.
 *
 * @example kindsOffered(request, 'sign-in') // ['phone', 'email']
 */
export function kindsOffered({ params, settings }: PageRequest, purpose: Purpose): IdentifierKind[] {
  const kinds = kindsFor(purpose, settings)
  const { first_screen: screen, identifier } = params
  if (NARROWED[String(screen)] !== purpose || typeof identifier !== 'string') return kinds
  const named = kinds.filter(kind => identifier.split(' ').includes(kind))
  return named.length > 0 ? named : kinds
}

/**
 * True when a proof of an identifier of this kind may become an account.
 *
 * @example registersWith('phone', settings) // true
 */
export function registersWith(kind: IdentifierKind, { signUp, signInMode }: SignInExperience): boolean {
  const secondary = (signUp.secondaryIdentifiers ?? []).map(item => item.identifier)
  return (
    signInMode !== 'SignIn' &&
    (signUp.identifiers.includes(kind) ||
      secondary.includes(kind) ||
      (kind !== 'username' && secondary.includes('emailOrPhone')))
  )
}

/**
 * True when the settings leave a way to begin with this purpose.
 *
 * @example if (!isOpen('register', request.settings)) return '/sign-in'
 */
export function isOpen(purpose: Purpose, settings: SignInExperience): boolean {
  const shut = { 'sign-in': 'Register', register: 'SignIn', 'reset-password': undefined }[purpose]
  return settings.signInMode !== shut && kindsFor(purpose, settings).length > 0
}

/**
 * Finds how an identifier may sign in.
 *
 * @example methodFor('phone', settings)?.verificationCode // true
 */
export function methodFor(kind: IdentifierKind, { signIn }: SignInExperience) {
  return signIn.methods.find(method => method.identifier === kind)
}

/**
 * True when signing in with this identifier begins with a code, not with the password.
 *
 * @example const sendsCode = beginsWithCode('phone', settings)
 */
export function beginsWithCode(kind: IdentifierKind, settings: SignInExperience): boolean {
  const method = methodFor(kind, settings)
  return kind !== 'username' && !!method?.verificationCode && !(method.password && method.isPasswordPrimary)
}

/** True when a `login_hint` looks like an identifier of the kind. */
function suits(hint: string, kind: IdentifierKind): boolean {
  if (kind === 'email') return hint.includes('@')
  if (kind === 'phone') return /^\+?[\d\s-]{6,}$/.test(hint)
  return /^[A-Z_a-z]\w*$/.test(hint)
}

/**
 * True when a code comes first and the password is a choice beside it.
 *
 * @example if (form.use === 'password' && offersPassword('phone', settings)) return { path: '/sign-in/password' }
 */
export const offersPassword = (kind: IdentifierKind, settings: SignInExperience): boolean =>
  beginsWithCode(kind, settings) && !!methodFor(kind, settings)?.password

function chosenKind(request: PageRequest, kinds: IdentifierKind[]): IdentifierKind {
  const hint = typeof request.params.login_hint === 'string' ? request.params.login_hint : ''
  const byHint = kinds.find(kind => suits(hint, kind))
  const named = typeof request.params.identifier === 'string' ? request.params.identifier.split(' ') : []
  const candidates = [
    request.http.req.query('with'),
    request.interaction.page.identifier?.type,
    byHint,
    ...named,
  ]
  return (
    kinds.find(kind => kind === candidates.find(candidate => kinds.some(known => known === candidate))) ??
    kinds[0] ??
    'phone'
  )
}

/** What stands in the field of a kind, where nothing was typed into it the hint, and the countries of a phone field. */
async function field(request: PageRequest, kind: IdentifierKind, sendsCode: boolean, hint = '') {
  const { page } = request.interaction
  const phone = await phoneFieldOf(request, sendsCode)
  const value = page.typed?.kind === kind ? page.typed.value : hint
  return {
    kind,
    value,
    country: countryOf(phone, { value: kind === 'phone' ? value : '', chosen: page.country }),
    served: phone.served,
    ...(kind === 'phone' &&
      page.notice &&
      page.meant && {
        meant: { value: page.meant, shown: showPhone(page.meant) },
      }),
  }
}

/** The ways on beside the one by an identifier of a kind, in the operator's order. */
const otherWays = (
  kinds: readonly IdentifierKind[],
  kind: IdentifierKind,
  hasPassword: boolean,
): OtherWay[] => [...kinds.filter(other => other !== kind), ...(hasPassword ? ['password' as const] : [])]

const noticeFrom = ({ interaction }: PageRequest) =>
  interaction.page.notice ? { notice: interaction.page.notice } : {}

/**
 * Shows the first page of a purpose.
 *
 * @example page(mount, '/sign-in', request => identifierView(request, 'sign-in'))
 */
export async function identifierView(request: PageRequest, purpose: Purpose): Promise<View> {
  const { settings, href, params } = request
  const kinds = kindsOffered(request, purpose)
  const kind = chosenKind(request, kinds)
  const sendsCode = purpose === 'sign-in' ? beginsWithCode(kind, settings) : kind !== 'username'
  const { login_hint: hint } = params
  return {
    page: 'identifier',
    purpose,
    sendsCode,
    offersPassword: purpose === 'sign-in' && offersPassword(kind, settings),
    action: href(`/${purpose}`),
    kinds: kinds.map(kind => ({ kind, href: href(`/${purpose}`, { with: kind }) })),
    ...(await field(request, kind, sendsCode, typeof hint === 'string' && suits(hint, kind) ? hint : '')),
    ...termsFor({ settings, page: request.interaction.page }, EVENTS[purpose]),
    ...(purpose !== 'register' && isOpen('register', settings) && { registerHref: href('/register') }),
    ...(purpose !== 'sign-in' && isOpen('sign-in', settings) && { signInHref: href('/sign-in') }),
    ...(await checked(
      request,
      otherWays(kinds, kind, purpose === 'sign-in' && offersPassword(kind, settings)),
    )),
  }
}

/** Chooses what a page says of a code that is over: why a new one was refused, or else that this one is over. */
function noticeOfEnd(end: CodeEnd, said: Notice | undefined): Notice {
  const over = noticeOf(new ApiError(end))
  if (said?.tone !== 'error' || said.code.startsWith('code_')) return over
  // The sentence of the pages adds that a code that arrived can still be used.
  return said.code === 'rate_limited' ? { ...said, code: 'request.message_rate_limited' } : said
}

/**
 * Shows the page that asks for the code of a record.
 *
 * @example codeView(request, 'sign-in', record, { pause: 34, end: undefined })
 */
export async function codeView(
  request: PageRequest,
  purpose: Purpose | 'add',
  record: Pick<VerificationRecord, 'identifier' | 'codeLength' | 'messageId'>,
  {
    pause,
    end,
    undelivered,
  }: { pause: number; end: CodeEnd | undefined; undelivered?: NoticeKey | undefined },
): Promise<Extract<View, { page: 'code' }>> {
  const { settings, href, interaction } = request
  const policy = codePolicy(settings)
  const base = purpose === 'add' ? '/continue' : `/${purpose}`
  const { type, value } = record.identifier
  const passwordHref =
    purpose === 'sign-in' && methodFor(type, settings)?.password ? href('/sign-in/password') : undefined
  const others = purpose === 'add' ? [] : kindsOffered(request, purpose)
  const { check, notice } = await checked(request, otherWays(others, type, passwordHref !== undefined))
  return {
    page: 'code',
    purpose,
    action: href(`${base}/code`),
    resendAction: href(`${base}/resend`),
    recipient: maskRecipient(value),
    channel: type === 'phone' ? 'sms' : 'email',
    length: record.codeLength ?? policy.length,
    // The page names the same minutes as the message, rounded down so that they are true.
    minutes: minutesOf(policy),
    resendAfter: Math.max(pause, waitFor(interaction.page, value, request.now())),
    changeHref: href(base),
    ...(passwordHref !== undefined && { passwordHref }),
    ...(check && { check }),
    ...(end
      ? { over: true, notice: noticeOfEnd(end, notice) }
      : undelivered
        ? { notice: { tone: 'error', code: undelivered } }
        : notice && { notice }),
    // Whether it stands there says only that there is such a record, and nothing of its message.
    ...(!end && !undelivered && record.messageId !== undefined && { receiptHref: href(RECEIPT_PATH) }),
  }
}

/**
 * Shows the page that asks for the code of an e-mail which may have gone in the place of a text message. It is the same for
 * every number, and names no address.
 *
 * @example inPlaceView(request, 'sign-in', inPlace, { pause: 34, end: undefined })
 */
export async function inPlaceView(
  request: PageRequest,
  purpose: Purpose,
  { number: value, codeLength }: InPlace,
  standing: { pause: number; end: CodeEnd | undefined },
): Promise<View> {
  const record = {
    identifier: { type: 'phone', value },
    ...(codeLength !== undefined && { codeLength }),
  } as const
  return { ...(await codeView(request, purpose, record, standing)), channel: 'email', inPlace: true }
}

/**
 * Shows the page that asks for the password.
 *
 * @example page(mount, '/sign-in/password', request => passwordView(request))
 */
export async function passwordView(request: PageRequest): Promise<View> {
  const { settings, href, interaction } = request
  const identifier = interaction.page.identifier!
  return {
    page: 'password',
    action: href('/sign-in/password'),
    identifier: showIdentifier(identifier),
    changeHref: href('/sign-in'),
    ...(methodFor(identifier.type, settings)?.verificationCode && {
      codeAction: href('/sign-in/use-code'),
      codeAfter: waitFor(interaction.page, identifier.value, request.now()),
    }),
    ...(resetKinds(settings).length > 0 && { forgotHref: href('/reset-password') }),
    ...(await checked(request, ['password'])),
  }
}

/**
 * Shows the page that asks for a new password.
 *
 * @example newPasswordView(request, 'register', '/register/password')
 */
export function newPasswordView(
  request: PageRequest,
  purpose: 'register' | 'reset-password' | 'add',
  action: string,
): View {
  const { settings, interaction } = request
  return {
    page: 'new-password',
    purpose,
    action: request.href(action),
    identifier: interaction.page.identifier ? showIdentifier(interaction.page.identifier) : '',
    minLength: settings.passwordPolicy.length?.min ?? 8,
    issues: interaction.page.issues ?? [],
    ...noticeFrom(request),
  }
}

/**
 * Lists the identifiers that can supply what is missing.
 *
 * @example kindsOfMissing('emailOrPhone', settings) // ['phone', 'email']
 */
export function kindsOfMissing(missing: MissingProfile, settings: SignInExperience): IdentifierKind[] {
  if (missing === 'password') return []
  return missing === 'emailOrPhone' ? inOrder(['phone', 'email'], settings) : [missing]
}

/**
 * Shows the page that asks for an identifier that the settings require.
 *
 * @example page(mount, '/continue', request => addIdentifierView(request, 'phone'))
 */
export async function addIdentifierView(request: PageRequest, missing: MissingProfile): Promise<View> {
  const kinds = kindsOfMissing(missing, request.settings)
  const kind = kinds.find(candidate => candidate === request.http.req.query('with')) ?? kinds[0] ?? 'phone'
  return {
    page: 'add-identifier',
    action: request.href('/continue'),
    kinds: kinds.map(each => ({ kind: each, href: request.href('/continue', { with: each }) })),
    ...(await field(request, kind, true)),
    ...(await checked(request, otherWays(kinds, kind, false))),
  }
}
