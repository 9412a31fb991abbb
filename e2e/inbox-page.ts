import type { Page } from 'playwright-core'

/** The simulators' inbox in a tab of its own, left open, as somebody trying the product would have it. */
export class InboxPage {
  readonly page: Page
  private readonly read = new Set<string>()

  private constructor(page: Page) {
    this.page = page
  }

  static async open(page: Page, inboxUrl: string): Promise<InboxPage> {
    await page.goto(inboxUrl)
    return new InboxPage(page)
  }

  /** The code of the newest message to a recipient that was not read yet; it appears without reloading. */
  async code(recipient: string, cloud: string): Promise<string> {
    const unread = [...this.read].map(id => `:not([data-id="${id}"])`).join('')
    const card = this.page.locator(`li[data-cloud="${cloud}"]${unread}`, { hasText: recipient }).first()
    const code = await card.locator('.code').innerText()
    this.read.add((await card.getAttribute('data-id'))!)
    return code
  }
}
