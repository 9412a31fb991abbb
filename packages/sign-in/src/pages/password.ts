import { type Html, html, type Part, safeHref } from '../html.ts'
import {
  type Around,
  blamesField,
  described,
  form,
  link,
  mainButton,
  NOTICE_ID,
  noticeBox,
  type Page,
  passwordField,
  usernameField,
  waitingButton,
  ways,
} from '../parts.ts'
import { fill, sentence } from '../sentence.ts'
import type { View } from '../view.ts'
import { checkPart } from './check.ts'

type PasswordView = Extract<View, { page: 'password' }>
type NewPasswordView = Extract<View, { page: 'new-password' }>

/** Who this is about, with the way back when it is the wrong one. */
function account(identifier: string, { locale }: Around, changeHref?: string): Html {
  const { labels } = locale
  return html`<div class="account"><span class="out-of-sight">${labels.signingInAs}: </span><bdi>${identifier}</bdi>${changeHref && html` <a href="${safeHref(changeHref)}">${labels.change}</a>`}</div>`
}

/** Signing in with the password. */
export function passwordPage(view: PasswordView, around: Around): Page {
  const { frame, locale } = around
  const { labels } = locale
  const password = passwordField(
    {
      name: 'password',
      label: labels.password,
      autocomplete: 'current-password',
      autofocus: true,
      attributes: described({ invalid: blamesField(view.notice) }),
    },
    locale,
  )
  return {
    title: labels.enterPassword,
    failed: view.notice?.tone === 'error',
    body: html`<h1>${labels.enterPassword}</h1>
${account(view.identifier, around, view.changeHref)}
${noticeBox(view.notice, locale)}
${form({ action: view.action, frame }, usernameField(view.identifier), password, mainButton(labels.signIn))}
${
  view.codeAction &&
  form(
    { action: view.codeAction, frame },
    checkPart(view.check, locale),
    waitingButton('button-quiet', labels.useCode, {
      seconds: view.codeAfter ?? 0,
      waiting: labels.useCodeIn,
    }),
  )
}
${ways(view.forgotHref && link(view.forgotHref, labels.forgotPassword))}`,
  }
}

function issueList(view: NewPasswordView, { locale }: Around): Part {
  if (view.issues.length === 0) return undefined
  return html`<div class="issues" id="password-issues" role="alert"><ul>${view.issues.map(
    issue => html`<li>${sentence(issue.code, locale, issue.values)}</li>`,
  )}</ul></div>`
}

/** Choosing a password, twice: without the script nothing else guards against a typing mistake. */
export function newPasswordPage(view: NewPasswordView, around: Around): Page {
  const { frame, locale } = around
  const { labels } = locale
  const refused = view.issues.length > 0
  const differ = view.notice?.code === 'passwords_differ'
  const blamed = blamesField(view.notice)
  const password = passwordField(
    {
      name: 'password',
      label: labels.newPassword,
      autocomplete: 'new-password',
      autofocus: true,
      attributes: described({
        hint: 'password-hint',
        invalid: refused || (blamed && !differ),
        by: refused ? 'password-issues' : NOTICE_ID,
      }),
      hint: html`<p class="hint" id="password-hint">${fill(labels.passwordMin, locale, { min: view.minLength })}</p>
${issueList(view, around)}`,
    },
    locale,
  )
  const repeat = passwordField(
    {
      name: 'repeat',
      label: labels.repeatPassword,
      autocomplete: 'new-password',
      autofocus: false,
      attributes: described({ invalid: differ }),
    },
    locale,
  )
  const title = view.purpose === 'reset-password' ? labels.resetPassword : labels.setPassword
  return {
    title,
    failed: refused || view.notice?.tone === 'error',
    body: html`<h1>${title}</h1>
${account(view.identifier, around)}
${noticeBox(view.notice, locale)}
${form({ action: view.action, frame }, usernameField(view.identifier), password, repeat, mainButton(labels.savePassword))}`,
  }
}
