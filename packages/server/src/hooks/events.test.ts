import { createHmac } from 'node:crypto'
import { HOOK_EVENTS } from '@countersign/api'
import { describe, expect, test } from 'vitest'
import type { Browser } from '../testing/browser.ts'
import type { Launched } from '../testing/launch.ts'
import { askForCode, byPhone, INBOX, PASSWORD, PHONE, ready, wrongFor } from '../testing/visitor.ts'
import { type Arrived, receiver } from './testing.ts'

const phone = { type: 'phone', value: PHONE }

async function listening(settings: object = {}) {
  const server = await ready(settings)
  const listener = await receiver()
  const answer = await server.manage('POST', '/api/hooks', {
    events: HOOK_EVENTS,
    config: { url: listener.url },
  })
  const hook = (await answer.json()) as { id: string; signingKey: string }
  /** Delivers what is due and gives what arrived since the last time. */
  const told = async (): Promise<Arrived[]> => {
    await server.app.hooks.deliverDue()
    return listener.arrived.splice(0)
  }
  return { server, listener, hook, told }
}

/** Bodies by event; an event that came twice would show as missing. */
const byEvent = (arrived: Arrived[]) =>
  Object.fromEntries(arrived.map(({ body }) => [body.event as string, body]))

/** Proves the phone with a code and says whose it is. */
async function identify(server: Launched, browser: Browser, event: string) {
  const before = server.clouds.inbox.messages().length
  await browser.experience('PUT', '', { interactionEvent: event })
  const sent = await browser.experience('POST', '/verification/verification-code', {
    identifier: phone,
    interactionEvent: event,
  })
  const { verificationId } = sent.json
  // Where an answer must not tell of accounts, it does not wait for the message.
  await expect.poll(() => server.clouds.inbox.messages().length).toBe(before + 1)
  const code = server.codeFor(INBOX)
  await browser.experience('POST', '/verification/verification-code/verify', {
    identifier: phone,
    verificationId,
    code,
  })
  return browser.experience('POST', '/identification', { verificationId })
}

const inside = (browser: Browser, event: string) => ({
  interactionEvent: event,
  sessionId: expect.any(String),
  userAgent: expect.any(String),
  createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  hookId: expect.any(String),
  application: { id: browser.applicationId, type: 'SPA', name: 'Test application', description: null },
})

/** Exactly the members of a user, none of them about the password. */
const USER = [
  'id',
  'username',
  'primaryEmail',
  'primaryPhone',
  'name',
  'avatar',
  'customData',
  'identities',
  'lastSignInAt',
  'createdAt',
  'updatedAt',
  'profile',
  'applicationId',
  'cimdClientId',
  'isSuspended',
].sort()

