import Provider, {
  type Client,
  type Configuration,
  errors,
  interactionPolicy,
  type JWK,
  type KoaContextWithOIDC,
  type ResourceServer,
} from 'oidc-provider'
import type { Applications } from '../applications/applications.ts'
import type { Config } from '../config.ts'
import type { Keys } from '../crypto/keys.ts'
import { representJson } from '../http/koa.ts'
import { MANAGEMENT_API, type Resources } from '../resources/resources.ts'
import type { Users } from '../users/users.ts'
import type { World } from '../world.ts'
import { createAdapter } from './adapter.ts'
import { type PageLook, shapeAnswers } from './answers.ts'
import { nameAccessTokens } from './at-hash.ts'
import type { BackChannel } from './back-channel.ts'
import { findingBuiltIn } from './built-in-clients.ts'
import { CLAIMS, claimsOf, SCOPES } from './claims.ts'
import {
  clientAdapter,
  corsAllowed,
  FACTS,
  factsOf,
  idTokenTtl,
  isPublic,
  refreshTokenTtl,
  teachClients,
} from './clients.ts'
import { type Consented, silentConsent } from './consent.ts'
import type { CookieSignatures } from './cookie-signatures.ts'
import {
  forgetInteraction,
  INTERACTION_COOKIE,
  RESUME_COOKIE,
  rememberInteraction,
  requireOwnInteraction,
  SESSION_COOKIE,
} from './cookies.ts'
import { rememberEpochs } from './epochs.ts'
import { gatherRequests } from './gathered.ts'
import { takeOlderHints } from './hints.ts'
import type { Force, InForce } from './in-force.ts'
import type { Algorithm, KeyKind } from './keyring.ts'
import type { ProviderRequest } from './requests.ts'
import { isLate, rotateToOne } from './rotation.ts'
import { extraParams, firstPage } from './screens.ts'
import type { SecretFailures } from './secret-failures.ts'
import type { OidcStore } from './store.ts'
import { interactionTtl, sessionTtlOf } from './strangers.ts'
import { rememberSubmissions } from './submissions.ts'

const HOUR = 3_600
const DAY = 86_400

export interface ProviderParts {
  store: OidcStore
  keys: Keys
  /** What is signed with and published: fixed for the life of this provider. */
  inForce: InForce
  /** Signs and checks cookies with the keys in force. */
  signatures: CookieSignatures
  /** What changes under it, and is told what it signs. */
  force: Pick<Force, 'sessionTtl' | 'issued' | 'settled'>
  world: World
  config: Config
  look: PageLook
  users: Users
  applications: Applications
  resources: Resources
  backChannel: BackChannel
  secretFailures: SecretFailures
  consented: Consented
}

/** The steps of a sign-in; a session of a user who is gone or suspended counts as none. */
function policy(consented: Consented) {
  const prompts = interactionPolicy.base()
  prompts
    .get('login')!
    .checks.add(
      new interactionPolicy.Check('no_account', 'the user of the session may not sign in', ctx =>
        Boolean(ctx.oidc.session?.accountId && !ctx.oidc.account),
      ),
    )
  prompts.add(silentConsent(consented), 1)
  return prompts
}

function resourceIndicators({
  applications,
  resources,
  inForce,
}: Pick<ProviderParts, 'applications' | 'resources' | 'inForce'>): NonNullable<
  Configuration['features']
>['resourceIndicators'] {
  return {
    enabled: true,
    async defaultResource(ctx, _client, several) {
      if (ctx.oidc.params?.grant_type !== 'client_credentials') return several as string[]
      // Machines have nothing but an API to ask for.
      const indicator = await resources.defaultIndicator()
      if (indicator === undefined) throw new errors.InvalidTarget()
      return indicator
    },
    async getResourceServerInfo(_ctx, indicator, client) {
      const resource = await resources.byIndicator(indicator)
      if (!resource) throw new errors.InvalidTarget()
      // Scopes come with roles, and the one role there is opens the Management API to machines. Asked anew at every
      // token: the right to manage must end the moment it is taken away.
      const application = indicator === MANAGEMENT_API ? await applications.byId(client.clientId) : undefined
      const manages = application?.type === 'MachineToMachine' && application.isAdmin
      return {
        scope: manages ? 'all' : '',
        audience: indicator,
        accessTokenTTL: resource.accessTokenTtl,
        accessTokenFormat: 'jwt',
        // Whichever application brings it: an API knows one algorithm.
        jwt: { sign: { alg: inForce.algorithm } },
      }
    },
  }
}

