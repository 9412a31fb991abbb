import { assetPath } from './assets.ts'
import { html, type Part, safeHref } from './html.ts'
import { locales } from './languages.ts'
import type { Locale } from './locale.ts'
import { codePage } from './pages/code.ts'
import { addIdentifierPage, identifierPage } from './pages/identifier.ts'
import {
  errorPage,
  leavingPage,
  offerRegisterPage,
  offerSignInPage,
  passwordChangedPage,
  signedOutPage,
  signOutPage,
  unknownSessionPage,
} from './pages/messages.ts'
import { newPasswordPage, passwordPage } from './pages/password.ts'
import type { Around, Page } from './parts.ts'
import { themeStylesheet } from './theme.ts'
import type { Frame, View } from './view.ts'

function pageOf(view: View, around: Around): Page {
  switch (view.page) {
    case 'identifier':
      return identifierPage(view, around)
    case 'code':
      return codePage(view, around)
    case 'password':
      return passwordPage(view, around)
    case 'offer-register':
      return offerRegisterPage(view, around)
    case 'offer-sign-in':
      return offerSignInPage(view, around)
    case 'new-password':
      return newPasswordPage(view, around)
    case 'add-identifier':
      return addIdentifierPage(view, around)
    case 'password-changed':
      return passwordChangedPage(view, around)
    case 'sign-out':
      return signOutPage(view, around)
    case 'signed-out':
      return signedOutPage(around)
    case 'leaving':
      return leavingPage(view, around)
    case 'unknown-session':
      return unknownSessionPage(around)
    case 'error':
      return errorPage(view, around)
  }
}

/** The application that the visitor is on the way to: its logo, else its initial and name. */
function brand({ applicationName, logoUrl }: Frame): Part {
  if (logoUrl) {
    return html`<header class="brand"><img class="logo" src="${logoUrl}" alt="${applicationName ?? ''}"></header>`
  }
  if (!applicationName) return undefined
  const [initial] = new Intl.Segmenter().segment(applicationName)
  return html`<header class="brand"><span class="initial" aria-hidden="true">${initial?.segment.toUpperCase()}</span><span class="name">${applicationName}</span></header>`
}

function languageSwitch({ languages }: Frame, locale: Locale): Part {
  if (languages.length < 2) return undefined
  const items = languages.map(({ tag, href, name = locales[tag]?.name ?? tag }) => {
    return tag === locale.tag
      ? html`<li><span lang="${tag}" aria-current="true">${name}</span></li>`
      : html`<li><a href="${safeHref(href)}" lang="${tag}" hreflang="${tag}">${name}</a></li>`
  })
  return html`<nav aria-label="${locale.labels.languages}"><ul>${items}</ul></nav>`
}

function legalLinks({ termsOfUseUrl, privacyPolicyUrl }: Frame, { labels }: Locale): Part {
  const item = (href: string | undefined, label: string) =>
    href && html`<li><a href="${safeHref(href)}" target="_blank" rel="noopener">${label}</a></li>`
  const items = [item(termsOfUseUrl, labels.terms), item(privacyPolicyUrl, labels.privacy)]
  return items.some(Boolean) && html`<ul>${items}</ul>`
}

function simulatorNote({ simulated, inboxUrl }: Frame, { labels }: Locale): Part {
  if (!simulated) return undefined
  return html`<p class="simulated">${labels.simulated}${inboxUrl && html` <a href="${safeHref(inboxUrl)}" target="_blank" rel="noopener">${labels.openInbox}</a>`}</p>`
}

/**
 * The whole document for a view: pure, without inline script or style, and complete without the script. What
 * the visitor or the application typed is escaped wherever it stands.
 */
export function render(view: View, frame: Frame, locale: Locale): string {
  const page = pageOf(view, { frame, locale })
  const { logoUrl: _, ...withoutLogo } = frame
  // Nobody should wait for a picture on a page that only leads on, nor choose its language.
  const around = page.next === undefined ? frame : { ...withoutLogo, languages: [] }
  const title = [page.failed && locale.labels.errorPrefix, page.title].filter(Boolean).join(' ')
  const theme = frame.primaryColor && themeStylesheet(frame.primaryColor)
  const document = html`<!doctype html>
<html lang="${locale.tag}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="format-detection" content="telephone=no">
<meta name="robots" content="noindex">
${page.next !== undefined && html`<meta http-equiv="refresh" content="0;url=${safeHref(page.next)}">`}
<title>${title}${frame.applicationName && ` · ${frame.applicationName}`}</title>
<link rel="icon" type="image/svg+xml" href="${assetPath('icon.svg')}">
<link rel="stylesheet" href="${assetPath('sign-in.css')}">
${theme && html`<link rel="stylesheet" href="${theme.path}">`}
<script src="${assetPath('sign-in.js')}" defer></script>
</head>
<body>
${brand(around)}
<main class="card page-${view.page}">
${page.body}
</main>
<footer>
${simulatorNote(frame, locale)}
${legalLinks(frame, locale)}
${languageSwitch(around, locale)}
</footer>
</body>
</html>
`
  return document.markup
}
