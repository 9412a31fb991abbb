import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Application } from '@countersign/api'
import { sampleSettings } from '@countersign/simulators'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { en } from '../packages/console/src/locales/en.ts'
import type { ConsolePages } from './console-pages.ts'
import { comeInByPhone, registerByPhone } from './end-user.ts'
import type { Ready } from './ready.ts'
import { closeConsole, openSignedInConsole } from './signed-in-console.ts'
import type { Stage } from './stage.ts'

let ready: Ready
let stage: Stage
let page: Page
let operator: ConsolePages
let receiver: Server
/** The status that the receiver answers, and what it was sent. */
let status = 204
const received: { key: string | undefined; signed: boolean; event: string }[] = []

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
const field = (name: string) => page.getByLabel(name)
const dialog = () => page.getByRole('dialog')
const said = (text: string) => page.getByText(text, { exact: true }).first().waitFor()

beforeAll(async () => {
  receiver = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray())
    received.push({
      key: request.headers['x-key']?.toString(),
      signed: typeof request.headers['logto-signature-sha-256'] === 'string',
      event: JSON.parse(body.toString()).event,
    })
    response.writeHead(status).end('on fire')
  })
  await new Promise<void>(resolve => receiver.listen(0, '127.0.0.1', resolve))
  ;({ ready, stage, page, operator } = await openSignedInConsole({ TEST_IDENTITIES: 'on' }))
}, 180_000)

afterAll(async () => {
  receiver?.close()
  await closeConsole({ ready, stage })
})

it('a webhook is made, tried, looked after and deleted', async () => {
  await operator.go('webhooks')
  await page.getByRole('link', { name: en.webhooks.create }).click()
  await button(en.webhooks.create).click()
  await said(en.webhook.problems.events)
  // The button stands a long way below what it complains about.
  await page.waitForFunction(`document.activeElement.ariaInvalid === 'true'`)
  await field(en.webhooks.name).fill('CRM')
  await field(en.webhooks.url).fill(`http://localhost:${(receiver.address() as AddressInfo).port}/hook`)
  await page.getByRole('checkbox', { name: 'User.Created' }).check()
  await button(en.webhook.addHeader).click()
  await field(en.webhook.headerName(1)).fill('x-key')
  await field(en.webhook.headerValue(1)).fill('v1')
  await button(en.webhooks.create).click()
  await operator.title('CRM')

  status = 503
  await button(en.webhook.test).click()
  await said(en.webhook.testAnswered(503))
  await said('on fire')
  status = 204
  await button(en.webhook.test).click()
  await said(en.webhook.testPassed(1))
  expect(received.at(-1)).toEqual({ key: 'v1', signed: true, event: 'User.Created' })

  const before = received.length
  status = 400
  await ready.management('POST', '/api/users', {})
  await page.getByRole('tab', { name: en.webhook.deliveries }).click()
  await said(en.webhook.failure)
  await button(en.webhook.details).click()
  await page.getByText(/status code 400/).waitFor()
  status = 204
  await button(en.webhook.again).click()
  await page.getByText(en.webhook.success, { exact: true }).waitFor()
  expect(received.length).toBe(before + 2)

  await page.getByRole('tab', { name: en.webhook.settings }).click()
  await button(en.webhook.delete).click()
  await dialog().getByRole('button', { name: en.common.delete, exact: true }).click()
  await said(en.webhooks.empty)
})

it('a webhook writes into the group of a chat, and says what its robot wants otherwise', async () => {
  const robot = (token: string) => `https://oapi.dingtalk.com/robot/send?access_token=${token}`
  const config = { url: robot('simulated-other-keyword'), robot: { form: 'dingtalk', language: 'en' } }
  const { body, status: made } = await ready.management<{ id: string }>('POST', '/api/hooks', {
    name: 'Duty',
    events: ['User.Created'],
    config,
  })
  expect(made).toBe(201)
  await operator.go('webhooks')
  // It was made beside the console, which has its list from before.
  await page.reload()
  await said('https://oapi.dingtalk.com/robot/send?…')
  await page.getByRole('link', { name: 'Duty' }).click()
  await button(en.webhook.test).click()
  await page.getByText(/Add Countersign to the robot’s keywords/).waitFor()
  await field(en.robots.form).selectOption('wecom')
  await button(en.webhook.test).click()
  await said(en.robots.wrongAddress('WeCom'))
  await field(en.robots.form).selectOption('dingtalk')
  await field(en.robots.address).fill(robot('simulated-ok'))
  await button(en.webhook.test).click()
  await said(en.robots.testPassed('DingTalk'))
  await button(en.common.save).click()
  await said(en.webhook.saved)
  await ready.management('DELETE', `/api/hooks/${body.id}`)
})

