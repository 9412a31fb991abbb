import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { en } from '../packages/console/src/locales/en.ts'
import { zhCN } from '../packages/console/src/locales/zh-CN.ts'
import { buildConsole } from '../scripts/build-console.ts'
import { barriers } from './barriers.ts'
import { ConsolePages } from './console-pages.ts'
import { BROKEN, FORGOTTEN, OVERFLOW, PATHS, WORDS } from './console-site.ts'
import { registerByPhone } from './end-user.ts'
import { discard, type Ready, startReady } from './ready.ts'
import { openStage, type Stage } from './stage.ts'

const PHONE = { width: 390, height: 844 }
/** From a tablet to a desk. */
const WIDER = [900, 1100, 1440]
const USER = '8613800138060'

/** What a template may hold that must not come to life in its preview. */
const HOSTILE = `<h1>Hello</h1><p onclick="top.pwned = 1">Your code is {{code}}.</p>
<script>top.pwned = 1</script><img src="x" onerror="top.pwned = 1"><img src="https://tracker.example/p.png">
<style>@import "https://tracker.example/s.css"</style><p style="background: url(https://tracker.example/b.png)">x</p>
<meta http-equiv="refresh" content="0; url=https://tracker.example/"><a href="javascript:top.pwned = 1">link</a>
<form action="https://tracker.example/"><button>go</button></form><iframe src="https://tracker.example/"></iframe>`

let ready: Ready
let stage: Stage
let profile: BrowserContext
let page: Page
const complaints: string[] = []

/** A page for each path of the site map; those before the sign-in are left out. */
const samples: Record<string, () => string> = {}

async function made(path: string, body: unknown): Promise<string> {
  const answer = await ready.management('POST', path, body)
  if (answer.status !== 201 && answer.status !== 200) throw new Error(`${path}: ${JSON.stringify(answer)}`)
  return String(answer.body.id)
}

beforeAll(async () => {
  await buildConsole()
  ready = await startReady({ TEST_IDENTITIES: 'on' })
  const { management, application } = ready
  const hook = await made('/api/hooks', {
    name: 'A receiver with a name that is longer than a telephone is wide',
    events: ['User.Created', 'PostRegister'],
    config: { url: `http://localhost:9/${'long/'.repeat(12)}`, headers: { 'X-Key': 'v' }, retries: 0 },
  })
  const user = await registerByPhone(ready, USER)
  await made('/api/test-identities', {
    type: 'email',
    value: 'an.address.for.reviewers@example.com',
    code: '246810',
    note: 'For the review',
    expiresAt: Date.now() + 86_400_000,
  })
  await management('PUT', '/api/custom-phrases/en', { action: { sign_in: 'Enter' } })
  const written = await management<{ id: string }[]>('PUT', '/api/email-templates', {
    templates: [
      { languageTag: 'en', templateType: 'SignIn', details: { subject: 'Code {{code}}', content: HOSTILE } },
    ],
  })
  const logs = await management<{ id: string }[]>('GET', `/api/logs?userId=${user}`)
  Object.assign(samples, {
    '/connectors/:id': () => '/connectors/aliyun-sms',
    '/sign-in-experience/email-templates/:id': () =>
      `/sign-in-experience/email-templates/${written.body[0]!.id}`,
    '/applications/:id': () => `/applications/${application.id}`,
    '/users/:id': () => `/users/${user}`,
    '/logs/:id': () => `/logs/${logs.body[0]!.id}`,
    '/webhooks/:id': () => `/webhooks/${hook}`,
  })
  stage = await openStage()
  profile = await stage.profile()
  page = await profile.newPage()
  page.on('pageerror', error => complaints.push(`${page.url()}: ${error}`))
  page.on('console', message => {
    if (message.type() === 'error') complaints.push(`${page.url()}: ${message.text()}`)
  })
  await new ConsolePages(page).welcome(ready.product.firstLink!, 'Wen', 'anemone-quartz')
  await page.request.post(`${ready.product.consoleUrl}/api/console/operators`, {
    data: { name: 'an.operator.with.a.long.name@example.com' },
  })
}, 180_000)

afterAll(async () => {
  await stage?.close()
  await discard(ready?.product)
})

