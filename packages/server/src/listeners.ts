import type { Context, Hono } from 'hono'
import { openToEveryOrigin } from './account/guard.ts'
import { mountAccount, mountAccountCenter, mountPublicAccountCenter } from './account/routes.ts'
import { mountMySessions, mountUserSessions } from './account/session-routes.ts'
import { mountVerifications } from './account/verification-routes.ts'
import { entranceOf } from './applications/entrance.ts'
import { mountConsole, operatorGuard, type Surroundings } from './console/console.ts'
import { mountOperators } from './console/operators.ts'
import { mountConsoleSite } from './console/site.ts'
import { mountCosts } from './costs/routes.ts'
import { mountPublicSignInExperience } from './experience/routes.ts'
import { mountFeedback } from './feedback/routes.ts'
import { mountFraud } from './fraud/routes.ts'
import { baseApp } from './http/app.ts'
import { type Guards, Mount } from './http/mount.ts'
import { requireOwnOrigin } from './http/own-origin.ts'
import { callerOf } from './http/request.ts'
import { mountPages } from './interactions/pages.ts'
import { mountExperience } from './interactions/routes.ts'
import { mountMessages } from './ledger/routes.ts'
import { mountDescriptions } from './management/descriptions.ts'
import { auditChanges, mountRooms } from './management/management.ts'
import { mountStatus } from './management/status.ts'
import { mountMoves } from './moves/routes.ts'
import { mountConfigs } from './oidc/config-routes.ts'
import { uiLocalesOf } from './oidc/screens.ts'
import { mountPhrases } from './phrases/routes.ts'
import { mountPushes, mountReceiptAddresses } from './receipts/routes.ts'
import { ApiError } from './refusals/refusal.ts'
import type { Rooms } from './rooms.ts'
import { onBehalfOf } from './users/turns.ts'

/** The interaction that a request's cookies name; the audit log notes whose application it is. */
async function interactionOf({ oidc, audit }: Rooms, context: Context) {
  const interaction = await oidc.interaction(context.req.header('cookie'), {
    uid: context.req.query('interaction'),
    appId: context.req.header('logto-app-id') ?? context.req.query('app_id'),
  })
  audit.note({ applicationId: interaction.clientId })
  return interaction
}

/** An app whose requests the audit log can tell apart. */
function audited({ world, audit, config }: Rooms) {
  const app = baseApp(world)
  app.use((context, next) => {
    const { ip, userAgent } = callerOf(context, config.trustProxy)
    return audit.during({ ip, userAgent }, () => onBehalfOf(ip, next))
  })
  return app
}

/** Mounts the Management API; it is the same on both listeners, only who is let in differs. */
function mountManagement(mount: Mount, rooms: Rooms): void {
  const { oidc, center } = rooms
  mountUserSessions(mount, oidc.sessions)
  mountConfigs(mount, oidc.configs)
  mountAccountCenter(mount, center)
  mountReceiptAddresses(mount, rooms.receipts)
  mountFeedback(mount, rooms.feedback)
  mountMoves(mount, rooms.moves)
  mountFraud(mount, rooms.fraud)
  mountRooms(mount, rooms, { revokeUser: oidc.revokeUser, clearEnded: oidc.sessions.clearEnded })
}

/** Where end users and back ends show who they are on the public listener. */
const publicGuards = ({ config, accountGuard, oidc }: Rooms): Guards => ({
  account: accountGuard.letIn,
  management: context => oidc.verifyManagementToken(context.req.header('authorization')),
  async interaction(context) {
    requireOwnOrigin(context, config.endpoint, { setting: 'ENDPOINT', anyPort: true })
    return undefined
  },
})

/** Mounts the Experience API. */
function mountExperienceApi(mount: Mount, rooms: Rooms): void {
  const { captcha, clientById, steps, verification, browsers, interactions, messageLanguage } = rooms
  mountExperience(mount, {
    async interactionOf({ http, languages }) {
      const { uid, clientId, params } = await interactionOf(rooms, http)
      const uiLocales = typeof params.ui_locales === 'string' ? params.ui_locales : undefined
      return {
        uid,
        clientId,
        async messageContext(channel) {
          const application = await clientById(clientId)
          return {
            locale: await messageLanguage({ channel, uiLocales, accepted: languages }),
            ...(uiLocales !== undefined && { uiLocales }),
            ...(application && { application: { id: application.id, name: application.name } }),
          }
        },
      }
    },
    steps,
    verification,
    browsers,
    interactions,
    captcha,
  })
}

