import { mkdir, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { CHROMIUM_FLAGS, chromiumPath } from './chromium.ts'

/** Where what was on the screen is left when a journey fails, or when somebody wants to look at it. */
const RESULTS = resolve(import.meta.dirname, '../test-results')

/** Every step of a journey waits for the page at most this long. */
const PATIENCE = 10_000

/** A phone of today, held upright. */
const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  isMobile: true,
  hasTouch: true,
  locale: 'en-US',
}

/** A browser for one journey. */
export interface Stage {
  /** An empty browser profile on a phone. */
  profile(options?: BrowserContextOptions): Promise<BrowserContext>
  /** Errors of scripts and of the pages' security policies, with the page they came from. */
  complaints: string[]
  /** Keeps a picture of a page under a name, when `LOOK=1` asks for pictures. */
  look(page: Page, name: string): Promise<void>
  /** Keeps picture and text of every open page. */
  save(name: string): Promise<void>
  close(): Promise<void>
}

/** Starts Chromium. */
export async function openStage(): Promise<Stage> {
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_FLAGS })
  const complaints: string[] = []
  const wantsPictures = process.env.LOOK === '1'
  let pictures = 0

  function listen(page: Page): void {
    page.on('pageerror', error => complaints.push(`${page.url()}: ${error}`))
    page.on('console', message => {
      // Refused requests are part of the journey; refused styles and scripts are not.
      if (message.type() === 'error' && /content security policy/i.test(message.text()))
        complaints.push(`${page.url()}: ${message.text()}`)
    })
  }

  async function picture(page: Page, name: string): Promise<void> {
    await mkdir(RESULTS, { recursive: true })
    await page.screenshot({ path: resolve(RESULTS, `${name}.png`), fullPage: true })
  }

  return {
    complaints,
    async profile(options = {}) {
      const context = await browser.newContext({ ...PHONE, ...options })
      context.setDefaultTimeout(PATIENCE)
      context.on('page', listen)
      return context
    },
    async look(page, name) {
      if (!wantsPictures) return
      pictures += 1
      // A tab in the background is not drawn to the end.
      await page.bringToFront()
      await picture(page, `${String(pictures).padStart(2, '0')} ${name}`)
    },
    async save(name) {
      const pages = browser.contexts().flatMap(context => context.pages())
      for (const [index, page] of pages.entries()) {
        const file = `failed ${name} ${index + 1}`.replaceAll(/[^\w -]+/g, '')
        await picture(page, file)
        const text = await page.locator('body').innerText()
        await writeFile(resolve(RESULTS, `${file}.txt`), `${page.url()}\n\n${text}\n`)
      }
    },
    close: () => browser.close(),
  }
}
