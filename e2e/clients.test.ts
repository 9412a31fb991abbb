import { sampleSettings } from '@countersign/simulators'
import { createManagementApi } from '@logto/api/management'
import LogtoClient, { Prompt, UserScope } from '@logto/node'
import * as oidc from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createBrowser } from '../packages/cli/src/browser.ts'
import { enterOverExperience, registerOverPages } from './end-user.ts'
import { discard, type Ready, startReady } from './ready.ts'

let ready: Ready

beforeAll(async () => {
  ready = await startReady()
})

afterAll(() => discard(ready?.product))

describe('openid-client', () => {
  it('signs in, reads the claims, refreshes and signs out', async () => {
    const { product, application, inbox } = ready
    const { redirectUri } = application
    const issuer = new URL(`${product.endpoint}/oidc`)
    const config = await oidc.discovery(
      issuer,
      application.id,
      undefined,
      oidc.ClientSecretBasic(application.secret),
      { execute: [oidc.allowInsecureRequests] },
    )
    const expectedState = oidc.randomState()
    const expectedNonce = oidc.randomNonce()
    const pkceCodeVerifier = oidc.randomPKCECodeVerifier()
    const start = oidc.buildAuthorizationUrl(config, {
      redirect_uri: redirectUri,
      scope: 'openid profile phone offline_access',
      prompt: 'consent',
      state: expectedState,
      nonce: expectedNonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
    })
    const browser = createBrowser()
    const phone = { type: 'phone', value: '8613800138210' } as const
    const back = await registerOverPages(browser, start.href, redirectUri, phone, inbox)
    const tokens = await oidc.authorizationCodeGrant(config, new URL(back), {
      pkceCodeVerifier,
      expectedState,
      expectedNonce,
      idTokenExpected: true,
    })
    const claims = tokens.claims()!
    expect(claims).toMatchObject({
      iss: issuer.href,
      aud: application.id,
      phone_number: phone.value,
      phone_number_verified: true,
    })

    const refreshed = await oidc.refreshTokenGrant(config, tokens.refresh_token!)
    const userinfo = await oidc.fetchUserInfo(config, refreshed.access_token, claims.sub)
    expect(userinfo).toMatchObject({ sub: claims.sub, phone_number: phone.value })
    expect(userinfo).not.toHaveProperty('email')

    await oidc.tokenRevocation(config, refreshed.access_token)
    await expect(oidc.fetchUserInfo(config, refreshed.access_token, claims.sub)).rejects.toThrow()
    const end = oidc.buildEndSessionUrl(config, {
      id_token_hint: tokens.id_token!,
      post_logout_redirect_uri: application.postSignOutUri,
    })
    const { page } = await browser.follow(end.href)
    expect(page?.status).toBe(200)
  })
})

describe('@logto/node', () => {
  it('signs in, gets claims and tokens, and signs out', async () => {
    const { product, application, inbox } = ready
    const stored = new Map<string, string>()
    const places: string[] = []
    const client = new LogtoClient(
      {
        endpoint: product.endpoint,
        appId: application.id,
        appSecret: application.secret,
        scopes: [UserScope.Email, UserScope.Phone],
        prompt: Prompt.Consent,
      },
      {
        navigate: address => {
          places.push(address)
        },
        storage: {
          getItem: async key => stored.get(key) ?? null,
          setItem: async (key, value) => {
            stored.set(key, value)
          },
          removeItem: async key => {
            stored.delete(key)
          },
        },
      },
    )
    const { redirectUri } = application
    const email = { type: 'email', value: 'jun@example.com' } as const
    await client.signIn(redirectUri)
    const back = await enterOverExperience(createBrowser(), places[0]!, redirectUri, email, inbox, 'Register')
    await client.handleSignInCallback(back)
    expect(await client.isAuthenticated()).toBe(true)
    const claims = await client.getIdTokenClaims()
    expect(claims).toMatchObject({ email: email.value, email_verified: true })
    expect(claims).not.toHaveProperty('phone_number')
    expect(await client.getAccessToken()).toMatch(/^[\w-]{40,}$/)
    expect(await client.fetchUserInfo()).toMatchObject({ sub: claims.sub, email: email.value })

    await client.signOut(application.postSignOutUri)
    expect(new URL(places[1]!).pathname).toBe('/oidc/session/end')
    expect(await client.isAuthenticated()).toBe(false)
  })
})

describe('@logto/api', () => {
  it('tests, makes, lists and changes connectors with a token of its own', async () => {
    const { endpoint, installation } = ready.product
    const { apiClient } = createManagementApi('default', {
      clientId: installation.client.id,
      clientSecret: installation.client.secret,
      baseUrl: endpoint,
    })
    const factories = await apiClient.GET('/api/connector-factories')
    expect(factories.data?.map(({ id }) => id).toSorted()).toEqual([
      'aliyun-direct-mail',
      'aliyun-short-message-auth-service',
      'aliyun-short-message-service',
      'tencent-short-message-service',
    ])

    const connectorId = 'tencent-short-message-service'
    const config = sampleSettings['tencent-sms']
    const tested = await apiClient.POST('/api/connectors/{factoryId}/test', {
      params: { path: { factoryId: connectorId } },
      body: { phone: '8613800138211', config },
    })
    expect(tested.response.status).toBe(204)
    expect((await ready.inbox.next('8613800138211')).cloud).toBe('tencent-sms')

    const refused = await apiClient.POST('/api/connectors/{factoryId}/test', {
      params: { path: { factoryId: connectorId } },
      body: { phone: '8613800138211', config: { ...config, sdkAppId: '1' } },
    })
    expect(refused.response.status).toBe(400)
    expect(refused.error).toMatchObject({ code: expect.stringMatching(/^connector\./) })

    const made = await apiClient.POST('/api/connectors', { body: { connectorId, config } })
    const id = made.data!.id
    const listed = await apiClient.GET('/api/connectors')
    expect(listed.data?.map(connector => connector.connectorId).toSorted()).toEqual([
      'aliyun-direct-mail',
      connectorId,
    ])
    const changed = await apiClient.PATCH('/api/connectors/{id}', {
      params: { path: { id } },
      body: { config: { ...config, region: 'ap-nanjing' } },
    })
    expect(changed.data?.config).toMatchObject({ region: 'ap-nanjing' })

    const users = await apiClient.GET('/api/users', { params: { query: { page: 1, page_size: 1 } } })
    expect(users.data).toHaveLength(1)
    expect(users.response.headers.get('total-number')).toMatch(/^\d+$/)
  })
})
