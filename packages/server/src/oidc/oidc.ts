import { EventEmitter } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Fetch } from '@countersign/kit'
import type Provider from 'oidc-provider'
import type { Applications } from '../applications/applications.ts'
import type { Config } from '../config.ts'
import type { Keys } from '../crypto/keys.ts'
import type { Database } from '../db/database.ts'
import { currentRequest } from '../db/patience.ts'
import { describeError } from '../http/errors.ts'
import { REQUEST_ID, SECURITY_HEADERS } from '../http/headers.ts'
import { loggable } from '../http/log-path.ts'
import { nodeCallerOf } from '../http/request.ts'
import { requestId as idOfRequest } from '../http/request-id.ts'
import type { Resources } from '../resources/resources.ts'
import type { Users } from '../users/users.ts'
import type { World } from '../world.ts'
import { idHash } from './adapter.ts'
import { faultAnswer, type PageLook } from './answers.ts'
import { createBackChannel } from './back-channel.ts'
import { createOidcConfigs, type OidcConfigs } from './configs.ts'
import { afterConsent } from './consent.ts'
import { CookieSignatures } from './cookie-signatures.ts'
import { hostPrefix, interactionUid, sessionId, type Wanted } from './cookies.ts'
import { createGrantLimit, type Origin } from './grant-limit.ts'
import { createInForce, type InForce } from './in-force.ts'
import { createOidcInteractions, type LoginOptions, type OidcInteraction } from './interactions.ts'
import { managementTokens } from './management-token.ts'
import { type Observers, observeProvider } from './observe.ts'
import { createProvider } from './provider.ts'
import { type ProviderRequest, toProviderRequest } from './requests.ts'
import type { Joined } from './rows.ts'
import { createSecretFailures } from './secret-failures.ts'
import { createSessions, type Sessions } from './sessions.ts'
import { type OidcStore, oidcStore } from './store.ts'
import { type TokenOwner, userTokens } from './user-token.ts'

export { MANAGEMENT_API } from '../resources/resources.ts'
export type { OidcInteraction } from './interactions.ts'
export { isForProvider } from './requests.ts'

/** The OpenID Connect provider, and what the rest of the server asks of it. */
export interface Oidc {
  /** Answers what `isForProvider`; the request with its full address. */
  handle(request: IncomingMessage, response: ServerResponse): void
  /**
   * The interaction that a browser is in.
   *
   * @param wanted what the request names: the interaction in its query `interaction`, and the application in its
   * header `logto-app-id`, else in its query `app_id`
   * @throws ApiError `session.not_found`, `oidc.invalid_request`
   */
  interaction(cookieHeader: string | undefined, wanted?: Wanted): Promise<OidcInteraction>
  /** Whether a `Cookie` header is that of a browser which began a sign-in here; no more is looked at than its signature. */
  isUnderway(cookieHeader: string | undefined): boolean
  /** Says who signed in. Returns the address to send the browser to. @throws ApiError `session.not_found` */
  finishLogin(uid: string, userId: string, options?: LoginOptions): Promise<string>
  /**
   * Grants an application all that it asked for. Returns the address to send the browser to.
   *
   * @throws ApiError `session.not_found` before the login
   */
  grantConsent(interaction: OidcInteraction, from?: Origin): Promise<string>
  /** Checks an `Authorization` header for the Management API; returns the subject. @throws ApiError `auth.*` */
  verifyManagementToken(authorizationHeader: string | undefined): Promise<string>
  /** Finds whom an opaque access token speaks for. @throws ApiError `auth.*` */
  userOfToken(authorizationHeader: string | undefined): Promise<TokenOwner>
  /** Sessions and grants of users. */
  sessions: Sessions
  /** Ends all sessions of a user and revokes all tokens; with `'grants'` what applications may have stays. */
  revokeUser(userId: string, stays?: 'grants'): Promise<void>
  /** Keys and session lifetime. */
  configs: OidcConfigs
  /** When all applications have been told of those who signed out, or cannot be. */
  settled(): Promise<void>
  /** Ends what goes on after answers; to be called when no more requests come. */
  stop(): Promise<void>
  /** Deletes what has expired; to be called now and then. */
  purge(): Promise<void>
  issuer: string
}

export interface OidcDependencies {
  /** How logout tokens leave. */
  fetch: Fetch
  db: Database
  keys: Keys
  world: World
  config: Config
  /** What pages look like; the plain look when left out. */
  look?: PageLook
  users: Users
  applications: Applications
  resources: Resources
  /** Our row of an interaction, which is read in one statement with the provider's. */
  interactionJoined?: Joined
  /** Who is told what happens here. */
  observers?: Observers
}

/** The address that begins an interaction, and the one that goes on with it, with its uid. */
const AUTHORIZATION = /^\/oidc\/auth(?:\/([\w-]{1,64}))?(?:\?|$)/

const PLAIN: PageLook = { chosen: async () => ({}), known: () => ({}) }

/** What has been seen of a request, for its line in the log. */
interface Seen {
  requestId: string
  start: number
  copy?: ProviderRequest
  failure?: unknown
}

/** Writes the line of a request that was answered. */
function logRequest(
  world: World,
  { method = '', url = '' }: IncomingMessage,
  { statusCode: status }: ServerResponse,
  { requestId, start, copy, failure = copy?.failure }: Seen,
): void {
  const unexpected = failure instanceof Error && status >= 500
  world.log(unexpected ? 'error' : 'info', 'request', {
    requestId,
    method,
    // The id of an interaction lets nobody in, but it has no place in a log.
    path: loggable(url).replace(/(\/auth\/).+/, '$1…'),
    status,
    took: world.now() - start,
    ...(copy?.code && { code: copy.code }),
    ...(copy?.applicationId && { applicationId: copy.applicationId }),
    ...(unexpected && { error: describeError(failure) }),
  })
}

