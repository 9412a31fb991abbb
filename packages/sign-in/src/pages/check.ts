import { assetPath } from '../assets.ts'
import { html, type Part } from '../html.ts'
import type { Locale } from '../locale.ts'
import { fill } from '../sentence.ts'
import type { Check } from '../view.ts'

/** The script of a check: the one of our own, or the one that loads a provider's. */
export const checkScript = ({ challenge }: Check): string =>
  assetPath('parameters' in challenge ? 'captcha.js' : 'captcha-provider.js')

/** What our own check is given, and where its worker is. */
function ownPart({ challenge }: Check): Part {
  const own = 'parameters' in challenge ? challenge : challenge.fallback
  if (!own) return undefined
  const { parameters, signature, tries } = own
  const carried = JSON.stringify({ parameters, signature, tries })
  return html` data-check="${carried}" data-worker="${assetPath('captcha-worker.js')}"`
}

/** What the widget of a provider is given, and the script that takes over where it does not come. */
function scriptedPart({ challenge }: Check): Part {
  if ('parameters' in challenge) return undefined
  const { fallback, ...scripted } = challenge
  return html` data-scripted="${JSON.stringify(scripted)}"${fallback && html` data-own="${assetPath('captcha.js')}"`}`
}

/**
 * The check for people, inside the form that it belongs to: its answer is the field `captcha`. The sentences come to the
 * status line one after the other, so that screen readers say them. Without the script there is no check to pass.
 */
export function checkPart(check: Check | undefined, locale: Locale): Part {
  if (!check) return undefined
  const { labels } = locale
  const { auto, otherWays } = check
  const ways = new Intl.ListFormat(locale.tag, { type: 'disjunction' }).format(
    otherWays.map(way => labels[way]),
  )
  // Chinese and Japanese have no space between sentences.
  const gap = labels.checkNeedsScript.endsWith('。') ? '' : ' '
  return html`<div class="check"${ownPart(check)}${scriptedPart(check)}${auto && html` data-auto`} data-working="${labels.checkWorking}" data-done="${labels.checkDone}" data-failed="${labels.checkFailed}">
<p role="status"></p>
<progress max="1" value="0" aria-hidden="true" hidden></progress>
<input type="hidden" name="captcha" value="">
<noscript><p class="notice notice-error">${labels.checkNeedsScript}${ways && `${gap}${fill(labels.checkOtherWay, locale, { ways })}`}</p></noscript>
</div>`
}