it('a test identity warns on every page while it is active, and is ended by one click', async () => {
  await operator.go('testIdentities')
  await button(en.testIdentities.add).click()
  await dialog().getByLabel(en.testIdentities.phoneValue).fill('+86 138 0013 8070')
  await dialog().getByLabel(en.testIdentities.code).fill('12')
  await dialog().getByRole('button', { name: en.testIdentities.add }).click()
  // How many digits codes have, the server knows.
  await dialog()
    .getByText(/must have \d digits/)
    .waitFor()
  await dialog().getByLabel(en.testIdentities.code).fill('246810')
  await dialog().getByRole('button', { name: en.testIdentities.add }).click()
  const warning = page.getByRole('note').filter({ hasText: 'A test identity is active' })
  await warning.waitFor()
  await operator.go('home')
  await warning.getByRole('link').click()
  await operator.title(en.testIdentities.title)
  await button(en.testIdentities.end).click()
  await dialog().getByRole('button', { name: en.testIdentities.end }).click()
  await said(en.testIdentities.empty)
  await warning.waitFor({ state: 'detached' })
})

it('an own sentence is said on the sign-in pages until it is reset', async () => {
  const visitor = await (await stage.profile()).newPage()
  const signIn = async () => {
    await visitor.goto(ready.product.demoUrl)
    await visitor.getByRole('button').or(visitor.getByRole('link')).first().click()
    await visitor.getByRole('heading', { level: 1 }).waitFor()
    return visitor.locator('body').innerText()
  }
  await operator.go('experience')
  await page.getByRole('link', { name: en.sentences.link }).click()
  await field(en.sentences.search).fill('action.sign_in')
  await page.getByRole('button', { name: en.sentences.editKey('action › sign_in') }).click()
  await dialog().getByLabel(en.sentences.own).fill('Enter the shop')
  await dialog().getByRole('button', { name: en.common.save }).click()
  await said(en.sentences.changed)
  expect(await signIn()).toContain('Enter the shop')
  await page.getByRole('button', { name: en.sentences.editKey('action › sign_in') }).click()
  await dialog().getByRole('button', { name: en.sentences.reset }).click()
  await said(en.sentences.wasReset)
  expect(await signIn()).not.toContain('Enter the shop')
})

