import { resolve } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  type Installation,
  newInstallation,
  type Product,
  removeInstallation,
  startProduct,
} from '../packages/cli/src/product.ts'
import { en } from '../packages/console/src/locales/en.ts'
import { locale } from '../packages/sign-in/src/locales/en.ts'
import { ConsolePages } from './console-pages.ts'
import { DemoApp } from './demo-app.ts'
import { InboxPage } from './inbox-page.ts'
import { SignInPages } from './sign-in-pages.ts'
import { openStage, type Stage } from './stage.ts'

const OPERATOR_PASSWORD = 'anemone-quartz'
const PASSWORDS = ['marble-Lantern-7', 'copper-Harbour-3']

// Among the numbers that the simulators exempt from frequency control.
const USER = { number: '138 0013 8200', e164: '+8613800138200', claim: '8613800138200' }
const SECOND = { number: '138 0013 8201', e164: '+8613800138201', claim: '8613800138201' }
const MAIL = 'mei@example.com'

let installation: Installation
let product: Product
let stage: Stage
let profile: BrowserContext
let console: ConsolePages
let inbox: InboxPage
let visitor: Page
let demo: DemoApp
let pages: SignInPages
let broken = false

beforeAll(async () => {
  installation = await newInstallation()
  // As `npm start` does, with the console built.
  product = await startProduct(installation, resolve(import.meta.dirname, '../scripts/start.ts'))
  stage = await openStage()
  // One browser for everything, as on the machine of somebody who tries the product: cookies know no ports.
  profile = await stage.profile()
  console = new ConsolePages(await profile.newPage())
  inbox = await InboxPage.open(await profile.newPage(), product.inboxUrl)
  visitor = await profile.newPage()
  demo = new DemoApp(visitor, product.demoUrl)
  pages = new SignInPages(visitor)
}, 180_000)

afterAll(async () => {
  await stage?.close()
  await product?.stop()
  if (installation) await removeInstallation(installation)
})

// Each part of the journey starts where the one before has ended.
beforeEach(context => context.skip(broken, 'an earlier part of the journey failed'))

afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return
  broken = true
  await stage.save(`journey ${task.name}`)
})

async function signOut(): Promise<void> {
  await demo.signOut()
  await demo.isSignedOut()
}

