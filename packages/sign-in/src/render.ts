import { assetPath } from './assets.ts'
import { html, type Part, safeHref } from './html.ts'
import { locales } from './languages.ts'
import type { Locale } from './locale.ts'
import { checkScript } from './pages/check.ts'
import { codePage } from './pages/code.ts'
import { addIdentifierPage, identifierPage } from './pages/identifier.ts'
import {
  errorPage,
  homePage,
  leavingPage,
  offerRegisterPage,
  offerSignInPage,
  passwordChangedPage,
  signedOutPage,
  signOutPage,
  unknownSessionPage,
} from './pages/messages.ts'
import { newPasswordPage, passwordPage } from './pages/password.ts'
import { type Around, helpLinks, outwardLink, type Page } from './parts.ts'
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
    case 'home':
      return homePage(view, around)
    case 'unknown-session':
      return unknownSessionPage(view, around)
    case 'error':
      return errorPage(view, around)
  }
}

const DARK = '(prefers-color-scheme: dark)'

/** The application that the visitor is on the way to: its logo, else its initial and name. */
function brand({ applicationName, logoUrl, darkLogoUrl, darkColor }: Frame): Part {
  if (logoUrl) {
    const logo = html`<img class="logo" src="${logoUrl}" alt="${applicationName ?? ''}">`
    // Blanks would part two pictures there.
    const dark = darkColor && darkLogoUrl?.replaceAll(/\s/g, '%20')
    return html`<header class="brand">${dark ? html`<picture><source media="${DARK}" srcset="${dark}">${logo}</picture>` : logo}</header>`
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

/** What the operator has beside the sign-in: terms and, where the page itself does not name it, help. */
function operatorLinks(frame: Frame, locale: Locale, namesHelp: boolean | undefined): Part {
  const { labels } = locale
  const terms = outwardLink(frame.termsOfUseUrl, labels.terms)
  const privacy = outwardLink(frame.privacyPolicyUrl, labels.privacy)
  const { website, email } = namesHelp ? {} : helpLinks(frame, locale)
  const links = [terms, privacy, website, email].filter(Boolean)
  return links.length > 0 && html`<ul>${links.map(each => html`<li>${each}</li>`)}</ul>`
}

/** The operator's stylesheets, each over the one before it. */
function stylesheets({ primaryColor, darkColor, stylesheet }: Frame): Part {
  const theme = primaryColor && themeStylesheet(primaryColor, darkColor)?.path
  const sheet = (path: string) => html`<link rel="stylesheet" href="${path}">\n`
  return [
    sheet(assetPath('sign-in.css')),
    darkColor && html`<link rel="stylesheet" href="${assetPath('dark.css')}" media="${DARK}">\n`,
    theme && sheet(theme),
    stylesheet && sheet(stylesheet),
  ]
}

function icons({ favicon, darkFavicon, darkColor }: Frame): Part {
  const own = html`<link rel="icon" type="image/svg+xml" href="${assetPath('icon.svg')}">`
  return html`${favicon ? html`<link rel="icon" href="${favicon}">` : own}
${darkColor && darkFavicon && html`<link rel="icon" href="${darkFavicon}" media="${DARK}">`}`
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
  const check = 'check' in view ? view.check : undefined
  const document = html`<!doctype html>
<html lang="${locale.tag}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="${frame.darkColor ? 'light dark' : 'light'}">
<meta name="format-detection" content="telephone=no">
<meta name="robots" content="noindex">
${page.next !== undefined && html`<meta http-equiv="refresh" content="0;url=${safeHref(page.next)}">`}
<title>${title}${frame.applicationName && ` · ${frame.applicationName}`}</title>
${icons(frame)}
${stylesheets(frame)}
<script src="${assetPath('sign-in.js')}" defer></script>
${check && html`<script src="${checkScript(check)}" defer></script>`}
</head>
<body>
${brand(around)}
<main class="card page-${view.page}">
${page.body}
</main>
<footer>
${simulatorNote(frame, locale)}
${operatorLinks(frame, locale, page.namesHelp)}
${languageSwitch(around, locale)}
</footer>
</body>
</html>
`
  return document.markup
}