it('what happened to a user is one click away from the user', async () => {
  const { body } = await ready.management('POST', '/api/users', { username: 'ada' })
  await ready.management('PATCH', `/api/users/${body.id}`, { name: 'Ada' })
  await operator.go('users')
  await page.getByRole('link', { name: 'Ada' }).click()
  await said(en.user.noSessions)
  await page.getByRole('link', { name: en.logs.ofUser }).click()
  await operator.title(en.logs.title)
  expect(await field(en.logs.user).inputValue()).toBe(body.id)
  await page.getByRole('link', { name: /UpdateUser/ }).click()
  await page.getByText(/"members": \[/).waitFor()
})

it('the audit log is looked through by what a user is called, by result and by operator, and its address says so', async () => {
  const { body } = await ready.management('POST', '/api/users', { primaryPhone: '8613800138077' })
  await ready.management('PATCH', `/api/users/${body.id}`, { name: 'Lin' })
  await ready.management('PATCH', `/api/users/${body.id}`, { username: '1' })
  await page.goto(`${ready.product.consoleUrl}/logs`)
  const events = page.locator('tbody').getByRole('link', { name: /UpdateUser/ })
  await field(en.logs.user).fill('+86 138-0013-8077')
  await page.waitForURL(/user=/)
  await expect.poll(() => events.count()).toBe(2)
  await field(en.logs.result).selectOption(en.logs.error)
  await expect.poll(() => events.count()).toBe(1)
  await page.reload()
  await events.waitFor()
  expect(await field(en.logs.user).inputValue()).toBe('+86 138-0013-8077')
  await field(en.logs.operator).selectOption('Wen')
  await said(en.logs.noMatch)
  await button(en.listFilters.clear).click()
  await page.getByRole('link', { name: 'Wen', exact: true }).first().click()
  await page.waitForURL(/\/logs\?operator=/)
  await expect.poll(() => field(en.logs.operator).locator('option:checked').innerText()).toBe('Wen')
  expect(await field(en.logs.user).inputValue()).toBe('')
})

it('what became of a message is found by the whole number, however it is typed, and its address says so', async () => {
  const phone = '8613800138078'
  // The provider reports to the address that the connection's page shows.
  await page.goto(`${ready.product.consoleUrl}/connectors/aliyun-sms`)
  const receipts = page.getByRole('region', { name: en.receiptAddress.title })
  await receipts.getByText(en.receiptAddress.none).waitFor()
  const url = await receipts.getByText(/\/receipts\/[\w-]{43}$/).innerText()
  const set = await fetch(new URL('/control/callback', ready.product.inboxUrl), {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ cloud: 'aliyun-sms', url }),
  })
  expect(set.status).toBe(200)
  await ready.management('POST', '/api/users', { primaryPhone: phone, name: 'Mei' })
  await ready.management('POST', '/api/verification-codes', { phone })
  const { code } = await ready.inbox.next(phone)
  await ready.management('POST', '/api/verification-codes/verify', { phone, verificationCode: code })
  await ready.management('POST', '/api/verification-codes', { phone: '8613800138079' })
  const label = en.deliveries
  const to = (recipient: string) => page.locator('tbody').filter({ hasText: recipient })
  await operator.go('deliveries')
  await to('+86 138****8079').waitFor()
  await field(label.recipient).fill('8078')
  await said(label.notWhole)
  await field(label.recipient).fill('138-0013-8078')
  await page.waitForURL(/recipient=138-0013-8078/)
  await to('+86 138****8079').waitFor({ state: 'detached' })
  await field(label.state).selectOption(label.states.failed)
  await said(label.noMatch)
  await field(label.state).selectOption(label.states.delivered)
  await page.reload()
  await to('+86 138****8078').getByRole('button', { name: label.details }).click()
  expect(await page.getByRole('listitem').allInnerTexts()).toEqual([
    expect.stringMatching(new RegExp(`${label.asked}[^]*${label.askers.api}`)),
    expect.stringMatching(new RegExp(`Attempt 1 over [^]*${label.states.accepted}[^]*Cost: [^]*BizId`)),
    expect.stringMatching(new RegExp(`${label.receipts.via.push}[^]*${label.states.delivered}[^]*DELIVERED`)),
    expect.stringContaining(label.used),
  ])
  // All of it has happened.
  expect(await page.locator('li[data-active]').count()).toBe(4)
  // Of one that may have left twice, each attempt says which code it carries.
  const { body: second } = await ready.management('POST', '/api/connections', {
    connectorId: 'tencent-short-message-service',
    config: sampleSettings['tencent-sms'],
  })
  const fault = (method: string, body?: object) =>
    fetch(new URL('/control/fault', ready.product.inboxUrl), {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    })
  await fault('PUT', { kind: 'html', cloud: 'aliyun-sms' })
  const other = { phone: '8613800138075' }
  await ready.management('POST', '/api/verification-codes', other)
  const { code: verificationCode } = await ready.inbox.next(other.phone)
  await ready.management('POST', '/api/verification-codes/verify', { ...other, verificationCode })
  await fault('DELETE')
  await ready.management('DELETE', `/api/connections/${second.id}`)
  await page.goto(`${ready.product.consoleUrl}/deliveries?recipient=${other.phone}`)
  await to('+86 138****8075').getByRole('button', { name: label.details }).click()
  expect((await page.getByRole('listitem').allInnerTexts()).slice(1)).toEqual([
    expect.stringMatching(new RegExp(`Attempt 1 over [^]*${label.states.unconfirmed}[^]*provider_fault`)),
    expect.stringMatching(new RegExp(`Attempt 2 over [^]*${label.states.accepted}[^]*${label.secondCode}`)),
    expect.stringContaining(label.usedCodes.second),
  ])
  await page.goto(`${ready.product.consoleUrl}/connectors/aliyun-sms`)
  await receipts.getByText(/^The last receipt came here/).waitFor()
  await receipts.getByRole('button', { name: en.receiptAddress.renew }).click()
  await dialog().getByRole('button', { name: en.receiptAddress.renewConfirm }).click()
  await receipts.getByText(en.receiptAddress.none).waitFor()
  expect((await fetch(url, { method: 'POST', body: '[]' })).status).toBe(404)
  await operator.go('users')
  await page.getByRole('link', { name: 'Mei' }).click()
  await page.getByRole('link', { name: label.toPhone }).click()
  await operator.title(label.title)
  expect(await field(label.recipient).inputValue()).toBe(`+${phone}`)
  await to('+86 138****8078').waitFor()
})

