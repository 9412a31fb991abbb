import { sampleSettings } from '@countersign/simulators'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { en } from '../packages/console/src/locales/en.ts'
import type { ConsolePages } from './console-pages.ts'
import type { Ready } from './ready.ts'
import { closeConsole, openSignedInConsole } from './signed-in-console.ts'
import type { Stage } from './stage.ts'

let ready: Ready
let stage: Stage
let page: Page
let operator: ConsolePages

const TO = 'test@example.com'

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
const field = (name: string) => page.getByLabel(name)
const dialog = () => page.getByRole('dialog')

beforeAll(async () => {
  ;({ ready, stage, page, operator } = await openSignedInConsole())
}, 180_000)

afterAll(async () => {
  await closeConsole({ ready, stage })
})

// A form that an earlier test has left open asks whether to leave it.
beforeEach(async () => {
  await page.goto(`${ready.product.consoleUrl}/connectors`)
  await operator.title(en.connectors.title)
})

it('the connector that another one took the place of is used again by one click, and deleted by two', async () => {
  const made = await ready.management('POST', '/api/connectors', {
    connectorId: 'tencent-short-message-service',
    config: sampleSettings['tencent-sms'],
  })
  expect(made.status).toBe(200)
  await page.reload()
  const card = (name: string, state: string) =>
    operator.card(name).getByText(state, { exact: true }).waitFor()
  await card('Tencent Cloud SMS', en.connectors.inUse)
  await card('Aliyun SMS', en.connectors.off)
  await page.getByRole('link', { name: en.connectors.editNamed('Aliyun SMS') }).click()
  await operator.title('Aliyun SMS')
  await operator.field('Signature name').fill('另一个签名')
  await button(en.connector.saveOff).click()
  await card('Aliyun SMS', en.connectors.off)
  await button(en.connectors.useNamed('Aliyun SMS')).click()
  await card('Aliyun SMS', en.connectors.inUse)
  // Both are on: the first goes by the switch in the order.
  await card('Tencent Cloud SMS', en.connectors.inUse)
  await page.getByRole('switch', { name: en.connectors.onNamed('Tencent Cloud SMS') }).press('Space')
  await card('Tencent Cloud SMS', en.connectors.off)
  await button(en.connectors.deleteNamed('Tencent Cloud SMS')).click()
  await dialog().getByRole('button', { name: en.common.delete, exact: true }).click()
  await card('Tencent Cloud SMS', en.connectors.notSetUp)
  const { body } = await ready.management<{ connectorId: string; config: object }[]>('GET', '/api/connectors')
  expect(
    body.find(({ connectorId }) => connectorId === 'aliyun-short-message-service')?.config,
  ).toMatchObject({
    signName: '另一个签名',
  })
  const again = { connectorId: 'aliyun-short-message-service', config: sampleSettings['aliyun-sms'] }
  await ready.management('POST', '/api/connectors', again)
  await page.reload()
  // The card is about the one in use; what else is kept stands beside.
  await page.getByRole('region', { name: en.connectors.kept }).getByText('Aliyun SMS').waitFor()
})

