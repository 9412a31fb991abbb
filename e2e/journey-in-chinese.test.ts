import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { locale } from '../packages/sign-in/src/locales/zh-CN.ts'
import { DemoApp } from './demo-app.ts'
import { type Database, newDatabase } from './postgres.ts'
import { discard, type Ready, registerApplication, startReady } from './ready.ts'
import { SignInPages } from './sign-in-pages.ts'
import { openStage, type Stage } from './stage.ts'

const postgres = process.env.TEST_DATABASE_URL

const USER = { number: '138 0013 8250', claim: '8613800138250' }
const MAIL = 'xiaomei@example.com'

describe.skipIf(!postgres)('a visitor whose phone speaks Chinese, of a server on PostgreSQL', () => {
  let database: Database
  let ready: Ready
  let stage: Stage
  let profile: BrowserContext
  let visitor: Page
  let demo: DemoApp
  let pages: SignInPages

  beforeAll(async () => {
    database = await newDatabase(postgres!)
    ready = await startReady({ DATABASE_URL: database.url })
    stage = await openStage()
    // The phone of every journey, with another language in its settings.
    profile = await stage.profile({ locale: 'zh-CN' })
    visitor = await profile.newPage()
    demo = new DemoApp(visitor, ready.product.demoUrl, 'zh-CN')
    pages = new SignInPages(visitor, true, locale)
  })

  afterAll(async () => {
    await stage?.close()
    await discard(ready?.product)
    await database?.drop()
  })

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await stage.save(`in Chinese ${task.name}`)
  })

  /** What is on the screen is Chinese, and fits it. */
  async function fits(name: string): Promise<void> {
    await stage.look(visitor, `zh-CN ${name}`)
    expect(await visitor.locator('html').getAttribute('lang')).toBe('zh-CN')
    expect(visitor.viewportSize()).toEqual({ width: 390, height: 844 })
    expect(await visitor.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
  }

  const code = async (recipient: string) => (await ready.inbox.next(recipient)).code!

  it('registers by phone in Chinese, and is known to the application', async () => {
    await demo.signIn()
    await pages.heading(locale.labels.signIn)
    await fits('sign-in')
    await pages.givePhone(USER.number, 'CN')
    const right = await code(USER.claim)
    await fits('code')
    await pages.giveWrongCode(right)
    await fits('wrong code')
    await pages.giveCode(right)
    await pages.heading(locale.labels.offerRegister)
    await fits('registration offered')
    await pages.acceptRegistration()
    expect(await demo.claims()).toMatchObject({ phone_number: USER.claim, phone_number_verified: 'true' })
    await fits('demo signed in')
    await demo.refresh()
    await demo.signOut()
    await demo.isSignedOut()
  })

  it('is known the next time, by phone, and registers another account by e-mail', async () => {
    await demo.signIn()
    await pages.givePhone(USER.number, 'CN')
    await pages.giveCode(await code(USER.claim))
    expect(await demo.claims()).toMatchObject({ phone_number: USER.claim })
    await demo.signOut()
    await demo.isSignedOut()

    await demo.signIn()
    await pages.giveEmail(MAIL)
    await fits('code by e-mail')
    await pages.giveCode(await code(MAIL))
    await pages.acceptRegistration()
    expect(await demo.claims()).toMatchObject({ email: MAIL, email_verified: 'true' })
    await demo.signOut()
    await demo.isSignedOut()
  })

  it('passes the check for people where everybody has to, without doing anything about it', async () => {
    const ask = (enabled: boolean) =>
      ready.management('PATCH', '/api/sign-in-exp', { captchaPolicy: { enabled } })
    await ask(true)
    await demo.signIn()
    await visitor.getByText(locale.labels.checkDone).waitFor()
    await fits('check for people')
    await pages.givePhone(USER.number, 'CN')
    await pages.giveCode(await code(USER.claim))
    expect(await demo.claims()).toMatchObject({ phone_number: USER.claim })
    await demo.signOut()
    await demo.isSignedOut()
    await ask(false)
  })

  it('signs in two users in two tabs of one application, each of which comes back as itself', async () => {
    // Any page that answers will do as the place to come back to.
    const redirectUri = new URL('/', ready.product.demoUrl).href
    const { id } = await registerApplication(ready.management, redirectUri)
    const two = await stage.profile({ locale: 'zh-CN' })
    const open = async (state: string) => {
      const page = await two.newPage()
      const query = new URLSearchParams({
        client_id: id,
        redirect_uri: redirectUri,
        response_type: 'code',
        scope: 'openid',
        state,
        code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
        code_challenge_method: 'S256',
      })
      await page.goto(`${ready.product.endpoint}/oidc/auth?${query}`)
      return { page, pages: new SignInPages(page, true, locale) }
    }
    const backWith = async (page: Page) => {
      await page.waitForURL(url => url.href.startsWith(redirectUri) && url.searchParams.has('code'))
      const { searchParams } = new URL(page.url())
      return { state: searchParams.get('state'), code: searchParams.get('code') }
    }
    const one = await open('tab-one')
    const other = await open('tab-two')
    await one.page.bringToFront()
    await one.pages.givePhone(USER.number, 'CN')
    const first = await code(USER.claim)
    await other.page.bringToFront()
    await other.pages.giveEmail(MAIL)
    const second = await code(MAIL)
    await one.page.bringToFront()
    await one.page.reload()
    await one.pages.giveCode(first)
    const back = await backWith(one.page)
    await other.page.bringToFront()
    await other.pages.giveCode(second)
    const backToo = await backWith(other.page)
    expect([back.state, backToo.state]).toEqual(['tab-one', 'tab-two'])
    expect(back.code && backToo.code && back.code !== backToo.code).toBe(true)
    await two.close()
  })

  it('stands in the database, and no page has broken a rule', async () => {
    const users = await database.query('select primary_phone, primary_email from users order by created_at')
    expect(users).toEqual([
      { primary_phone: USER.claim, primary_email: null },
      { primary_phone: null, primary_email: MAIL },
    ])
    expect(stage.complaints).toEqual([])
  })
})
