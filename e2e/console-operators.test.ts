import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { en } from '../packages/console/src/locales/en.ts'
import { barriers } from './barriers.ts'
import type { ConsolePages } from './console-pages.ts'
import { OVERFLOW, PATHS } from './console-site.ts'
import type { Ready } from './ready.ts'
import { closeConsole, openSignedInConsole } from './signed-in-console.ts'
import type { Stage } from './stage.ts'

const PHONE = { width: 390, height: 844 }
const label = en.operators

let ready: Ready
let stage: Stage
let page: Page
let operator: ConsolePages

const button = (name: string, on: Page | Locator = page) => on.getByRole('button', { name, exact: true })
const dialog = () => page.getByRole('dialog')
const row = (name: string) => page.getByRole('row').filter({ hasText: name })
const said = (text: string, on = page) => on.getByText(text, { exact: true }).first().waitFor()

/** Takes the link out of the dialog that shows it, and closes that. */
async function takeLink(name: string): Promise<string> {
  const shown = page.getByRole('dialog', { name: label.linkTitle(name), exact: true })
  const link = await shown.getByText(/set-password#token=/).innerText()
  await button(label.done, shown).click()
  await shown.waitFor({ state: 'detached' })
  return link
}

/** Opens a link in a browser of its own, and sets a password there. */
async function accept(link: string, password: string): Promise<Page> {
  const other = await (await stage.profile()).newPage()
  await other.setViewportSize(PHONE)
  await other.goto(link)
  await other.getByLabel(en.welcome.password, { exact: true }).fill(password)
  await other.getByLabel(en.welcome.repeat, { exact: true }).fill(password)
  await button(en.setPassword.submit, other).click()
  return other
}

beforeAll(async () => {
  ;({ ready, stage, page, operator } = await openSignedInConsole())
}, 180_000)

afterAll(async () => {
  await closeConsole({ ready, stage })
})

it('an operator is added by a link, with which they choose their own password', async () => {
  await operator.go('operators')
  await button(label.add).click()
  await dialog().getByLabel(label.name).fill('wen')
  await button(label.add, dialog()).click()
  await dialog()
    .getByText(/already/)
    .waitFor()
  await dialog().getByLabel(label.name).fill('Grace')
  expect(await barriers(page)).toEqual([])
  await button(label.add, dialog()).click()
  const link = await takeLink('Grace')
  await row('Grace').getByText(label.invited).waitFor()

  const grace = await accept(link, 'gracegrace')
  // What the policy refuses is said in a sentence, and the link is not spent.
  await grace.getByText(/Avoid your name/).waitFor()
  expect(await barriers(grace)).toEqual([])
  expect(await grace.evaluate(OVERFLOW)).toEqual([])
  expect(grace.url()).not.toContain('token')
  for (const field of [en.welcome.password, en.welcome.repeat])
    await grace.getByLabel(field, { exact: true }).fill('quartz-anemone')
  await button(en.setPassword.submit, grace).click()
  await grace.getByRole('heading', { level: 1, name: en.home.title }).waitFor()

  await grace.goto(link)
  await said(en.setPassword.badLink, grace)
  expect(await barriers(grace)).toEqual([])
  await page.reload()
  await row('Grace').getByText(label.active).waitFor()
})

it('whoever changes their password needs the current one, and stays signed in', async () => {
  await page.getByLabel(label.current).fill('wrong')
  await page.getByLabel(label.next).fill('amethyst-fern')
  await page.getByLabel(en.welcome.repeat).fill('amethyst-fern')
  await button(label.change).click()
  await said('The current password is not right.')
  await page.getByLabel(label.current).fill('anemone-quartz')
  await button(label.change).click()
  await said(label.changed)
  await page.reload()
  await operator.title(label.title)
})

it('another one is reset and removed, and the audit log says who did it', async () => {
  await button(label.resetNamed('Grace')).click()
  await button(label.reset, dialog()).click()
  await takeLink('Grace')
  await row('Grace').getByText(label.noPassword).waitFor()
  await button(label.removeNamed('Grace')).click()
  await button(label.remove, dialog()).click()
  await said(label.removed)
  await row('Grace').waitFor({ state: 'detached' })

  await operator.go('logs')
  const removal = row(en.logs.words['Action.RemoveOperator'])
  await removal.getByText('Operator Wen').waitFor()
  await removal.getByText('→ Operator Grace').waitFor()
  await removal.getByRole('link').first().click()
  await said(en.logs.operatorConcerned)
})

it('looking at every page writes nothing into the audit log', async () => {
  const entries = async () => {
    const answer = await page.request.get(`${ready.product.consoleUrl}/api/logs`)
    return Number(answer.headers()['total-number'])
  }
  const before = await entries()
  expect(before).toBeGreaterThan(0)
  for (const path of PATHS) {
    await page.goto(ready.product.consoleUrl + path.replace(':id', 'aliyun-sms'))
    await page.locator('main [aria-busy]').first().waitFor({ state: 'detached' })
  }
  // The form of a connector looks whether what is in it would work.
  const looked = page.waitForResponse(/\/lint$/)
  await page.goto(`${ready.product.consoleUrl}/connectors/aliyun-sms`)
  await page.getByLabel('AccessKey ID').fill('LTAI-simulated-ok')
  expect((await looked).status()).toBe(200)
  expect(await entries()).toBe(before)
})
