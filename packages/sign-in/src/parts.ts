import { type Html, html, type Part, phrase, safeHref } from './html.ts'
import type { Locale } from './locale.ts'
import { sentence } from './sentence.ts'
import type { Frame, Notice } from './view.ts'

/** What a page function gets beside its view. */
export interface Around {
  frame: Frame
  locale: Locale
}

/** What a page function gives: the title also names the window, so it is plain text. */
export interface Page {
  title: string
  body: Html
  /** Whether the page reports an error, which the window's title then says first, for screen readers. */
  failed?: boolean
  /** Whether the page itself says where there is help, so that its foot need not. */
  namesHelp?: boolean
  /** Where the browser goes on to by itself, as soon as everything on the page is loaded. */
  next?: string
}

/** Id of the notice, for `aria-describedby`. There is at most one on a page. */
export const NOTICE_ID = 'notice'

/** Notices that speak of the service or of the visit, so no field is to blame for them. */
const NOT_ABOUT_A_FIELD = new Set([
  'maybe_sent',
  'phone_off',
  'number_not_in_service',
  'blocked_by_recipient',
  'blocked_by_carrier',
  'inbox_full',
  'address_unknown',
  'not_delivered',
  'terms_required',
  'delivery_failed',
  'rate_limited',
  'session.captcha_failed',
  'session.captcha_required',
  'session_expired',
  'form_expired',
  'method_unavailable',
  'registration_closed',
  'try_again',
  'server.internal_error',
  'request.message_rate_limited',
  'session.verification_blocked_too_many_attempts',
])

/** Whether a notice says that the input on the page is wrong. */
export function blamesField(notice: Notice | undefined): boolean {
  return notice?.tone === 'error' && !NOT_ABOUT_A_FIELD.has(notice.code)
}

/** The sentence above the fields. Errors interrupt a screen reader, information waits its turn. */
export function noticeBox(notice: Notice | undefined, locale: Locale): Part {
  if (!notice) return undefined
  const role = notice.tone === 'error' ? 'alert' : 'status'
  return html`<div class="notice notice-${notice.tone}" id="${NOTICE_ID}" role="${role}">
<p>${sentence(notice.code, locale, notice.values)}</p>
</div>`
}

/**
 * A form that posts, with the csrf field that every form carries. The server says what is wrong with a field, in the
 * language of the page; the browser's own bubble would be in the browser's, and would know nothing of numbers.
 */
export function form(
  options: { action: string; frame: Frame; id?: string; kind?: string },
  ...content: Part[]
): Html {
  const { action, frame, id, kind } = options
  return html`<form method="post" novalidate action="${safeHref(action)}"${id && html` id="${id}"`}${kind && html` data-form="${kind}"`}>
${hidden('csrf', frame.csrf)}
${content}
</form>`
}

/** A hidden field. */
export function hidden(name: string, value: string): Html {
  return html`<input type="hidden" name="${name}" value="${value}">`
}

/** The button that a page is about. */
export function mainButton(label: string): Html {
  return html`<button class="button" type="submit">${label}</button>`
}

/** A button that the script holds back for so many seconds, and counts them down in `waiting`. */
export function waitingButton(
  style: 'button' | 'button-quiet',
  label: string,
  { seconds, waiting }: { seconds: number; waiting: string },
): Html {
  return html`<button class="${style}" type="submit" data-wait="${Math.max(0, Math.ceil(seconds))}" data-waiting="${waiting}">${label}</button>`
}

/** A link in the page's list of other ways on. */
export function link(href: string, label: string): Html {
  return html`<a href="${safeHref(href)}">${label}</a>`
}

/** A link to a page of the operator's, which opens beside this one so that nothing typed is lost. */
export function outwardLink(href: string | undefined, label: string): Html | undefined {
  return href ? html`<a href="${safeHref(href)}" target="_blank" rel="noopener">${label}</a>` : undefined
}

/** Where the operator helps visitors: pages of their own and an address, as far as there are any. */
export function helpLinks(
  { supportEmail, supportWebsiteUrl }: Frame,
  { labels }: Locale,
): { website?: Html | undefined; email?: Html | undefined } {
  // Signs that would begin something else in such a link are no end of the address.
  const to = supportEmail?.split('@').map(encodeURIComponent).join('@')
  return {
    website: outwardLink(supportWebsiteUrl, labels.support),
    email: to ? html`<a href="mailto:${to}">${supportEmail}</a>` : undefined,
  }
}

/** Says where there is help, where something failed. */
export function help({ frame, locale }: Around): Part {
  const { labels } = locale
  const { website, email } = helpLinks(frame, locale)
  if (!website && !email) return undefined
  const text = website ? (email ? labels.helpBoth : labels.helpOnWebsite) : labels.helpByEmail
  return html`<p class="fine">${phrase(text, { website, email })}</p>`
}

/** The other ways on, below the form; those that are not offered are left out. */
export function ways(...items: Part[]): Part {
  const offered = items.filter(item => item)
  return offered.length > 0 && html`<ul class="ways">${offered.map(item => html`<li>${item}</li>`)}</ul>`
}

/** Attributes that tie an input to its hint and to the notice. */
export function described(options: { hint?: string; invalid: boolean; by?: string }): Html {
  const ids = [options.invalid && (options.by ?? NOTICE_ID), options.hint].filter(Boolean).join(' ')
  return html`${options.invalid && html` aria-invalid="true"`}${ids && html` aria-describedby="${ids}"`}`
}

/**
 * The name of the account for password managers, which read it from a text field and skip hidden ones. Out of
 * sight and out of the tab order, since the page shows it as text.
 */
export function usernameField(identifier: string): Html {
  return html`<input class="out-of-sight" type="text" name="username" value="${identifier}" autocomplete="username" readonly tabindex="-1" aria-hidden="true">`
}

/** A password field with the button that shows it; without the script the button stays away. */
export function passwordField(
  options: {
    name: 'password' | 'repeat'
    label: string
    autocomplete: 'current-password' | 'new-password'
    autofocus: boolean
    attributes: Html
    hint?: Html
  },
  locale: Locale,
): Html {
  const { name, label, autocomplete, autofocus, attributes, hint } = options
  const { showPassword, hidePassword } = locale.labels
  return html`<div class="field">
<label for="${name}">${label}</label>
<div class="with-button">
<input class="input" id="${name}" type="password" name="${name}" autocomplete="${autocomplete}" required${autofocus && html` autofocus`}${attributes}>
<button class="reveal" type="button" hidden data-reveal="${name}" data-show="${showPassword}" data-hide="${hidePassword}" aria-label="${showPassword}" aria-controls="${name}">
<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M2 12s3.6-7 10-7 10 7 10 7-3.6 7-10 7-10-7-10-7Z"/><circle cx="12" cy="12" r="3"/><path class="slash" d="m4 4 16 16"/></svg>
</button>
</div>
${hint}
</div>`
}
