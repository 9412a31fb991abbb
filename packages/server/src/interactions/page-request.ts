import type { CaptchaChallenge, SignInExperience } from '@countersign/api'
import {
  type Frame,
  type Locale,
  type Notice,
  type NoticeKey,
  type Places,
  pagePolicy,
  render,
  type View,
} from '@countersign/sign-in'
import type { Context } from 'hono'
import { MOST_TOKEN } from '../captcha/captcha.ts'
import { refusalOf } from '../challenges/send.ts'
import { type Keys, mac, sameText } from '../crypto/keys.ts'
import { BODY_LIMITS, readText, requireUtf8 } from '../http/body.ts'
import { languagesOf } from '../http/request.ts'
import { Paused } from '../limits/limits.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { PasswordProblem } from '../users/password-policy.ts'
import type { Visitor } from './happenings.ts'
import type { InteractionContent, OpenInteraction } from './open-interaction.ts'
import { timed } from './page-state.ts'

/** One request for a hosted page, with everything a page needs. */
export interface PageRequest {
  http: Context
  uid: string
  clientId: string
  visitor: Visitor
  /** Parameters of the authorization request. */
  params: Record<string, unknown>
  /** The time in ms. */
  now(): number
  settings: SignInExperience
  /** Where text messages can go over what is saved. */
  served(): Promise<Places>
  /** What the check for people needs, where a page shows it. */
  challenge(): Promise<CaptchaChallenge>
  interaction: InteractionContent
  locale: Locale
  languages: string[]
  frame: Frame
  /** Address of another page of this interaction, in the same language. */
  href(path: string, query?: Record<string, string>): string
}

/** One post of a form: what it does is folded into the interaction. */
export interface FormRequest extends PageRequest {
  interaction: OpenInteraction
  /** Takes what the form brought from the check for people; the page is the one that says so if it is refused. */
  takeCheck(page: string): Promise<void>
}

/**
 * Lists the languages that a page may be shown in, best first: the visitor's choice, the application's, the browser's.
 *
 * @example pageLanguages(http, { ui_locales: 'zh-TW' }, settings) // ['zh-TW', 'de', 'en']
 */
export function pageLanguages(
  http: Context,
  params: Record<string, unknown>,
  { languageInfo }: SignInExperience,
): string[] {
  const wished = [http.req.query('ui_locales'), params.ui_locales].flatMap(value =>
    typeof value === 'string' ? value.split(' ').filter(Boolean) : [],
  )
  return [...wished, ...(languageInfo.autoDetect ? languagesOf(http) : []), languageInfo.fallbackLanguage]
}

/**
 * Makes links to this page of the interaction, one for each language.
 *
 * @example languageLinks(http, [{ tag: 'en', name: 'English' }], uid)
 */
export function languageLinks(
  http: Context,
  languages: { tag: string; name: string }[],
  uid: string,
): Frame['languages'] {
  return languages.map(({ tag, name }) => {
    const url = new URL(http.req.url)
    url.searchParams.set('ui_locales', tag)
    if (uid) url.searchParams.set('interaction', uid)
    // Two slashes would begin with another host.
    return { tag, name, href: url.pathname.replace(/^\/+/, '/') + url.search }
  })
}

/**
 * Makes the hidden field by which a form shows that it comes from a page of the interaction.
 *
 * @example const csrf = formToken(keys, uid)
 */
export const formToken = (keys: Keys, uid: string) => mac(keys.forms, 'form', uid)

/** Most characters that a field keeps; nothing that is so long is an identifier. A password is whole or wrong. */
const LONGEST_FIELD = 256
const PASSWORDS = ['password', 'repeat']
/** One sign more than the check takes, so that a longer answer is refused as such. */
const LONGEST_CHECK = MOST_TOKEN + 1

/**
 * Reads the fields of a form. They are undefined when the form does not come from a page of this interaction.
 *
 * @example const fields = await readForm(http, keys, uid)
 */
export async function readForm(
  http: Context,
  keys: Keys,
  uid: string,
): Promise<Record<string, string> | undefined> {
  if (!/^application\/x-www-form-urlencoded\b/i.test(http.req.header('content-type') ?? '')) return undefined
  const text = await readText(http, BODY_LIMITS.stranger)
  requireUtf8(text, 'the form')
  // Nobody types NUL, and no database takes it.
  const body = new URLSearchParams(text.replaceAll('%00', ''))
  const fields = Object.fromEntries(
    [...body].map(([name, text]) => [
      name,
      PASSWORDS.includes(name) ? text : text.slice(0, name === 'captcha' ? LONGEST_CHECK : LONGEST_FIELD),
    ]),
  )
  return sameText(fields.csrf ?? '', formToken(keys, uid)) ? fields : undefined
}

