import type { Page } from 'playwright-core'
import { type Locale, type Sentences, sentences } from '../examples/demo-app/src/sentences.ts'

/** The demo application in a visitor's browser. */
export class DemoApp {
  readonly page: Page
  readonly address: string
  private readonly say: Sentences

  /** @param language the one that the pages must come in */
  constructor(page: Page, address: string, language: Locale = 'en') {
    this.page = page
    this.address = address
    this.say = sentences[language]
  }

  /** Opens the application and goes to the sign-in page. */
  async signIn(): Promise<void> {
    // A tab in the background is drawn once a second.
    await this.page.bringToFront()
    await this.page.goto(this.address)
    await this.page.getByRole('link', { name: this.say.signIn, exact: true }).click()
  }

  /** The claims of the userinfo endpoint, as the application shows them after a sign-in. */
  async claims(): Promise<Record<string, string>> {
    const table = this.page.getByRole('table', { name: this.say.userinfo })
    await table.waitFor()
    const rows = await table.locator('tbody tr').all()
    const pairs = rows.map(async row => [
      // Names may break at their underscores on a narrow screen, by invisible characters.
      (await row.locator('th').innerText()).replaceAll(/[^\w]/g, ''),
      await row.locator('td').innerText(),
    ])
    return Object.fromEntries(await Promise.all(pairs))
  }

  async refresh(): Promise<void> {
    await this.page.getByRole('button', { name: this.say.refresh, exact: true }).click()
    await this.page.getByText(this.say.refreshed).waitFor()
  }

  async signOut(): Promise<void> {
    await this.page.getByRole('button', { name: this.say.signOut, exact: true }).click()
  }

  /** Waits until the visitor is back and signed out. */
  async isSignedOut(): Promise<void> {
    await this.page.getByText(this.say.signedOut).waitFor()
  }
}
