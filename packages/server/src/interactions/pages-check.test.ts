import { expect, test } from 'vitest'
import { solved } from '../captcha/testing.ts'
import type { Seen } from '../testing/browser.ts'
import { askForCode, fieldOf, go, noticeOf, pathOf, ready, TYPED } from '../testing/visitor.ts'

/** What a page's script reads of the check, and whether it sends the form by itself; undefined where there is none. */
function checkOn(page: Seen) {
  const [, box] = /<div class="check" ([^>]*)>/.exec(page.text) ?? []
  const [, carried] = /data-check="([^"]*)"/.exec(box ?? '') ?? []
  if (box === undefined || carried === undefined) return undefined
  const challenge = JSON.parse(carried.replaceAll('&quot;', '"'))
  return { challenge, auto: box.includes('data-auto') }
}

const solvedOn = (page: Seen) => solved(checkOn(page)!.challenge)

test('the check for people stands on the first page until it is passed, and is then asked for no more', async () => {
  const server = await ready({ captchaPolicy: { enabled: true } })
  await server.manage('PUT', '/api/protection/captcha', { provider: 'altcha', effort: 100_000 })
  const messages = () => server.clouds.inbox.messages().length
  const visitor = await server.visit()
  const first = await go(visitor, '/sign-in')
  expect(checkOn(first)).toMatchObject({ auto: false })
  expect(first.headers.get('content-security-policy')).toContain("worker-src 'self'")
  // Without the script nothing is brought, and nothing that was typed is lost; the next page goes on by itself.
  const asked = await visitor.submit(first, TYPED)
  expect(pathOf(asked)).toBe('/sign-in')
  expect(fieldOf(asked, 'value')).toBe(TYPED.value)
  expect(checkOn(asked)).toMatchObject({ auto: true })
  expect(asked.text).toContain('takes JavaScript')
  expect(messages()).toBe(0)
  const captcha = await solvedOn(asked)
  // A number with a typing mistake costs no second check.
  const mistaken = await visitor.submit(asked, { ...TYPED, value: '138', captcha })
  expect([pathOf(mistaken), checkOn(mistaken)]).toEqual(['/sign-in', undefined])
  const sent = await visitor.submit(mistaken, TYPED)
  expect([pathOf(sent), checkOn(sent), messages()]).toEqual(['/sign-in/code', undefined, 1])

  // What was solved is worth nothing in another interaction, and whoever brings it decides what comes next.
  const other = await server.visit()
  const refused = await other.submit(await go(other, '/register'), { ...TYPED, captcha })
  expect(noticeOf(refused)).toBe('The check whether you are a person failed. Try again.')
  expect([pathOf(refused), checkOn(refused)?.auto, messages()]).toEqual(['/register', false, 1])
  // A password, too, comes after it.
  expect(pathOf(await other.submit(refused, { ...TYPED, use: 'password' }))).toBe('/register')
  expect(pathOf(await go(other, '/sign-in/password'))).toBe('/sign-in')
  const long = await other.submit(await go(other, '/register'), { ...TYPED, captcha: 'x'.repeat(9000) })
  expect(noticeOf(long)).toBe('The check whether you are a person failed. Try again.')
})

test('a check that is demanded later stands in the form that it holds up', async () => {
  const server = await ready()
  await server.manage('PUT', '/api/protection/captcha', { provider: 'altcha', effort: 100_000 })
  const visitor = await server.visit()
  const code = await askForCode(visitor)
  expect([pathOf(code), checkOn(code)]).toEqual(['/sign-in/code', undefined])
  await server.manage('PATCH', '/api/sign-in-exp', { captchaPolicy: { enabled: true } })
  const held = await visitor.submit(code, {}, 1)
  expect(pathOf(held)).toBe('/sign-in/code')
  expect(checkOn(held)).toMatchObject({ auto: true })
  const again = await visitor.submit(held, { captcha: await solvedOn(held) }, 1)
  expect([pathOf(again), checkOn(again)]).toEqual(['/sign-in/code', undefined])
  expect(server.clouds.inbox.messages()).toHaveLength(2)
  // The same with a provider's, whose hosts the policy lets in on this page alone.
  const keys = { siteKey: 'simulated-site', secretKey: 'simulated-secret-ok' }
  await server.manage('PUT', '/api/protection/captcha', { provider: 'turnstile', ...keys })
  const other = await server.visit()
  const page = await go(other, '/sign-in')
  expect(page.headers.get('content-security-policy')).toContain('frame-src https://challenges.cloudflare.com')
  expect(page.text).not.toContain(keys.secretKey)
  const [, scripted = ''] = /data-scripted="([^"]*)"/.exec(page.text) ?? []
  const { action, interaction: cdata } = JSON.parse(scripted.replaceAll('&quot;', '"'))
  const hostname = new URL(server.endpoint).hostname
  const captcha = `simulated?${new URLSearchParams({ hostname, action, cdata })}`
  const sent = await other.submit(page, { ...TYPED, captcha })
  expect([pathOf(sent), server.clouds.inbox.messages().length]).toEqual(['/sign-in/code', 3])
  expect(sent.headers.get('content-security-policy')).not.toContain('cloudflare')
  const { payload } = (
    (await (await server.manage('GET', '/api/logs?logKey=Interaction.Create.Captcha')).json()) as {
      payload: object
    }[]
  )[0]!
  expect(payload).toMatchObject({ result: 'Success', interactionId: expect.any(String) })
  await server.manage('PUT', '/api/protection/captcha', { provider: 'altcha', effort: 100_000 })
  await server.manage('PATCH', '/api/sign-in-exp', { captchaPolicy: { enabled: false } })
  // From the soft amount of a budget on, a stranger meets it too, and the ledger says so.
  const budget = { name: 'Texts', channel: 'sms', period: 'month', timeZone: 'Asia/Shanghai', scope: 'all' }
  const amounts = { subject: null, currency: 'CNY', soft: 1, hard: null, keptForKnown: 0, atHard: 'stop' }
  const counted = { segments: 2, assumedPrice: 45_000 }
  await server.manage('POST', '/api/protection/budgets', { ...budget, ...amounts, ...counted })
  const stranger = await server.visit()
  const number = { ...TYPED, value: '13800138077' }
  const stopped = await stranger.submit(await go(stranger, '/sign-in'), number)
  expect([pathOf(stopped), checkOn(stopped)]).toMatchObject(['/sign-in', { auto: true }])
  const passed = await stranger.submit(stopped, { ...number, captcha: await solvedOn(stopped) })
  expect([pathOf(passed), server.clouds.inbox.messages().length]).toEqual(['/sign-in/code', 4])
})
