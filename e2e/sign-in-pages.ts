import type { Page } from 'playwright-core'
import type { Locale } from '../packages/sign-in/src/locale.ts'
import { locale as en } from '../packages/sign-in/src/locales/en.ts'

/** What a visitor does on the hosted pages, where buttons and fields have the names of one language. */
export class SignInPages {
  readonly page: Page
  private readonly scripted: boolean
  private readonly labels: Locale['labels']
  private readonly notices: Locale['notices']

  /**
   * @param scripted false where the browser runs no scripts, so that nothing is sent by itself
   * @param locale the language that the pages must come in
   */
  constructor(page: Page, scripted = true, locale = en) {
    this.page = page
    this.scripted = scripted
    this.labels = locale.labels
    this.notices = locale.notices
  }

  heading(title: string): Promise<void> {
    return this.page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor()
  }

  private press = (name: string) => this.page.getByRole('button', { name, exact: true }).click()
  private follow = (name: string) => this.page.getByRole('link', { name, exact: true }).click()

  /** On the first page: the number as people write it, with the country chosen from the list. */
  async givePhone(number: string, country: string, title = this.labels.signIn): Promise<void> {
    await this.heading(title)
    await this.choose(this.labels.phone)
    await this.page.getByLabel(this.labels.country).selectOption(country)
    await this.page.getByLabel(this.labels.phoneNumber).fill(number)
    await this.press(this.labels.getCode)
  }

  async countriesOffered(title = this.labels.signIn): Promise<string[]> {
    await this.heading(title)
    const options = this.page.getByLabel(this.labels.country).locator('option')
    return options.evaluateAll(all => all.map(option => option.getAttribute('value') ?? ''))
  }

  async giveEmail(address: string, title = this.labels.signIn): Promise<void> {
    await this.heading(title)
    await this.choose(this.labels.email)
    await this.page.getByLabel(this.labels.emailAddress).fill(address)
    await this.press(this.labels.getCode)
  }

  /** Chooses between phone and e-mail, where both are offered. */
  private async choose(kind: string): Promise<void> {
    const way = this.page.getByRole('navigation', { name: this.labels.identifierKinds })
    if ((await way.count()) === 0) return
    await way.getByRole('link', { name: kind, exact: true }).click()
    await way.locator('[aria-current=page]', { hasText: kind }).waitFor()
  }

  async giveCode(code: string): Promise<void> {
    await this.heading(this.labels.enterCode)
    // What is typed before the script has come is not sent by it.
    if (this.scripted) await this.page.waitForLoadState()
    await this.page.getByLabel(this.labels.code).fill(code)
    // With the script, the code sends itself once it is complete.
    if (!this.scripted) await this.press(this.labels.verify)
  }

  /** Gives a code that cannot be right, and reads why it was refused. */
  async giveWrongCode(right: string): Promise<void> {
    await this.giveCode(right === '111111' ? '222222' : '111111')
    await this.page.getByRole('alert').getByText(this.notices.code_wrong!.split('[')[0]!).waitFor()
  }

  async acceptRegistration(): Promise<void> {
    await this.heading(this.labels.offerRegister)
    await this.press(this.labels.createAccount)
  }

  /** From the code page to the password page. */
  async preferPassword(): Promise<void> {
    await this.heading(this.labels.enterCode)
    await this.follow(this.labels.usePassword)
    await this.heading(this.labels.enterPassword)
    // What the code page had to say is not said here again.
    if ((await this.page.locator('.notice').count()) > 0) throw new Error('The password page has a notice')
  }

  async givePassword(password: string): Promise<void> {
    await this.heading(this.labels.enterPassword)
    await this.page.getByLabel(this.labels.password, { exact: true }).fill(password)
    await this.press(this.labels.signIn)
  }

  async forgetPassword(): Promise<void> {
    await this.heading(this.labels.enterPassword)
    await this.follow(this.labels.forgotPassword)
    await this.heading(this.labels.resetPassword)
  }

  async chooseNewPassword(password: string): Promise<void> {
    await this.page.getByLabel(this.labels.newPassword).fill(password)
    await this.page.getByLabel(this.labels.repeatPassword).fill(password)
    await this.press(this.labels.savePassword)
    await this.heading(this.labels.passwordChanged)
  }

  async continueAfterReset(): Promise<void> {
    await this.follow(this.labels.continue)
    await this.heading(this.labels.signIn)
  }

  /** The page that asks whether to sign out; with the script it answers itself. */
  async confirmSignOut(): Promise<void> {
    if (!this.scripted) await this.press(this.labels.signOut)
  }
}