/** Has answers that fail halfway told by the request's line; the default would print the whole error. */
function noteFailures(provider: Provider): void {
  EventEmitter.prototype.on.call(provider, 'error', (error, context?: { req: ProviderRequest }) => {
    if (context) context.req.failure ??= error
  })
}

/**
 * Reads what a request seems to name, so that its first statement brings the version along by which it is known which
 * keys are in force. What it finds is used only after those keys have confirmed the cookies.
 */
async function lookAhead(
  { store, keys, world }: { store: OidcStore; keys: Keys; world: World },
  { uid, session, code }: { uid?: string | null | undefined; session?: string; code?: string },
  joined?: Joined,
): Promise<void> {
  if (!currentRequest()) return
  const hashes = {
    ...(uid && { Interaction: idHash(keys, 'Interaction', uid) }),
    ...(session && { Session: idHash(keys, 'Session', session) }),
    ...(code && { AuthorizationCode: idHash(keys, 'AuthorizationCode', code) }),
  }
  await store.ahead({ uid: uid ?? undefined, hashes }, world.now(), joined)
}

/** What a request to the provider itself seems to name. */
function namedBy(
  { url = '', headers }: IncomingMessage,
  copy: ProviderRequest,
  signatures: CookieSignatures | undefined,
) {
  const authorization = AUTHORIZATION.exec(url)
  const session = authorization && signatures && sessionId(signatures, headers.cookie)
  const code = copy.form?.get('grant_type') === 'authorization_code' && copy.form.get('code')
  return { uid: authorization?.[1], ...(session && { session }), ...(code && { code }) }
}

/** Makes the provider; the first start of an installation makes its signing key. */
export async function createOidc(deps: OidcDependencies): Promise<Oidc> {
  const { db, keys, world, config, users, applications, resources, fetch } = deps
  const { look = PLAIN } = deps
  const store = oidcStore(db)
  const force = createInForce({ db, keys, world })
  const issuer = `${config.endpoint}/oidc`
  const secretFailures = createSecretFailures(world)
  const backChannel = createBackChannel({ world, fetch, audit: deps.observers?.audit })

  function build(inForce: InForce) {
    const signatures = new CookieSignatures(inForce.cookies, hostPrefix(config.endpoint.startsWith('https:')))
    const provider = createProvider({
      store,
      keys,
      inForce,
      signatures,
      force,
      world,
      config,
      look,
      users,
      applications,
      resources,
      backChannel,
      secretFailures,
      consented,
    })
    if (deps.observers) observeProvider(provider, deps.observers)
    noteFailures(provider)
    return { version: inForce.version, signatures, provider, respond: provider.callback() }
  }

  let built: ReturnType<typeof build> | undefined

  /**
   * The provider of this moment. oidc-provider takes its keys once, so other keys mean another one; it remembers
   * nothing that the database does not, and requests under way end with the one that they began with.
   */
  async function provided() {
    const inForce = await force.current(await applications.chosenAlgorithms())
    if (built?.version !== inForce.version) built = build(inForce)
    return built
  }

  const provider = async () => (await provided()).provider
  const sessions = createSessions(provider, {
    store,
    keys,
    world,
    applications,
    audit: deps.observers?.audit,
  })
  const consented = afterConsent(users, createGrantLimit(sessions, applications, deps.observers))
  // What is wrong with keys or settings shows at the start.
  await provider()

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = idOfRequest(world)
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value)
    response.setHeader(REQUEST_ID, requestId)
    const seen: Seen = { requestId, start: world.now() }
    response.once('close', () => logRequest(world, request, response, seen))
    try {
      const copy = await toProviderRequest(request, config.endpoint, applications)
      seen.copy = copy
      await lookAhead({ store, keys, world }, namedBy(request, copy, built?.signatures))
      const { respond } = await provided()
      copy.requestId = requestId
      copy.ip = nodeCallerOf(request, config.trustProxy).ip
      await respond(copy, response)
    } catch (error) {
      seen.failure = error
      const { status, headers, body } = faultAnswer(error, request, requestId, look)
      if (!response.headersSent) response.writeHead(status, headers)
      response.end(body)
    }
  }

  const interactions = createOidcInteractions(provider, {
    store,
    keys,
    users,
    signatures: async () => (await provided()).signatures,
    consented,
  })

  return {
    issuer,
    handle: (request, response) => void answer(request, response),
    ...interactions,
    async interaction(cookieHeader, wanted = {}) {
      if (!built) return interactions.interaction(cookieHeader, wanted)
      const { signatures } = built
      const session = sessionId(signatures, cookieHeader)
      const uid = interactionUid(signatures, cookieHeader, wanted)
      const named = { uid, ...(session && { session }) }
      if (uid) await lookAhead({ store, keys, world }, named, deps.interactionJoined)
      return interactions.interaction(cookieHeader, wanted, { uid, signatures })
    },
    isUnderway: cookieHeader =>
      built !== undefined && typeof interactionUid(built.signatures, cookieHeader, {}) === 'string',
    verifyManagementToken: managementTokens(issuer, force, applications, world),
    userOfToken: userTokens(provider, users),
    sessions,
    revokeUser: (userId, stays) => store.deleteByAccount(userId, stays && 'Grant'),
    configs: createOidcConfigs(force, applications.chosenAlgorithms, world),
    settled: backChannel.settled,
    stop: backChannel.stop,
    async purge() {
      await store.deleteExpired(world.now())
      await force.purge()
    },
  }
}
