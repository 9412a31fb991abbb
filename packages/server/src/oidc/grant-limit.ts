import type { Applications, StoredApplication } from '../applications/applications.ts'
import type { Audit } from '../audit/audit.ts'
import type { Emit } from '../hooks/events.ts'
import type { Sessions } from './sessions.ts'

/** From where somebody signed in. */
export interface Origin {
  ip?: string | undefined
  userAgent?: string | undefined
}

/** What became of grants that were too many. */
export interface GrantsLimited extends Origin {
  userId: string
  applicationId: string
  revokedGrantIds: string[]
  maxAllowedGrants: number
  /** With the new one, before any was revoked. */
  preRevocationActiveGrantCount: number
}

/** Tells that an application had more grants of a user than it may. Never throws. */
export type TellOfGrants = (event: GrantsLimited) => Promise<void>

/**
 * Holds an application to its `customClientMetadata.maxAllowedGrants`: of what one user granted it the newest stay,
 * the oldest are revoked with their tokens.
 */
export function createGrantLimit(
  sessions: Pick<Sessions, 'grantIds' | 'dropGrant'>,
  applications: Pick<Applications, 'byId'>,
  observers?: { audit: Pick<Audit, 'record'>; tell: TellOfGrants },
) {
  /** To be called when a user has granted an application something anew. */
  return async (userId: string, clientId: string, { ip, userAgent }: Origin): Promise<void> => {
    const most = (await applications.byId(clientId))?.customClientMetadata.maxAllowedGrants
    if (most === undefined) return
    const active = await sessions.grantIds(userId, clientId)
    const revoked: string[] = []
    // Two sign-ins at once may both find the same ones too many; each is told of once.
    for (const id of active.slice(most)) if (await sessions.dropGrant(userId, id)) revoked.push(id)
    if (revoked.length === 0) return
    observers?.audit.record('RevokeGrants', { userId, applicationId: clientId, grantIds: revoked })
    await observers?.tell({
      ip,
      userAgent,
      userId,
      applicationId: clientId,
      revokedGrantIds: revoked,
      maxAllowedGrants: most,
      preRevocationActiveGrantCount: active.length,
    })
  }
}

export type GrantLimit = ReturnType<typeof createGrantLimit>

/** Tells webhooks. */
export function tellOfGrants(
  emit: Emit,
  applicationOf: (id: string) => Promise<StoredApplication | undefined>,
): TellOfGrants {
  return ({ ip, userAgent, ...event }) =>
    emit('Grant.LimitExceeded', async () => {
      const stored = await applicationOf(event.applicationId)
      const { id, type, name, description } = stored ?? {}
      return { ip, userAgent, ...(stored && { application: { id, type, name, description } }), ...event }
    })
}