it('a connection is added beside another one, put into the order and given a share, and a number shows which it would go over', async () => {
  const { body: before } = await ready.management<{ id: string; channel: string }[]>(
    'GET',
    '/api/connections',
  )
  for (const { id } of before.filter(({ channel }) => channel === 'sms'))
    await ready.management('DELETE', `/api/connections/${id}`)
  const made = await ready.management<{ id: string }>('POST', '/api/connections', {
    connectorId: 'aliyun-short-message-service',
    config: sampleSettings['aliyun-sms'],
    name: 'Ours',
  })
  expect(made.status).toBe(201)
  await page.reload()
  await button(en.connectors.addSms).press('Enter')
  await page.getByRole('menuitem', { name: 'Tencent Cloud SMS' }).press('Enter')
  await operator.title('Tencent Cloud SMS')
  await operator.fillInSample()
  const place = page.getByRole('region', { name: en.connectors.place })
  await place.getByLabel(en.connectors.name, { exact: true }).fill('Theirs')
  await place.getByLabel(en.connectors.share).fill('0')
  await button(en.connector.addAndDone).click()
  await place.getByText(en.connectors.shareRange).waitFor()
  await place.getByLabel(en.connectors.share).fill('100')
  await button(en.connector.addAndDone).click()
  await operator.title(en.connectors.title)
  const rows = page.getByRole('region', { name: en.connectors.orderOfSms }).getByRole('listitem')
  const names = async () => (await rows.allInnerTexts()).map(text => text.split('\n')[0])
  await button(en.connectors.upNamed('Theirs')).click()
  await rows.first().getByText('1. Theirs').waitFor()
  expect(await names()).toEqual(['1. Theirs', '2. Ours'])
  await button(en.connectors.detailsNamed('Theirs')).click()
  await dialog().getByLabel(en.connectors.name, { exact: true }).fill('Abroad')
  const destinations = dialog().getByRole('combobox', { name: en.connectors.destinations })
  await destinations.press('Backspace')
  await destinations.press('Backspace')
  await destinations.fill('Hong')
  await page.getByRole('option', { name: 'Hong Kong' }).click()
  const feedback = dialog().getByRole('switch', { name: en.connectors.feedback.title })
  expect(await feedback.isChecked()).toBe(false)
  await dialog().getByText('by a ticket first').waitFor()
  await feedback.press('Space')
  await dialog().getByRole('button', { name: en.common.save, exact: true }).click()
  await rows.first().getByText('1. Abroad').waitFor()
  await rows.first().getByText('Tencent Cloud SMS · Hong Kong').waitFor()
  await button(en.connectors.detailsNamed('Abroad')).click()
  await dialog().getByText(en.connectors.feedback.counts(0, 0)).waitFor()
  expect(await feedback.isChecked()).toBe(true)
  await page.keyboard.press('Escape')
  const probe = page.getByRole('region', { name: en.connectors.probe })
  await probe.getByRole('textbox').fill('+86 138 0013 8000')
  await probe.getByRole('button', { name: en.connectors.probeNow }).click()
  const plan = probe.getByRole('listitem')
  await plan.first().waitFor()
  expect((await plan.allInnerTexts()).map(text => text.split(/\n+/))).toEqual([
    [en.connectors.leftOut, 'Abroad', en.connectors.verdicts.destinations],
    ['1', 'Ours'],
  ])
  await button(en.connectors.detailsNamed('Abroad')).click()
  await dialog().getByRole('combobox', { name: en.connectors.destinations }).fill('Mainland')
  // What a message there costs stands beside it.
  await page.getByRole('option', { name: /^Mainland China.*0\.05/ }).click()
  await dialog().getByLabel(en.connectors.share).fill('5')
  await dialog().getByRole('button', { name: en.common.save, exact: true }).click()
  await rows.first().getByText(en.connectors.firstFor(5)).waitFor()
  await probe.getByRole('button', { name: en.connectors.probeNow }).click()
  await probe.getByText(`${en.connectors.casePercent(5)}: Abroad → Ours`).waitFor()
  await probe.getByText(`${en.connectors.casePercent(95)}: Ours → Abroad`).waitFor()
  await button(en.health.holdNamed('Ours')).click()
  await rows.last().getByText(en.health.states.held, { exact: true }).waitFor()
  await probe.getByRole('button', { name: en.connectors.probeNow }).click()
  await plan.last().getByText(en.connectors.verdicts.resting).waitFor()
  await button(en.health.againNamed('Ours')).click()
  await rows.last().getByText(en.health.states.healthy, { exact: true }).waitFor()
  await button(en.moves.beginNamed('Abroad')).press('Enter')
  await button(en.moves.beginNow).click()
  const moving = page.getByRole('group', { name: en.moves.moveNamed('Abroad') })
  await moving.getByText(en.moves.states.moving(5)).waitFor()
  await button(en.moves.stepNamed('Abroad')).click()
  await moving.getByText(en.moves.states.moving(25)).waitFor()
  await button(en.moves.undoNamed('Abroad')).click()
  await dialog().getByRole('button', { name: en.moves.undo, exact: true }).click()
  await moving.getByText(en.moves.states.undone(0), { exact: true }).waitFor()
  expect(await names()).toEqual(['1. Ours', '2. Abroad'])
  const { body: after } = await ready.management<{ id: string; name: string }[]>('GET', '/api/connections')
  const { id } = after.find(({ name }) => name === 'Abroad')!
  expect((await ready.management('DELETE', `/api/connections/${id}`)).status).toBe(204)
})

it('one template code is given for all usage types at once, and four where somebody wants four', async () => {
  const templates = async () => JSON.parse(await operator.json()).templates
  const code = () => operator.field('Template ID')
  await operator.setUp('Tencent Cloud SMS')
  await code().fill('1000001')
  await operator.showJson()
  expect(await templates()).toEqual(
    ['Register', 'SignIn', 'ForgotPassword', 'Generic'].map(usageType => ({
      usageType,
      templateCode: '1000001',
    })),
  )
  await operator.showForm()
  expect(await code().count()).toBe(1)
  await operator.shareTemplate(false)
  expect(await code().count()).toBe(4)
  await code().nth(1).fill('1000002')
  // What was given for each stays so, also for somebody who only looks.
  await operator.showJson()
  await operator.showForm()
  expect(await code().count()).toBe(4)
  await operator.shareTemplate(true)
  expect(await code().count()).toBe(1)
  await operator.shareTemplate(false)
  expect(await code().nth(1).inputValue()).toBe('1000002')
  await operator.fillInSample()
  await operator.shareTemplate(true)
  await code().fill('letters')
  await operator.save()
  await operator.refusal()
  expect(await code().getAttribute('aria-invalid')).toBe('true')
  await code().fill('1000004')
  await operator.sendTest('+86 138 0013 8074')
  await operator.delivered()
  // One more in another language, for those who read that.
  await operator.shareTemplate(false)
  await button(en.connector.addTemplate).click()
  await operator.field(en.connector.usageType).last().selectOption('Generic')
  await code().last().fill('1000003')
  await operator.field('Language').last().fill('zh-TW')
  await page.getByLabel(en.test.language).selectOption('zh-TW')
  await operator.sendTest('+86 138 0013 8075')
  await operator.delivered()
  expect((await ready.inbox.next('+8613800138075')).text).toContain('重置密码')
  await operator.saveAndDone()
  const { body } = await ready.management<{ type: string; config: { templates: object[] } }[]>(
    'GET',
    '/api/connectors',
  )
  const saved = body.find(({ type }) => type === 'Sms')!.config.templates
  expect(saved).toMatchObject([
    ...Array.from({ length: 4 }, () => ({ templateCode: '1000004' })),
    { usageType: 'Generic', templateCode: '1000003', locale: 'zh-TW' },
  ])
})

