import type { Activity } from '../activity/activity.ts'
import { mountDashboard } from '../activity/routes.ts'
import type { Applications } from '../applications/applications.ts'
import { mountRoles } from '../applications/role-routes.ts'
import type { Roles } from '../applications/roles.ts'
import { mountApplications } from '../applications/routes.ts'
import type { Audit } from '../audit/audit.ts'
import { mountLogs } from '../audit/routes.ts'
import type { Budgets } from '../budgets/budgets.ts'
import { mountBudgets } from '../budgets/routes.ts'
import type { Captcha } from '../captcha/captcha.ts'
import { mountCaptcha } from '../captcha/routes.ts'
import type { ChallengeRoom } from '../challenges/challenges.ts'
import { mountVerificationCodes } from '../challenges/routes.ts'
import { issue } from '../connections/changing.ts'
import type { Connections } from '../connections/connections.ts'
import { type Around as AroundConnections, mountConnections, mountConnectors } from '../connections/routes.ts'
import type { TryOuts } from '../connections/try-out.ts'
import { mountPrices } from '../costs/routes.ts'
import { requireDelivered } from '../delivery/refusal.ts'
import { requireWayToNewPassword } from '../experience/check.ts'
import type { Experience } from '../experience/experience.ts'
import { mountSignInExperience } from '../experience/routes.ts'
import type { HealthOfConnections } from '../health/health.ts'
import { shownHealth } from '../health/shown.ts'
import type { Hooks } from '../hooks/hooks.ts'
import { mountHooks } from '../hooks/routes.ts'
import type { Mount, Observed } from '../http/mount.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Limits } from '../limits/limits.ts'
import { mountSendLimits, mountSentinel } from '../limits/routes.ts'
import type { CustomTexts } from '../phrases/phrases.ts'
import { mountCustomPhrases } from '../phrases/routes.ts'
import type { Resources } from '../resources/resources.ts'
import { mountResources } from '../resources/routes.ts'
import { mountRouting } from '../routing/routes.ts'
import { mountEmailTemplates } from '../templates/routes.ts'
import type { Templates } from '../templates/templates.ts'
import { mountTestIdentities } from '../test-identities/routes.ts'
import type { TestIdentities } from '../test-identities/test-identities.ts'
import { mountUserDetails } from '../users/detail-routes.ts'
import { mountPolicies } from '../users/policy-routes.ts'
import { requirePossible } from '../users/possible-phone.ts'
import { mountUsers, type UserSessions } from '../users/routes.ts'
import { tellOfChanges } from '../users/told.ts'
import { requireNoCaseConflicts } from '../users/username-case.ts'
import type { Users } from '../users/users.ts'
import type { World } from '../world.ts'

/** The rooms whose things back ends and operators look after. */
export interface ManagedRooms {
  users: Users
  applications: Applications
  /** Finds built-in applications too. */
  clientById: Applications['byId']
  roles: Roles
  resources: Resources
  experience: Experience
  limits: Limits
  budgets: Budgets
  audit: Audit
  activity: Activity
  hooks: Hooks
  phrases: CustomTexts
  templates: Templates
  testIdentities: TestIdentities
  connections: Connections
  health: HealthOfConnections
  tryOuts: TryOuts
  captcha: Captcha
  ledger: Pick<Ledger, 'left'>
  world: Pick<World, 'now'>
  challenges: ChallengeRoom
}

/** Mounts the routes of the rooms, and hands each of them what it needs of the others. */
export function mountRooms(mount: Mount, rooms: ManagedRooms, sessions: UserSessions): void {
  const { users, applications, roles, resources, experience, limits, audit, activity } = rooms
  const { hooks, phrases, templates, connections, tryOuts, health } = rooms
  const addTold = tellOfChanges(hooks.telling)
  const aroundConnections: AroundConnections = {
    health: {
      of: async connection => shownHealth(connection, await health.of(connection)),
      override: health.override,
    },
    async sendTest(connector, config, message) {
      requireDelivered(await tryOuts.test(connector, config, message))
    },
    async requireWayToNewPassword(channels) {
      requireWayToNewPassword(await experience.read(), channels)
    },
    isOperator: () => audit.scene().operatorId !== undefined,
    isApplication: async id => (await rooms.clientById(id)) !== undefined,
  }
  mountConnectors(mount, connections, aroundConnections)
  mountConnections(mount, connections, aroundConnections)
  mountPrices(mount, connections)
  mountRouting(mount, {
    connections,
    rested: health.rested,
    requirePossible: phone => requirePossible(phone, async () => false),
    async requireApplication(id) {
      if (!(await rooms.clientById(id))) throw issue('applicationId', `names no application: ${id}`)
    },
  })
  mountSignInExperience(mount, experience, {
    connections,
    phrases,
    users: { requireNoCaseConflicts: () => requireNoCaseConflicts(users.caseConflicts) },
  })
  mountUsers(mount, users, addTold, sessions)
  mountUserDetails(mount, users, experience, addTold)
  mountApplications(mount, applications)
  mountRoles(mount, roles)
  mountResources(mount, resources)
  mountLogs(mount, audit, hooks, users)
  mountHooks(mount, hooks)
  mountDashboard(mount, activity)
  mountSentinel(mount, limits)
  mountSendLimits(mount, limits, { left: rooms.ledger.left, now: rooms.world.now })
  mountCaptcha(mount, rooms.captcha)
  mountBudgets(mount, rooms.budgets)
  mountPolicies(mount, users, experience)
  mountCustomPhrases(mount, phrases, experience)
  mountEmailTemplates(mount, templates)
  mountTestIdentities(mount, rooms.testIdentities, audit)
  mountVerificationCodes(mount, rooms.challenges)
}

/**
 * Writes management changes down: who, what, from where, and what came of it. Of the body only the names of its
 * members, for it may hold anything.
 *
 * @param who what callers are known by: an application's token, or an operator's session
 */
export function auditChanges(audit: Audit, who: 'applicationId' | 'operatorId') {
  return async (observed: Observed, run: () => Promise<Response>): Promise<Response> => {
    const { route, call } = observed
    const managed = route.auth === 'management' || route.auth === 'operator'
    // Whatever else is written down meanwhile tells who did it.
    if (managed && call.subject !== undefined) audit.note({ [who]: call.subject })
    const changes =
      route.method !== 'get' &&
      route.changes !== false &&
      managed &&
      // Codes of back ends change nothing, and their deliveries stand in a list of their own.
      route.tag !== 'Verification codes'
    const write = (error?: unknown) => {
      if (!changes) return
      const userId = call.params?.userId
      audit.record(`Action.${route.operationId}`, {
        ...(call.subject !== undefined && { [who]: call.subject }),
        // Found under the user whom it was done to, and not only under who did it.
        ...(typeof userId === 'string' && { userId }),
        params: call.params,
        ...(call.members && { members: call.members }),
        error,
      })
    }
    try {
      const answer = await run()
      write()
      return answer
    } catch (error) {
      write(error)
      throw error
    }
  }
}
