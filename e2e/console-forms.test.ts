import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { en } from '../packages/console/src/locales/en.ts'
import { buildConsole } from '../scripts/build-console.ts'
import { ConsolePages } from './console-pages.ts'
import { discard, type Ready, startReady } from './ready.ts'
import { openStage, type Stage } from './stage.ts'

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
  await buildConsole()
  receiver = createServer((_, response) => void response.writeHead(204).end())
  await new Promise<void>(resolve => receiver.listen(0, '127.0.0.1', resolve))
  ready = await startReady({ TEST_IDENTITIES: 'on' })
  stage = await openStage()
  page = await (await stage.profile()).newPage()
  await new ConsolePages(page).welcome(ready.product.firstLink!, 'Wen', 'anemone-quartz')
}, 180_000)

afterAll(async () => {
  await stage?.close()
  receiver?.close()
  await discard(ready?.product)
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
    await page.unroute(form.request)
  },
)
