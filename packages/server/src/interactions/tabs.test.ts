import { expect, test } from 'vitest'
import { eachServerDatabase } from '../db/testing.ts'
import { Browser, type Seen } from '../testing/browser.ts'
import type { Launched } from '../testing/launch.ts'
import { go, headingOf, noticeOf, PASSWORD, pathOf, ready } from '../testing/visitor.ts'

const CALLBACK = 'https://app.example.com/callback'
const [ALICE, BOB] = ['138 0013 8001', '138 0013 8002'] as const
const MINUTE = 60_000

const typed = (value: string) => ({ kind: 'phone', value, country: 'CN' })
const digits = (value: string) => `86${value.replaceAll(' ', '')}`
const international = (value: string) => `+${digits(value)}`

/** Another tab of the visitor's application. */
const open = (visitor: Browser, state: string, extra: Record<string, string> = {}) =>
  visitor.authorize(visitor.applicationId, CALLBACK, { state, ...extra })

/** Enters the code that came to a number; somebody new accepts the offer of an account. */
async function enter(server: Launched, visitor: Browser, page: Seen, number: string): Promise<URL> {
  visitor.leftTo = undefined
  const next = await visitor.submit(page, { code: server.codeFor(international(number)) })
  if (!visitor.leftTo) await visitor.submit(next, {})
  if (!visitor.leftTo) throw new Error(next.text)
  return visitor.leftTo
}

