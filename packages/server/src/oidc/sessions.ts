import type { UserGrant, UserSession } from '@countersign/api'
import type Provider from 'oidc-provider'
import type { Session } from 'oidc-provider'
import type { Applications } from '../applications/applications.ts'
import type { Audit } from '../audit/audit.ts'
import type { Keys } from '../crypto/keys.ts'
import type { Along } from '../db/along.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { Kept } from '../users/users.ts'
import type { World } from '../world.ts'
import { idHash, openPayload } from './adapter.ts'
import { EPOCH } from './epochs.ts'
import type { OidcStore } from './store.ts'
import { splitSubmission } from './submissions.ts'

/** Which of the grants end with a session that outlive it otherwise. */
export type Revoke = 'all' | 'firstParty' | undefined

/** Grants of which applications. */
export type AppType = 'firstParty' | 'thirdParty' | undefined

/** Who revokes: what an operator or a back end does is written down, what users do with their own is theirs. */
export type By = 'administration' | undefined

/**
 * Ends a session, as signing out would: grants that promised no access beyond it end with it, and those of
 * `alsoOf`. Returns which grants ended.
 */
export async function endSession(
  session: Session,
  store: OidcStore,
  keys: Keys,
  alsoOf: (clientId: string) => Promise<boolean> = async () => false,
): Promise<string[]> {
  const ended: string[] = []
  for (const [clientId, { grantId, persistsLogout }] of Object.entries(session.authorizations ?? {}))
    if (grantId && (!persistsLogout || (await alsoOf(clientId))))
      if (await store.deleteGrant(idHash(keys, 'Grant', grantId))) ended.push(grantId)
  await session.destroy()
  return ended
}

/** Sessions and grants of users, to look at and to end. */
export function createSessions(
  provided: () => Promise<Provider>,
  deps: {
    store: OidcStore
    keys: Keys
    world: World
    applications: Applications
    audit?: Pick<Audit, 'record'> | undefined
  },
) {
  const { store, keys, world, applications, audit } = deps

  async function payloadsOf<T>(kind: 'Session' | 'Grant', userId: string): Promise<T[]> {
    const rows = await store.byAccount(kind, userId, world.now())
    return rows.map(row => {
      const { [EPOCH]: _, ...payload } = openPayload(keys, kind, row)
      return payload as T
    })
  }

  const isFirstParty = async (clientId: string) => {
    const application = await applications.byId(clientId)
    return application !== undefined && !application.isThirdParty
  }

  function onWire(stored: UserSession['payload']): UserSession {
    const { payload, clientId, submission } = splitSubmission(stored)
    return {
      payload,
      lastSubmission: submission ?? null,
      clientId: clientId ?? null,
      accountId: submission?.userId ?? null,
      expiresAt: payload.exp * 1000,
    }
  }

  async function list(userId: string): Promise<UserSession[]> {
    return (await payloadsOf<UserSession['payload']>('Session', userId)).map(onWire)
  }

  /**
   * Deletes grants with their tokens, also from the sessions that know them; tells which were still there, and writes
   * what goes along with that.
   */
  async function dropGrants(userId: string, grantIds: string[], along?: Along<string[]>): Promise<string[]> {
    const idOf = new Map(grantIds.map(id => [idHash(keys, 'Grant', id), id]))
    const named = (hashes: string[]) => hashes.map(hash => idOf.get(hash)!)
    const dropped = await store.deleteGrants(
      [...idOf.keys()],
      along && { ...along, write: (tx, hashes) => along.write(tx, named(hashes)) },
    )
    for (const { payload } of await list(userId)) {
      const session = await (await provided()).Session.findByUid(payload.uid)
      const authorizations = session?.authorizations ?? {}
      const of = Object.entries(authorizations).filter(([, { grantId }]) => grantIds.includes(grantId ?? ''))
      if (!session || of.length === 0) continue
      for (const [clientId] of of) delete authorizations[clientId]
      await session.persist()
    }
    return named(dropped)
  }

  return {
    list,
    /** @throws ApiError `oidc.session_not_found` */
    async get(userId: string, uid: string): Promise<UserSession> {
      const session = (await list(userId)).find(each => each.payload.uid === uid)
      if (!session) throw new ApiError('oidc.session_not_found')
      return session
    },
    /** @throws ApiError `oidc.session_not_found`, `oidc.invalid_session_account_id` */
    async end(userId: string, uid: string, revoke: Revoke, by?: By): Promise<void> {
      const session = await (await provided()).Session.findByUid(uid)
      if (!session?.accountId) throw new ApiError('oidc.session_not_found')
      if (session.accountId !== userId) throw new ApiError('oidc.invalid_session_account_id')
      const ended = await endSession(
        session,
        store,
        keys,
        async clientId => revoke === 'all' || (revoke === 'firstParty' && (await isFirstParty(clientId))),
      )
      if (by && ended.length > 0) audit?.record('RevokeGrants', { userId, grantIds: ended })
    },
    /** What a user let applications have; of applications that are gone nothing is told. */
    async grants(userId: string, appType: AppType): Promise<UserGrant[]> {
      const grants: UserGrant[] = []
      for (const payload of await payloadsOf<UserGrant['payload']>('Grant', userId)) {
        const application = await applications.byId(payload.clientId)
        if (!application || (appType && application.isThirdParty !== (appType === 'thirdParty'))) continue
        const { id, name } = application
        grants.push({ id: payload.jti, payload, expiresAt: payload.exp * 1000, application: { id, name } })
      }
      return grants
    },
    /** Revokes a grant with its tokens; the session goes on without that application. @throws ApiError `oidc.invalid_grant` */
    async revokeGrant(userId: string, grantId: string, by?: By): Promise<void> {
      const provider = await provided()
      const grant = await provider.Grant.find(grantId)
      if (!grant || grant.accountId !== userId) throw new ApiError('oidc.invalid_grant', { kind: 'missing' })
      const applicationId = grant.clientId!
      if ((await dropGrants(userId, [grantId])).length > 0 && by)
        audit?.record('RevokeGrants', { userId, applicationId, grantIds: [grantId] })
    },
    /** Names the session and grant of a token, as what is to outlive the end of all others. */
    kept: ({ sessionUid, grantId }: { sessionUid?: string; grantId: string }): Kept => ({
      ...(sessionUid !== undefined && { session: idHash(keys, 'Session', sessionUid) }),
      grant: idHash(keys, 'Grant', grantId),
    }),
    /** Clears away what ended with a change of the user, and writes down how much that was. */
    async clearEnded(userId: string): Promise<void> {
      audit?.record('EndSessions', { userId, ...(await store.deleteEnded(userId)) })
    },
    dropGrants,
    /** Ids of what a user granted an application, newest first, in one order for everybody who asks. */
    async grantIds(userId: string, clientId: string): Promise<string[]> {
      const rows = await store.byAccount('Grant', userId, world.now())
      // All live equally long; the payload knows whole seconds only.
      return rows
        .toSorted((a, b) => Number(b.expires_at) - Number(a.expires_at) || (a.id_hash < b.id_hash ? -1 : 1))
        .map(row => openPayload(keys, 'Grant', row) as UserGrant['payload'])
        .filter(grant => grant.clientId === clientId)
        .map(({ jti }) => jti)
    },
  }
}

export type Sessions = ReturnType<typeof createSessions>