/** Lifetimes in seconds, as in Logto. What is signed is good that long, so its key hears of it. */
function lifetimes({ issued, sessionTtl }: ProviderParts['force']): Configuration['ttl'] {
  const signed = (kind: KeyKind, seconds: number, algorithm?: Algorithm) => {
    issued(kind, seconds, algorithm)
    return seconds
  }
  const access = (server: ResourceServer | undefined) =>
    server ? signed('private-keys', server.accessTokenTTL ?? HOUR) : HOUR
  return {
    Interaction: (_ctx, interaction) => interactionTtl(interaction),
    AuthorizationCode: 60,
    AccessToken: (_ctx, token) => access(token.resourceServer),
    ClientCredentials: (_ctx, token) => access(token.resourceServer),
    IdToken: (_ctx, _token, client) =>
      signed('private-keys', idTokenTtl(factsOf(client)), client.idTokenSignedResponseAlg as Algorithm),
    RefreshToken(ctx, _token, client) {
      const rotated = ctx.oidc.entities.RotatedRefreshToken
      // The chain of a public client's tokens ends when its first would have.
      if (rotated && isPublic(client)) return Math.max(1, rotated.remainingTTL)
      return refreshTokenTtl(factsOf(client))
    },
    Session: (_ctx, session) => signed('cookie-keys', sessionTtlOf(session, sessionTtl())),
    Grant: 180 * DAY,
  }
}

function rotates(ctx: KoaContextWithOIDC): boolean {
  const token = ctx.oidc.entities.RefreshToken!
  const client = ctx.oidc.client!
  if (isLate(token)) throw new errors.InvalidGrant('refresh token already used')
  if (factsOf(client).customClientMetadata.rotateRefreshToken === false) return false
  if (token.totalLifetime() >= 365.25 * DAY) return false
  return isPublic(client) || token.ttlPercentagePassed() >= 70
}

function mayRefresh(client: Client, scopes: Set<string>): boolean {
  const { type, customClientMetadata } = factsOf(client)
  if (!client.grantTypeAllowed('refresh_token')) return false
  return (
    scopes.has('offline_access') ||
    (type !== 'Native' && customClientMetadata.alwaysIssueRefreshToken === true)
  )
}

