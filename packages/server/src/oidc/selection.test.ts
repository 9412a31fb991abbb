import { expect, test } from 'vitest'
import { newUser, ready } from '../account/testing.ts'
import type { Browser } from '../testing/browser.ts'
import type { Launched } from '../testing/launch.ts'

const cookiesOf = ({ cookies }: Browser) =>
  [...cookies.values()].map(({ name, value }) => `${name}=${value}`).join('; ')

/** Signs in to two applications in one browser, one after the other. */
async function twoApplications(server: Launched) {
  const browser = await server.visit()
  const first = browser.applicationId
  await server.visit().then(async ({ applicationId }) => {
    await browser.authorize(applicationId, 'https://app.example.com/callback', {})
  })
  return { browser, first, second: browser.applicationId }
}

test('a page says by header or address which application it is of; else it is the latest', async () => {
  const server = await ready()
  const { browser, first, second } = await twoApplications(server)
  const begin = async (event: string, query = '', headers = {}) => {
    const answer = await fetch(`${server.endpoint}/api/experience${query}`, {
      method: 'PUT',
      headers: { cookie: cookiesOf(browser), 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ interactionEvent: event }),
    })
    return { status: answer.status, body: answer.status === 204 ? undefined : await answer.json() }
  }
  const eventOf = async (appId: string) => {
    const answer = await fetch(`${server.endpoint}/api/experience/interaction`, {
      headers: { cookie: cookiesOf(browser), 'logto-app-id': appId },
    })
    return ((await answer.json()) as { interactionEvent: string }).interactionEvent
  }
  await begin('SignIn', '', { 'logto-app-id': first })
  await begin('Register')
  expect([await eventOf(first), await eventOf(second)]).toEqual(['SignIn', 'Register'])
  // The header counts before the address.
  await begin('ForgotPassword', `?app_id=${second}`, { 'logto-app-id': first })
  expect([await eventOf(first), await eventOf(second)]).toEqual(['ForgotPassword', 'Register'])
  await begin('SignIn', `?app_id=${second}`)
  expect([await eventOf(first), await eventOf(second)]).toEqual(['ForgotPassword', 'SignIn'])
  expect(await begin('SignIn', '', { 'logto-app-id': 'another' })).toMatchObject({
    status: 400,
    body: {
      code: 'oidc.invalid_request',
      error: 'invalid_request',
      error_description: 'interaction client_id mismatch',
    },
  })
  expect(await begin('SignIn', '', { cookie: '' })).toMatchObject({
    status: 400,
    body: { code: 'session.not_found' },
  })
})

test('consent before the login is refused, and without a visit leads to the page that says so', async () => {
  const server = await ready()
  await newUser(server)
  const browser = await server.visit()
  const consent = (cookie: string) =>
    fetch(`${server.endpoint}/consent?app_id=${browser.applicationId}`, {
      headers: { cookie },
      redirect: 'manual',
    })
  expect((await consent(cookiesOf(browser))).status).toBe(400)
  const stranger = await consent('')
  expect(stranger.status).toBe(302)
  expect(stranger.headers.get('location')).toMatch(/\/unknown-session$/)
})
