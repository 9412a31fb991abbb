import { type Browser, type BrowserContext, chromium } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { CHROMIUM_FLAGS, chromiumPath } from '../../../e2e/chromium.ts'
import { locales, type View } from './index.ts'
import { sampleCheck, sampleViews } from './samples.ts'
import { Visit } from './testing.ts'

let browser: Browser

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_FLAGS })
})

afterAll(async () => {
  await browser?.close()
})

describe('with the script', () => {
  let context: BrowserContext
  let visit: Visit

  const open = async (name: string, change: Partial<View> = {}, stopped = false) => {
    context = await browser.newContext()
    visit = await Visit.open(context)
    const { clock } = visit.page
    const now = Date.now()
    // A clock that runs can only be paused later than it is, however slow the machine.
    await clock.install({ time: stopped ? now - 3_600_000 : now })
    if (stopped) await clock.pauseAt(now)
    await visit.show({ ...sampleViews[name]!, ...change } as View)
    return visit.page
  }

  /** A page whose clock stands still until the test moves it. */
  const openStopped = (name: string, change?: Partial<View>) => open(name, change, true)

  /** A page with Turnstile, whose script stands here in a few lines, or does not come. */
  const openScripted = async (comes = true) => {
    context = await browser.newContext()
    visit = await Visit.open(context)
    await visit.page.clock.install()
    if (comes)
      visit.scripts['https://challenges.cloudflare.com/turnstile/v0/api.js'] = `
        window.turnstile = {
          render(place, { action, language, callback }) {
            place.innerHTML = '<button type="button" id="widget">' + action + ' ' + language + '</button>'
            place.firstChild.onclick = () => callback('passed')
          },
        }
        checkLoaded()`
    const ids = { siteKey: 'site', action: 'interaction', interaction: 'one' }
    const challenge = { provider: 'turnstile' as const, ...ids, fallback: sampleCheck.challenge }
    const view = { ...sampleViews['identifier-check']!, check: { ...sampleCheck, challenge } } as View
    await visit.show(view, undefined, locales['zh-CN'])
    return visit.page
  }

  afterEach(async () => {
    await context.close()
  })

  it('an address in full-width signs is sent as it was typed: no words of the browser stand between', async () => {
    const page = await open('identifier-register-email')
    for (const address of ['ivo＠example.com', 'ivo@example．com', 'ivo@bücher.example.com', 'ivo']) {
      await page.fill('#value', address)
      expect(await page.inputValue('#value')).toBe(address)
      await page.press('#value', 'Enter')
      await expect.poll(() => visit.posts.at(-1)?.fields.value).toBe(address)
      await visit.show(sampleViews['identifier-register-email']!)
    }
  })

  it.each(['123456', '123 456', '１２３４５６', '١٢٣٤٥٦', '१२३४५६', 'Code: 123-456'])(
    'the code %j is sent as soon as it is complete',
    async code => {
      const page = await open('code-sms')
      await page.fill('#code', '12345')
      expect(visit.posts).toEqual([])
      await page.fill('#code', code)
      await expect
        .poll(() => visit.posts)
        .toEqual([{ path: '/sign-in/step', fields: { csrf: 'csrf-token-1', code: '123456' } }])
    },
  )

  it('a code is sent by itself only once', async () => {
    const page = await open('code-sms')
    await page.fill('#code', '123456')
    await expect.poll(() => visit.posts.length).toBe(1)
    await page.fill('#code', '123457')
    await page.press('#code', 'Enter')
    await page.evaluate('new Promise(done => requestAnimationFrame(done))')
    expect(visit.posts.length).toBe(1)
    expect(await page.isDisabled('form[data-form=code] button')).toBe(true)
  })

  it('the check for people goes on by itself, and what it finds is sent along by whoever is faster', async () => {
    const page = await open('identifier-check')
    await page.press('#value', 'Enter')
    await expect.poll(() => visit.posts.length).toBe(1)
    const { captcha = '', ...fields } = visit.posts[0]!.fields
    expect(fields).toEqual({ csrf: 'csrf-token-1', kind: 'phone', country: 'CN', value: '138 0013 8000' })
    const { parameters, signature } = sampleCheck.challenge
    expect(JSON.parse(Buffer.from(captcha, 'base64').toString())).toEqual({
      challenge: { parameters, signature },
      solution: {
        counter: 7,
        derivedKey: '1d694aab0f46a79a6cc85600e5fab340502a6338119dbc8201ee4504e0be43ec',
        time: expect.any(Number),
      },
    })
    expect(await page.getByRole('status').textContent()).toBe('Check complete.')
    expect(visit.complaints).toEqual([])
  })

  it('a form that was held up for the check is sent again when it is done', async () => {
    const change = { check: { ...sampleCheck, auto: true } }
    await open('code-sms', change)
    await expect.poll(() => visit.posts.map(({ path }) => path)).toEqual(['/sign-in/resend'])
    expect(visit.posts[0]!.fields.captcha).toBeTruthy()
  })

  it('the widget of a provider holds the form until it is passed', async () => {
    const page = await openScripted()
    await page.press('#value', 'Enter')
    expect(await page.locator('#widget').textContent()).toBe('interaction zh-cn')
    expect(visit.posts).toEqual([])
    await page.click('#widget')
    await expect.poll(() => visit.posts.map(({ fields }) => fields.captcha)).toEqual(['passed'])
    expect(visit.complaints).toEqual([])
  })

  it('our own check takes over where the script of a provider does not come', async () => {
    const page = await openScripted(false)
    await page.press('#value', 'Enter')
    expect(visit.posts).toEqual([])
    await page.clock.fastForward(8000)
    await expect.poll(() => visit.posts.length).toBe(1)
    const { captcha = '' } = visit.posts[0]!.fields
    expect(JSON.parse(Buffer.from(captcha, 'base64').toString())).toMatchObject({ solution: { counter: 7 } })
    expect(visit.complaints).toEqual([])
  })

  it('the length of the code follows the policy', async () => {
    const page = await open('code-sms', { length: 8 })
    await page.fill('#code', '123456')
    expect(visit.posts).toEqual([])
    await page.fill('#code', '12345678')
    await expect.poll(() => visit.posts.length).toBe(1)
  })

  it('the resend button counts down and is then free', async () => {
    const page = await openStopped('code-sms', { resendAfter: 3 })
    const button = page.locator('button[data-wait]')
    expect(await button.isDisabled()).toBe(true)
    expect(await button.textContent()).toBe('Send a new code in 3 s')
    await page.clock.runFor(1000)
    expect(await button.textContent()).toBe('Send a new code in 2 s')
    await page.clock.runFor(2500)
    expect(await button.isDisabled()).toBe(false)
    expect(await button.textContent()).toBe('Send a new code')
  })

  it('a message that could not be delivered is told while the page is open; nobody asks longer than a minute', async () => {
    const page = await openStopped('code-sms')
    const sent = sampleViews['code-sms'] as Extract<View, { page: 'code' }>
    await visit.show({ ...sent, notice: { tone: 'info', code: 'code_sent' } })
    visit.answers['/message-receipt'] = {}
    const asked = () => visit.gone.filter(path => path === '/message-receipt').length
    const notice = page.locator('[data-receipt]')
    await page.clock.runFor(5000)
    expect(asked()).toBe(0)
    await page.clock.runFor(1000)
    await expect.poll(asked).toBe(1)
    const onItsWay = page.locator('.notice-info')
    expect([await notice.isVisible(), await onItsWay.isVisible()]).toEqual([false, true])
    visit.answers['/message-receipt'] = { notice: 'The phone is <off>.' }
    const later = async () => {
      await page.clock.runFor(10_000)
      return asked()
    }
    await expect.poll(later).toBe(2)
    await expect.poll(() => notice.isVisible()).toBe(true)
    expect(await notice.innerText()).toBe('The phone is <off>.')
    expect(await onItsWay.isVisible()).toBe(false)
    expect(await later()).toBe(2)
    visit.answers['/message-receipt'] = {}
    await visit.show(sampleViews['code-sms']!)
    await expect.poll(later).toBe(6)
    for (let time = 0; time < 3; time += 1) expect(await later()).toBe(6)
    expect(visit.complaints).toEqual([])
  })

  it('impatient taps send one message', async () => {
    const page = await open('code-sms-error')
    await page.evaluate(`{
      const button = document.querySelector('button[data-wait]')
      button.click()
      button.click()
      button.click()
    }`)
    await expect.poll(() => visit.posts.length).toBe(1)
    await page.clock.runFor(1000)
    expect(await page.isDisabled('button[data-wait]')).toBe(true)
    expect(visit.posts).toEqual([{ path: '/sign-in/resend', fields: { csrf: 'csrf-token-1' } }])
  })

  it('a password can be looked at, and is a password again when it is sent', async () => {
    const page = await open('password')
    await page.fill('#password', 'correct horse')
    await page.click('[data-reveal]')
    expect(await page.getAttribute('#password', 'type')).toBe('text')
    expect(await page.getAttribute('[data-reveal]', 'aria-label')).toBe('Hide password')
    await page.press('#password', 'Enter')
    await expect.poll(() => visit.posts.length).toBe(1)
    expect(await page.getAttribute('#password', 'type')).toBe('password')
    expect(visit.posts[0]?.fields).toEqual({
      csrf: 'csrf-token-1',
      username: 'lin.mei@lantern.example',
      password: 'correct horse',
    })
  })

  it('signing out needs no click', async () => {
    await open('sign-out')
    await expect
      .poll(() => visit.posts)
      .toEqual([
        {
          path: '/oidc/session/end/confirm',
          fields: { csrf: 'csrf-token-1', xsrf: 'xsrf-1', logout: 'yes' },
        },
      ])
  })
})