/**
 * Renders a page with the headers every page has. `leadsTo`: see `pagePolicy`.
 *
 * @example return respond({ page: 'error', code: 'oidc.access_denied' }, frame, locale, { status: 403 })
 */
export function respond(
  view: View,
  frame: Frame,
  locale: Locale,
  { status = 200, leadsTo }: { status?: number; leadsTo?: unknown } = {},
): Response {
  return new Response(render(view, frame, locale), {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': pagePolicy(frame, leadsTo, {
        asks: 'receiptHref' in view,
        check: 'check' in view ? view.check : undefined,
      }),
      'x-frame-options': 'DENY',
    },
  })
}

/** By failure: of a text message, and of an e-mail. Whoever reads them is the recipient. */
const FAILURE_NOTICES: Readonly<Record<string, readonly [sms: NoticeKey, email: NoticeKey]>> = {
  recipient_invalid: ['number_invalid', 'address_invalid'],
  recipient_blocked: ['number_blocked', 'address_blocked'],
  rate_limited: ['rate_limited', 'rate_limited'],
  region_unsupported: ['region_unsupported', 'region_unsupported'],
}

const CODE_NOTICES: Readonly<Record<string, string>> = {
  'auth.forbidden': 'method_unavailable',
  'verification_code.code_mismatch': 'code_wrong',
  'verification_code.expired': 'code_expired',
  'verification_code.not_found': 'code_used',
  'verification_code.exceed_max_try': 'code_exhausted',
}

/**
 * Chooses the sentence for the visitor. Operators find the full story among the attempts.
 *
 * @example noticeOf(new ApiError('verification_code.expired')) // { tone: 'error', code: 'code_expired' }
 */
export function noticeOf(error: ApiError): Notice {
  const data = error.data as { failure?: string; retryAfter?: number } | undefined
  if (error.code.startsWith('connector.')) {
    const known = FAILURE_NOTICES[data?.failure ?? '']
    const code = known?.[error.values?.channel === 'email' ? 1 : 0] ?? 'delivery_failed'
    return {
      tone: 'error',
      code,
      ...(data?.retryAfter !== undefined && { values: { seconds: data.retryAfter } }),
    }
  }
  // The visitor did nothing too often, and may have to wait for weeks: another way helps.
  if (refusalOf(error) === 'budget') return { tone: 'error', code: 'request.message_refused' }
  if (error instanceof Paused) return { tone: 'error', code: 'send_paused', values: error.values! }
  if (error.values?.digits !== undefined) return { tone: 'error', code: 'code_length', values: error.values }
  // The last try was this one: "try again" would be a lie.
  if (error.values?.left === 0) return { tone: 'error', code: 'code_exhausted' }
  return {
    tone: 'error',
    code: CODE_NOTICES[error.code] ?? error.code,
    ...(error.values && { values: error.values }),
  }
}

/**
 * Remembers why a form was refused, for the page that it leads to.
 *
 * @example if (error instanceof ApiError) noteRefusal(request, error)
 */
export const noteRefusal = ({ interaction, now }: FormRequest, error: ApiError): void =>
  interaction.remember({ notice: timed(noticeOf(error), now()) })

/**
 * Chooses a sentence for each rule of the password policy that was broken.
 *
 * @example passwordIssues(error) // [{ tone: 'error', code: 'password_rejected.too_short', values: { min: 8 } }]
 */
export function passwordIssues(error: ApiError): Notice[] {
  const problems = Array.isArray(error.data) ? (error.data as PasswordProblem[]) : []
  return problems.map(({ code, interpolation }) => ({
    tone: 'error',
    code,
    ...(interpolation && { values: interpolation }),
  }))
}

/** Where operators set no pause, a form that comes again within so many milliseconds is the same tap all the same. */
export const DOUBLE_TAP = 10_000

/**
 * Gathers what a message may say of where its code was asked for.
 *
 * @example const context = messageContextOf(request)
 */
export function messageContextOf({ frame, params, locale, clientId }: PageRequest): Record<string, unknown> {
  const { ui_locales: uiLocales } = params
  return {
    locale: locale.tag,
    ...(typeof uiLocales === 'string' && { uiLocales }),
    ...(frame.applicationName !== undefined && {
      application: { id: clientId, name: frame.applicationName },
    }),
  }
}

/**
 * Remembers until when another message to a recipient would be refused too, where a refusal says so: pages count it down.
 *
 * @example rememberWait(request, '8613800138000', error)
 */
export function rememberWait({ interaction, now }: FormRequest, recipient: string, error: unknown): void {
  const seconds = error instanceof ApiError && noticeOf(error).values?.seconds
  if (typeof seconds === 'number')
    interaction.remember({ wait: { recipient, until: now() + seconds * 1000 } })
}
