import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { violations } from '../../../e2e/barriers.ts'
import { CHROMIUM_FLAGS, chromiumPath } from '../../../e2e/chromium.ts'
import { locales } from './index.ts'
import { sampleFrame, sampleViews } from './samples.ts'
import { Visit } from './testing.ts'

let browser: Browser

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_FLAGS })
})

afterAll(async () => {
  await browser?.close()
})

/** The rules that may find something else in another colour scheme. */
const OF_COLOURS = ['color-contrast', 'link-in-text-block']

/** What another language may spoil, for a page that is built alike in all of them: words that are missing, and its tag. */
const OF_LANGUAGE = `({
  lang: document.documentElement.lang,
  nameless: [...document.querySelectorAll('title, h1, h2, a, button, label, option')]
    .filter(each => each.ariaHidden !== 'true')
    .filter(each => !(each.textContent.trim() || each.getAttribute('aria-label') || each.querySelector('[alt], [aria-label]')))
    .map(each => each.outerHTML.slice(0, 200)),
})`

const PHONE = { width: 390, height: 844 }
const NARROW = { width: 320, height: 640 }

/** A name for which a narrow screen has hardly room. */
const frame = { ...sampleFrame, applicationName: 'Lantern Books and Periodicals Unlimited' }

describe.each(Object.values(locales).map(locale => [locale.tag, locale] as const))('in %s', (_, locale) => {
  let visit: Visit

  beforeAll(async () => {
    visit = await Visit.open(await browser.newContext({ viewport: PHONE }))
  })

  // One test, since showing a page takes as long as looking at it.
  it.each(Object.entries(sampleViews))(
    'the page %s has words for everything, fits a screen of 320 pixels, and is accessible in both colour schemes',
    async (_, view) => {
      await visit.show(view, frame, locale)
      expect(await visit.page.evaluate(OF_LANGUAGE)).toEqual({ lang: locale.tag, nameless: [] })
      // The pages of all languages are built alike, and the browser takes as long to read axe as to show a page.
      for (const colorScheme of locale === locales.en ? (['light', 'dark'] as const) : []) {
        await visit.page.emulateMedia({ colorScheme })
        const rules = colorScheme === 'dark' ? { runOnly: OF_COLOURS } : {}
        expect(await violations(visit.page, rules)).toEqual([])
      }
      await visit.page.setViewportSize(NARROW)
      expect(await visit.page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320)
      await visit.page.setViewportSize(PHONE)
      expect(visit.complaints).toEqual([])
    },
  )
})
