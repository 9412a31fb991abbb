import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { en } from '../packages/console/src/locales/en.ts'
import { barriers } from './barriers.ts'
import { ConsolePages } from './console-pages.ts'
import type { Ready } from './ready.ts'
import { FIRST_OPERATOR } from './ready.ts'
import { closeConsole, openSignedInConsole } from './signed-in-console.ts'
import type { Stage } from './stage.ts'

const PASSWORD = FIRST_OPERATOR.password
const SECRET = 'a-key-that-only-the-form-knows'

let ready: Ready
let stage: Stage
let profile: BrowserContext
let page: Page

const button = (name: string) => page.getByRole('button', { name, exact: true })
const field = (name: string | RegExp) => page.getByLabel(name)
const again = () => page.getByRole('dialog', { name: en.signInAgain.title })
const at = (path: string) => page.goto(ready.product.consoleUrl + path)

/** Ends the session where the operator cannot see it: on the server. */
async function endSession(): Promise<void> {
  const other = await stage.profile()
  await other.addCookies(await profile.cookies())
  const answer = await other.request.delete(`${ready.product.consoleUrl}/api/console/session`, {
    headers: { 'content-type': 'application/json' },
  })
  expect(answer.status()).toBe(204)
  await other.close()
}

async function signInAgain(password = PASSWORD): Promise<void> {
  await again().getByLabel(en.signIn.password).fill(password)
  await again().getByRole('button', { name: en.signIn.submit }).click()
}

beforeAll(async () => {
  ;({ ready, stage, profile, page } = await openSignedInConsole())
}, 180_000)

afterAll(async () => {
  await closeConsole({ ready, stage })
})

it('what was typed into a connector stays through signing in again, and is saved then, and stored nowhere before', async () => {
  await at('/connectors/aliyun-dm')
  await field('AccessKey ID').fill('LTAI-simulated-ok')
  await field('AccessKey secret').fill(SECRET)
  await endSession()
  await button(en.connector.save).click()
  await again().waitFor()
  await signInAgain('not the password')
  await again()
    .getByText(/password is not right/)
    .waitFor()
  expect(await barriers(page)).toEqual([])
  const stored = await page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])')
  expect(stored).not.toContain(SECRET)
  await signInAgain()
  await new ConsolePages(page).title(en.connectors.title)
  const connectors = await ready.management<{ config: { accessKeySecret?: string } }[]>(
    'GET',
    '/api/connectors',
  )
  expect(connectors.body.map(({ config }) => config.accessKeySecret)).toContain(SECRET)
})

it.each([
  [
    'a window over a page',
    '/applications',
    async () => {
      await button(en.applications.create).click()
      await field(en.applications.name).fill('Warehouse')
    },
    en.common.create,
    () => new ConsolePages(page).title('Warehouse'),
  ],
  [
    'the sign-in experience',
    '/sign-in-experience',
    () => field(en.experience.terms).fill('https://example.com/terms'),
    en.common.save,
    () => page.getByText(en.experience.saved).waitFor(),
  ],
  [
    'a webhook',
    '/webhooks/new',
    async () => {
      await field(en.webhooks.name).fill('CRM')
      await field(en.webhooks.url).fill('https://example.com/hook')
      await page.getByRole('checkbox', { name: 'User.Created' }).check()
    },
    en.webhooks.create,
    () => new ConsolePages(page).title('CRM'),
  ],
])('%s is saved after signing in again, as it was filled in', async (_, path, fill, save, isSaved) => {
  await at(path)
  await fill()
  await endSession()
  await button(save).click()
  await again().waitFor()
  await page.keyboard.press('Escape')
  await signInAgain()
  await isSaved()
  await again().waitFor({ state: 'detached' })
})

it('nobody else gets what was typed: another operator finds the page as it is saved', async () => {
  await at('/operators')
  await button(en.operators.add).click()
  await page.getByRole('dialog').getByLabel(en.operators.name).fill('Grace')
  await page.getByRole('dialog').getByRole('button', { name: en.operators.add, exact: true }).click()
  const link = await page.getByText(/set-password#token=/).innerText()
  await at('/sign-in-experience')
  await field(en.experience.privacy).fill('https://example.com/private')
  await endSession()
  await button(en.common.save).click()
  await again().waitFor()
  // In another tab of the same browser.
  const tab = await profile.newPage()
  await tab.goto(link)
  await tab.getByLabel(en.welcome.password, { exact: true }).fill('quartz-anemone')
  await tab.getByLabel(en.welcome.repeat, { exact: true }).fill('quartz-anemone')
  await tab.getByRole('button', { name: en.setPassword.submit }).click()
  await tab.getByRole('heading', { level: 1, name: en.home.title }).waitFor()
  await again().waitFor({ state: 'detached' })
  await expect.poll(() => field(en.experience.privacy).inputValue()).toBe('')
  const { body } = await ready.management('GET', '/api/sign-in-exp')
  expect(body.privacyPolicyUrl).toBeFalsy()
})

it('whoever does not sign in again leaves without a trace of what was typed', async () => {
  await at('/sign-in-experience')
  await field(en.experience.privacy).fill('https://example.com/private')
  await endSession()
  await button(en.common.save).click()
  await again().getByRole('button', { name: en.signInAgain.other }).click()
  await page.getByRole('heading', { level: 1, name: en.signIn.title }).waitFor()
  expect(new URL(page.url()).search).toContain('next=')
})
