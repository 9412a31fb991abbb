import type { Applications, StoredApplication } from '../applications/applications.ts'
import type { Audit } from '../audit/audit.ts'
import type { Along } from '../db/along.ts'
import type { Telling } from '../hooks/events.ts'
import { writeGathered } from './gathered.ts'
import type { Sessions } from './sessions.ts'

/** From where somebody signed in. */
export interface Origin {
  ip?: string | undefined
  userAgent?: string | undefined
}

/** Grants that are too many. */
export interface GrantsLimited extends Origin {
  userId: string
  applicationId: string
  maxAllowedGrants: number
  /** With the new one, before any was revoked. */
  preRevocationActiveGrantCount: number
}

/** An application has more grants of a user than it may: what is written when those are revoked. */
export type TellOfGrants = (event: GrantsLimited) => Promise<Along<string[]>>

/**
 * Holds an application to its `customClientMetadata.maxAllowedGrants`: of what one user granted it the newest stay,
 * the oldest are revoked with their tokens.
 */
export function createGrantLimit(
  sessions: Pick<Sessions, 'grantIds' | 'dropGrants'>,
  applications: Pick<Applications, 'byId'>,
  observers?: { audit: Pick<Audit, 'record'>; tellAlong: TellOfGrants },
) {
  /** To be called when a user has granted an application something anew. */
  return async (userId: string, clientId: string, { ip, userAgent }: Origin): Promise<void> => {
    const most = (await applications.byId(clientId))?.customClientMetadata.maxAllowedGrants
    if (most === undefined) return
    // The new one counts.
    await writeGathered('Grant')
    const active = await sessions.grantIds(userId, clientId)
    if (active.length <= most) return
    const along = await observers?.tellAlong({
      ip,
      userAgent,
      userId,
      applicationId: clientId,
      maxAllowedGrants: most,
      preRevocationActiveGrantCount: active.length,
    })
    // Two sign-ins at once may both find the same ones too many; each is told of once.
    const revoked = await sessions.dropGrants(userId, active.slice(most), along)
    if (revoked.length > 0)
      observers?.audit.record('RevokeGrants', { userId, applicationId: clientId, grantIds: revoked })
  }
}

export type GrantLimit = ReturnType<typeof createGrantLimit>

/** Tells webhooks of the grants that are revoked, in the same transaction. */
export function tellOfGrants(
  telling: Telling,
  applicationOf: (id: string) => Promise<StoredApplication | undefined>,
): TellOfGrants {
  return ({ ip, userAgent, ...event }) =>
    telling('Grant.LimitExceeded', async () => {
      const stored = await applicationOf(event.applicationId)
      const { id, type, name, description } = stored ?? {}
      const application = stored && { application: { id, type, name, description } }
      return revokedGrantIds => ({ ip, userAgent, ...application, ...event, revokedGrantIds })
    })
}
