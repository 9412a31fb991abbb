import { html, phrase, safeHref } from '../html.ts'
import {
  type Around,
  blamesField,
  described,
  form,
  link,
  mainButton,
  noticeBox,
  type Page,
  waitingButton,
  ways,
} from '../parts.ts'
import { duration } from '../sentence.ts'
import type { View } from '../view.ts'
import { checkPart } from './check.ts'

type CodeView = Extract<View, { page: 'code' }>

/**
 * One field for the code. Phones offer the code above the keyboard only for a single text field, and a paste
 * such as `123 456` must not be cut or refused, so there is neither `maxlength` nor `pattern`: the server
 * keeps the digits and drops the rest.
 */
function codeField(view: CodeView, { locale }: Around) {
  return html`<div class="field">
<label for="code">${locale.labels.code}</label>
<input class="input code" id="code" type="text" name="code" inputmode="numeric" autocomplete="one-time-code" required autofocus autocapitalize="none" spellcheck="false" enterkeyhint="done" data-code-length="${view.length}" data-channel="${view.channel}"${described({ hint: 'code-hint', invalid: blamesField(view.notice) })}>
</div>`
}

/** The code was sent: type it in, or ask for another; once it is over only the latter. */
export function codePage(view: CodeView, { frame, locale }: Around): Page {
  const { labels } = locale
  const isNumber = view.channel === 'sms' || view.inPlace
  const recipient = html`<strong class="recipient"><bdi>${view.recipient}</bdi></strong>`
  const byChannel = view.channel === 'sms' ? labels.codeSentBySms : labels.codeSentByEmail
  const sent = phrase(view.inPlace ? labels.codeSentInPlace : byChannel, {
    length: view.length,
    recipient,
    lifetime: duration(view.minutes * 60, locale),
  })
  const title = view.over ? labels.newCode : labels.enterCode
  return {
    title,
    failed: view.notice?.tone === 'error',
    body: html`<h1>${title}</h1>
<p class="lead" id="code-hint">${view.over ? phrase(view.inPlace ? labels.newCodeInPlace : labels.newCodeText, { recipient }) : sent}</p>
${noticeBox(view.notice, locale)}
${view.receiptHref && html`<div class="notice notice-error" role="alert" data-receipt="${safeHref(view.receiptHref)}" hidden><p></p></div>`}
${!view.over && form({ action: view.action, frame, kind: 'code' }, codeField(view, { frame, locale }), mainButton(labels.verify))}
${form(
  { action: view.resendAction, frame },
  checkPart(view.check, locale),
  waitingButton(view.over ? 'button' : 'button-quiet', labels.resend, {
    seconds: view.resendAfter,
    waiting: labels.resendIn,
  }),
)}
${ways(
  link(view.changeHref, isNumber ? labels.changePhone : labels.changeEmail),
  view.passwordHref && link(view.passwordHref, labels.usePassword),
)}`,
  }
}
