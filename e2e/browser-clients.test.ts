import { UserScope } from '@logto/browser'
import type { UserManagerSettings } from 'oidc-client-ts'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type OrdersApi, startOrdersApi } from './apps/orders-api.ts'
import { type Shop, startShop } from './apps/shop.ts'
import { openSite, type Site } from './apps/site.ts'
import { askIssuer } from './issuer.ts'
import {
  discard,
  type Ready,
  registerApplication,
  registerPage,
  registerResource,
  startReady,
} from './ready.ts'
import { enter as enterProduct, redirectChains } from './redirect-chains.ts'
import { openStage, type Stage } from './stage.ts'

const ORDERS = 'https://orders.example.com'

let ready: Ready
let stage: Stage
let issuer: string
let asked: ReturnType<typeof askIssuer>

beforeAll(async () => {
  ready = await startReady()
  issuer = `${ready.product.endpoint}/oidc`
  asked = askIssuer(issuer)
  stage = await openStage()
})

afterAll(async () => {
  await stage?.close()
  await discard(ready?.product)
})

afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await stage.save(`clients ${task.name}`)
})

const enter = (page: Page, number: string, isNew: boolean) => enterProduct(ready, page, number, { isNew })

const refused = { status: 400, body: expect.objectContaining({ error: 'invalid_grant' }) }
const unauthorized = { status: 401, body: expect.objectContaining({ error: 'invalid_token' }) }

describe('@logto/browser on a site of its own', () => {
  const NUMBER = '13800138240'
  let site: Site
  let api: OrdersApi
  let profile: BrowserContext
  let page: Page
  let appId: string
  let redirectUri: string

  beforeAll(async () => {
    site = await openSite('127.0.0.1')
    redirectUri = `${site.origin}/callback`
    appId = await registerPage(ready.management, [redirectUri], `${site.origin}/goodbye`)
    await registerResource(ready.management, ORDERS, ['refund:orders'])
    api = await startOrdersApi(issuer, ORDERS)
    await site.serve('logto-page.ts', {
      endpoint: ready.product.endpoint,
      appId,
      scopes: [UserScope.Phone, 'refund:orders'],
      resources: [ORDERS],
    })
    profile = await stage.profile()
    page = await profile.newPage()
    await page.goto(site.origin)
  })

  afterAll(async () => {
    await profile?.close()
    await api?.close()
    await site?.close()
  })

  async function signIn(): Promise<void> {
    await page.goto(site.origin)
    await page.evaluate(uri => void logto.signIn(uri), redirectUri)
  }

  async function comeBack(): Promise<void> {
    await page.waitForURL(`${redirectUri}?*`)
    await page.evaluate(address => logto.handleSignInCallback(address), page.url())
  }

  it('signs in by phone on the hosted pages, and knows who it is', async () => {
    expect(await page.evaluate(() => logto.isAuthenticated())).toBe(false)
    await signIn()
    await enter(page, NUMBER, true)
    await comeBack()
    expect(await page.evaluate(() => logto.isAuthenticated())).toBe(true)
    const claims = await page.evaluate(() => logto.getIdTokenClaims())
    expect(claims).toMatchObject({
      iss: issuer,
      aud: appId,
      phone_number: `86${NUMBER}`,
      phone_number_verified: true,
    })
    expect(await page.evaluate(() => logto.fetchUserInfo())).toMatchObject({
      sub: claims.sub,
      phone_number: `86${NUMBER}`,
    })
  })

  it('refreshes its tokens, each time with the refresh token that it got the last time', async () => {
    const first = await page.evaluate(() => logto.getRefreshToken())
    const renew = () =>
      page.evaluate(async () => {
        const before = await logto.getAccessToken()
        await logto.clearAccessToken()
        return { before, after: await logto.getAccessToken() }
      })
    const sent = await asked.tokenRequests(page, async () => {
      const { before, after } = await renew()
      expect(after).not.toBe(before)
      expect(await asked.userinfo(after)).toMatchObject({ status: 200 })
    })
    const second = await page.evaluate(() => logto.getRefreshToken())
    expect(second).not.toBe(first)
    sent.push(...(await asked.tokenRequests(page, renew)))
    expect(sent.map(form => form.get('refresh_token'))).toEqual([first, second])
  })

  it('calls an API on a third origin with a token for it, which opens what the user may do and no more', async () => {
    const call = (address: string, resource?: string) =>
      page.evaluate(
        async ([url, indicator]) => {
          const token = await logto.getAccessToken(indicator)
          const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
          return { status: answer.status, body: await answer.json() }
        },
        [address, resource] as const,
      )
    const { sub } = await page.evaluate(() => logto.getIdTokenClaims())
    expect(await call(`${api.endpoint}/orders`, ORDERS)).toEqual({
      status: 200,
      body: expect.objectContaining({
        alg: 'ES384',
        aud: ORDERS,
        iss: issuer,
        sub,
        client_id: appId,
        scope: '',
      }),
    })
    // Scopes come with roles, and users have none.
    expect(await call(`${api.endpoint}/refunds`, ORDERS)).toMatchObject({ status: 403 })
    // The token for userinfo is none for the API.
    expect(await call(`${api.endpoint}/orders`)).toMatchObject({ status: 401 })
  })

  it('is not asked again while the session lasts', async () => {
    await signIn()
    await comeBack()
    expect(await page.evaluate(() => logto.isAuthenticated())).toBe(true)
  })

  it('is not to be imitated by pages of other origins', async () => {
    const stranger = await profile.newPage()
    await stranger.goto(`${api.endpoint}/orders`)
    const ask = (from: Page) =>
      from.evaluate(
        async ([address, client_id]) => {
          const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'any', client_id })
          const answer = await fetch(address, { method: 'POST', body }).catch(String)
          return typeof answer === 'string' ? answer : answer.text()
        },
        [`${issuer}/token`, appId] as const,
      )
    expect(await ask(page)).toContain('invalid_grant')
    expect(await ask(stranger)).toContain('TypeError')
    await stranger.close()
  })

  it('signs out for good, and comes back to the address that was asked for', async () => {
    const accessToken = await page.evaluate(() => logto.getAccessToken())
    const refreshToken = await page.evaluate(() => logto.getRefreshToken())
    expect(await asked.userinfo(accessToken)).toMatchObject({ status: 200 })
    await page.evaluate(uri => void logto.signOut(uri), `${site.origin}/goodbye`)
    await page.waitForURL(`${site.origin}/goodbye`)
    expect(await page.evaluate(() => logto.isAuthenticated())).toBe(false)
    expect(await asked.userinfo(accessToken)).toEqual(unauthorized)
    expect(await asked.refresh(appId, refreshToken!)).toEqual(refused)
  })

  it('is asked again the next time', async () => {
    await signIn()
    await enter(page, NUMBER, false)
    await comeBack()
    expect(await page.evaluate(() => logto.isAuthenticated())).toBe(true)
  })
})