describe('events of interactions', () => {
  test('a registration tells of the new user, and that it was finished', async () => {
    const { server, told } = await listening()
    const browser = await server.visit()
    expect((await identify(server, browser, 'Register')).status).toBe(201)
    // Also when nobody ever submits.
    const created = byEvent(await told())
    expect(Object.keys(created)).toEqual(['User.Created'])
    expect(created['User.Created']).toEqual({
      event: 'User.Created',
      ...inside(browser, 'Register'),
      ip: expect.stringContaining('127.0.0.1'),
      applicationId: browser.applicationId,
      data: expect.objectContaining({ primaryPhone: PHONE }),
    })
    expect(Object.keys(created['User.Created']!.data as object).sort()).toEqual(USER)
    const { json } = await browser.experience('POST', '/submit')
    const { PostRegister: finished, ...others } = byEvent(await told())
    expect(others).toEqual({})
    expect(finished).toEqual({
      event: 'PostRegister',
      ...inside(browser, 'Register'),
      userIp: expect.stringContaining('127.0.0.1'),
      userId: (finished!.user as { id: string }).id,
      user: expect.objectContaining({ primaryPhone: PHONE, lastSignInAt: expect.any(Number) }),
    })
    expect(Object.keys(finished!.user as object).sort()).toEqual(USER)
    expect(json.redirectTo).toContain(finished!.sessionId)
  })

  test('a sign-in alone changes no data; with a new password it does', async () => {
    const { server, told } = await listening()
    await server.manage('POST', '/api/users', { primaryPhone: PHONE })
    await told()
    const plain = await server.visit()
    await identify(server, plain, 'SignIn')
    await plain.experience('POST', '/submit')
    expect(Object.keys(byEvent(await told()))).toEqual(['PostSignIn'])
    const adding = await server.visit()
    await identify(server, adding, 'SignIn')
    const added = await adding.experience('POST', '/profile', { type: 'password', value: PASSWORD })
    expect(added.status).toBe(204)
    await adding.experience('POST', '/submit')
    const events = byEvent(await told())
    expect(Object.keys(events).sort()).toEqual(['PostSignIn', 'User.Data.Updated'])
    expect(events['User.Data.Updated']).toMatchObject({
      ...inside(adding, 'SignIn'),
      data: { primaryPhone: PHONE },
    })
    expect(JSON.stringify(events)).not.toMatch(/argon2|hasPassword/)
  })

  test('a reset password is told', async () => {
    const { server, told } = await listening()
    await server.manage('POST', '/api/users', { primaryPhone: PHONE, password: 'an old passphrase' })
    await told()
    const browser = await server.visit()
    await identify(server, browser, 'ForgotPassword')
    await browser.experience('PUT', '/profile/password', { password: PASSWORD })
    expect((await browser.experience('POST', '/submit')).status).toBe(204)
    const events = byEvent(await told())
    expect(Object.keys(events).sort()).toEqual(['PostResetPassword', 'User.Data.Updated'])
    expect(events.PostResetPassword).toMatchObject({ interactionEvent: 'ForgotPassword' })
  })

  test('the hosted pages tell the same', async () => {
    const { server, told } = await listening()
    const visitor = await server.visit()
    const page = await askForCode(visitor, '/register')
    await visitor.submit(page, { code: server.codeFor(INBOX) })
    const events = byEvent(await told())
    expect(Object.keys(events).sort()).toEqual(['PostRegister', 'User.Created'])
    expect(events.PostRegister).toMatchObject({
      ...inside(visitor, 'Register'),
      userIp: expect.stringContaining('127.0.0.1'),
    })
  })

  test('a blocked identifier is told with every refused attempt', async () => {
    const { server, told } = await listening({ sentinelPolicy: { maxAttempts: 1 } })
    const browser = await server.visit()
    await browser.experience('PUT', '', { interactionEvent: 'SignIn' })
    const sent = await browser.experience('POST', '/verification/verification-code', {
      identifier: phone,
      interactionEvent: 'SignIn',
    })
    const { verificationId } = sent.json
    const code = wrongFor(server.codeFor(INBOX))
    for (let nth = 0; nth < 2; nth += 1)
      await browser.experience('POST', '/verification/verification-code/verify', {
        identifier: phone,
        verificationId,
        code,
      })
    await browser.experience('POST', '/verification/password', {
      identifier: { type: 'username', value: 'somebody' },
      password: 'wrong',
    })
    const arrived = await told()
    const lockout = (type: string, value: string) => ({
      event: 'Identifier.Lockout',
      ...inside(browser, 'SignIn'),
      ip: expect.any(String),
      applicationId: browser.applicationId,
      type,
      value,
    })
    expect(arrived).toHaveLength(3)
    const of = (type: string) => arrived.filter(({ body }) => body.type === type).map(({ body }) => body)
    expect(of('phone')).toEqual([lockout('phone', PHONE), lockout('phone', PHONE)])
    expect(of('username')).toEqual([lockout('username', 'somebody')])
  })

  test('a message that is refused because there were too many is told', async () => {
    const { server, told } = await listening()
    const browser = await server.visit()
    await browser.experience('PUT', '', { interactionEvent: 'SignIn' })
    const send = () =>
      browser.experience('POST', '/verification/verification-code', {
        identifier: phone,
        interactionEvent: 'SignIn',
      })
    for (let nth = 0; nth < 10; nth += 1) await send()
    expect(await told()).toEqual([])
    expect((await send()).status).toBe(429)
    expect((await told()).map(({ body }) => body)).toEqual([
      {
        event: 'Message.RateLimited',
        ...inside(browser, 'SignIn'),
        ip: expect.any(String),
        applicationId: browser.applicationId,
        action: 'VerificationCodeSend',
        recipient: PHONE,
      },
    ])
  })
})