/** The number of whom a code of the authorization endpoint is. */
async function numberOf(server: Launched, visitor: Browser, back: URL): Promise<unknown> {
  const answer = await fetch(`${server.endpoint}/oidc/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: visitor.applicationId,
      redirect_uri: CALLBACK,
      code: back.searchParams.get('code') ?? '',
      code_verifier: 'verifier-of-test-verifier-of-test-verifier-of-test',
    }),
  })
  const { id_token: token } = (await answer.json()) as { id_token: string }
  return JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()).phone_number
}

const stateOf = (back: URL) => back.searchParams.get('state')

eachServerDatabase('two tabs of one application', fresh => {
  test('each come back with their own state and the code of their own user', async () => {
    const server = await ready({}, await fresh())
    const visitor = await server.visit()
    const one = await open(visitor, 'tab-one')
    const two = await open(visitor, 'tab-two')
    const codeOne = await visitor.submit(one, typed(ALICE))
    const codeTwo = await visitor.submit(two, typed(BOB))
    expect([codeOne, codeTwo].map(noticeOf).join()).not.toMatch('open too long')
    // Reading a page again shows its own tab too.
    expect((await visitor.open(codeOne.url)).text).toContain('8001')
    expect((await visitor.open(codeTwo.url)).text).toContain('8002')
    const backOne = await enter(server, visitor, codeOne, ALICE)
    const backTwo = await enter(server, visitor, codeTwo, BOB)
    expect([stateOf(backOne), stateOf(backTwo)]).toEqual(['tab-one', 'tab-two'])
    expect(await numberOf(server, visitor, backTwo)).toBe(digits(BOB))
    // Who signs in last stays signed in, and whoever did before has left, as after any change of users.
    const silent = await open(visitor, 'later', { prompt: 'none' }).then(() => visitor.leftTo!)
    expect(await numberOf(server, visitor, silent)).toBe(digits(BOB))
  })

  test('that open at the same moment, as when a browser restores them, are two all the same', async () => {
    const server = await ready({}, await fresh())
    const visitor = await server.visit()
    const pages = await Promise.all(['a', 'b', 'c'].map(state => open(visitor, state)))
    const asked: Seen[] = []
    for (const [index, page] of pages.entries())
      asked.push(await visitor.submit(page, typed(`138 0013 801${index}`)))
    const states: unknown[] = []
    for (const [index, page] of asked.entries())
      states.push(stateOf(await enter(server, visitor, page, `138 0013 801${index}`)))
    expect(states).toEqual(['a', 'b', 'c'])
  })
})

test('a user of two tabs signs in in both, by password in one and by code in the other', async () => {
  const server = await ready()
  await server.manage('POST', '/api/users', { primaryPhone: '8613800138001', password: PASSWORD })
  const visitor = await server.visit()
  const one = await open(visitor, 'tab-one')
  const two = await open(visitor, 'tab-two')
  const code = await visitor.submit(two, typed(ALICE))
  const password = await visitor.submit(one, { ...typed(ALICE), use: 'password' })
  expect(pathOf(password)).toBe('/sign-in/password')
  await visitor.submit(password, { password: PASSWORD })
  expect(stateOf(visitor.leftTo!)).toBe('tab-one')
  expect(stateOf(await enter(server, visitor, code, ALICE))).toBe('tab-two')
})

test('every link and form of a page leads on in its own tab, also when its address named none', async () => {
  const server = await ready({ forgotPasswordMethods: ['PhoneVerificationCode'] })
  await server.manage('POST', '/api/users', { primaryPhone: '8613800138001', password: PASSWORD })
  const visitor = await server.visit()
  const first = await open(visitor, 'tab-one')
  const uid = new URL(first.url).searchParams.get('interaction')
  const pages = [
    first,
    await go(visitor, '/sign-in'),
    await go(visitor, '/register'),
    await go(visitor, '/reset-password'),
    await go(visitor, '/reset-password/done'),
    await visitor.submit(first, { ...typed(ALICE), use: 'password' }),
    await visitor.submit(first, typed(BOB)),
  ]
  pages.push(await visitor.submit(pages.at(-1)!, { code: server.codeFor(international(BOB)) }))
  expect(pathOf(pages.at(-1)!)).toBe('/sign-in/create')
  for (const { url, text } of pages) {
    const addresses = [...text.matchAll(/ (?:href|action)="(\/[^"]*)"/g)].map(match => match[1]!)
    const own = addresses.filter(address => !address.startsWith('/assets/'))
    expect(own.length, url).toBeGreaterThan(0)
    for (const address of own)
      expect(new URL(address.replaceAll('&amp;', '&'), url).searchParams.get('interaction'), url).toBe(uid)
  }
})

test('the Experience API goes on by application with the latest tab, and by the uid with its own', async () => {
  const server = await ready()
  const visitor = await server.visit()
  const first = await open(visitor, 'tab-one')
  await open(visitor, 'tab-two')
  const headers = { 'logto-app-id': visitor.applicationId }
  const through = async (number: string, query: string) => {
    const call = async (method: string, path: string, body?: object) =>
      (await visitor.experience(method, `${path}${query}`, body, headers)).json
    const identifier = { type: 'phone', value: digits(number) }
    await call('PUT', '', { interactionEvent: 'Register' })
    const path = '/verification/verification-code'
    const { verificationId } = await call('POST', path, { identifier, interactionEvent: 'Register' })
    await call('POST', `${path}/verify`, {
      identifier,
      verificationId,
      code: server.codeFor(international(number)),
    })
    await call('POST', '/identification', { verificationId })
    await visitor.open((await call('POST', '/submit')).redirectTo)
    return stateOf(visitor.leftTo!)
  }
  expect(await through(ALICE, '')).toBe('tab-two')
  expect(await through(BOB, new URL(first.url).search)).toBe('tab-one')
})

test('the address of a page opens nothing in a browser that has no cookie of it', async () => {
  const server = await ready()
  const visitor = await server.visit()
  const page = await open(visitor, 'tab-one')
  const uid = new URL(page.url).searchParams.get('interaction')!
  const [name, value] = [`_interaction_${uid}`, visitor.cookies.get(`/ _interaction_${uid}`)!.value]
  expect(value).toBeTruthy()
  const stranger = await server.visit()
  const bare = new Browser(server.endpoint)
  const forger = new Browser(server.endpoint)
  forger.cookies.set('a', { name, value, path: '/' })
  forger.cookies.set('b', { name: `${name}.sig`, value: 'A'.repeat(27), path: '/' })
  // A signature of another cookie of one's own is none of this one.
  const swapper = await server.visit()
  const own = [...swapper.cookies.values()].find(each => /^_interaction_.{43}$/.test(each.name))!
  swapper.cookies.set('a', { name, value: own.value, path: '/' })
  const signature = swapper.cookies.get(`/ ${own.name}.sig`)!.value
  swapper.cookies.set('b', { name: `${name}.sig`, value: signature, path: '/' })
  for (const browser of [stranger, bare, forger, swapper]) {
    const shown = await browser.open(page.url)
    expect(pathOf(shown)).toBe('/unknown-session')
    expect(headingOf(shown)).toBeTruthy()
    const posted = await browser.submit(page, typed(ALICE))
    expect(pathOf(posted)).toBe('/unknown-session')
    expect(pathOf(await browser.open(`/consent?interaction=${uid}`))).toBe('/unknown-session')
  }
  expect(server.clouds.inbox.messages()).toHaveLength(0)
  for (const bad of ['', 'x', "'", 'resume', '%00', 'x'.repeat(4_000)])
    expect(pathOf(await visitor.open(`/sign-in?interaction=${bad}`)), bad).toBe('/unknown-session')
  // In its own browser it does, but for no other application.
  expect(pathOf(await visitor.open(page.url))).toBe('/sign-in')
  const other = new URL(page.url)
  other.searchParams.set('app_id', stranger.applicationId)
  expect((await visitor.open(other.href)).status).toBe(400)
})

test('a tab that was left for an hour says so, and does not go on in the one opened since', async () => {
  const server = await ready()
  const visitor = await server.visit()
  const old = await open(visitor, 'tab-one')
  server.wait(61 * MINUTE)
  const later = await open(visitor, 'tab-two')
  expect(pathOf(await visitor.submit(old, typed(ALICE)))).toBe('/unknown-session')
  expect(pathOf(await visitor.open(old.url))).toBe('/unknown-session')
  const code = await visitor.submit(later, typed(ALICE))
  expect(stateOf(await enter(server, visitor, code, ALICE))).toBe('tab-two')
})

test('a browser keeps its ten latest tabs, and the cookies of no more', async () => {
  const server = await ready()
  const visitor = await server.visit()
  const tabs: Seen[] = []
  for (let index = 0; index < 14; index += 1) tabs.push(await open(visitor, `tab-${index}`))
  const sent = [...visitor.cookies.values()].filter(each => each.value !== '' && each.path === '/')
  expect(sent.filter(each => /^_interaction_.{43}$/.test(each.name))).toHaveLength(10)
  expect(sent.map(({ name, value }) => `${name}=${value}`).join('; ').length).toBeLessThan(3_000)
  expect(pathOf(await visitor.open(tabs[3]!.url))).toBe('/unknown-session')
  expect(pathOf(await visitor.open(tabs[4]!.url))).toBe('/sign-in')
  // A sign-in that ends takes its own cookie along and nobody else's.
  const code = await visitor.submit(tabs[9]!, typed(ALICE))
  expect(stateOf(await enter(server, visitor, code, ALICE))).toBe('tab-9')
  expect(pathOf(await visitor.open(tabs[4]!.url))).toBe('/sign-in')
  expect(pathOf(await visitor.open(tabs[9]!.url))).toBe('/unknown-session')
})
