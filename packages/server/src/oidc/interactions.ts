import type { Submission } from '@countersign/api'
import type Provider from 'oidc-provider'
import { errors, type Interaction } from 'oidc-provider'
import type { Keys } from '../crypto/keys.ts'
import type { Along } from '../db/along.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { Users } from '../users/users.ts'
import { savingAlong } from './adapter.ts'
import type { Consented } from './consent.ts'
import type { CookieSignatures } from './cookie-signatures.ts'
import { interactionUid, sessionId, type Wanted } from './cookies.ts'
import { EPOCH, intoEpochOf } from './epochs.ts'
import { gathering } from './gathered.ts'
import type { Origin } from './grant-limit.ts'
import { endSession } from './sessions.ts'
import type { OidcStore } from './store.ts'

/** One interaction of an end user, as the pages and the Experience API see it. */
export interface OidcInteraction {
  uid: string
  clientId: string
  prompt: 'login' | 'consent' | string
  params: Record<string, unknown>
  returnTo: string
  /** The user of the session, when somebody is signed in. */
  accountId?: string
}

/** How somebody signed in. */
export interface LoginOptions {
  remember?: boolean
  submission?: Submission
  /** The user's `sessionEpoch` when it was proved who it is; the present one when missing. */
  epoch?: number
  /** The `Cookie` header of the browser, in which somebody else may have signed in meanwhile. */
  cookies?: string | undefined
  /** What is written in the transaction that puts the login on the request. */
  along?: Along<true>
}

/** An OAuth error told outside `/oidc`: it keeps the members that OAuth clients read. */
const oauthError = (code: 'oidc.invalid_request' | 'session.not_found', description: string) =>
  new ApiError(code, { members: { error: 'invalid_request', error_description: description } })

const notFound = () => oauthError('session.not_found', 'interaction session not found')
const mismatch = () => oauthError('oidc.invalid_request', 'interaction client_id mismatch')

const inSeconds = (moment: number) => moment - Math.floor(Date.now() / 1000)

/** Finds, continues and ends what the authorization endpoint began. */
export function createOidcInteractions(
  provided: () => Promise<Provider>,
  deps: {
    store: OidcStore
    keys: Keys
    users: Users
    consented: Consented
    signatures: () => Promise<CookieSignatures>
  },
) {
  const { store, keys, users, consented, signatures } = deps

  async function load(uid: string): Promise<Interaction> {
    const interaction = await (await provided()).Interaction.find(uid)
    if (!interaction) throw notFound()
    return interaction
  }

  /** Interactions that began in a session end with it, and with a change of its user. */
  async function checkSession({ session }: Interaction): Promise<void> {
    if (!session?.uid) return
    const current = await (await provided()).Session.findByUid(session.uid)
    if (current?.accountId !== session.accountId) throw notFound()
  }

  /**
   * Ends the session in which somebody else now signs in, as signing out would: the one that the interaction began in,
   * or one that began in another tab since. oidc-provider would send the browser through its sign-out page for this.
   */
  async function leaveOthers(interaction: Interaction, userId: string, cookies?: string): Promise<void> {
    const { Session } = await provided()
    const began = interaction.session
    if (began?.accountId === userId) return
    const id = began ? undefined : sessionId(await signatures(), cookies)
    const session = began
      ? await Session.findByUid(began.uid)
      : id === undefined
        ? undefined
        : await Session.find(id)
    if (session && (began || (session.accountId && session.accountId !== userId)))
      await endSession(session, store, keys)
    interaction.session = undefined
  }

  async function finish(
    interaction: Interaction,
    result: Interaction['result'],
    along?: Along<true>,
  ): Promise<string> {
    interaction.result = { ...interaction.lastSubmission, ...result }
    try {
      await savingAlong(along, () => interaction.save(Math.max(1, inSeconds(interaction.exp))))
    } catch (error) {
      // Another tab was faster, and this interaction is spent.
      throw error instanceof errors.SessionNotFound ? notFound() : error
    }
    return interaction.returnTo
  }

  async function consentTo(interaction: Interaction, from: Origin): Promise<string> {
    const accountId = interaction.session?.accountId
    if (!accountId || interaction.prompt.name !== 'consent') throw notFound()
    const clientId = String(interaction.params.client_id)
    const provider = await provided()
    const session = await provider.Session.findByUid(interaction.session!.uid)
    if (session?.accountId !== accountId) throw notFound()
    const earlier = interaction.grantId ? await provider.Grant.find(interaction.grantId) : undefined
    const grant = earlier ?? new provider.Grant({ accountId, clientId })
    intoEpochOf(grant, session)
    const { scope } = interaction.params
    if (typeof scope === 'string' && scope) grant.addOIDCScope(scope)
    const missing = (interaction.prompt.details.missingResourceScopes ?? {}) as Record<string, string[]>
    for (const [resource, scopes] of Object.entries(missing)) grant.addResourceScope(resource, scopes)
    const grantId = await grant.save()
    await consented(accountId, clientId, !earlier, from)
    return finish(interaction, { consent: { grantId } })
  }

  return {
    /** @param seen what the cookies named by the signatures of a moment ago: it counts while those are in force */
    async interaction(
      cookieHeader: string | undefined,
      wanted: Wanted = {},
      seen?: { uid: string | null | undefined; signatures: CookieSignatures },
    ): Promise<OidcInteraction> {
      const { appId } = wanted
      const inForce = await signatures()
      const uid = seen?.signatures === inForce ? seen.uid : interactionUid(inForce, cookieHeader, wanted)
      if (uid === undefined) throw notFound()
      if (uid === null) throw mismatch()
      const interaction = await load(uid)
      const clientId = String(interaction.params.client_id)
      if (appId !== undefined && clientId !== appId) throw mismatch()
      await checkSession(interaction)
      const { prompt, params, returnTo, session } = interaction
      return {
        uid,
        clientId,
        prompt: prompt.name,
        params,
        returnTo,
        ...(session?.accountId && { accountId: session.accountId }),
      }
    },

    async finishLogin(
      uid: string,
      userId: string,
      { remember = true, submission, epoch, cookies, along }: LoginOptions = {},
    ): Promise<string> {
      const interaction = await load(uid)
      await leaveOthers(interaction, userId, cookies)
      const login = {
        accountId: userId,
        remember,
        [EPOCH]: epoch ?? (await users.byId(userId))?.sessionEpoch ?? 0,
      } as NonNullable<Interaction['result']>['login']
      return finish(interaction, { login, ...(submission && { submission }) }, along)
    },

    async grantConsent({ uid }: OidcInteraction, from: Origin = {}): Promise<string> {
      try {
        // The grant is there only if the interaction that it was given in ends with it.
        return await gathering(store, async () => consentTo(await load(uid), from))
      } catch (error) {
        throw error instanceof errors.SessionNotFound ? notFound() : error
      }
    },
  }
}
