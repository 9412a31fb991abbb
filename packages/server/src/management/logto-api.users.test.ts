import { expect, test } from 'vitest'
import { type Launched, launch } from '../testing/launch.ts'
import { dataOf, first, logtoClient, neverDone } from '../testing/logto.ts'
import { go, INBOX, PHONE, ready, TYPED } from '../testing/visitor.ts'

// Logto's own client drives the routes about users: what it is given and what it reads is typed by Logto.

const done = new Set<string>()
const client = (server: Launched) => logtoClient(server, done)

test('users are created, listed, read, changed and deleted', async () => {
  const logto = client(await launch())
  const profile = { givenName: 'Ada', address: { country: 'GB' } }
  const created = dataOf(
    await logto.POST('/api/users', {
      body: {
        username: 'ada',
        primaryEmail: 'ada@example.com',
        primaryPhone: PHONE,
        password: 'analytical',
        name: 'Ada',
        avatar: 'https://example.com/ada.png',
        customData: { plan: 'gold' },
        profile,
      },
    }),
  )
  const { id: userId } = created
  expect(created).toMatchObject({ username: 'ada', primaryPhone: PHONE, profile, isSuspended: false })
  expect(created.hasPassword).toBe(true)

  // The types take a search as the member `search_params`, which their own client writes in a way that Logto's
  // server does not read; so a list is asked for in pages alone here.
  const listed = await logto.GET('/api/users', { params: { query: { page: 1, page_size: 10 } } })
  expect(dataOf(listed).map(({ id }) => id)).toEqual([userId])
  expect(listed.response.headers.get('total-number')).toBe('1')

  const params = { path: { userId } }
  const read = dataOf(await logto.GET('/api/users/{userId}', { params }))
  expect(read).toMatchObject({ id: userId, name: 'Ada', primaryEmail: 'ada@example.com' })
  const changed = dataOf(
    await logto.PATCH('/api/users/{userId}', {
      params,
      body: {
        name: null,
        username: 'lovelace',
        primaryEmail: null,
        customData: {},
        profile: { gender: 'f' },
      },
    }),
  )
  expect(changed).toMatchObject({ name: null, username: 'lovelace', primaryEmail: null, customData: {} })

  expect((await logto.DELETE('/api/users/{userId}', { params })).response.status).toBe(204)
  const gone = await logto.GET('/api/users/{userId}', { params })
  expect(gone.response.status).toBe(404)
  expect(gone.error).toMatchObject({ code: 'entity.not_found', message: expect.any(String) })
})

test('custom data and profile are merged', async () => {
  const logto = client(await launch())
  const { id: userId } = dataOf(await logto.POST('/api/users', { body: { customData: { a: 1 } } }))
  const params = { path: { userId } }
  const merged = await logto.PATCH('/api/users/{userId}/custom-data', {
    params,
    body: { customData: { b: 2 } },
  })
  expect(dataOf(merged)).toEqual({ a: 1, b: 2 })
  expect(dataOf(await logto.GET('/api/users/{userId}/custom-data', { params }))).toEqual({ a: 1, b: 2 })
  const profile = await logto.PATCH('/api/users/{userId}/profile', {
    params,
    body: { profile: { nickname: 'Ada', address: { locality: 'London' } } },
  })
  expect(dataOf(profile)).toEqual({ nickname: 'Ada', address: { locality: 'London' } })
  expect(dataOf(profile).nickname).toBe('Ada')
})

test('passwords are set, checked, made to expire, and users suspended', async () => {
  const logto = client(await launch())
  const { id: userId } = dataOf(await logto.POST('/api/users', { body: { username: 'ada' } }))
  const params = { path: { userId } }
  const has = async () => dataOf(await logto.GET('/api/users/{userId}/has-password', { params })).hasPassword
  expect(await has()).toBe(false)
  const set = await logto.PATCH('/api/users/{userId}/password', { params, body: { password: 'analytical' } })
  expect(dataOf(set).username).toBe('ada')
  expect(await has()).toBe(true)
  const verify = async (password: string) =>
    (await logto.POST('/api/users/{userId}/password/verify', { params, body: { password } })).response.status
  expect([await verify('analytical'), await verify('difference')]).toEqual([204, 422])

  // Passwords expire only where there is a way to a new one.
  dataOf(await logto.POST('/api/connectors', { body: { connectorId: 'aliyun-direct-mail' } }))
  const changed = await logto.PATCH('/api/sign-in-exp', {
    body: {
      passwordExpiration: { enabled: true, validPeriodDays: 30 },
      forgotPasswordMethods: ['EmailVerificationCode'],
    },
  })
  expect(dataOf(changed).passwordExpiration.enabled).toBe(true)
  const expired = await logto.PATCH('/api/users/{userId}/password/expiration', {
    params,
    body: { isExpired: true },
  })
  expect(dataOf(expired).id).toBe(userId)
  const suspended = await logto.PATCH('/api/users/{userId}/is-suspended', {
    params,
    body: { isSuspended: true },
  })
  expect(dataOf(suspended).isSuspended).toBe(true)
})

test('sessions and grants are listed, read and ended', async () => {
  const launched = await ready()
  const logto = client(launched)
  const visitor = await launched.visit({ scope: 'openid profile offline_access' })
  const form = await visitor.submit(await go(visitor, '/register'), TYPED)
  await visitor.submit(form, { code: launched.codeFor(INBOX) })
  expect(visitor.leftTo?.searchParams.get('code')).toEqual(expect.any(String))

  const { id: userId } = first(dataOf(await logto.GET('/api/users')))
  const path = { userId }
  const { sessions } = dataOf(await logto.GET('/api/users/{userId}/sessions', { params: { path } }))
  const { payload, expiresAt, clientId, lastSubmission } = first(sessions)
  expect([payload.accountId, clientId]).toEqual([userId, visitor.applicationId])
  expect(expiresAt).toBeGreaterThan(Date.now())
  expect(lastSubmission).toMatchObject({ interactionEvent: 'Register', userId })

  const params = { path: { userId, sessionId: payload.uid } }
  const session = dataOf(await logto.GET('/api/users/{userId}/sessions/{sessionId}', { params }))
  expect(session.payload.uid).toBe(payload.uid)

  const listed = await logto.GET('/api/users/{userId}/grants', {
    params: { path, query: { appType: 'firstParty' } },
  })
  const grant = first(dataOf(listed).grants)
  expect(grant.payload.clientId).toBe(visitor.applicationId)
  const revoked = await logto.DELETE('/api/users/{userId}/grants/{grantId}', {
    params: { path: { userId, grantId: grant.id } },
  })
  expect(revoked.response.status).toBe(204)
  const ended = await logto.DELETE('/api/users/{userId}/sessions/{sessionId}', {
    params: { ...params, query: { revokeGrantsTarget: 'all' } },
  })
  expect(ended.response.status).toBe(204)
  expect(dataOf(await logto.GET('/api/users/{userId}/sessions', { params: { path } })).sessions).toEqual([])
})

test('no route about users was left out', () => {
  expect(neverDone('users', done)).toEqual([])
})
