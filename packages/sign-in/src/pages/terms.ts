import { html, type Part, phrase, safeHref } from '../html.ts'
import { type Around, described, NOTICE_ID } from '../parts.ts'
import { sentence } from '../sentence.ts'
import type { Notice, Terms } from '../view.ts'

/** True when the notice is about the box alone, and so stands beside it. */
export const isAboutTerms = (notice: Notice | undefined) => notice?.code === 'terms_required'

const TEXTS = {
  said: { both: 'agreeBoth', terms: 'agreeTerms', privacy: 'agreePrivacy' },
  asked: { both: 'acceptBoth', terms: 'acceptTerms', privacy: 'acceptPrivacy' },
} as const

/**
 * What the visitor agrees to, with links: a sentence, or a box to tick, which posts `terms=agreed`. Nothing where
 * there are no terms.
 */
export function agreement(terms: Terms | undefined, { frame, locale }: Around, notice?: Notice): Part {
  const { termsOfUseUrl, privacyPolicyUrl } = frame
  if (!terms || (!termsOfUseUrl && !privacyPolicyUrl)) return undefined
  const { labels } = locale
  const what = termsOfUseUrl ? (privacyPolicyUrl ? 'both' : 'terms') : 'privacy'
  const linked = (href: string | undefined, label: string) =>
    href && html`<a href="${safeHref(href)}" target="_blank" rel="noopener">${label}</a>`
  const text = phrase(labels[TEXTS[terms][what]], {
    terms: linked(termsOfUseUrl, labels.terms),
    privacy: linked(privacyPolicyUrl, labels.privacy),
  })
  if (terms === 'said') return html`<p class="fine">${text}</p>`
  const wrong = isAboutTerms(notice)
  return html`<div class="field">
<div class="tick">
<input id="terms" type="checkbox" name="terms" value="agreed" required${described({ invalid: wrong })}>
<label for="terms">${text}</label>
</div>
${wrong && html`<p class="wrong" id="${NOTICE_ID}" role="alert">${sentence('terms_required', locale)}</p>`}
</div>`
}
