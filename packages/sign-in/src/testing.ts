import type { BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'
import { assets, type Frame, type Locale, locales, pagePolicy, render, themeAt, type View } from './index.ts'
import { sampleFrame } from './samples.ts'
import type { Check } from './view.ts'

const ORIGIN = 'https://sign-in.example'

/** A window on a server that serves one page at a time with its policy and keeps what is posted. */
export class Visit {
  readonly posts: { path: string; fields: Record<string, string> }[] = []
  /** Stylesheets of the operator's, by their path. */
  readonly sheets: Record<string, string> = {}
  /** Whatever else it asked for, of this site or another: pages that it went on to, pictures. */
  readonly gone: string[] = []
  /** What the browser complained about: refused resources, script errors. */
  readonly complaints: string[] = []
  readonly page: Page
  /** What the server says when the page's script asks, by path. */
  readonly answers: Record<string, object> = {}
  /** Scripts of other sites, by their address without what is asked of them. */
  readonly scripts: Record<string, string> = {}
  private current = ''
  private asks = false
  private check: Check | undefined
  private frame: Frame = sampleFrame

  private readonly withScript: boolean

  private constructor(page: Page, withScript: boolean) {
    this.page = page
    this.withScript = withScript
  }

  static async open(context: BrowserContext, { withScript = true } = {}): Promise<Visit> {
    const visit = new Visit(await context.newPage(), withScript)
    visit.page.on('console', message => message.type() === 'error' && visit.complaints.push(message.text()))
    visit.page.on('pageerror', error => visit.complaints.push(String(error)))
    await visit.page.route('**/*', async route => {
      const request = route.request()
      const { pathname } = new URL(request.url())
      const sheet = themeAt(pathname) ?? visit.sheets[pathname]
      const asset = assets[pathname] ?? (sheet && { type: 'text/css', body: sheet })
      if (request.method() === 'POST') {
        // "No content" leaves the page as it is, so a second submit would be seen.
        await route.fulfill({ status: 204 })
        visit.posts.push({
          path: pathname,
          fields: Object.fromEntries(new URLSearchParams(request.postData() ?? '')),
        })
        return
      }
      const foreign = visit.scripts[request.url().split('?')[0]!]
      if (foreign !== undefined) return route.fulfill({ contentType: 'text/javascript', body: foreign })
      if (asset) return route.fulfill({ contentType: asset.type, body: asset.body })
      if (pathname !== '/page') {
        await route.fulfill(pathname in visit.answers ? { json: visit.answers[pathname] } : { status: 204 })
        visit.gone.push(pathname)
        return
      }
      return route.fulfill({
        contentType: 'text/html; charset=utf-8',
        headers: {
          'content-security-policy': pagePolicy(visit.frame, undefined, {
            asks: visit.asks,
            check: visit.check,
          }),
        },
        body: visit.current,
      })
    })
    return visit
  }

  async show(view: View, frame: Frame = sampleFrame, locale: Locale = locales.en!) {
    this.current = render(view, frame, locale)
    this.frame = frame
    this.asks = 'receiptHref' in view
    this.check = 'check' in view ? view.check : undefined
    this.posts.length = 0
    this.gone.length = 0
    this.complaints.length = 0
    // Some leave before they have loaded; of all others the stylesheets are there then, on a busy machine too.
    const leaves = view.page === 'leaving' || (view.page === 'sign-out' && this.withScript)
    await this.page.goto(`${ORIGIN}/page`, { waitUntil: leaves ? 'commit' : 'load' })
    await this.page.waitForSelector('footer', { state: 'attached' })
    // These pages go on by themselves; on their way they would call off the next page that is shown.
    if (view.page === 'leaving') await expect.poll(() => this.gone.length).toBe(1)
    if (view.page === 'sign-out' && this.withScript) await expect.poll(() => this.posts.length).toBe(1)
  }
}
