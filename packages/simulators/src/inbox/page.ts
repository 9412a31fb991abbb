import { card } from './cards.ts'
import { wentToPart } from './filter.ts'
import { escapeHtml } from './html.ts'
import type { InboxMessage } from './inbox.ts'
import { LANGUAGES, type Language, TEXTS } from './texts.ts'

/** Messages shown of each kind; the control API gives all. */
const SHOWN = 100

export interface InboxView {
  /** Newest first, unfiltered. */
  messages: InboxMessage[]
  /** Part of a recipient; empty for all. */
  filter: string
  language: Language
}

/** The inbox page: complete without JavaScript, and kept live by `/inbox/inbox.js`. */
export function inboxPage({ messages, filter, language }: InboxView): string {
  const texts = TEXTS[language]
  const matching = messages.filter(message => wentToPart(message, filter))
  const of = (channel: InboxMessage['channel']) =>
    matching.filter(message => message.channel === channel).slice(0, SHOWN)
  const events = `/inbox/events?${query({ lang: language, to: filter, after: messages[0]?.id ?? '0' })}`
  const recipients = [...new Set(messages.map(({ to }) => to))].slice(0, SHOWN)
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${texts.title} · Countersign</title>
<link rel="icon" href="/inbox/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/inbox/inbox.css">
<script src="/inbox/inbox.js" defer></script>
</head>
<body data-events="${escapeHtml(events)}" data-lang="${language}">
<header>
<h1>${texts.title}</h1>
<nav>${switches(language, filter)}</nav>
<p class="banner" role="note"><strong>${texts.banner}</strong> <span>${texts.allowList}</span></p>
<div class="tools">
<form method="get" action="/inbox" role="search">
<input type="hidden" name="lang" value="${language}">
<label for="to">${texts.filter}</label>
<input id="to" name="to" value="${escapeHtml(filter)}" placeholder="${texts.filterHint}" list="recipients" autocomplete="off" spellcheck="false">
<datalist id="recipients">${recipients.map(to => `<option value="${escapeHtml(to)}">`).join('')}</datalist>
<button type="submit">${texts.apply}</button>
${filter ? `<a href="/inbox?${escapeHtml(query({ lang: language }))}">${texts.showAll}</a>` : ''}
</form>
<form method="post" action="/inbox/clear?${escapeHtml(query({ lang: language }))}"><button class="quiet" type="submit">${texts.clear}</button></form>
</div>
<p id="offline" role="status" hidden>${texts.offline}</p>
</header>
<main>
${column('sms', texts.phone, texts.noSms, of('sms'), language)}
${column('email', texts.mailbox, texts.noMail, of('email'), language)}
</main>
</body>
</html>`
}

function column(
  channel: InboxMessage['channel'],
  title: string,
  empty: string,
  messages: InboxMessage[],
  language: Language,
): string {
  const cards = messages.map((message, index) => card(message, language, index === 0)).join('\n')
  return `<section class="${channel}" aria-labelledby="${channel}-title">
<h2 id="${channel}-title">${title} <span class="count">${messages.length}</span></h2>
<ol id="${channel}-list" aria-live="polite" data-shown="${SHOWN}">${cards}</ol>
<p class="empty">${empty}</p>
</section>`
}

function switches(current: Language, filter: string): string {
  return LANGUAGES.map(language => {
    const href = `/inbox?${escapeHtml(query({ lang: language, to: filter }))}`
    const here = language === current ? ' aria-current="true"' : ''
    return `<a href="${href}" lang="${language}" hreflang="${language}"${here}>${TEXTS[language].name}</a>`
  }).join('')
}

function query(parameters: Record<string, string>): string {
  return new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== '')).toString()
}