describe('oidc-client-ts', () => {
  const NUMBER = '13800138241'
  let site: Site
  let foreign: Site
  let profile: BrowserContext
  let page: Page
  let stranger: Page
  let clientId: string
  let foreignId: string

  /** Registers the application of a site and puts it there. */
  async function deploy({ origin, serve }: Site, settings: Partial<UserManagerSettings>): Promise<string> {
    const addresses = {
      redirect_uri: `${origin}/callback`,
      silent_redirect_uri: `${origin}/silent`,
      popup_redirect_uri: `${origin}/popup`,
    }
    const goodbye = `${origin}/goodbye`
    const id = await registerPage(ready.management, Object.values(addresses), goodbye)
    await serve('user-manager-page.ts', {
      authority: issuer,
      client_id: id,
      ...addresses,
      post_logout_redirect_uri: goodbye,
      loadUserInfo: true,
      ...settings,
    })
    return id
  }

  beforeAll(async () => {
    site = await openSite('localhost')
    foreign = await openSite('127.0.0.1')
    clientId = await deploy(site, { scope: 'openid profile phone' })
    foreignId = await deploy(foreign, { scope: 'openid profile phone offline_access', prompt: 'consent' })
    profile = await stage.profile()
    page = await profile.newPage()
    stranger = await profile.newPage()
    await page.goto(site.origin)
    await stranger.goto(foreign.origin)
  })

  afterAll(async () => {
    await profile?.close()
    await site?.close()
    await foreign?.close()
  })

  async function comeBack(to: Page, { origin }: Site) {
    await to.waitForURL(`${origin}/callback?*`)
    return to.evaluate(async () => {
      const { profile, refresh_token } = (await users.signinCallback())!
      return { profile, refresh_token }
    })
  }

  const tokens = (of = page) =>
    of.evaluate(async () => {
      const { access_token, refresh_token } = (await users.getUser())!
      return { access_token, refresh_token }
    })

  const renew = (of: Page) => of.evaluate(() => users.signinSilent().then(() => {}))

  it('signs in by phone on the hosted pages, and reads the claims', async () => {
    await page.evaluate(() => void users.signinRedirect())
    await enter(page, NUMBER, true)
    const user = await comeBack(page, site)
    expect(user.profile).toMatchObject({ iss: issuer, aud: clientId, phone_number: `86${NUMBER}` })
    expect(user.refresh_token).toBeUndefined()
  })

  it('renews silently in a frame', async () => {
    const before = await tokens()
    const sent = await asked.tokenRequests(page, () => renew(page))
    expect(sent.map(form => form.get('grant_type'))).toEqual(['authorization_code'])
    expect((await tokens()).access_token).not.toBe(before.access_token)
  })

  it('renews by itself before the access token ends', async () => {
    const before = await tokens()
    const renewed = await page.evaluate(
      () =>
        new Promise<string>((resolve, reject) => {
          users.events.addUserLoaded(user => resolve(user.access_token))
          users.events.addSilentRenewError(reject)
          const age = async () => {
            const user = await users.getUser()
            user!.expires_in = 30
            await users.storeUser(user)
            // Reads how long the token has still to live.
            await users.getUser()
          }
          age().catch(reject)
        }),
    )
    expect(renewed).not.toBe(before.access_token)
    expect(await asked.userinfo(renewed)).toMatchObject({ status: 200 })
  })

  it('is told in the frame that nobody is signed in, where it asks from another site', async () => {
    const refusal = await stranger.evaluate(() => users.signinSilent().catch(error => error.error))
    expect(refusal).toBe('login_required')
  })

  it('gets a refresh token there, without a question, and renews with it', async () => {
    await stranger.evaluate(() => void users.signinRedirect())
    const { refresh_token: first } = await comeBack(stranger, foreign)
    const sent = await asked.tokenRequests(stranger, async () => {
      await renew(stranger)
      await renew(stranger)
    })
    expect(sent.map(form => form.get('grant_type'))).toEqual(['refresh_token', 'refresh_token'])
    expect(sent[0]!.get('refresh_token')).toBe(first)
    expect(sent[1]!.get('refresh_token')).not.toBe(first)
  })

  it('revokes its tokens', async () => {
    const { access_token, refresh_token } = await tokens(stranger)
    expect(await asked.userinfo(access_token)).toMatchObject({ status: 200 })
    await stranger.evaluate(() => users.revokeTokens())
    expect(await asked.userinfo(access_token)).toEqual(unauthorized)
    expect(await asked.refresh(foreignId, refresh_token!)).toEqual(refused)
  })

  it('signs out, and comes back to the address that was asked for', async () => {
    await page.evaluate(() => void users.signoutRedirect({ state: 'bye' }))
    await page.waitForURL(`${site.origin}/goodbye?*`)
    const left = await page.evaluate(() => users.signoutRedirectCallback())
    expect(left.userState).toBe('bye')
    expect(await page.evaluate(() => users.getUser())).toBeNull()
  })

  it('is asked again the next time, in a window of its own', async () => {
    const opened = profile.waitForEvent('page')
    const user = page.evaluate(async () => (await users.signinPopup()).profile)
    await enter(await opened, NUMBER, false)
    expect(await user).toMatchObject({ phone_number: `86${NUMBER}` })
  })
})

