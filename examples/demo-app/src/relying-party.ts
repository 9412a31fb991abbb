import * as oidc from 'openid-client'

/** What a signed-in session keeps. */
export interface Tokens {
  idToken?: string
  idTokenClaims: Record<string, unknown>
  userinfo: Record<string, unknown>
  accessToken: string
  refreshToken?: string
}

/** What must be remembered between the redirect to the sign-in page and the callback. */
export interface Visit {
  state: string
  nonce: string
  codeVerifier: string
}

export interface RelyingParty {
  /** Starts a visit: the address to send the browser to, and what to remember until it comes back. */
  begin(wishes: Record<string, string>): Promise<{ address: string; visit: Visit }>
  /** Ends a visit: turns the callback's query into tokens and claims. */
  finish(query: string, visit: Visit): Promise<Tokens>
  refresh(tokens: Tokens): Promise<Tokens>
  /** The address that signs the user out at the server too. */
  end(idToken: string | undefined): Promise<string>
}

export interface RelyingPartyOptions {
  issuer: string
  clientId: string
  clientSecret?: string
  /** Our own address, without a trailing slash. */
  baseUrl: string
}

/** Thrown when the sign-in service cannot be found or does not describe itself. */
export class Unavailable extends Error {
  override name = 'Unavailable'
}

/** `offline_access` asks for a refresh token, which the server gives only after `prompt=consent`. */
const SCOPE = 'openid profile email phone offline_access'

/** OpenID Connect with `openid-client`: authorization code flow with PKCE. */
export function createRelyingParty(options: RelyingPartyOptions): RelyingParty {
  const { issuer, clientId, clientSecret, baseUrl } = options
  const redirectUri = `${baseUrl}/callback`
  let discovered: Promise<oidc.Configuration> | undefined

  // Discovered at first use, so that the two may start in any order; a failure is forgotten, so that the next
  // request tries again.
  async function configuration(): Promise<oidc.Configuration> {
    discovered ??= discover()
    try {
      return await discovered
    } catch (error) {
      discovered = undefined
      throw new Unavailable(`${issuer} does not answer`, { cause: error })
    }
  }

  async function discover(): Promise<oidc.Configuration> {
    const server = new URL(issuer)
    const authentication = clientSecret ? oidc.ClientSecretBasic(clientSecret) : oidc.None()
    return oidc.discovery(server, clientId, undefined, authentication, {
      timeout: 10,
      // Plain http is for trying things out on one machine, and for nothing else.
      execute: isLoopback(server.hostname) ? [oidc.allowInsecureRequests] : [],
    })
  }

  async function tokensFrom(
    config: oidc.Configuration,
    answer: oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers,
    earlier?: Tokens,
  ): Promise<Tokens> {
    const claims = answer.claims() ?? earlier?.idTokenClaims ?? {}
    const userinfo = await oidc.fetchUserInfo(config, answer.access_token, String(claims.sub))
    return {
      idToken: answer.id_token ?? earlier?.idToken,
      idTokenClaims: claims,
      userinfo,
      accessToken: answer.access_token,
      refreshToken: answer.refresh_token ?? earlier?.refreshToken,
    }
  }

  return {
    async begin(wishes) {
      const config = await configuration()
      const visit: Visit = {
        state: oidc.randomState(),
        nonce: oidc.randomNonce(),
        codeVerifier: oidc.randomPKCECodeVerifier(),
      }
      const address = oidc.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: SCOPE,
        prompt: 'consent',
        state: visit.state,
        nonce: visit.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(visit.codeVerifier),
        code_challenge_method: 'S256',
        ...wishes,
      })
      return { address: address.href, visit }
    },

    async finish(query, visit) {
      const config = await configuration()
      const answer = await oidc.authorizationCodeGrant(config, new URL(`${redirectUri}${query}`), {
        pkceCodeVerifier: visit.codeVerifier,
        expectedState: visit.state,
        expectedNonce: visit.nonce,
        idTokenExpected: true,
      })
      return tokensFrom(config, answer)
    },

    async refresh(tokens) {
      const config = await configuration()
      return tokensFrom(config, await oidc.refreshTokenGrant(config, tokens.refreshToken ?? ''), tokens)
    },

    async end(idToken) {
      const config = await configuration()
      return oidc.buildEndSessionUrl(config, {
        post_logout_redirect_uri: baseUrl,
        ...(idToken ? { id_token_hint: idToken } : { client_id: clientId }),
      }).href
    },
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || /^127\.|^\[::1\]$/.test(host)
}
