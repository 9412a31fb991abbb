import type { Locator, Page } from 'playwright-core'
import { en } from '../packages/console/src/locales/en.ts'

/** What an operator does in the console. Names are those of its English locale. */
export class ConsolePages {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  private button = (name: string) => this.page.getByRole('button', { name, exact: true })
  private section = (name: string) => this.page.getByRole('region', { name, exact: true })

  title(name: string): Promise<void> {
    return this.page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
  }

  /** Opens the one-time link and creates the first operator. */
  async welcome(link: string, name: string, password: string): Promise<void> {
    // A tab in the background is drawn once a second.
    await this.page.bringToFront()
    await this.page.goto(link)
    await this.title(en.welcome.title)
    await this.page.getByLabel(en.welcome.name, { exact: true }).fill(name)
    await this.page.getByLabel(en.welcome.password, { exact: true }).fill(password)
    await this.page.getByLabel(en.welcome.repeat, { exact: true }).fill(password)
    await this.button(en.welcome.create).click()
    await this.title(en.home.title)
  }

  /** Goes to a page by the menu, which a phone folds away. */
  async go(place: keyof typeof en.nav): Promise<void> {
    await this.page.bringToFront()
    const menu = this.page.getByRole('button', { name: en.menu, exact: true })
    if (await menu.isVisible()) await menu.click()
    await this.page.getByRole('link', { name: en.nav[place], exact: true }).click()
    await this.title(en.nav[place])
  }

  card = (connector: string) => this.page.getByRole('article', { name: connector, exact: true })

  async setUp(connector: string): Promise<void> {
    await this.card(connector)
      .getByRole('link', { name: en.connectors.setUpNamed(connector) })
      .click()
    await this.title(connector)
  }

  /** Chooses a face of a segmented control, which draws radio buttons under labels. */
  private async turn(control: string, to: string): Promise<void> {
    await this.page.getByRole('radiogroup', { name: control }).getByText(to, { exact: true }).click()
  }

  showGuide = () => this.turn(en.connector.section, en.connector.guide)
  showSettings = () => this.turn(en.connector.section, en.connector.settings)
  showJson = () => this.turn(en.connector.view, en.connector.json)
  async showForm(): Promise<void> {
    await this.turn(en.connector.view, en.connector.form)
    await this.editor().waitFor({ state: 'detached' })
  }

  field = (label: string): Locator => this.section(en.connector.settings).getByLabel(label)
  guide = (): Locator => this.section(en.connector.guide)

  /** Gives each usage type a template of its own, or one for all of them. */
  async shareTemplate(share: boolean): Promise<void> {
    const one = this.page.getByRole('switch', { name: en.connector.oneTemplate })
    // By key: a click may meet what is drawn over the switch, such as the bar that saves.
    if ((await one.isChecked()) !== share) await one.press('Space')
  }

  /** Takes all template rows away, the last one first. */
  async removeTemplates(): Promise<void> {
    const buttons = this.page.getByRole('button', { name: en.connector.removeTemplate })
    for (let left = await buttons.count(); left > 0; left -= 1) await buttons.last().click()
  }

  fillInSample = () => this.button(en.connector.sample).click()

  private editor = () => this.page.getByLabel(en.connector.jsonLabel)

  /** The JSON view's text; long values wrap, but a line of the document stays one element. */
  async json(): Promise<string> {
    await this.editor().waitFor()
    return (await this.editor().locator('.cm-line').allInnerTexts()).join('\n')
  }

  async writeJson(text: string): Promise<void> {
    await this.editor().fill(text)
  }

  /** Where the JSON view marks an error: the marked text. */
  markedInJson = (): Locator => this.editor().locator('.cm-lintRange-error, .cm-lintPoint-error')

  async sendTest(to: string): Promise<void> {
    const test = this.section(en.test.title)
    await test.getByRole('textbox').first().fill(to)
    await this.button(en.test.send).click()
  }

  /** What the last test came to: names and values as the page shows them. */
  async delivered(): Promise<string> {
    const outcome = this.section(en.test.title).getByRole('status').filter({ hasText: en.test.delivered })
    return outcome.innerText()
  }

  /** The same of a test that failed. @param part what is waited for, where an earlier test may still be shown */
  async failed(part = ''): Promise<string> {
    const outcome = this.section(en.test.title).getByRole('alert').filter({ hasText: en.test.failed })
    return outcome.filter({ hasText: part }).innerText()
  }

  /** Why a configuration was not saved: what is said at its fields. */
  async refusal(): Promise<string> {
    const said = this.section(en.connector.settings).locator('.mantine-InputWrapper-error')
    await said.first().waitFor()
    return (await said.allInnerTexts()).join('\n')
  }

  save = () => this.button(en.connector.save).click()

  async saveAndDone(): Promise<void> {
    await this.save()
    await this.title(en.connectors.title)
  }

  /** Chooses by what new users are known; nobody needs a password. */
  async signUpWith(choice: 'phone' | 'email' | 'emailOrPhone'): Promise<void> {
    await this.page.getByRole('radio', { name: en.experience[choice], exact: true }).check()
    await this.page.getByRole('checkbox', { name: en.experience.setPassword }).uncheck()
  }

  async allow(identifier: 'phone' | 'email', factors: { code: boolean; password: boolean }): Promise<void> {
    const row = this.page.getByRole('group', { name: en.experience[identifier], exact: true })
    await row.getByRole('checkbox', { name: en.experience.code }).setChecked(factors.code)
    await row.getByRole('checkbox', { name: en.experience.password }).setChecked(factors.password)
  }

  async resetBy(way: 'byPhone' | 'byEmail'): Promise<void> {
    await this.page.getByRole('checkbox', { name: en.experience[way] }).check()
  }

  saveExperience = () => this.button(en.common.save).click()

  async experienceIsSaved(): Promise<void> {
    await this.page.getByText(en.experience.saved).waitFor()
  }

  /** Why the sign-in experience was not saved. */
  experienceRefusal = (): Locator => this.page.getByRole('alert')
}
