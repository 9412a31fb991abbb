import { type Html, html, type Part, phrase, safeHref } from '../html.ts'
import { type Around, form, help, hidden, link, mainButton, noticeBox, type Page, ways } from '../parts.ts'
import { appScheme } from '../policy.ts'
import { sentence } from '../sentence.ts'
import type { Entrance, Notice, Terms, View } from '../view.ts'
import { agreement, isAboutTerms } from './terms.ts'

type Of<Name extends View['page']> = Extract<View, { page: Name }>

const ICONS = {
  done: html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d="m5 12.5 4.5 4.5L19 7.5"/></svg>`,
  clock: html`<svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="8.5"/><path d="M12 7.5V12l3 2"/></svg>`,
  failed: html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 6.5v7M12 17.2v.3"/></svg>`,
  door: html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M14 4h5v16h-5M4 12h11M11 8l4 4-4 4"/></svg>`,
}

function icon(name: keyof typeof ICONS): Html {
  return html`<div class="icon icon-${name}">${ICONS[name]}</div>`
}

/** A question with one answer as a button and another as a link: both offers are this. */
function offer(
  view: { action: string; identifier: string; changeHref: string; terms?: Terms; notice?: Notice },
  texts: { title: string; text: string; yes: string },
  around: Around,
): Page {
  const { frame, locale } = around
  return {
    title: texts.title,
    failed: view.notice?.tone === 'error',
    body: html`<h1>${texts.title}</h1>
<p class="lead">${phrase(texts.text, { identifier: html`<strong class="recipient"><bdi>${view.identifier}</bdi></strong>` })}</p>
${isAboutTerms(view.notice) ? undefined : noticeBox(view.notice, locale)}
${form({ action: view.action, frame }, agreement(view.terms, around, view.notice), mainButton(texts.yes))}
${ways(link(view.changeHref, locale.labels.useAnother))}`,
  }
}

/** The identifier is unknown: create the account? */
export function offerRegisterPage(view: Of<'offer-register'>, around: Around): Page {
  const { offerRegister, offerRegisterText, createAccount } = around.locale.labels
  return offer(view, { title: offerRegister, text: offerRegisterText, yes: createAccount }, around)
}

/** The identifier belongs to an account: sign in to it? */
export function offerSignInPage(view: Of<'offer-sign-in'>, around: Around): Page {
  const { offerSignIn, offerSignInText, signIn } = around.locale.labels
  return offer(view, { title: offerSignIn, text: offerSignInText, yes: signIn }, around)
}

/** The password was changed. */
export function passwordChangedPage(view: Of<'password-changed'>, { locale }: Around): Page {
  const { labels } = locale
  return {
    title: labels.passwordChanged,
    body: html`${icon('done')}
<h1>${labels.passwordChanged}</h1>
<p class="lead">${labels.passwordChangedText}</p>
<a class="button" href="${safeHref(view.continueHref)}">${labels.continue}</a>`,
  }
}

/** Asks for the click that signs out; the script clicks by itself. */
export function signOutPage(view: Of<'sign-out'>, { frame, locale }: Around): Page {
  const { labels } = locale
  const fields = Object.entries(view.fields)
    .filter(([name]) => name !== 'csrf')
    .map(([name, value]) => hidden(name, value))
  return {
    title: labels.signOut,
    body: html`<h1>${labels.signOut}</h1>
<p class="lead">${labels.signOutText}</p>
${form({ action: view.action, frame, id: view.formId, kind: 'sign-out' }, fields, mainButton(labels.signOut))}`,
  }
}

/** Signed out, and nowhere to go on to. */
export function signedOutPage({ locale }: Around): Page {
  const { labels } = locale
  return {
    title: labels.signedOut,
    body: html`${icon('done')}
<h1>${labels.signedOut}</h1>
<p class="lead">${labels.signedOutText}</p>`,
  }
}

/** Goes on by itself. The link is for browsers that do not; of the web it shows only when nothing has happened. */
export function leavingPage({ href }: Of<'leaving'>, { locale }: Around): Page {
  const { labels } = locale
  return {
    title: labels.leaving,
    next: href,
    body: html`<h1>${labels.leaving}</h1>
<p class="lead">${labels.leavingText}</p>
<a class="button${appScheme(href) === undefined && ' button-late'}" href="${safeHref(href)}">${labels.continue}</a>`,
  }
}

/** The button that leads to the application, where its address is known. */
function wayTo(application: Entrance | undefined, { locale }: Around): Part {
  if (!application?.href) return undefined
  const text = phrase(locale.labels.goTo, { application: application.name })
  return html`<a class="button" href="${safeHref(application.href)}">${text}</a>`
}

/** The bare address: what it is, and where to begin. */
export function homePage({ application }: Of<'home'>, around: Around): Page {
  const { labels } = around.locale
  const text = application
    ? phrase(labels.homeTextOfOne, { application: html`<strong>${application.name}</strong>` })
    : labels.homeText
  return {
    title: labels.home,
    namesHelp: true,
    body: html`${icon('door')}
<h1>${labels.home}</h1>
<p class="lead">${text}</p>
${wayTo(application, around)}
${help(around)}`,
  }
}

/** No interaction, or none any more. Only the application can start a new one. */
export function unknownSessionPage({ expired, application }: Of<'unknown-session'>, around: Around): Page {
  const { labels } = around.locale
  const title = expired ? labels.unknownSession : labels.notBegun
  return {
    title,
    namesHelp: true,
    body: html`${icon(expired ? 'clock' : 'door')}
<h1>${title}</h1>
<p class="lead">${expired ? labels.unknownSessionText : labels.notBegunText}</p>
${wayTo(application, around)}
${help(around)}`,
  }
}

/** Something failed; the reference lets support find the request in the log. */
export function errorPage(view: Of<'error'>, around: Around): Page {
  const { locale } = around
  const { labels } = locale
  return {
    title: labels.errorTitle,
    failed: true,
    namesHelp: true,
    body: html`${icon('failed')}
<h1>${labels.errorTitle}</h1>
<p class="lead" role="alert">${sentence(view.code, locale)}</p>
${view.reference && html`<p class="fine">${labels.reference}<br><code>${view.reference}</code></p>`}
${help(around)}`,
  }
}
