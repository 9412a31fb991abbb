import { html } from 'hono/html'
import type { Tokens } from './relying-party.ts'
import { fill, type Locale, sentences } from './sentences.ts'

type Markup = ReturnType<typeof html>

/** What every page knows. */
export interface Surroundings {
  locale: Locale
  issuer: string
  inboxUrl?: string
}

/** Why a page cannot show what was asked for. The reason is the server's own text: shown, never trusted. */
export type Problem =
  | { kind: 'cancelled' | 'unknownVisit' | 'unavailable' | 'notFound' }
  | { kind: 'refused' | 'unexpected'; reason: string }

function layout({ locale }: Surroundings, content: Markup): Markup {
  const { title } = sentences[locale]
  return html`<!doctype html>
<html lang="${locale}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/style.css">
  </head>
  <body>
    <main>
      <h1>${title}</h1>
      ${content}
    </main>
  </body>
</html>`
}

export function signedOutPage(around: Surroundings): Markup {
  const say = sentences[around.locale]
  return layout(
    around,
    html`<p>${fill(say.intro, { issuer: around.issuer })}</p>
      <p>${say.signedOut}</p>
      <p class="actions">
        <a class="button primary" href="/sign-in">${say.signIn}</a>
        <a class="button" href="/sign-in?first_screen=register">${say.register}</a>
      </p>
      ${inboxLine(around)}`,
  )
}

export function signedInPage(around: Surroundings, tokens: Tokens, refreshed: boolean): Markup {
  const say = sentences[around.locale]
  const { userinfo, refreshToken } = tokens
  const name = userinfo.name ?? userinfo.username ?? userinfo.email ?? userinfo.phone_number ?? userinfo.sub
  return layout(
    around,
    html`<p class="who">${fill(say.signedInAs, { name: String(name) })}</p>
      ${refreshed ? html`<p class="notice" role="status">${say.refreshed}</p>` : ''}
      <div class="actions">
        <form method="post" action="/sign-out"><button class="primary">${say.signOut}</button></form>
        ${refreshToken ? html`<form method="post" action="/refresh"><button>${say.refresh}</button></form>` : ''}
      </div>
      ${claimsTable(around, say.idToken, tokens.idTokenClaims)}
      ${claimsTable(around, say.userinfo, userinfo)}
      ${inboxLine(around)}`,
  )
}

export function problemPage(around: Surroundings, problem: Problem): Markup {
  const say = sentences[around.locale]
  const reason = 'reason' in problem ? problem.reason : ''
  return layout(
    around,
    html`<h2>${say.failed}</h2>
      <p class="problem" role="alert">${fill(say[problem.kind], { issuer: around.issuer, reason })}</p>
      <p class="actions">
        <a class="button primary" href="/sign-in">${say.again}</a>
        <a class="button" href="/">${say.home}</a>
      </p>`,
  )
}

export function notFoundPage(around: Surroundings): Markup {
  const say = sentences[around.locale]
  return layout(
    around,
    html`<p>${say.notFound}</p>
      <p class="actions"><a class="button" href="/">${say.home}</a></p>`,
  )
}

function claimsTable(around: Surroundings, caption: string, claims: Record<string, unknown>): Markup {
  const say = sentences[around.locale]
  return html`<table>
    <caption>${caption}</caption>
    <thead><tr><th scope="col">${say.claim}</th><th scope="col">${say.value}</th></tr></thead>
    <tbody>
      ${Object.entries(claims).map(
        ([name, value]) =>
          html`<tr><th scope="row">${breakable(name)}</th><td>${show(name, value)}</td></tr>`,
      )}
    </tbody>
  </table>`
}

/** Lets a long name break at its underscores on a narrow screen. */
function breakable(name: string): Markup[] {
  return name.split(/(?<=_)/).map((part, index) => (index === 0 ? html`${part}` : html`<wbr>${part}`))
}

const MOMENTS = new Set(['iat', 'exp', 'nbf', 'auth_time', 'updated_at', 'created_at'])

function show(name: string, value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' && MOMENTS.has(name)) {
    // Logto's `created_at` and `updated_at` count milliseconds, the standard's claims seconds.
    const moment = new Date(value < 1e11 ? value * 1000 : value)
    if (!Number.isNaN(moment.getTime())) return `${value} (${moment.toISOString()})`
  }
  return JSON.stringify(value)
}

function inboxLine({ locale, inboxUrl }: Surroundings): Markup | string {
  if (!inboxUrl) return ''
  return html`<p class="inbox">${sentences[locale].inbox} <a href="${inboxUrl}">${inboxUrl}</a></p>`
}