it('a price is written, and what messages cost by it is shown, broken down as the address says', async () => {
  const label = en.costs
  const to = (name: string) => page.locator('tr').filter({ hasText: name })
  await operator.go('costs')
  await button(label.changeNamed('Mainland China (CN)')).click()
  await dialog().getByLabel(label.price).fill('0,041')
  await dialog().getByRole('button', { name: en.common.save }).click()
  await dialog().getByText(label.priceWrong).waitFor()
  await dialog().getByLabel(label.price).fill('0.041')
  await dialog().getByRole('button', { name: en.common.save }).click()
  await to('Mainland China (CN)').filter({ hasText: '0.041' }).waitFor()
  await said(label.ofOperator)
  await ready.management('POST', '/api/verification-codes', { phone: '8613800138077' })
  await field(label.byLabel).selectOption('country')
  await page.waitForURL(/by=country/)
  await page.reload()
  await to('Mainland China')
    .first()
    .locator('td')
    .nth(4)
    .filter({ hasText: /\.\d*[1-9]/ })
    .waitFor()
  const href = await page.getByRole('link', { name: en.common.csv }).getAttribute('href')
  const csv = await (await page.request.get(`${ready.product.consoleUrl}${href}`)).text()
  expect(csv).toMatch(/^\uFEFFcountry,sent,.*CNY.*\r\nCN,\d/)
})

it('limits of sends are set as a whole and taken back, and what they refused is counted beside them', async () => {
  const label = en.protection
  await page.evaluate('scrollTo(0, document.body.scrollHeight)')
  await operator.go('protection')
  await page.getByText(label.isDefault).waitFor()
  // A page that somebody goes to begins at its top, however far down the one before was read.
  expect(await page.evaluate('scrollY')).toBe(0)
  const texts = page.getByRole('region', { name: label.channels.sms, exact: true })
  const limit = (scope: keyof typeof label.scopes, window: keyof typeof label.windows) =>
    texts.getByLabel(label.field(label.scopes[scope], label.windows[window]), { exact: true })
  expect(await limit('recipient', 'day').inputValue()).toBe('20')
  await limit('country', 'hour').fill('0')
  await limit('prefix', 'minute').fill('1')
  await limit('address', 'hour').fill('')
  await button(en.common.save).click()
  await said(en.errors.marked)
  await page.waitForFunction(`document.activeElement.ariaInvalid === 'true'`)
  expect(await texts.locator('.mantine-InputWrapper-error').allInnerTexts()).toEqual([
    'Country or region, in an hour must be 1 at least; to send nothing, switch the connection off.',
  ])
  await limit('country', 'hour').fill('100')
  await button(en.common.save).click()
  await said(label.saved)
  // Both numbers begin alike.
  await ready.management('POST', '/api/verification-codes', { phone: '8613900138061' })
  await ready.management('POST', '/api/verification-codes', { phone: '8613900138062' })
  await page.reload()
  await page.getByText(label.isSet).waitFor()
  await page.getByRole('row').filter({ hasText: en.deliveries.reasons.limit_prefix }).getByText('1').waitFor()
  expect(await limit('country', 'hour').inputValue()).toBe('100')
  expect(await limit('address', 'hour').inputValue()).toBe('')
  // While they are changed, they are held against last week's messages; the second of those two was refused.
  await texts.getByLabel(label.field(label.scopes.all, label.windows.day), { exact: true }).fill('1')
  await page.getByText(label.wouldRefuse(1, 0).slice(0, -1)).first().waitFor()
  await page.getByRole('region', { name: en.countries.title }).getByText('Mainland China').first().waitFor()
  await button(label.back).click()
  await dialog().getByRole('button', { name: label.back, exact: true }).click()
  await page.getByText(label.isDefault).waitFor()
  expect(await limit('address', 'hour').inputValue()).toBe('60')
  await page.getByRole('link', { name: label.look }).click()
  await operator.title(en.deliveries.title)
  expect(await field(en.deliveries.state).inputValue()).toBe('refused')
})

it('the check for people is shown to everybody at a switch, with as much work as is chosen', async () => {
  const label = en.captcha
  await operator.go('protection')
  const check = page.getByRole('region', { name: label.title, exact: true })
  await check.getByLabel(label.effort).selectOption('500000')
  await said(label.saved)
  await check.getByLabel(label.forAll).click()
  const isOn = check.getByRole('switch', { name: label.forAll, checked: true })
  await isOn.waitFor()
  await page.reload()
  await isOn.waitFor()
  expect(await check.getByLabel(label.effort).inputValue()).toBe('500000')
  const { body } = await ready.management('GET', '/api/sign-in-exp')
  expect(body.captchaPolicy).toEqual({ enabled: true })
  await check.getByLabel(label.forAll).click()
  await check.getByRole('switch', { name: label.forAll, checked: false }).waitFor()
})

