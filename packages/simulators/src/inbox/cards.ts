import { escapeHtml } from './html.ts'
import type { InboxMessage } from './inbox.ts'
import { type Language, TEXTS } from './texts.ts'

/** One message as HTML: the page and the live events show the same. `open` unfolds a mail's content. */
export function card(message: InboxMessage, language: Language, open = false): string {
  return message.channel === 'sms' ? smsCard(message, language) : mailCard(message, language, open)
}

function smsCard(message: InboxMessage, language: Language): string {
  const texts = TEXTS[language]
  return `<li class="sms" data-id="${message.id}" data-cloud="${message.cloud}">
<p class="meta"><span>${texts.to} <b>${escapeHtml(message.to)}</b></span>${time(message, language)}</p>
<p class="bubble">${withCode(message)}</p>
<p class="actions"><span class="cloud">${message.cloud}</span>${copyButton(message, language)}</p>
</li>`
}

function mailCard(message: InboxMessage, language: Language, open: boolean): string {
  const texts = TEXTS[language]
  const body = message.html
    ? `<iframe class="mail-html" title="${texts.content}" sandbox="" loading="lazy" src="/inbox/mail/${message.id}"></iframe>`
    : `<p class="mail-text">${withCode(message)}</p>`
  return `<li class="mail" data-id="${message.id}" data-cloud="${message.cloud}">
<details${open ? ' open' : ''}>
<summary><span class="subject">${escapeHtml(message.subject ?? '')}</span>${time(message, language)}
<span class="meta"><span>${texts.from} <b>${escapeHtml(message.from)}</b></span><span>${texts.to} <b>${escapeHtml(message.to)}</b></span></span></summary>
${body}
</details>
<p class="actions"><span class="cloud">${message.cloud}</span>${copyButton(message, language)}</p>
</li>`
}

function copyButton({ code }: InboxMessage, language: Language): string {
  if (!code) return ''
  const texts = TEXTS[language]
  return `<span class="code">${escapeHtml(code)}</span><button class="copy" type="button" data-copy="${escapeHtml(code)}" data-done="${texts.copied}">${texts.copy}</button>`
}

/** The text with its code set apart, once. */
function withCode({ text, code }: InboxMessage): string {
  const at = code ? text.indexOf(code) : -1
  if (!code || at < 0) return escapeHtml(text)
  const after = text.slice(at + code.length)
  return `${escapeHtml(text.slice(0, at))}<mark>${escapeHtml(code)}</mark>${escapeHtml(after)}`
}

function time({ at }: InboxMessage, language: Language): string {
  const date = new Date(at)
  const format = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' })
  return `<time datetime="${date.toISOString()}">${format.format(date)}</time>`
}
