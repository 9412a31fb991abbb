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

/** The rules that may find something else in another colour scheme, and nothing else in another language. */
const OF_COLOURS = ['color-contrast', 'link-in-text-block']
const NO_COLOURS = Object.fromEntries(OF_COLOURS.map(rule => [rule, { enabled: false }]))

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
    'the page %s is accessible, in English in both colour schemes, and fits a screen of 320 pixels',
    async (_, view) => {
      await visit.show(view, frame, locale)
      expect(await violations(visit.page, { rules: NO_COLOURS })).toEqual([])
      for (const colorScheme of locale === locales.en ? (['light', 'dark'] as const) : []) {
        await visit.page.emulateMedia({ colorScheme })
        expect(await violations(visit.page, { runOnly: OF_COLOURS })).toEqual([])
      }
      await visit.page.setViewportSize(NARROW)
      expect(await visit.page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320)
      await visit.page.setViewportSize(PHONE)
      expect(visit.complaints).toEqual([])
    },
  )
})
