import { expect, test } from 'vitest'
import type { Browser, Seen } from '../testing/browser.ts'
import { askForCode, go, INBOX, noticeOf, PHONE, pathOf, ready, TYPED } from '../testing/visitor.ts'

type Server = Awaited<ReturnType<typeof ready>>

const EMAIL = 'ada@example.com'
const MAIL = { kind: 'email', value: EMAIL }
const JUST_SENT =
  /^A code was sent there a moment ago\. You can ask for another in (?:1 minute|\d+ seconds)\.$/

/** Pages as they are where no operator has changed the pause. */
const usual = (settings: object = {}) => ready({ verificationCodePolicy: {}, ...settings })

const sent = (server: Server, to = INBOX) =>
  server.clouds.inbox.messages().filter(message => message.to === to).length

/** How long the page's button counts down, in seconds. */
const countdownOf = (page: Seen) => Number(/data-wait="(\d+)"/.exec(page.text)?.[1])

/** Presses the button for another code. */
const askAgain = (visitor: Browser, page: Seen) => visitor.submit(page, {}, 1)

test('the same number typed again, or the button pressed, brings no second code within the minute, and the first can be entered', async () => {
  const server = await usual()
  const visitor = await server.visit()
  await askForCode(visitor)
  for (let time = 0; time < 4; time += 1) expect(pathOf(await askForCode(visitor))).toBe('/sign-in/code')
  for (let time = 0; time < 4; time += 1) {
    const page = await askAgain(visitor, await go(visitor, '/sign-in/code'))
    expect([pathOf(page), noticeOf(page)]).toEqual(['/sign-in/code', expect.stringMatching(JUST_SENT)])
  }
  expect(sent(server)).toBe(1)
  const page = await go(visitor, '/sign-in/code')
  expect(pathOf(await visitor.submit(page, { code: server.codeFor(INBOX) }))).toBe('/sign-in/create')
})

test('another interaction waits for the same number, in whatever spelling; another number does not wait', async () => {
  const server = await usual()
  await askForCode(await server.visit())
  const other = await server.visit()
  const refused = await askForCode(other, '/sign-in', { ...TYPED, value: '0086 138-0013-8000' })
  expect([pathOf(refused), noticeOf(refused)]).toEqual(['/sign-in', expect.stringMatching(JUST_SENT)])
  expect(sent(server)).toBe(1)
  expect(pathOf(await askForCode(other, '/sign-in', { ...TYPED, value: '138 0013 8001' }))).toBe(
    '/sign-in/code',
  )
  server.wait(60_000)
  expect(pathOf(await askForCode(other))).toBe('/sign-in/code')
  expect(sent(server)).toBe(2)
})

test('a page counts down what is left, also when it is loaded again and when another interaction sent', async () => {
  const server = await usual({
    signIn: {
      methods: ['phone', 'email'].map(identifier => ({
        identifier,
        password: false,
        verificationCode: true,
        isPasswordPrimary: false,
      })),
    },
  })
  const visitor = await server.visit()
  const first = await askForCode(visitor, '/sign-in?with=email', MAIL)
  expect(countdownOf(first)).toBeGreaterThan(50)
  server.wait(30_000)
  const left = countdownOf(await go(visitor, '/sign-in/code'))
  expect(left).toBeGreaterThan(20)
  expect(left).toBeLessThanOrEqual(30)
  server.wait(31_000)
  expect(countdownOf(await go(visitor, '/sign-in/code'))).toBe(0)
  await askForCode(await server.visit(), '/sign-in?with=email', MAIL)
  expect(countdownOf(await go(visitor, '/sign-in/code'))).toBeGreaterThan(50)
})

test('a refusal that is loaded again says the seconds that are left, and nothing when they are over', async () => {
  const server = await usual()
  await askForCode(await server.visit())
  const visitor = await server.visit()
  await askForCode(visitor)
  const saidAfter = async (milliseconds: number) => {
    server.wait(milliseconds)
    const notice = noticeOf(await go(visitor, '/sign-in?with=phone'))
    return notice && Number(/(\d+) seconds/.exec(notice)?.[1])
  }
  expect(await saidAfter(30_000)).toBeLessThanOrEqual(30)
  expect(await saidAfter(20_000)).toBeLessThanOrEqual(10)
  expect(await saidAfter(11_000)).toBeUndefined()
})

test('the button counts down whatever refused another code, and goes on when the page is loaded again', async () => {
  const server = await ready()
  const visitor = await server.visit()
  let page = await askForCode(visitor)
  for (let time = 1; time < 10; time += 1) page = await askAgain(visitor, page)
  expect(countdownOf(page)).toBe(0)
  page = await askAgain(visitor, page)
  expect(countdownOf(page)).toBeGreaterThan(540)
  server.wait(500_000)
  const left = countdownOf(await go(visitor, '/sign-in/code'))
  expect(left).toBeGreaterThan(0)
  expect(left).toBeLessThanOrEqual(100)
  server.wait(101_000)
  page = await go(visitor, '/sign-in/code')
  expect([countdownOf(page), noticeOf(page)]).toEqual([0, 'That code has expired. Ask for a new one.'])
})

