import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { en } from '../packages/console/src/locales/en.ts'
import { barriers } from './barriers.ts'
import { ConsolePages } from './console-pages.ts'
import type { Ready } from './ready.ts'
import { closeConsole, openSignedInConsole } from './signed-in-console.ts'
import type { Stage } from './stage.ts'

let ready: Ready
let stage: Stage
let page: Page
let receiver: Server

const button = (name: string) => page.getByRole('button', { name, exact: true })
const region = (name: string) => page.getByRole('region', { name, exact: true })
const at = (path: string) => page.goto(ready.product.consoleUrl + path)
const outdated = () => page.getByRole('status').filter({ hasText: en.common.outdated })

/** Holds the requests to a path back, until the returned function is called. */
async function hold(path: RegExp): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  await page.route(path, async route => {
    await promise
    await route.continue()
  })
  return resolve
}

beforeAll(async () => {
  receiver = createServer((_, response) => void response.writeHead(204).end())
  await new Promise<void>(resolve => receiver.listen(0, '127.0.0.1', resolve))
  ;({ ready, stage, page } = await openSignedInConsole({ TEST_IDENTITIES: 'on' }))
}, 180_000)

afterAll(async () => {
  receiver?.close()
  await closeConsole({ ready, stage })
})

const receiverUrl = () => `http://localhost:${(receiver.address() as AddressInfo).port}/hook`

it.each([
  {
    what: 'a test send',
    start: async () => {
      await at('/connectors/aliyun-sms')
      await region(en.test.title).getByRole('textbox').first().fill('+86 138 0013 8000')
    },
    ask: en.test.send,
    outcome: () => region(en.test.title).getByText(en.test.delivered),
    field: () => page.getByLabel('Signature name'),
    request: /\/test$/,
  },
  {
    what: 'a test send to another number',
    start: async () => {
      await at('/connectors/aliyun-sms')
      await region(en.test.title).getByRole('textbox').first().fill('+86 138 0013 8000')
    },
    ask: en.test.send,
    outcome: () => region(en.test.title).getByText(en.test.delivered),
    field: () => region(en.test.title).getByRole('textbox').first(),
    request: /\/test$/,
  },
  {
    what: 'a check',
    start: () => at('/connectors/aliyun-sms'),
    ask: en.check.ask,
    outcome: () => region(en.check.title).getByText(en.check.subjects.template).first(),
    field: () => page.getByLabel('AccessKey ID'),
    request: /\/check$/,
  },
  {
    what: 'a sample of a webhook',
    start: async () => {
      const { body } = await ready.management('POST', '/api/hooks', {
        name: 'CRM',
        events: ['User.Created'],
        config: { url: receiverUrl() },
      })
      await at(`/webhooks/${body.id}`)
    },
    ask: en.webhook.test,
    outcome: () => page.getByText(en.webhook.testPassed(1)),
    field: () => page.getByLabel(en.webhooks.url),
    request: /\/test$/,
  },
])(
  '$what is marked as old once something has changed, and is gone while the next one is on its way',
  async form => {
    await form.start()
    await button(form.ask).click()
    await form.outcome().waitFor()
    expect(await outdated().count()).toBe(0)
    const value = await form.field().inputValue()
    await form.field().fill(`${value}1`)
    await outdated().waitFor()
    await form.field().fill(value)
    await outdated().waitFor({ state: 'detached' })
    const letGo = await hold(form.request)
    await button(form.ask).click()
    await form.outcome().waitFor({ state: 'detached' })
    // What changes while the answer is on its way makes it old when it arrives.
    await form.field().fill(`${value}1`)
    letGo()
    await form.outcome().waitFor()
    await outdated().waitFor()
    expect(await barriers(page)).toEqual([])
    await page.unroute(form.request)
  },
)

const dialog = () => page.getByRole('dialog')

/** What a form complains of: fields that are marked, and notices. */
const complaints = (within: Locator) =>
  within.locator('[aria-invalid="true"], .mantine-InputWrapper-error, [role="alert"]')

