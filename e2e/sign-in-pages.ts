import type { Page } from 'playwright-core'
import { locale } from '../packages/sign-in/src/locales/en.ts'

const { labels, notices } = locale

/** What a visitor does on the hosted pages. The names of buttons and fields are those of the English locale. */
export class SignInPages {
  readonly page: Page
  private readonly scripted: boolean

  /** @param scripted false where the browser runs no scripts, so that nothing is sent by itself */
  constructor(page: Page, scripted = true) {
    this.page = page
    this.scripted = scripted
  }

  heading(title: string): Promise<void> {
    return this.page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor()
  }

  private press = (name: string) => this.page.getByRole('button', { name, exact: true }).click()
  private follow = (name: string) => this.page.getByRole('link', { name, exact: true }).click()

  /** On the first page: the number as people write it, with the country chosen from the list. */
  async givePhone(number: string, country: string, title = labels.signIn): Promise<void> {
    await this.heading(title)
    await this.choose(labels.phone)
    await this.page.getByLabel(labels.country).selectOption(country)
    await this.page.getByLabel(labels.phoneNumber).fill(number)
    await this.press(labels.getCode)
  }

  async giveEmail(address: string, title = labels.signIn): Promise<void> {
    await this.heading(title)
    await this.choose(labels.email)
    await this.page.getByLabel(labels.emailAddress).fill(address)
    await this.press(labels.getCode)
  }

  /** Chooses between phone and e-mail, where both are offered. */
  private async choose(kind: string): Promise<void> {
    const way = this.page.getByRole('navigation', { name: labels.identifierKinds })
    if ((await way.count()) === 0) return
    await way.getByRole('link', { name: kind, exact: true }).click()
    await way.locator('[aria-current=page]', { hasText: kind }).waitFor()
  }

  async giveCode(code: string): Promise<void> {
    await this.heading(labels.enterCode)
    await this.page.getByLabel(labels.code).fill(code)
    // With the script, the code sends itself once it is complete.
    if (!this.scripted) await this.press(labels.verify)
  }

  /** Gives a code that cannot be right, and reads why it was refused. */
  async giveWrongCode(right: string): Promise<void> {
    await this.giveCode(right === '111111' ? '222222' : '111111')
    await this.page.getByRole('alert').getByText(notices.code_wrong!.split('[')[0]!).waitFor()
  }

  async acceptRegistration(): Promise<void> {
    await this.heading(labels.offerRegister)
    await this.press(labels.createAccount)
  }

  /** From the code page to the password page. */
  async preferPassword(): Promise<void> {
    await this.heading(labels.enterCode)
    await this.follow(labels.usePassword)
    await this.heading(labels.enterPassword)
    // What the code page had to say is not said here again.
    if ((await this.page.locator('.notice').count()) > 0) throw new Error('The password page has a notice')
  }

  async givePassword(password: string): Promise<void> {
    await this.heading(labels.enterPassword)
    await this.page.getByLabel(labels.password, { exact: true }).fill(password)
    await this.press(labels.signIn)
  }

  async forgetPassword(): Promise<void> {
    await this.heading(labels.enterPassword)
    await this.follow(labels.forgotPassword)
    await this.heading(labels.resetPassword)
  }

  async chooseNewPassword(password: string): Promise<void> {
    await this.page.getByLabel(labels.newPassword).fill(password)
    await this.page.getByLabel(labels.repeatPassword).fill(password)
    await this.press(labels.savePassword)
    await this.heading(labels.passwordChanged)
  }

  async continueAfterReset(): Promise<void> {
    await this.follow(labels.continue)
    await this.heading(labels.signIn)
  }

  /** The page that asks whether to sign out; with the script it answers itself. */
  async confirmSignOut(): Promise<void> {
    if (!this.scripted) await this.press(labels.signOut)
  }
}
