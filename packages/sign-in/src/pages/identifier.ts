import { sendsTo } from '@countersign/api'
import { type Country, countries, MAIN_COUNTRIES } from '../countries.ts'
import { type Html, html, type Part, phrase, safeHref } from '../html.ts'
import type { Labels, Locale } from '../locale.ts'
import {
  type Around,
  blamesField,
  described,
  form,
  hidden,
  link,
  mainButton,
  noticeBox,
  type Page,
  ways,
} from '../parts.ts'
import type { IdentifierKind, MeantPhone, Notice, Places, View } from '../view.ts'
import { checkPart } from './check.ts'
import { agreement, isAboutTerms } from './terms.ts'

type IdentifierView = Extract<View, { page: 'identifier' }>
type AddView = Extract<View, { page: 'add-identifier' }>

/** What the input needs to know; both pages have it. */
interface Input {
  kind: IdentifierKind
  value: string
  country: string
  served?: Places
  notice?: Notice
  /** Whether the visitor may have saved a sign-in with this identifier in a password manager. */
  saved: boolean
}

/**
 * Also a country that is the only one is shown, for it says how the number is read. The script finds in it the country
 * of a number, and what is typed while it has the focus.
 */
function countrySelect({ country: chosen, served }: Input, locale: Locale): Html {
  const { common, all } = countries(locale)
  const isServed = ({ code }: Country) => !served || sendsTo(served, code)
  const first = common.filter(isServed)
  const further = all.filter(isServed)
  const isFirst = (code: string) => first.some(each => each.code === code)
  const option = ({ code, label, names }: Country, isChosen: boolean) =>
    html`<option value="${code}"${names.length > 0 && html` data-names="${names.join()}"`}${isChosen && html` selected`}>${label}</option>`
  return html`<select class="cell-control" id="country" name="country" autocomplete="tel-country-code" data-main="${MAIN_COUNTRIES.join()}">${first.map(each => option(each, each.code === chosen))}${further.length > first.length && html`<hr>${further.map(each => option(each, each.code === chosen && !isFirst(chosen)))}`}</select>`
}

function phoneInput(input: Input, locale: Locale): Html {
  const { labels } = locale
  return html`<div class="pair">
<div class="cell"><label for="country">${labels.country}</label>${countrySelect(input, locale)}</div>
<div class="cell"><label for="value">${labels.phoneNumber}</label>
<input class="cell-control" id="value" type="tel" name="value" value="${input.value}" autocomplete="tel-national" placeholder="${labels.phonePlaceholder}" required autofocus${described({ invalid: blamesField(input.notice) })}></div>
</div>`
}

function emailInput(input: Input, { labels }: Locale): Html {
  // No `type="email"`: browsers know one kind of at sign and dot, and refuse the others in their own words.
  // One token only: the standard knows no `username email`, and browsers then ignore the attribute as a whole.
  const autocomplete = input.saved ? 'username' : 'email'
  return html`<div class="field">
<label for="value">${labels.emailAddress}</label>
<input class="input" id="value" type="text" inputmode="email" name="value" value="${input.value}" autocomplete="${autocomplete}" placeholder="${labels.emailPlaceholder}" required autofocus autocapitalize="none" spellcheck="false"${described({ invalid: blamesField(input.notice) })}>
</div>`
}

function usernameInput(input: Input, { labels }: Locale): Html {
  return html`<div class="field">
<label for="value">${labels.username}</label>
<input class="input" id="value" type="text" name="value" value="${input.value}" autocomplete="username" required autofocus autocapitalize="none" spellcheck="false"${described({ invalid: blamesField(input.notice) })}>
</div>`
}

/**
 * The number that may have been meant, as a button. It stands beside the number, and so before the button of the page,
 * but the enter key must go on with what was typed; browsers take the first button for it, so that one does the same.
 */