describe('an operator', () => {
  it('becomes the first by the link that the server printed, and sees which world this is', async () => {
    await console.welcome(product.firstLink!, 'Wen', OPERATOR_PASSWORD)
    await console.page.getByText(en.banner.before.trim()).waitFor()
    await stage.look(console.page, 'console home')
  })

  it('finds three connectors, and is told what sign-in by phone still needs', async () => {
    await console.go('experience')
    await console.allow('phone', { code: true, password: false })
    await console.saveExperience()
    await console.experienceRefusal().getByText('SMS').first().waitFor()
    await stage.look(console.page, 'console method without connector')
    await console.page.getByRole('button', { name: en.experience.discard }).click()
    await console.go('connectors')
    for (const name of ['Aliyun SMS', 'Aliyun Direct Mail', 'Tencent Cloud SMS'])
      await console.card(name).waitFor()
    await stage.look(console.page, 'console connectors')
  })

  it('sets Aliyun SMS up by form and JSON with the guide at hand', async () => {
    await console.setUp('Aliyun SMS')
    await console.field('Signature name').fill('half typed')
    await console.showGuide()
    await console.guide().getByText('Apply for a signature').waitFor()
    await stage.look(console.page, 'console guide')
    await console.showSettings()
    expect(await console.field('Signature name').inputValue()).toBe('half typed')
    await console.page.setViewportSize({ width: 1280, height: 800 })
    await console.guide().getByText('Apply for a signature').waitFor()
    await console.field('Signature name').waitFor()
    await stage.look(console.page, 'console guide beside the form')
    await console.page.setViewportSize({ width: 390, height: 844 })

    await console.shareTemplate(false)
    await console.removeTemplates()
    await console.save()
    await console.page.getByText(en.connector.unfinished).waitFor()
    const refusal = await console.refusal()
    for (const type of ['Register', 'SignIn', 'ForgotPassword', 'Generic']) expect(refusal).toContain(type)
    await stage.look(console.page, 'console refused')

    await console.fillInSample()
    await console.showJson()
    const text = await console.json()
    expect(JSON.parse(text)).toMatchObject({ accessKeyId: 'LTAI-simulated-ok' })
    await console.writeJson(text.replace('"signName"', 'signName'))
    await console.markedInJson().first().waitFor()
    await console.page.getByText(en.connector.fixJson).waitFor()
    await stage.look(console.page, 'console json error')
    await console.writeJson(text.replace('示例应用', '另一个签名'))
    await console.showForm()
    expect(await console.field('Signature name').inputValue()).toBe('另一个签名')
  })

  it('is warned at the field that templates which stand alone reach mainland numbers only', async () => {
    const row = console.page.getByRole('group', { name: en.connector.template('Generic') })
    await row.getByRole('note').filter({ hasText: 'outside mainland China get no message' }).waitFor()
    await console.sendTest('+1 415 555 2671')
    expect(await console.failed()).toContain('Add a template for numbers outside mainland China')
  })

  it('sends a test with it unsaved, is told what to do, and sees the ids when it works', async () => {
    await console.sendTest('+86 138 0013 8000')
    const story = await console.failed('isv.SMS_SIGNATURE_ILLEGAL')
    for (const part of [en.test.meaning, en.test.remedy, en.test.answer]) expect(story).toContain(part)
    const page = console.page.getByRole('link', { name: 'SMS console', exact: true }).last()
    expect(await page.getAttribute('href')).toBe('https://dysms.console.aliyun.com')
    expect(await page.getAttribute('target')).toBe('_blank')
    expect(await page.getAttribute('rel')).toBe('noopener noreferrer')
    await stage.look(console.page, 'console test failed')

    await console.fillInSample()
    await console.sendTest('+86 138 0013 8000')
    expect(await console.delivered()).toContain('BizId')
    await stage.look(console.page, 'console test delivered')
    expect(await inbox.code('+8613800138000', 'aliyun-sms')).toBe('000000')
    await console.saveAndDone()
    await console.card('Aliyun SMS').getByText(en.connectors.inUse).waitFor()
  })

  it('sets Aliyun Direct Mail up and tests it', async () => {
    await console.setUp('Aliyun Direct Mail')
    await console.fillInSample()
    await console.sendTest('test@example.com')
    expect(await console.delivered()).toContain('EnvId')
    expect(await inbox.code('test@example.com', 'aliyun-dm')).toBe('000000')
    await console.saveAndDone()
  })

  it('switches both on for sign-up and sign-in', async () => {
    await console.go('experience')
    await console.signUpWith('emailOrPhone')
    for (const kind of ['phone', 'email'] as const) await console.allow(kind, { code: true, password: true })
    await console.resetBy('byPhone')
    await console.resetBy('byEmail')
    // The development world lies in China.
    expect(await console.page.getByLabel(en.experience.country).inputValue()).toBe('CN')
    // The end user to come has no patience for a minute between two codes.
    await console.page.getByLabel(en.experience.pause).fill('0')
    await console.saveExperience()
    await console.experienceIsSaved()
    await stage.look(console.page, 'console sign-in experience')
  })
})

