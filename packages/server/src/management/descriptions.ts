import { type Route, statusRoutes } from '@countersign/api'
import type { Mount } from '../http/mount.ts'
import { LastingText } from '../http/representation.ts'
import { describeApi } from './description.ts'

/** Which part of the interface a route belongs to, by who may call it. */
const isManagement = ({ auth }: Route) => auth === 'management'
const isExperience = ({ auth, path }: Route) =>
  auth === 'interaction' || path.startsWith('/api/.well-known/') || path.startsWith('/api/experience')
const isOfUsers = ({ path }: Route) => /^\/api\/(?:my-account|verifications)(?:\/|$)/.test(path)

/** The API's description of itself, whole and in parts. */
export function mountDescriptions(mount: Mount, endpoint: string): void {
  const describe = (belongs: (route: Route) => boolean) => {
    // Anyone may ask, so it is made once: after the first question nothing more is mounted.
    let made: { body: Record<string, unknown>; lasting: LastingText } | undefined
    const make = () => {
      const body = describeApi(mount.routes.filter(belongs), endpoint)
      return { body, lasting: new LastingText(JSON.stringify(body)) }
    }
    return async () => {
      made ??= make()
      return { status: 200 as const, ...made }
    }
  }
  mount
    .add(
      statusRoutes.getApiDescription,
      describe(() => true),
    )
    .add(statusRoutes.getManagementDescription, describe(isManagement))
    .add(statusRoutes.getExperienceDescription, describe(isExperience))
    .add(statusRoutes.getUserDescription, describe(isOfUsers))
}