test('the button that asks for a code in place of the password counts down too', async () => {
  const server = await usual()
  await askForCode(await server.visit())
  const visitor = await server.visit()
  const password = await askForCode(visitor, '/sign-in', { ...TYPED, use: 'password' })
  expect([pathOf(password), countdownOf(password)]).toEqual(['/sign-in/password', 0])
  const refused = await visitor.submit(password, {}, 1)
  expect([pathOf(refused), noticeOf(refused)]).toEqual([
    '/sign-in/password',
    expect.stringMatching(JUST_SENT),
  ])
  expect(countdownOf(refused)).toBeGreaterThan(50)
  server.wait(30_000)
  expect(countdownOf(await go(visitor, '/sign-in/password'))).toBeLessThanOrEqual(30)
})

test('a code that the Experience API sent counts for pages; the API itself waits for nobody', async () => {
  const server = await usual()
  const visitor = await server.visit()
  await visitor.experience('PUT', '', { interactionEvent: 'SignIn' })
  const ask = () =>
    visitor.experience('POST', '/verification/verification-code', {
      interactionEvent: 'SignIn',
      identifier: { type: 'phone', value: PHONE },
    })
  expect([(await ask()).status, (await ask()).status]).toEqual([200, 200])
  const page = await askForCode(await server.visit())
  expect(noticeOf(page)).toMatch(JUST_SENT)
  expect(sent(server)).toBe(2)
})

test('operators set the pause, from none to ten minutes', async () => {
  const server = await ready()
  const visitor = await server.visit()
  const page = await askForCode(visitor)
  expect(countdownOf(page)).toBe(0)
  expect(countdownOf(await askAgain(visitor, page))).toBe(0)
  expect(sent(server)).toBe(2)
  const set = (resendInterval: number) =>
    server.manage('PATCH', '/api/sign-in-exp', { verificationCodePolicy: { resendInterval } })
  for (const wrong of [-1, 601, 1.5]) expect((await set(wrong)).status, String(wrong)).toBe(400)
  expect((await set(600)).status).toBe(200)
  expect(countdownOf(await go(visitor, '/sign-in/code'))).toBeGreaterThan(590)
})

test('the same form is the same tap for as long as the pause in force, and asks for another code after it', async () => {
  const server = await usual({ verificationCodePolicy: { resendInterval: 120 } })
  const visitor = await server.visit()
  await askForCode(visitor)
  server.wait(90_000)
  const again = await askForCode(visitor)
  expect([pathOf(again), noticeOf(again)]).toEqual(['/sign-in/code', 'The code is on its way.'])
  expect(sent(server)).toBe(1)
  await server.manage('PATCH', '/api/sign-in-exp', { verificationCodePolicy: { resendInterval: 20 } })
  const other = await server.visit()
  server.wait(30_000)
  for (const expected of [2, 2]) {
    expect(pathOf(await askForCode(other))).toBe('/sign-in/code')
    expect(sent(server)).toBe(expected)
  }
  server.wait(20_000)
  await askForCode(other)
  expect(sent(server)).toBe(3)
})

test('a message that the provider refuses leaves no pause behind', async () => {
  const server = await usual()
  const visitor = await server.visit()
  server.clouds.control.setFault({ code: 'isv.BUSINESS_LIMIT_CONTROL' })
  await askForCode(visitor)
  expect(sent(server)).toBe(0)
  server.clouds.control.setFault(null)
  expect(pathOf(await askForCode(visitor))).toBe('/sign-in/code')
  expect(sent(server)).toBe(1)
})

test('where the cloud has a window, its refusal tells the APIs how long to wait', async () => {
  const server = await usual()
  // What its cloud takes is not counted here, as where an operator has said that it takes more than it does.
  const all = (await (await server.manage('GET', '/api/connections')).json()) as {
    id: string
    channel: string
  }[]
  const { id } = all.find(({ channel }) => channel === 'sms')!
  await server.manage('PATCH', `/api/connections/${id}`, { windows: {} })
  // No number of those that the simulated account has allowed to get messages at any rate.
  const ask = () => server.manage('POST', '/api/verification-codes', { phone: '8613912345678' })
  expect((await ask()).status).toBe(204)
  const refused = await ask()
  const wait = Number(refused.headers.get('retry-after'))
  expect(refused.status).toBe(429)
  expect(await refused.json()).toMatchObject({
    code: 'connector.rate_limit_exceeded',
    data: { failure: 'rate_limited', retryAfter: wait },
  })
  expect(wait).toBeGreaterThan(0)
  expect(wait).toBeLessThanOrEqual(60)
})

test('the eleventh message within ten minutes is refused with the seconds until there is a place again', async () => {
  const server = await usual()
  const ask = () => server.manage('POST', '/api/verification-codes', { phone: PHONE })
  for (let time = 0; time < 10; time += 1) expect((await ask()).status).toBe(204)
  const refused = await ask()
  const wait = Number(refused.headers.get('retry-after'))
  expect(refused.status).toBe(429)
  expect(await refused.json()).toMatchObject({
    code: 'request.message_rate_limited',
    data: { retryAfter: wait },
  })
  expect(wait).toBeGreaterThan(540)
})