function configuration(parts: ProviderParts): Configuration {
  const { store, keys, inForce, force, world, config, users, applications } = parts
  const adapter = (kind: string) => createAdapter(kind, store, keys, world, config.refreshRetry)
  const clients = clientAdapter(findingBuiltIn(applications, config.endpoint), keys, inForce.algorithms)
  return {
    adapter: kind => (kind === 'Client' ? { ...adapter(kind), ...clients } : adapter(kind)),
    jwks: { keys: inForce.signing.map(({ key }) => key) as JWK[] },
    scopes: SCOPES,
    claims: CLAIMS,
    // Claims of the scopes stand in the ID token too, not only in userinfo.
    conformIdTokenClaims: false,
    responseTypes: ['code'],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
    clientDefaults: { id_token_signed_response_alg: inForce.algorithm },
    enabledJWA: { idTokenSigningAlgValues: inForce.offered },
    extraClientMetadata: { properties: [FACTS], validator() {} },
    extraParams,
    allowOmittingSingleRegisteredRedirectUri: false,
    pkce: { required: (_ctx, client) => isPublic(client) },
    clientBasedCORS: (_ctx, origin, client) => corsAllowed(origin, client, config.endpoint),
    cookies: {
      names: {
        interaction: INTERACTION_COOKIE,
        resume: RESUME_COOKIE,
        session: `${parts.signatures.prefix}${SESSION_COOKIE}`,
      },
      keys: parts.signatures,
      long: { httpOnly: true, sameSite: 'lax', signed: true },
      short: { httpOnly: true, sameSite: 'lax', signed: true, path: '/' },
    },
    formats: {
      customizers: {
        jwt(_ctx, token, jwt) {
          // Of users' tokens resource servers read a text, so nothing granted is the empty one. Those of machines go
          // without, as Logto's do.
          if (token.kind !== 'ClientCredentials') jwt.payload.scope ??= ''
        },
      },
    },
    ttl: lifetimes(force),
    rotateRefreshToken: rotates,
    issueRefreshToken: async (_ctx, client, source) => mayRefresh(client, source.scopes),
    revokeGrantPolicy: () => true,
    async findAccount(_ctx, id) {
      const user = id.includes('\0') ? undefined : await users.byId(id)
      if (!user || user.isSuspended) return undefined
      return {
        accountId: user.id,
        claims: async (use, scope) => ({ ...claimsOf(user, use, scope), sub: user.id }),
      }
    },
    interactions: { policy: policy(parts.consented), url: (_ctx, interaction) => firstPage(interaction) },
    async renderError(ctx, out, error) {
      noteFailure(ctx, error)
      ctx.body = out
    },
    features: {
      devInteractions: { enabled: false },
      // Tokens stay bearer tokens, whatever proof a client offers.
      dPoP: { enabled: false },
      clientCredentials: { enabled: true },
      backchannelLogout: { enabled: true },
      introspection: {
        enabled: true,
        allowedPolicy: async (_ctx, client, token) => !isPublic(client) || token.clientId === client.clientId,
      },
      revocation: {
        enabled: true,
        allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId,
      },
      resourceIndicators: resourceIndicators(parts),
      rpInitiatedLogout: {
        enabled: true,
        // `shapeAnswers` draws both pages, also the one that is sent when nobody is signed in.
        async logoutSource() {},
        async postLogoutSuccessSource(ctx) {
          ctx.status = 200
          ctx.body = ''
        },
      },
    },
    // Only logout tokens go out: no client has other addresses to fetch.
    fetch: (url, options) => parts.backChannel.fetch(url, options as RequestInit),
  }
}

/** The provider adds the hash of its one script; where the form goes, the application's redirect addresses say. */
const FORM_POLICY = "default-src 'none'; script-src; base-uri 'none'; frame-ancestors 'self'"

/** Lets pages of the provider's own, which post an answer to an application, run no other script than that. */
function confineForms(provider: Provider): void {
  provider.use(async (ctx, next) => {
    ctx.set('Content-Security-Policy', FORM_POLICY)
    await next()
    const isRedirect = ctx.status >= 300 && ctx.status < 400
    if (isRedirect || !ctx.response.is('html')) ctx.remove('Content-Security-Policy')
  })
}

function noteFailure(ctx: KoaContextWithOIDC, error: unknown): void {
  ;(ctx.req as ProviderRequest).failure = error
}

/** Makes oidc-provider, with this server's rules and behind its public address. */
export function createProvider(parts: ProviderParts): Provider {
  const provider = new Provider(`${parts.config.endpoint}/oidc`, configuration(parts))
  // The headers it then believes are our own (requests.ts).
  provider.proxy = true
  teachClients(provider, parts)
  parts.backChannel.teach(provider)
  rememberSubmissions(provider)
  rememberEpochs(provider)
  rotateToOne(provider, parts)
  nameAccessTokens(provider)
  takeOlderHints(provider)
  requireOwnInteraction(provider, parts.signatures)
  confineForms(provider)
  provider.use(representJson)
  // Nothing that was signed leaves before its key is known to be needed that long.
  provider.use(async (_ctx, next) => {
    await next()
    await parts.force.settled()
  })
  shapeAnswers(provider, { ...parts, published: parts.inForce.published })
  gatherRequests(provider, parts.store)
  provider.on('interaction.started', ctx => rememberInteraction(ctx, ctx.oidc.entities.Interaction!))
  provider.on('interaction.ended', ctx => forgetInteraction(ctx, ctx.oidc.entities.Interaction!.uid))
  provider.on('server_error', (ctx, error) => {
    noteFailure(ctx, error)
  })
  return provider
}