it('a session is ended and a grant revoked from the user’s page', async () => {
  const user = await registerByPhone(ready, '8613800138071')
  const left = async (what: 'sessions' | 'grants') =>
    (await ready.management<Record<string, unknown[]>>('GET', `/api/users/${user}/${what}`)).body[what]
      ?.length
  await page.goto(`${ready.product.consoleUrl}/users/${user}`)
  await button(en.user.revoke).click()
  await dialog().getByRole('button', { name: en.user.revoke, exact: true }).click()
  await said(en.user.noGrants)
  expect(await left('grants')).toBe(0)
  expect(await left('sessions')).toBe(1)
  await button(en.user.endSession).click()
  await dialog().getByRole('button', { name: en.user.endSession, exact: true }).click()
  await said(en.user.noSessions)
  expect(await left('sessions')).toBe(0)
})

it('a new password signs a user out everywhere, unless the operator wants it otherwise', async () => {
  const userId = await registerByPhone(ready, '8613800138072')
  const sessions = async () =>
    (await ready.management<{ sessions: unknown[] }>('GET', `/api/users/${userId}/sessions`)).body.sessions
      .length
  await page.goto(`${ready.product.consoleUrl}/users/${userId}`)
  const set = async (password: string, endsSessions: boolean) => {
    await button(en.user.setPassword).click()
    await dialog().getByLabel(en.user.newPassword).fill(password)
    await dialog().getByRole('checkbox', { name: en.user.passwordEndsSessions }).setChecked(endsSessions)
    await dialog().getByRole('button', { name: en.user.setPassword, exact: true }).click()
    await dialog().waitFor({ state: 'detached' })
  }
  await set('a first passphrase', false)
  expect(await sessions()).toBe(1)
  await set('a second passphrase', true)
  expect(await sessions()).toBe(0)
  await said(en.user.noSessions)
})

it('why an application does not hear that somebody signed out stands on its page', async () => {
  const { id } = ready.application
  const section = page.getByRole('region', { name: en.backChannel.title, exact: true })
  const save = () => section.getByRole('button', { name: en.common.save, exact: true }).click()
  const address = async () =>
    (await ready.management<Application>('GET', `/api/applications/${id}`)).body.oidcClientMetadata
      .backchannelLogoutUri
  await page.goto(`${ready.product.consoleUrl}/applications/${id}`)
  await section.getByLabel(en.backChannel.address).fill('http://10.0.0.1/bye')
  await save()
  await expect.poll(address).toBe('http://10.0.0.1/bye')
  await (await comeInByPhone(ready, '8613800138073')).signOut()
  await page.reload()
  await said(en.backChannel.reasons.private_address)
  await section.getByLabel(en.backChannel.address).fill('')
  await save()
  await expect.poll(address).toBeUndefined()
  await section.getByRole('link', { name: en.backChannel.all }).click()
  await page.getByRole('link', { name: en.logs.words.BackchannelLogout }).click()
  await page
    .getByText(/BACKCHANNEL_ALLOW_PRIVATE=true/)
    .first()
    .waitFor()
})

it('the key of tokens is rotated, and sessions live as long as the operator says', async () => {
  await operator.go('keys')
  await button(en.keys.rotateNamed(en.keys.private)).click()
  await dialog().getByRole('button', { name: en.keys.rotate, exact: true }).click()
  await said(en.keys.states.Next)
  await field(en.keys.lifetime).fill('0')
  await field(en.keys.lifetime).press('Tab')
  await said(en.keys.wrong)
  await field(en.keys.lifetime).fill('2')
  await button(en.common.save).click()
  await said(en.keys.saved)
  await page.reload()
  await operator.title(en.keys.title)
  expect(await field(en.keys.lifetime).inputValue()).toBe('2')
})

it('RS256 is chosen for one application, and its key stands beside that of everybody', async () => {
  const { application, product } = ready
  await page.goto(new URL(`/applications/${application.id}`, page.url()).href)
  await field(en.application.idTokens).selectOption('RS256')
  await button(en.common.save).first().click()
  await said(en.application.saved)
  await page.reload()
  await operator.title('Shop')
  expect(await field(en.application.idTokens).inputValue()).toBe('RS256')
  // The first who asks the provider for anything gets it made.
  await fetch(`${product.endpoint}/oidc/jwks`)
  await operator.go('keys')
  await page.getByRole('cell', { name: `RS256 ${en.keys.forApplications}` }).waitFor()
})
