import * as oidc from 'openid-client'
import { type Browser, createBrowser } from './browser.ts'
import type { Answer } from './management.ts'

export interface Identifier {
  type: 'phone' | 'email'
  value: string
}

/** An application as its developer registered it. */
export interface RegisteredApplication {
  id: string
  secret: string
  redirectUri: string
  postSignOutUri: string
}

/** What a finished sign-in gives the application. */
export interface SignedIn {
  claims: Record<string, unknown>
  userinfo: Record<string, unknown>
  idToken: string
}

/** An end user with a browser of their own, on the way to one application. */
export interface Visitor {
  /** Goes from the application to the sign-in page. Returns the page's path. */
  open(): Promise<string>
  /** A call of the Experience API, as the sign-in page of an application would make it. */
  experience<Body = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<Answer<Body>>
  /** Goes where `submit` says, back to the application, which exchanges the code for tokens. */
  finish(redirectTo: string): Promise<SignedIn>
  /** Signs out at the server. Returns the address that the browser comes back to. */
  signOut(idToken: string): Promise<string>
}

/** Every form field of a page that is hidden, as the browser would post it. */
function hiddenFields(page: string): URLSearchParams {
  const fields = new URLSearchParams()
  for (const [tag] of page.matchAll(/<input type="hidden"[^>]*>/g)) {
    const read = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(tag)?.[1] ?? ''
    fields.set(read('name'), read('value'))
  }
  return fields
}

async function signOutWith(browser: Browser, address: string): Promise<string> {
  const { page } = await browser.follow(address)
  const html = (await page?.text()) ?? ''
  const action = /<form[^>]*action="([^"]+)"/.exec(html)?.[1]
  if (!action) throw new Error(`No sign-out page at ${address}: ${html.slice(0, 200)}`)
  const answer = await browser.request(new URL(action.replaceAll('&amp;', '&'), address).href, {
    method: 'POST',
    body: hiddenFields(html),
  })
  return answer.headers.get('location') ?? ''
}

/** A visitor with an empty browser. */
export async function createVisitor(endpoint: string, application: RegisteredApplication): Promise<Visitor> {
  const browser = createBrowser()
  const { id, secret, redirectUri, postSignOutUri } = application
  const config = await oidc.discovery(
    new URL(`${endpoint}/oidc`),
    id,
    undefined,
    oidc.ClientSecretBasic(secret),
    { execute: [oidc.allowInsecureRequests] },
  )
  let visit = { state: '', nonce: '', codeVerifier: '' }

  return {
    async open() {
      visit = {
        state: oidc.randomState(),
        nonce: oidc.randomNonce(),
        codeVerifier: oidc.randomPKCECodeVerifier(),
      }
      const address = oidc.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: 'openid profile email phone',
        state: visit.state,
        nonce: visit.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(visit.codeVerifier),
        code_challenge_method: 'S256',
      })
      const shown = await browser.follow(address.href, redirectUri)
      return shown.page ? new URL(shown.address).pathname : shown.address
    },
    async experience(method, path, body) {
      const answer = await browser.request(`${endpoint}/api/experience${path}`, {
        method,
        headers: { 'content-type': 'application/json', 'logto-app-id': id },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const text = await answer.text()
      return {
        status: answer.status,
        headers: answer.headers,
        body: text.startsWith('{') ? JSON.parse(text) : {},
      }
    },
    async finish(redirectTo) {
      const { address, page } = await browser.follow(redirectTo, redirectUri)
      if (page) throw new Error(`Stopped at ${address}: ${page.status} ${(await page.text()).slice(0, 200)}`)
      const tokens = await oidc.authorizationCodeGrant(config, new URL(address), {
        pkceCodeVerifier: visit.codeVerifier,
        expectedState: visit.state,
        expectedNonce: visit.nonce,
        idTokenExpected: true,
      })
      const claims = tokens.claims()!
      const userinfo = await oidc.fetchUserInfo(config, tokens.access_token, claims.sub)
      return { claims, userinfo, idToken: tokens.id_token! }
    },
    signOut: idToken =>
      signOutWith(
        browser,
        oidc.buildEndSessionUrl(config, {
          post_logout_redirect_uri: postSignOutUri,
          id_token_hint: idToken,
        }).href,
      ),
  }
}