describe('express-openid-connect', () => {
  const NUMBER = '13800138242'
  let shop: Shop
  let profile: BrowserContext
  let page: Page

  beforeAll(async () => {
    shop = await startShop()
    const client = await registerApplication(ready.management, `${shop.origin}/callback`, shop.origin)
    shop.protect(issuer, client)
    profile = await stage.profile()
    page = await profile.newPage()
  })

  afterAll(async () => {
    await profile?.close()
    await shop?.close()
  })

  const greeting = () => page.getByText('Hello').innerText()
  const json = async () => JSON.parse(await page.locator('body').innerText())

  it('sends whoever opens a protected page to sign in, and back to it', async () => {
    await page.goto(shop.origin)
    expect(await greeting()).toBe('Hello stranger')
    await page.goto(`${shop.origin}/profile`)
    await enter(page, NUMBER, true)
    await page.waitForURL(`${shop.origin}/profile`)
    const { claims, userinfo } = await json()
    expect(claims).toMatchObject({ iss: issuer, phone_number: `86${NUMBER}` })
    expect(userinfo).toMatchObject({ sub: claims.sub, phone_number: `86${NUMBER}` })
    await page.goto(shop.origin)
    expect(await greeting()).toBe(`Hello 86${NUMBER}`)
  })

  it('refreshes its access token', async () => {
    await page.goto(`${shop.origin}/refresh`)
    expect(await json()).toMatchObject({ changed: true, phone_number: `86${NUMBER}` })
  })

  it('signs out here and there, and is asked again the next time', async () => {
    await page.goto(`${shop.origin}/logout`)
    await page.waitForURL(`${shop.origin}/`)
    expect(await greeting()).toBe('Hello stranger')
    await page.goto(`${shop.origin}/login`)
    await enter(page, NUMBER, false)
    await page.waitForURL(`${shop.origin}/`)
    expect(await greeting()).toBe(`Hello 86${NUMBER}`)
  })
})

redirectChains(() => ({ ready, stage }))

it('no page has broken a rule of its security policy', () => {
  expect(stage.complaints).toEqual([])
})
