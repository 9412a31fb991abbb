import { describe, expect, test } from 'vitest'
import { callWith, newUser, PASSWORD, ready } from '../account/testing.ts'
import { receiver } from '../hooks/testing.ts'
import { Browser } from '../testing/browser.ts'
import type { Launched } from '../testing/launch.ts'

const VERIFIER = 'verifier-of-test-verifier-of-test-verifier-of-test'
const SCOPE = 'openid profile offline_access urn:logto:scope:sessions'

/** Signs ada in with a client; returns where the browser ended, and the tokens. */
async function signIn(server: Launched, clientId: string, redirectUri: string) {
  const browser = new Browser(server.endpoint)
  await browser.authorize(clientId, redirectUri, { scope: SCOPE })
  await browser.experience('PUT', '', { interactionEvent: 'SignIn' })
  const verified = await browser.experience('POST', '/verification/password', {
    identifier: { type: 'username', value: 'ada' },
    password: PASSWORD,
  })
  await browser.experience('POST', '/identification', { verificationId: verified.json.verificationId })
  const { json } = await browser.experience('POST', '/submit')
  const { url } = await browser.open(json.redirectTo)
  const end = browser.leftTo ?? new URL(url)
  const answer = await fetch(`${server.endpoint}/oidc/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: clientId,
      code: end.searchParams.get('code') ?? '',
      redirect_uri: redirectUri,
      code_verifier: VERIFIER,
    }),
  })
  return { end, tokens: (await answer.json()) as Record<string, string> }
}

describe.each([
  ['demo-app', '/demo-app'],
  ['account-center', '/account'],
])('the built-in client %s', (id, page) => {
  test('signs users in, who come back to its page', async () => {
    const server = await ready()
    await newUser(server)
    const { end, tokens } = await signIn(server, id, server.endpoint + page)
    expect(end.origin + end.pathname).toBe(server.endpoint + page)
    expect(tokens).toMatchObject({ id_token: expect.any(String), refresh_token: expect.any(String) })
  })

  test('comes back nowhere else, and needs a proof key', async () => {
    const { endpoint } = await ready()
    const ask = async (change: Record<string, string>) => {
      const query = new URLSearchParams({
        client_id: id,
        redirect_uri: endpoint + page,
        response_type: 'code',
        scope: 'openid',
        ...change,
      })
      return fetch(`${endpoint}/oidc/auth?${query}`, { redirect: 'manual' })
    }
    const elsewhere = await ask({ redirect_uri: `${endpoint}/sign-in`, code_challenge: 'x'.repeat(43) })
    expect(elsewhere.status).toBe(400)
    expect(await elsewhere.json()).toMatchObject({ code: 'oidc.invalid_redirect_uri' })
    const bare = new URL((await ask({})).headers.get('location')!)
    expect(bare.searchParams.get('error')).toBe('invalid_request')
  })

  test('is of the house for the account, and its grants are not listed', async () => {
    const server = await ready()
    const userId = await newUser(server)
    const { tokens } = await signIn(server, id, server.endpoint + page)
    const call = (method: string, path: string, body?: unknown, headers = {}) =>
      callWith(server, `Bearer ${tokens.access_token}`, method, path, body, headers)
    expect((await call('PATCH', '/api/my-account', { name: 'Ada' })).status).toBe(200)
    const { body } = await call('POST', '/api/verifications/password', { password: PASSWORD })
    const proof = { 'logto-verification-id': body.verificationRecordId }
    expect((await call('GET', '/api/my-account/grants', undefined, proof)).body).toEqual({ grants: [] })
    const managed = await server.manage('GET', `/api/users/${userId}/grants`)
    expect(await managed.json()).toEqual({ grants: [] })
  })

  test('is found by its id, listed nowhere and changed by nobody', async () => {
    const server = await ready()
    const path = `/api/applications/${id}`
    const found = await (await server.manage('GET', path)).json()
    expect(found).toMatchObject({ id, type: 'SPA', secret: 'N/A', createdAt: 0, isThirdParty: false })
    const list = (await (await server.manage('GET', '/api/applications')).json()) as { id: string }[]
    expect(list.map(each => each.id)).not.toContain(id)
    for (const [method, body] of [['PATCH', { name: 'Mine' }], ['DELETE']] as const)
      expect((await server.manage(method, path, body)).status).toBe(404)
  })
})

test('webhooks hear of an application that had more grants of a user than it may', async () => {
  const server = await ready()
  const userId = await newUser(server)
  const listener = await receiver()
  await server.manage('POST', '/api/hooks', {
    events: ['Grant.LimitExceeded'],
    config: { url: listener.url },
  })
  const callback = 'https://app.example.com/callback'
  const made = await server.manage('POST', '/api/applications', {
    name: 'Shop',
    type: 'SPA',
    oidcClientMetadata: { redirectUris: [callback], postLogoutRedirectUris: [] },
    customClientMetadata: { maxAllowedGrants: 1 },
  })
  const { id } = (await made.json()) as { id: string }
  await signIn(server, id, callback)
  await server.app.hooks.deliverDue()
  expect(listener.arrived).toEqual([])
  server.wait(1000)
  await signIn(server, id, callback)
  await server.app.hooks.deliverDue()
  expect(listener.arrived.map(({ body }) => body)).toEqual([
    {
      hookId: expect.any(String),
      event: 'Grant.LimitExceeded',
      createdAt: expect.any(String),
      ip: expect.any(String),
      userAgent: expect.any(String),
      application: { id, type: 'SPA', name: 'Shop', description: null },
      userId,
      applicationId: id,
      revokedGrantIds: [expect.any(String)],
      maxAllowedGrants: 1,
      preRevocationActiveGrantCount: 2,
    },
  ])
  const logs = await server.manage('GET', '/api/logs?logKey=RevokeGrants')
  expect(await logs.json()).toMatchObject([{ payload: { key: 'RevokeGrants', userId, applicationId: id } }])
})

test('suspension ends sessions and tokens, and leaves grants', async () => {
  const server = await ready()
  const userId = await newUser(server)
  const browser = await server.visit({ scope: SCOPE })
  const { tokens } = await signIn(server, browser.applicationId, 'https://app.example.com/callback')
  const grants = async () =>
    ((await (await server.manage('GET', `/api/users/${userId}/grants`)).json()) as { grants: object[] })
      .grants
  const before = await grants()
  expect(before).toHaveLength(1)
  for (const isSuspended of [true, false])
    await server.manage('PATCH', `/api/users/${userId}/is-suspended`, { isSuspended })
  expect(await grants()).toEqual(before)
  const sessions = await server.manage('GET', `/api/users/${userId}/sessions`)
  expect(await sessions.json()).toEqual({ sessions: [] })
  const me = await fetch(`${server.endpoint}/oidc/me`, {
    headers: { authorization: `Bearer ${tokens.access_token}` },
  })
  expect(me.status).toBe(401)
})
