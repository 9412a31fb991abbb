import { mySessionRoutes, type UserGrant, type UserSession, userSessionRoutes } from '@countersign/api'
import type { Mount } from '../http/mount.ts'
import type { AccountCenterRoom } from './center.ts'
import type { AccountGuard } from './guard.ts'
import {
  type AccountCall,
  type Permissions,
  requireEditable,
  requireReadable,
  requireScope,
} from './permissions.ts'

/** Sessions and grants, as OpenID Connect keeps them. */
export interface UserSessions {
  list(userId: string): Promise<UserSession[]>
  /** @throws ApiError `oidc.session_not_found` */
  get(userId: string, uid: string): Promise<UserSession>
  /** @throws ApiError `oidc.session_not_found`, `oidc.invalid_session_account_id` */
  end(
    userId: string,
    uid: string,
    revoke: 'all' | 'firstParty' | undefined,
    by?: 'administration',
  ): Promise<void>
  grants(userId: string, appType: 'firstParty' | 'thirdParty' | undefined): Promise<UserGrant[]>
  /** @throws ApiError `oidc.invalid_grant` */
  revokeGrant(userId: string, grantId: string, by?: 'administration'): Promise<void>
}

const SESSIONS_SCOPE = 'urn:logto:scope:sessions'

/**
 * The own sessions and grants.
 *
 * @example mountMySessions(mount, { sessions: oidc.sessions, guard, permissions, center })
 */
export function mountMySessions(
  mount: Mount,
  deps: {
    sessions: UserSessions
    guard: AccountGuard
    permissions: Permissions
    center: AccountCenterRoom
  },
): void {
  const { sessions, guard, permissions, center } = deps
  const routes = mySessionRoutes

  async function requireReading(call: AccountCall): Promise<string> {
    await permissions.requireProof(call)
    requireReadable((await center.read()).fields, 'session')
    requireScope(call.caller, SESSIONS_SCOPE, 'unauthorized')
    return call.caller.userId
  }
  async function requireEnding(call: AccountCall): Promise<string> {
    await permissions.requireProof(call)
    requireEditable((await center.read()).fields, 'session')
    requireScope(call.caller, SESSIONS_SCOPE, 'unauthorized')
    await permissions.requireFirstParty(call.caller)
    return call.caller.userId
  }

  mount
    .add(routes.listMySessions, async (_, context) => {
      const call = guard.callOf(context)
      const found = await sessions.list(await requireReading(call))
      const marked = found.map(each => ({ ...each, isCurrent: each.payload.uid === call.caller.sessionUid }))
      return { status: 200, body: { sessions: marked } }
    })
    .add(routes.deleteMySession, async ({ params, query }, context) => {
      const userId = await requireEnding(guard.callOf(context))
      await sessions.end(userId, params.sessionId, query.revokeGrantsTarget)
      return { status: 204 }
    })
    .add(routes.listMyGrants, async ({ query }, context) => {
      const userId = await requireReading(guard.callOf(context))
      return { status: 200, body: { grants: await sessions.grants(userId, query.appType) } }
    })
    .add(routes.deleteMyGrant, async ({ params }, context) => {
      const userId = await requireEnding(guard.callOf(context))
      await sessions.revokeGrant(userId, params.grantId)
      return { status: 204 }
    })
}

/**
 * Sessions and grants of any user, for those who manage users.
 *
 * @example mountUserSessions(mount, oidc.sessions)
 */
export function mountUserSessions(mount: Mount, sessions: UserSessions): void {
  const routes = userSessionRoutes
  mount
    .add(routes.listUserSessions, async ({ params }) => ({
      status: 200,
      body: { sessions: await sessions.list(params.userId) },
    }))
    .add(routes.getUserSession, async ({ params }) => ({
      status: 200,
      body: await sessions.get(params.userId, params.sessionId),
    }))
    .add(routes.deleteUserSession, async ({ params, query }) => {
      await sessions.end(params.userId, params.sessionId, query.revokeGrantsTarget, 'administration')
      return { status: 204 }
    })
    .add(routes.listUserGrants, async ({ params, query }) => ({
      status: 200,
      body: { grants: await sessions.grants(params.userId, query.appType) },
    }))
    .add(routes.deleteUserGrant, async ({ params }) => {
      await sessions.revokeGrant(params.userId, params.grantId, 'administration')
      return { status: 204 }
    })
}