/** Opens a page of the console, and waits until everything on it is there. */
async function visit(path: string): Promise<void> {
  await page.setViewportSize(PHONE)
  await page.goto(ready.product.consoleUrl + path)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.locator('main [aria-busy]').first().waitFor({ state: 'detached' })
}

describe.each([
  ['en', en],
  ['zh-CN', zhCN],
] as const)('in %s', (tag, texts) => {
  beforeAll(async () => {
    await page.setViewportSize(PHONE)
    await page.goto(ready.product.consoleUrl)
    await page.locator('header select').selectOption(tag)
    await page.getByRole('heading', { level: 1, name: texts.home.title, exact: true }).waitFor()
  })

  it.each([...PATHS, '/no-such-page', '/webhooks/:id?tab=deliveries', '/logs?user=nobody&page=2'])(
    '%s fits every screen from a phone to a desk, can be used by everybody, and is translated',
    async route => {
      const [pattern = '', search] = route.split('?')
      const path = samples[pattern]?.() ?? pattern
      expect(path, 'give the tour an address for this page').not.toContain(':')
      complaints.length = 0
      await visit(search === undefined ? path : `${path}?${search}`)
      await stage.look(page, `${tag} ${pattern.replaceAll('/', ' ')}`)
      expect(await page.evaluate(OVERFLOW)).toEqual([])
      // The pages of both languages are built alike, and looking at one takes axe a second.
      if (tag === 'en') expect(await barriers(page)).toEqual([])
      const text = await page.evaluate<string>(WORDS)
      expect(text).not.toMatch(/undefined|\[object|NaN/)
      if (tag !== 'en') expect(FORGOTTEN.filter(sentence => text.includes(sentence))).toEqual([])
      expect(await page.evaluate(BROKEN)).toEqual([])
      for (const width of WIDER) {
        await page.setViewportSize({ width, height: 800 })
        expect(await page.evaluate(OVERFLOW), `at ${width} pixels`).toEqual([])
        expect(await page.evaluate(BROKEN), `at ${width} pixels`).toEqual([])
        await stage.look(page, `${tag} ${pattern.replaceAll('/', ' ')} ${width}`)
      }
      expect(complaints).toEqual([])
    },
  )
})

it('the preview of an e-mail shows it, and nothing in it runs, loads or leaves', async () => {
  complaints.length = 0
  const asked: string[] = []
  page.on('request', request => {
    if (!request.url().startsWith(ready.product.consoleUrl)) asked.push(request.url())
  })
  await visit(samples['/sign-in-experience/email-templates/:id']!())
  const frame = page.locator('iframe')
  expect(await frame.getAttribute('sandbox')).toBe('')
  const mail = frame.contentFrame()
  await mail.getByText('Your code is 246810.').click()
  await mail.getByText('link').click()
  await mail.getByRole('button', { name: 'go' }).click()
  expect(
    await mail.locator('script, iframe, form, meta[http-equiv=refresh], [onclick], [href]').count(),
  ).toBe(0)
  expect(await page.evaluate(`'pwned' in window`)).toBe(false)
  expect(asked).toEqual([])
  expect(complaints).toEqual([])
})

/** Where the keyboard is, after a number of steps. */
async function tab(steps: number): Promise<string> {
  for (let step = 0; step < steps; step += 1) await page.keyboard.press('Tab')
  return page.evaluate<string>('document.activeElement.closest("nav, header, main")?.tagName')
}

it('the keyboard goes past the menu that a phone folds away, and through it once it is open', async () => {
  await visit('/')
  await page.locator('header select').focus()
  expect(await tab(1)).toBe('MAIN')
  await page.locator('header button').first().click()
  await page.locator('header select').focus()
  expect(await tab(1)).toBe('NAV')
})

it('a way of signing in that is moved up to the top keeps the keyboard with it', async () => {
  await visit('/sign-in-experience')
  await page.locator('header select').selectOption('en')
  const row = page.getByRole('group', { name: en.experience.email, exact: true })
  const up = row.getByRole('button', { name: en.experience.moveUp(en.experience.email) })
  expect(await up.count()).toBe(1)
  while ((await up.count()) > 0) {
    await up.press('Enter')
    expect(await row.locator(':focus').count()).toBe(1)
  }
})