describe('without the script', () => {
  let context: BrowserContext
  let visit: Visit

  beforeAll(async () => {
    context = await browser.newContext({ javaScriptEnabled: false })
    visit = await Visit.open(context, { withScript: false })
  })

  it('a code is sent with Enter, and another can be asked for at once', async () => {
    await visit.show(sampleViews['code-sms']!)
    await expect.poll(() => visit.page.locator('#code:focus').count()).toBe(1)
    expect(await visit.page.isEnabled('button[data-wait]')).toBe(true)
    await visit.page.keyboard.type('123 456')
    await visit.page.keyboard.press('Enter')
    await expect
      .poll(() => visit.posts)
      .toEqual([{ path: '/sign-in/step', fields: { csrf: 'csrf-token-1', code: '123 456' } }])
  })

  it('a phone number is sent with its country', async () => {
    await visit.show(sampleViews['identifier-phone']!)
    await visit.page.selectOption('#country', 'SG')
    await visit.page.fill('#value', '+65 8123 4567')
    await visit.page.click('button[type=submit]')
    await expect
      .poll(() => visit.posts.at(-1)?.fields)
      .toEqual({ csrf: 'csrf-token-1', kind: 'phone', country: 'SG', value: '+65 8123 4567' })
  })

  it('the number that was meant is taken with its button, and the enter key goes on with what was typed', async () => {
    const fields = { csrf: 'csrf-token-1', kind: 'phone', country: 'US', value: '13800138000' }
    await visit.show(sampleViews['identifier-meant']!)
    await visit.page.getByRole('button', { name: 'Did you mean +86 138 0013 8000?' }).click()
    await expect.poll(() => visit.posts.at(-1)?.fields).toEqual({ ...fields, meant: '8613800138000' })
    // It needs nothing that was typed, so a field that was emptied does not stand in its way.
    await visit.show(sampleViews['identifier-meant']!)
    await visit.page.fill('#value', '')
    await visit.page.getByRole('button', { name: 'Did you mean' }).click()
    await expect.poll(() => visit.posts.at(-1)?.fields).toMatchObject({ value: '', meant: '8613800138000' })
    await visit.show(sampleViews['identifier-meant']!)
    await visit.page.fill('#value', '4155552671')
    await visit.page.press('#value', 'Enter')
    await expect.poll(() => visit.posts.at(-1)?.fields).toEqual({ ...fields, value: '4155552671' })
  })

  it('where one country alone is served, it is shown and is the only choice', async () => {
    await visit.show({ ...sampleViews['identifier-mainland']!, served: ['CN'] } as View)
    expect(await visit.page.locator('#country').inputValue()).toBe('CN')
    expect(await visit.page.locator('#country option').allTextContents()).toEqual(['China (+86)'])
    await visit.show({ ...sampleViews['identifier-mainland']!, country: 'US', served: ['elsewhere'] } as View)
    const labels = await visit.page.locator('#country option').allTextContents()
    expect(labels).toContain('Hong Kong (+852)')
    expect(labels).not.toContain('China (+86)')
  })

  it('the check for people says that it takes the script, and that there is another way', async () => {
    await visit.show(sampleViews['identifier-check']!)
    expect(await visit.page.locator('.check').innerText()).toBe(
      'This step checks that you are a person, and that takes JavaScript. Turn it on and reload the page. Or use another way: Email or Password.',
    )
  })

  it('a code that is over has no field, and a new one is one click away', async () => {
    await visit.show(sampleViews['code-over']!)
    expect(await visit.page.locator('input:visible').count()).toBe(0)
    await visit.page.getByRole('button', { name: 'Send a new code' }).click()
    await expect.poll(() => visit.posts.map(({ path }) => path)).toEqual(['/sign-in/resend'])
  })

  it('no button shows that would do nothing', async () => {
    await visit.show(sampleViews['new-password']!)
    expect(await visit.page.locator('[data-reveal]:visible').count()).toBe(0)
  })

  it('signing out takes one click', async () => {
    await visit.show(sampleViews['sign-out']!)
    await visit.page.click('button[type=submit]')
    await expect.poll(() => visit.posts.map(({ path }) => path)).toEqual(['/oidc/session/end/confirm'])
  })

  it("the operator's colour is on the button", async () => {
    await visit.show(sampleViews['identifier-phone']!)
    const color = await visit.page.evaluate(
      "getComputedStyle(document.querySelector('.button')).backgroundColor",
    )
    expect(color).toBe('rgb(11, 122, 94)')
  })
})