function meantButton(meant: MeantPhone | undefined, { labels }: Locale) {
  if (!meant) return { first: undefined, button: undefined }
  return {
    first: html`<button class="out-of-sight" type="submit" tabindex="-1" aria-hidden="true"></button>`,
    button: html`<button class="button-quiet" type="submit" name="meant" value="${meant.value}">${phrase(labels.didYouMean, { number: meant.shown })}</button>`,
  }
}

const INPUTS = { phone: phoneInput, email: emailInput, username: usernameInput }

/** The switch between the kinds: links, so that it works without the script. */
function kindSwitch(
  kinds: { kind: IdentifierKind; href: string }[],
  current: IdentifierKind,
  labels: Labels,
): Part {
  if (kinds.length < 2) return undefined
  return html`<nav class="kinds" aria-label="${labels.identifierKinds}">${kinds.map(({ kind, href }) => html`<a href="${safeHref(href)}"${kind === current && html` aria-current="page"`}>${labels[kind]}</a>`)}</nav>`
}

/** First page: who are you? */
export function identifierPage(view: IdentifierView, { frame, locale }: Around): Page {
  const { labels } = locale
  const title = {
    'sign-in': labels.signIn,
    register: labels.register,
    'reset-password': labels.resetPassword,
  }[view.purpose]
  const lead =
    view.purpose === 'reset-password'
      ? labels.resetPasswordHint
      : frame.applicationName &&
        phrase(labels.continueTo, { application: html`<strong>${frame.applicationName}</strong>` })
  const meant = meantButton(view.meant, locale)
  const sends = view.purpose === 'reset-password' || view.sendsCode
  const registerWay =
    view.registerHref && html`${labels.newHere} ${link(view.registerHref, labels.createAccount)}`
  const signInWay =
    view.signInHref &&
    (view.purpose === 'register'
      ? html`${labels.haveAccount} ${link(view.signInHref, labels.signIn)}`
      : link(view.signInHref, labels.backToSignIn))
  return {
    title,
    failed: view.notice?.tone === 'error',
    body: html`<h1>${title}</h1>
${lead && html`<p class="lead">${lead}</p>`}
${kindSwitch(view.kinds, view.kind, labels)}
${isAboutTerms(view.notice) ? undefined : noticeBox(view.notice, locale)}
${form(
  { action: view.action, frame },
  meant.first,
  hidden('kind', view.kind),
  INPUTS[view.kind]({ ...view, saved: view.purpose === 'sign-in' }, locale),
  meant.button,
  view.terms === 'asked' && agreement('asked', { frame, locale }, view.notice),
  checkPart(view.check, locale),
  mainButton(sends ? labels.getCode : labels.continue),
  // Second, so that the enter key takes the first; a code that is not wanted should not be paid for.
  view.offersPassword &&
    html`<button class="button-quiet" type="submit" name="use" value="password">${labels.usePassword}</button>`,
)}
${view.terms === 'said' && agreement('said', { frame, locale })}
${ways(registerWay, signInWay)}`,
  }
}

/** Something that the sign-up settings require is missing. */
export function addIdentifierPage(view: AddView, { frame, locale }: Around): Page {
  const { labels } = locale
  const [title, lead] = {
    phone: [labels.addPhone, labels.addPhoneText] as const,
    email: [labels.addEmail, labels.addEmailText] as const,
    username: [labels.addUsername, labels.addUsernameText] as const,
  }[view.kind]
  const meant = meantButton(view.meant, locale)
  return {
    title,
    failed: view.notice?.tone === 'error',
    body: html`<h1>${title}</h1>
<p class="lead">${lead}</p>
${kindSwitch(view.kinds, view.kind, labels)}
${noticeBox(view.notice, locale)}
${form(
  { action: view.action, frame },
  meant.first,
  hidden('kind', view.kind),
  INPUTS[view.kind]({ ...view, saved: false }, locale),
  meant.button,
  checkPart(view.check, locale),
  mainButton(view.kind === 'username' ? labels.continue : labels.getCode),
)}`,
  }
}
