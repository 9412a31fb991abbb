import { expect, test } from 'vitest'
import { testKeys, testWorld } from '../testing/world.ts'
import { BROWSER_COOKIE, createBrowsers } from './browsers.ts'

const USER = 'userid012345'
const DAY = 24 * 60 * 60_000

function setUp(secure = true) {
  const world = testWorld()
  const browsers = createBrowsers(testKeys, world, { secure })
  /** The cookies of a browser in which these signed in, one after the other. */
  const cookiesOf = (...users: string[]) =>
    users.reduce((cookies, user) => {
      const browser = browsers.of(cookies)
      browser.remember(user)
      return browser.setCookie!.split(';')[0]!
    }, '_session=1; a')
  return { world, browsers, cookiesOf }
}

test('a browser is known with the accounts that signed in there, and with no other', () => {
  const { browsers, cookiesOf } = setUp()
  const browser = browsers.of(`_logto=x; ${cookiesOf(USER, 'another')}; more=1`)
  expect(browser.isKnown).toBe(true)
  expect(browser.deviceOf(USER)).toMatch(/^[0-9a-z]{21}$/)
  expect(browser.deviceOf('another')).not.toBe(browser.deviceOf(USER))
  expect(browser.deviceOf('somebody')).toBeUndefined()
})

test('its cookie is out of the reach of scripts and other sites, and names nobody', () => {
  const { browsers } = setUp()
  const browser = browsers.of(undefined)
  browser.remember(USER)
  expect(browser.setCookie).toMatch(
    /^_known_browser=[\w.~-]+; Path=\/; Max-Age=15552000; HttpOnly; SameSite=Lax; Secure$/,
  )
  expect(browser.setCookie).not.toContain(USER)
  const plain = setUp(false).browsers.of(undefined)
  plain.remember(USER)
  expect(plain.setCookie).not.toContain('Secure')
})

test('signing in again makes no other browser of it, but it is known for longer', () => {
  const { world, browsers, cookiesOf } = setUp()
  const cookies = cookiesOf(USER)
  const first = browsers.of(cookies).deviceOf(USER)
  world.wait(100 * DAY)
  const browser = browsers.of(cookies)
  browser.remember(USER)
  world.wait(100 * DAY)
  expect(browsers.of(cookies).isKnown).toBe(false)
  expect(browsers.of(browser.setCookie!.split(';')[0]).deviceOf(USER)).toBe(first)
})

test('it is known with the last five accounts', () => {
  const { browsers, cookiesOf } = setUp()
  const users = ['one', 'two', 'three', 'four', 'five', 'six']
  const browser = browsers.of(cookiesOf(...users))
  expect(users.filter(user => browser.deviceOf(user) !== undefined)).toEqual(users.slice(1))
})

test.each([
  ['another id', (value: string) => `${value[0] === 'x' ? 'y' : 'x'}${value.slice(1)}`],
  ['a later moment', (value: string) => value.replace(/\.\w+\./, '.zzzzzzzz.')],
  ['another signature', (value: string) => `${value.slice(0, -4)}AAAA`],
  ['nothing at all', () => ''],
  ['something long', (value: string) => `${'~'.repeat(10_000)}${value}`],
])('a cookie with %s is none', (_, change) => {
  const { browsers, cookiesOf } = setUp()
  const [value = ''] = cookiesOf(USER)
    .slice(BROWSER_COOKIE.length + 1)
    .split('~')
  expect(browsers.of(`${BROWSER_COOKIE}=${change(value)}`).deviceOf(USER)).toBeUndefined()
})

test('a browser in which somebody signed in has a pass, one for all browsers of an account', () => {
  const { world, browsers, cookiesOf } = setUp()
  const pass = browsers.of(cookiesOf(USER)).pass
  expect(pass).toMatch(/^[0-9a-z]{21}$/)
  expect(browsers.of(cookiesOf(USER)).pass).toBe(pass)
  expect(browsers.of(cookiesOf('another')).pass).not.toBe(pass)
  expect(browsers.of(cookiesOf('another', USER)).pass).toBe(pass)
  expect(browsers.of(undefined).pass).toBeUndefined()
  // Entries of accounts are none, and neither is one that was changed or made elsewhere.
  const cookies = cookiesOf(USER)
  expect(browsers.of(cookies.replace(/~[^~]*$/, '')).pass).toBeUndefined()
  expect(browsers.of(cookies.replace(pass!, `0${pass!.slice(1)}`)).pass).toBe(
    pass!.startsWith('0') ? pass : undefined,
  )
  world.wait(181 * DAY)
  expect(browsers.of(cookies).pass).toBeUndefined()
})