describe('the settings of a connector', () => {
  const settings = () => region(en.connector.settings)
  const secretId = () => settings().getByLabel(/^SecretId/)
  const empty = en.form.empty('SecretId')

  it('say nothing of a field before it was changed and left', async () => {
    await at('/connectors/tencent-sms')
    await secretId().waitFor()
    await secretId().focus()
    await secretId().press('Tab')
    const looked = page.waitForResponse(/\/lint$/)
    await secretId().fill('with space')
    await looked
    const found = () => settings().getByRole('note')
    expect(await complaints(settings()).count()).toBe(0)
    expect(await found().count()).toBe(0)
    await secretId().press('Tab')
    await found().first().waitFor()
    await secretId().fill('')
    await secretId().press('Tab')
    await settings().getByText(empty).waitFor()
    expect(await complaints(settings()).locator('visible=true').count()).toBe(2)
  })

  it('name each field by its label when they are not saved, and lead to the first', async () => {
    await button(en.connector.save).click()
    await page.getByText(en.connector.unfinished).waitFor()
    await expect.poll(() => page.locator(':focus').getAttribute('aria-invalid')).toBe('true')
    const focused = () => page.locator(':focus').getAttribute('id')
    expect(await focused()).toBe(await secretId().getAttribute('id'))
    const said = await settings().locator('.mantine-InputWrapper-error').allInnerTexts()
    expect(said).toContain(empty)
    expect(said.join('\n')).toContain('Template ID must not be empty.')
    expect(said.join('\n')).not.toMatch(/templates|accessKeyId|\[\d\]/)
  })

  it('are named with their lines in the JSON view', async () => {
    await new ConsolePages(page).showJson()
    const told = page.getByRole('alert').filter({ hasText: en.connector.invalid })
    await told.getByText(`Line 2: ${empty}`).waitFor()
    expect(await barriers(page)).toEqual([])
    await told.getByText(/Line \d+: Templates, row 1: Template ID must not be empty\./).waitFor()
    await button(en.connector.save).click()
    const editor = page.getByLabel(en.connector.jsonLabel)
    await expect.poll(() => page.locator(':focus').getAttribute('aria-label')).toBe(en.connector.jsonLabel)
    expect(await editor.getAttribute('aria-invalid')).toBe('true')
  })

  it('are named by a test that was not sent, where they are out of sight', async () => {
    await new ConsolePages(page).showForm()
    await region(en.test.title).getByRole('textbox').first().fill('+86 138 0013 8000')
    await button(en.test.send).click()
    const told = region(en.test.title).getByRole('alert')
    await told.getByText(empty).waitFor()
    expect(await told.innerText()).not.toMatch(/templates\[|accessKeyId/)
  })
})

it('what is about no field stands at the top of a form, and what was typed stays', async () => {
  await at('/webhooks/new')
  await page.getByLabel(en.webhooks.name).fill('CRM')
  await page.getByLabel(en.webhooks.url).fill(receiverUrl())
  await page.getByRole('checkbox', { name: 'User.Created' }).check()
  await page.route(/\/api\/hooks$/, route => route.abort())
  await button(en.webhooks.create).click()
  const told = page.locator('main form [role="alert"]')
  await told.getByText(en.errors.unreachable).waitFor()
  const top = async (locator: Locator) => (await locator.boundingBox())!.y
  expect(await top(told)).toBeLessThan(await top(page.getByLabel(en.webhooks.name)))
  await stage.look(page, 'console form without an answer')
  await page.unroute(/\/api\/hooks$/)
  await button(en.webhooks.create).click()
  await new ConsolePages(page).title('CRM')
})

interface FormCase {
  what: string
  open(): Promise<unknown>
  field: string
  wrong: string
  said: string
  save: string
  /** Where it stands, when there are several forms on the page. */
  within?: () => Locator
}

const inDialog = (path: string, button: string) => async () => {
  await at(path)
  await page.getByRole('button', { name: button, exact: true }).click()
  await dialog().waitFor()
}

const FORMS: FormCase[] = [
  {
    what: 'a new application',
    open: inDialog('/applications', en.applications.create),
    field: en.applications.name,
    wrong: ' ',
    said: en.form.empty(en.applications.name),
    save: en.common.create,
    within: dialog,
  },
  {
    what: 'the addresses of an application',
    open: () => at(`/applications/${ready.application.id}`),
    field: en.application.redirectUris,
    wrong: 'https://shop.example/callback\n\nshop',
    said: `${en.form.line(en.application.redirectUris, 3)} must be an absolute http(s) address`,
    save: en.common.save,
    within: () => region(en.application.settings),
  },
  {
    what: 'what an application is told of sign-outs',
    open: () => at(`/applications/${ready.application.id}`),
    field: en.backChannel.address,
    wrong: 'shop',
    said: `${en.backChannel.address} must be an http(s) address`,
    save: en.common.save,
    within: () => region(en.backChannel.title),
  },
  {
    what: 'a secret of an application',
    open: () => at(`/applications/${ready.application.id}`),
    field: en.application.secretName,
    wrong: ' ',
    said: en.form.empty(en.application.secretName),
    save: en.application.addSecret,
    within: () => region(en.application.credentials),
  },
  {
    what: 'the sign-in experience',
    open: () => at('/sign-in-experience'),
    field: en.experience.length,
    wrong: '12',
    said: en.form.between(en.experience.length, 4, 8),
    save: en.common.save,
  },
  {
    what: 'the looks of the sign-in experience',
    open: () => at('/sign-in-experience'),
    field: en.experience.terms,
    wrong: 'example.com/terms',
    said: `${en.experience.terms} must be an address that begins with https:// or http://.`,
    save: en.common.save,
  },
  {
    what: 'a new webhook',
    open: () => at('/webhooks/new'),
    field: en.webhooks.url,
    wrong: 'example.com',
    said: en.webhook.problems.url,
    save: en.webhooks.create,
  },
  {
    what: 'an e-mail template',
    open: () => at('/sign-in-experience/email-templates/new'),
    field: en.emailTemplates.subject,
    wrong: ' ',
    said: en.emailTemplates.problems.subject,
    save: en.common.save,
  },
  {
    what: 'a test identity',
    open: inDialog('/test-identities', en.testIdentities.add),
    field: en.testIdentities.code,
    wrong: 'abc',
    said: en.testIdentities.problems.code,
    save: en.testIdentities.add,
    within: dialog,
  },
  {
    what: 'an own sentence',
    open: async () => {
      await at('/sign-in-experience/texts?search=action.sign_in')
      await page.getByRole('button', { name: en.sentences.editKey('action › sign_in') }).click()
    },
    field: en.sentences.own,
    wrong: ' ',
    said: en.form.empty(en.sentences.own),
    save: en.common.save,
    within: dialog,
  },
  {
    what: 'a language',
    open: inDialog('/sign-in-experience/texts', en.sentences.addLanguage),
    field: en.sentences.languageTag,
    wrong: '12',
    said: en.sentences.languageWrong,
    save: en.sentences.addLanguage,
    within: dialog,
  },
  {
    what: 'how long sessions live',
    open: () => at('/keys'),
    field: en.keys.lifetime,
    wrong: '0',
    said: en.keys.wrong,
    save: en.common.save,
  },
  {
    what: 'a new operator',
    open: inDialog('/operators', en.operators.add),
    field: en.operators.name,
    wrong: ' ',
    said: en.form.empty(en.operators.name),
    save: en.operators.add,
    within: dialog,
  },
  {
    what: 'the own password',
    open: () => at('/operators'),
    field: en.operators.next,
    wrong: 'short',
    said: en.welcome.tooShort,
    save: en.operators.change,
  },
  {
    what: 'the sign-in of operators',
    open: async () => {
      await page.context().clearCookies()
      await at('/sign-in')
    },
    field: en.signIn.name,
    wrong: ' ',
    said: en.form.empty(en.signIn.name),
    save: en.signIn.submit,
  },
]

describe.each(FORMS)('$what', ({ open, field, wrong, said, save, within }) => {
  const place = () => within?.() ?? page.locator('main')
  // The star of a required field is part of its label.
  const control = () => place().getByLabel(new RegExp(`^${field.replaceAll(/[()]/g, '\\$&')}( \\*)?$`))

  it('complains of a field once it was left after something was typed, and not before', async () => {
    await open()
    await control().waitFor()
    expect(await complaints(place()).count()).toBe(0)
    await control().focus()
    await control().press('Tab')
    expect(await complaints(place()).count()).toBe(0)
    await control().fill(wrong)
    expect(await complaints(place()).count()).toBe(0)
    await control().press('Tab')
    await place().getByText(said).waitFor()
    expect(await control().getAttribute('aria-invalid')).toBe('true')
    const ids = (await control().getAttribute('aria-describedby')) ?? ''
    const described = await Promise.all(ids.split(/ +/).map(id => page.locator(`[id="${id}"]`).innerText()))
    expect(described.join(' ')).toContain(said)
  })

  it('is not sent as it is, and leads to the first field that is wrong', async () => {
    await place().getByRole('button', { name: save, exact: true }).first().click()
    await expect.poll(() => page.locator(':focus').getAttribute('aria-invalid')).toBe('true')
    await place().getByText(said).waitFor()
    expect(await barriers(page)).toEqual([])
  })
})

it('a button that is pressed from a field that is wrong is not missed', async () => {
  await page.context().clearCookies()
  await at('/sign-in')
  await page.getByLabel(en.signIn.name).fill(' ')
  await button(en.signIn.submit).click()
  await page.getByText(en.form.empty(en.signIn.password)).waitFor()
})