describe('an end user', () => {
  it('registers with a new number and is known to the application', async () => {
    await demo.signIn()
    await stage.look(visitor, 'sign-in')
    await pages.givePhone(USER.number, 'CN')
    const code = await inbox.code(USER.e164, 'aliyun-sms')
    await stage.look(inbox.page, 'inbox')
    await stage.look(visitor, 'code')
    await pages.giveWrongCode(code)
    await stage.look(visitor, 'wrong code')
    await pages.giveCode(code)
    await pages.heading(locale.labels.offerRegister)
    await stage.look(visitor, 'registration offered')
    await pages.acceptRegistration()
    expect(await demo.claims()).toMatchObject({ phone_number: USER.claim, phone_number_verified: 'true' })
    await stage.look(visitor, 'demo signed in')
    await demo.refresh()
    await signOut()
    await stage.look(visitor, 'demo signed out')
  })

  it('is known the next time', async () => {
    await demo.signIn()
    // The connection has plain templates, which are for the mainland alone, so the page offers no other country.
    expect(await pages.countriesOffered()).toEqual(['CN'])
    await pages.givePhone('+8613800138200', 'CN')
    await pages.giveCode(await inbox.code(USER.e164, 'aliyun-sms'))
    expect(await demo.claims()).toMatchObject({ phone_number: USER.claim })
    await signOut()
  })

  it('sets a forgotten password after a code, and signs in with it', async () => {
    await demo.signIn()
    await pages.givePhone(USER.number, 'CN')
    await inbox.code(USER.e164, 'aliyun-sms')
    await pages.preferPassword()
    await stage.look(visitor, 'password')
    await pages.forgetPassword()
    await pages.givePhone(USER.number, 'CN', locale.labels.resetPassword)
    await pages.giveCode(await inbox.code(USER.e164, 'aliyun-sms'))
    await pages.heading(locale.labels.resetPassword)
    await stage.look(visitor, 'new password')
    await pages.chooseNewPassword(PASSWORDS[0]!)
    await stage.look(visitor, 'password changed')
    await pages.continueAfterReset()
    await pages.givePhone(USER.number, 'CN')
    await pages.preferPassword()
    await pages.givePassword('not-this-one')
    await visitor.getByRole('alert').waitFor()
    await stage.look(visitor, 'wrong password')
    await pages.givePassword(PASSWORDS[0]!)
    expect(await demo.claims()).toMatchObject({ phone_number: USER.claim })
    await signOut()
  })

  it('registers with an e-mail address and resets the password by it', async () => {
    await demo.signIn()
    await pages.giveEmail(MAIL)
    await stage.look(visitor, 'code by e-mail')
    await pages.giveCode(await inbox.code(MAIL, 'aliyun-dm'))
    await pages.acceptRegistration()
    expect(await demo.claims()).toMatchObject({ email: MAIL, email_verified: 'true' })
    await signOut()
    await stage.look(inbox.page, 'inbox with mail')

    await demo.signIn()
    await pages.giveEmail(MAIL)
    await inbox.code(MAIL, 'aliyun-dm')
    await pages.preferPassword()
    await pages.forgetPassword()
    await pages.giveEmail(MAIL, locale.labels.resetPassword)
    await pages.giveCode(await inbox.code(MAIL, 'aliyun-dm'))
    await pages.chooseNewPassword(PASSWORDS[1]!)
    await pages.continueAfterReset()
    await pages.giveEmail(MAIL)
    await pages.preferPassword()
    await pages.givePassword(PASSWORDS[1]!)
    expect(await demo.claims()).toMatchObject({ email: MAIL })
    await signOut()
  })
})

describe('with Tencent Cloud SMS in place of Aliyun SMS', () => {
  it('the operator changes the connector and nothing else', async () => {
    await console.go('connectors')
    await console.card('Tencent Cloud SMS').getByText(en.connectors.switchesOff('Aliyun SMS')).waitFor()
    await console.setUp('Tencent Cloud SMS')
    await console.fillInSample()
    await console.sendTest('+86 138 0013 8100')
    expect(await console.delivered()).toContain('SerialNo')
    await console.saveAndDone()
    await console.card('Tencent Cloud SMS').getByText(en.connectors.inUse).waitFor()
    await console.card('Aliyun SMS').getByText(en.connectors.off, { exact: true }).waitFor()
    await stage.look(console.page, 'console connectors changed')
  })

  it('the known user signs in and a new one registers', async () => {
    await demo.signIn()
    await pages.givePhone(USER.number, 'CN')
    await pages.giveCode(await inbox.code(USER.e164, 'tencent-sms'))
    expect(await demo.claims()).toMatchObject({ phone_number: USER.claim })
    await signOut()

    await demo.signIn()
    await pages.givePhone(SECOND.number, 'CN')
    await pages.giveCode(await inbox.code(SECOND.e164, 'tencent-sms'))
    await pages.acceptRegistration()
    expect(await demo.claims()).toMatchObject({ phone_number: SECOND.claim })
    await signOut()
  })

  it('a browser without scripts signs in just as well', async () => {
    const plain = await stage.profile({ javaScriptEnabled: false })
    const page = await plain.newPage()
    const plainPages = new SignInPages(page, false)
    const plainDemo = new DemoApp(page, product.demoUrl)
    await plainDemo.signIn()
    await plainPages.givePhone(SECOND.number, 'CN')
    const code = await inbox.code(SECOND.e164, 'tencent-sms')
    await stage.look(page, 'code without scripts')
    await plainPages.giveWrongCode(code)
    await plainPages.giveCode(code)
    expect(await plainDemo.claims()).toMatchObject({ phone_number: SECOND.claim })
    await plainDemo.signOut()
    await stage.look(page, 'sign-out without scripts')
    await plainPages.confirmSignOut()
    await plainDemo.isSignedOut()
    await plain.close()
  })

  it('the operator finds users and deliveries, and no page has broken a rule', async () => {
    await console.go('users')
    await console.page.getByText(MAIL).first().waitFor()
    await stage.look(console.page, 'console users')
    await console.go('deliveries')
    await console.page
      .getByText(en.deliveries.states.delivered, { exact: true })
      .locator('visible=true')
      .first()
      .waitFor()
    await stage.look(console.page, 'console deliveries')
    expect(stage.complaints).toEqual([])
  })
})