it('a new mail connector begins with e-mails that can be read, and a test sends what stands in the form', async () => {
  const { body } = await ready.management<{ id: string; type: string }[]>('GET', '/api/connectors')
  await ready.management('DELETE', `/api/connectors/${body.find(({ type }) => type === 'Email')!.id}`)
  await page.reload()
  await operator.setUp('Aliyun Direct Mail')
  const mail = page.getByRole('group', { name: en.connector.template('Register') }).first()
  const preview = mail.locator('iframe')
  expect(await preview.getAttribute('sandbox')).toBe('')
  await preview.contentFrame().getByText('246810').waitFor()
  await mail.getByText(en.emailTemplates.plain, { exact: true }).click()
  await mail
    .getByText(/Use this code to create your account:\s+246810\s+The code works for 10 minutes/)
    .waitFor()
  expect(await page.getByText('注册验证码').count()).toBe(1)
  await operator.fillInSample()
  await mail.getByLabel('Subject').fill('Welcome to the shop')
  await page.getByLabel(en.test.usageType).selectOption('Register')
  await operator.sendTest(TO)
  await operator.delivered()
  expect(await ready.inbox.next(TO)).toMatchObject({ subject: 'Welcome to the shop', code: '000000' })
  await operator.saveAndDone()
})

it('a new e-mail template begins with a text in its language, and is tried before it is saved', async () => {
  await page.goto(`${ready.product.consoleUrl}/sign-in-experience/email-templates/new`)
  await operator.title(en.emailTemplates.add)
  const preview = page.locator('iframe').contentFrame()
  await preview.getByText('Your verification code:').waitFor()
  await field(en.emailTemplates.occasion).selectOption('SignIn')
  await page.locator('input[name=language]').fill('zh-CN')
  await preview.getByText('您正在登录，验证码为：').waitFor()
  await operator.sendTest(TO)
  await operator.delivered()
  expect(await ready.inbox.next(TO)).toMatchObject({ subject: '登录验证码', code: '000000' })
  await button(en.common.save).click()
  await page.getByRole('link', { name: '登录验证码' }).waitFor()
})

it('PNVS begins with the gifted template of each usage type, offers the others, takes what is typed, and sends', async () => {
  await page.getByRole('link', { name: en.connectors.setUpNamed('Aliyun PNVS') }).click()
  await operator.title('Aliyun PNVS')
  // The guide may be folded away.
  await page.getByText('What may be done with it, and what not:').waitFor({ state: 'attached' })
  const code = () => operator.field('Template code')
  const codes = async () =>
    JSON.parse(await operator.json()).templates.map((row: Record<string, string>) => row.templateCode)
  expect(await Promise.all((await code().all()).map(each => each.inputValue()))).toEqual([
    '100001',
    '100001',
    '100003',
    '100001',
  ])
  await code().nth(2).click()
  const offered = page.getByRole('option', { name: /^1000\d\d/ })
  expect(await offered.allInnerTexts()).toEqual([
    expect.stringMatching(/^100001\s+Sign in or register$/),
    expect.stringMatching(/^100002\s/),
    expect.stringMatching(/^100003\s/),
    expect.stringMatching(/^100004\s/),
    expect.stringMatching(/^100005\s/),
  ])
  await offered.nth(4).click()
  await code().nth(3).fill('100099')
  await operator.showJson()
  expect(await codes()).toEqual(['100001', '100001', '100005', '100099'])
  await operator.showForm()
  await operator.fillInSample()
  await operator.field('Signature name').fill('##code##')
  await operator.save()
  expect(await operator.refusal()).toContain('must not hold ##code##')
  await operator.fillInSample()
  await operator.sendTest('+86 138 0013 8075')
  await operator.delivered()
  await operator.saveAndDone()
  await operator.card('Aliyun PNVS').getByText(en.connectors.inUse, { exact: true }).waitFor()
})