/** Mounts the account API. */
function mountAccountApi(mount: Mount, rooms: Rooms): void {
  const {
    account,
    accountGuard: guard,
    clientById,
    center,
    messageLanguage,
    oidc,
    permissions,
    proofs,
    users,
  } = rooms
  mountPublicAccountCenter(mount, center)
  mountAccount(mount, account, guard)
  mountVerifications(mount, {
    guard,
    permissions,
    proofs,
    users,
    clientById,
    messageLanguage,
    uiLocalesOf,
  })
  mountMySessions(mount, { sessions: oidc.sessions, guard, permissions, center })
}

/** Mounts the hosted pages. */
function mountHostedPages(app: Hono, rooms: Rooms): void {
  const {
    actions,
    applications,
    browsers,
    clientById,
    config,
    connections,
    experience,
    extras,
    keys,
    oidc,
    phrases,
    interactions,
  } = rooms
  mountPages(app, {
    actions,
    interactions,
    browsers,
    keys,
    settings: experience.read,
    knownSettings: experience.known,
    // A page that is only looked at belongs to no application.
    channels: id => connections.channels(id || undefined),
    servedPlaces: id => connections.servedPlaces(id || undefined),
    speech: phrases.speech,
    async interactionOf(context) {
      const { uid, clientId, params } = await interactionOf(rooms, context)
      const application = await clientById(clientId)
      return { uid, clientId, params, applicationName: application?.name }
    },
    async entrance(id) {
      const application = id === undefined ? await applications.onlyOne() : await clientById(id)
      if (!application) return undefined
      const href = entranceOf(application)
      return { name: application.name, ...(href !== undefined && { href }) }
    },
    async consent(context) {
      const interaction = await interactionOf(rooms, context)
      // Nobody but its user may let a third party in, and there is no page to ask on yet: so it stays out.
      const application = await clientById(interaction.clientId)
      if (!application || application.isThirdParty) throw new ApiError('oidc.access_denied')
      return oidc.grantConsent(interaction, callerOf(context, config.trustProxy))
    },
    trustProxy: config.trustProxy,
    simulated: config.clouds === 'simulated',
    inboxUrl: extras.inboxUrl,
  })
}

/** What `PORT` answers: pages, OpenID Connect's companions, Experience, account and Management API by token. */
export function publicListener(rooms: Rooms): Hono {
  const { audit, config, connections, experience, phrases } = rooms
  const app = audited(rooms)
  openToEveryOrigin(app)
  const mount = new Mount(
    app,
    publicGuards(rooms),
    config.trustProxy,
    auditChanges(audit, 'applicationId'),
    config.endpoint,
  )
  mountStatus(mount, config.statusApiKey, rooms.readiness)
  mountDescriptions(mount, config.endpoint)
  mountPhrases(mount, phrases, experience)
  mountPublicSignInExperience(mount, experience, connections)
  mountExperienceApi(mount, rooms)
  mountAccountApi(mount, rooms)
  mountManagement(mount, rooms)
  mount.refuseOtherMethods()
  mountPushes(app, rooms.receipts, config.endpoint)
  mountHostedPages(app, rooms)
  return app
}

/** What `ADMIN_PORT` answers: the console, and the Management API for an operator's session. */
export function consoleListener(rooms: Rooms): Hono {
  const { config, extras, connections, tryOuts, experience, operators, audit, oidc } = rooms
  const { applications, costs, ledger, testIdentities, world } = rooms
  const around: Surroundings = {
    clouds: config.clouds,
    endpoint: config.endpoint,
    adminEndpoint: config.adminEndpoint,
    issuer: oidc.issuer,
    inboxUrl: extras.inboxUrl ?? null,
    demoUrl: extras.demoUrl ?? null,
    version: extras.version ?? '0.1.0',
    samples: extras.samples ?? {},
  }

  const app = audited(rooms)
  const guard = operatorGuard(operators, config.adminEndpoint, audit.note)
  const mount = new Mount(
    app,
    { management: guard, operator: guard },
    config.trustProxy,
    auditChanges(audit, 'operatorId'),
    config.adminEndpoint,
  )
  mountStatus(mount, config.statusApiKey, rooms.readiness)
  mountOperators(mount, operators, config.adminEndpoint)
  mountConsole(mount, { operators, connections, tryOuts, experience, testIdentities, around })
  mountMessages(mount, ledger)
  mountCosts(mount, { world, costs, connections, applications })
  mountManagement(mount, rooms)
  mount.refuseOtherMethods()
  if (extras.consoleFolder) mountConsoleSite(app, extras.consoleFolder)
  return app
}