describe('events of the Management API', () => {
  test('tell what was called and what it answered', async () => {
    const { server, told } = await listening()
    /** Calls, and gives the one event that came of it beside the answer. */
    async function telling(method: string, path: string, body?: unknown) {
      const answer = await server.manage(method, `/api${path}`, body)
      const text = await answer.text()
      const arrived = await told()
      expect(arrived, `${method} ${path}`).toHaveLength(1)
      return { event: arrived[0]!.body, answer: text && JSON.parse(text), status: answer.status }
    }
    const made = await telling('POST', '/users', { username: 'alice', primaryPhone: PHONE })
    const shared = {
      createdAt: expect.any(String),
      hookId: expect.any(String),
      userAgent: expect.any(String),
      ip: expect.stringContaining('127.0.0.1'),
      status: 200,
    }
    expect(made.event).toEqual({
      event: 'User.Created',
      ...shared,
      path: '/users',
      matchedRoute: '/users',
      method: 'POST',
      params: {},
      data: made.answer,
    })
    expect(made.answer.hasPassword).toBe(false)
    const path = `/users/${made.answer.id}`
    for (const [part, body] of [
      ['', { name: 'Alice' }],
      ['/custom-data', { customData: { plan: 'free' } }],
      ['/profile', { profile: { nickname: 'Al' } }],
      ['/password', { password: PASSWORD }],
      ['/is-suspended', { isSuspended: false }],
    ] as const) {
      const { event, answer } = await telling('PATCH', path + part, body)
      expect(event).toEqual({
        event: part === '/is-suspended' ? 'User.SuspensionStatus.Updated' : 'User.Data.Updated',
        ...shared,
        path: path + part,
        matchedRoute: `/users/:userId${part}`,
        method: 'PATCH',
        params: { userId: made.answer.id },
        data: answer,
        // Whoever was signed in with the old password is so no more.
        ...(part === '/password' && { sessionsEnded: true }),
      })
    }
    const gone = await telling('DELETE', path)
    expect(gone.event).toMatchObject({ event: 'User.Deleted', status: 204, data: { username: 'alice' } })
    expect(Object.keys(gone.event.data as object).sort()).toEqual(USER)
  })

  test('say nothing of what failed, and nothing of checks and marks', async () => {
    const { server, told } = await listening({ ...byPhone })
    const made = await server.manage('POST', '/api/users', { username: 'alice', password: PASSWORD })
    const { id } = (await made.json()) as { id: string }
    await told()
    for (const [method, path, body] of [
      ['POST', '/api/users', { username: 'alice' }],
      ['PATCH', '/api/users/none', { name: 'x' }],
      ['DELETE', '/api/users/none'],
      ['POST', `/api/users/${id}/password/verify`, { password: PASSWORD }],
      ['GET', `/api/users/${id}`],
      ['PATCH', `/api/users/${id}/password/expiration`, { isExpired: false }],
    ] as const)
      await server.manage(method, path, body)
    for (let nth = 0; nth < 11; nth += 1)
      await server.manage('POST', '/api/verification-codes', { phone: PHONE })
    expect(await told()).toEqual([])
  })

  test('carry a signature that the published formula makes from the raw body', async () => {
    const { server, told, hook } = await listening()
    await server.manage('POST', '/api/users', { username: 'alice', name: '陈' })
    const [{ text, headers, body }] = (await told()) as [Arrived]
    expect(headers['logto-signature-sha-256']).toBe(
      createHmac('sha256', hook.signingKey).update(text).digest('hex'),
    )
    expect(body.hookId).toBe(hook.id)
    expect(server.log.join('\n')).not.toContain(hook.signingKey)
  })
})

describe('the log of a webhook', () => {
  test('has every outcome once, newest first, without secrets, and redelivers', async () => {
    const { server, hook, listener, told } = await listening()
    await server.manage('POST', '/api/users', { username: 'alice', customData: { apiToken: 'abc' } })
    await told()
    server.wait(1000)
    await server.manage('PATCH', `/api/hooks/${hook.id}`, {
      config: { url: 'http://127.0.0.1:1/', retries: 0 },
    })
    await server.manage('POST', '/api/users', { username: 'bob' })
    await told()
    const read = async (query = '') => {
      const answer = await server.manage('GET', `/api/hooks/${hook.id}/recent-logs${query}`)
      const entries = (await answer.json()) as { id: string; payload: object; createdAt: number }[]
      return { entries, total: answer.headers.get('total-number') }
    }
    const { entries, total } = await read()
    expect(total).toBe('2')
    expect(entries).toMatchObject([
      {
        key: 'TriggerHook.User.Created',
        payload: { result: 'Error', hookId: hook.id, error: expect.stringContaining('ECONNREFUSED') },
      },
      {
        id: expect.stringMatching(/^[0-9a-z]{21}$/),
        payload: {
          result: 'Success',
          hookRequest: { body: { data: { username: 'alice', customData: { apiToken: '******' } } } },
          response: { statusCode: 200, body: '' },
        },
      },
    ])
    expect((await read('?logKey=TriggerHook.PostSignIn')).entries).toEqual([])
    expect((await read('?logKey=TriggerHook.User.Created&page_size=1&enableCap=true')).total).toBe('2')
    const one = await server.manage('GET', `/api/logs/${entries[1]!.id}`)
    expect(await one.json()).toEqual({ tenantId: 'default', ...entries[1] })
    const audited = await (await server.manage('GET', '/api/logs?page_size=100')).text()
    expect(audited).not.toContain('TriggerHook')
    const at = entries[1]!.createdAt
    expect((await read(`?start_time=${at}&end_time=${at}`)).entries).toEqual([entries[1]])
    await server.manage('PATCH', `/api/hooks/${hook.id}`, { config: { url: listener.url } })
    const path = `/api/hooks/${hook.id}/recent-logs/${entries[0]!.id}/redeliver`
    expect((await server.manage('POST', path)).status).toBe(202)
    expect((await told()).map(({ body }) => (body.data as { username: string }).username)).toEqual(['bob'])
    // Of the last day, unless a bound is given.
    server.wait(25 * 60 * 60_000)
    const bounds = { event: undefined, from: undefined, to: undefined, capped: false }
    const page = { page: 1, size: 20, offset: 0 }
    expect((await server.app.hooks.log(hook.id, bounds, page)).total).toBe(0)
    expect((await server.app.hooks.log(hook.id, { ...bounds, from: 0 }, page)).total).toBe(3)
  })
})
