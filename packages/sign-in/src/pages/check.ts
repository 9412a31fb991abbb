import { assetPath } from '../assets.ts'
import { html, type Part } from '../html.ts'
import type { Locale } from '../locale.ts'
import type { Check } from '../view.ts'

/**
 * The check for people, inside the form that it belongs to: its answer is the field `captcha`. The sentences come to the
 * status line one after the other, so that screen readers say them. Without the script there is no check to pass.
 */
export function checkPart(check: Check | undefined, { labels }: Locale): Part {
  if (!check) return undefined
  const { auto, challenge, otherWay } = check
  const { parameters, signature, tries } = challenge
  const carried = JSON.stringify({ parameters, signature, tries })
  return html`<div class="check" data-check="${carried}" data-worker="${assetPath('captcha-worker.js')}"${auto && html` data-auto`} data-working="${labels.checkWorking}" data-done="${labels.checkDone}" data-failed="${labels.checkFailed}">
<p role="status"></p>
<progress max="1" value="0" aria-hidden="true" hidden></progress>
<input type="hidden" name="captcha" value="">
<noscript><p class="notice notice-error">${labels.checkNeedsScript}${otherWay && ` ${labels.checkOtherWay}`}</p></noscript>
</div>`
}
