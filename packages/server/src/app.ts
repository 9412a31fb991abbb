import type { IncomingMessage, ServerResponse } from 'node:http'
import { statusRoutes } from '@countersign/api'
import { getRequestListener } from '@hono/node-server'
import type { Context } from 'hono'
import { createAccount } from './account/account.ts'
import { createAccountCenter } from './account/center.ts'
import { createAccountDoor, openToEveryOrigin } from './account/door.ts'
import { tellOfAccounts } from './account/events.ts'
import { createPermissions } from './account/permissions.ts'
import { createProofs } from './account/proofs.ts'
import { mountAccount, mountAccountCenter, mountPublicAccountCenter } from './account/routes.ts'
import { mountMySessions, mountUserSessions } from './account/session-routes.ts'
import { mountVerifications } from './account/verification-routes.ts'
import { createActivity } from './activity/activity.ts'
import { createApplications } from './applications/applications.ts'
import { createRoles } from './applications/roles.ts'
import { createAudit } from './audit/audit.ts'
import { createCodes } from './codes/codes.ts'
import type { Config } from './config.ts'
import { createConnections } from './connections/connections.ts'
import { createRegistry } from './connections/registry.ts'
import { mountConsole, operatorGuard, type Surroundings } from './console/console.ts'
import { mountConsoleSite } from './console/site.ts'
import { deriveKeys, loadSecret } from './crypto/keys.ts'
import { openDatabase } from './db/database.ts'
import { createDelivery } from './delivery/delivery.ts'
import { createExperience } from './experience/experience.ts'
import { pageLook } from './experience/look.ts'
import { createHooks } from './hooks/hooks.ts'
import { baseApp } from './http/app.ts'
import { ApiError } from './http/errors.ts'
import { Mount } from './http/mount.ts'
import { callerOf, nodeCallerOf } from './http/request.ts'
import { guardedFetch, type Reach } from './http/targets.ts'
import { auditSteps } from './interactions/audited.ts'
import { tellHooks } from './interactions/happenings.ts'
import { createInteractions } from './interactions/interactions.ts'
import { createPageActions } from './interactions/page-actions.ts'
import { mountPages } from './interactions/pages.ts'
import { mountExperience } from './interactions/routes.ts'
import { createVerification } from './interactions/verification.ts'
import { createVisits } from './interactions/visits.ts'
import { createLimits } from './limits/limits.ts'
import { mountConnectors } from './management/connectors.ts'
import { mountDescriptions } from './management/descriptions.ts'
import { tellOfChanges } from './management/hook-events.ts'
import { auditChanges, mountRooms } from './management/management.ts'
import { mountPhrases } from './management/phrases.ts'
import { mountPublicSignInExperience, mountSignInExperience } from './management/sign-in-experience.ts'
import { mountVerificationCodes } from './management/verification-codes.ts'
import { createOidc } from './oidc/oidc.ts'
import { createOperators } from './operators/operators.ts'
import { createPhrases } from './phrases/phrases.ts'
import { loadPlugins } from './plugins/loader.ts'
import { createResources } from './resources/resources.ts'
import { createTemplates } from './templates/templates.ts'
import { createUsers } from './users/users.ts'
import type { World } from './world.ts'

type NodeHandler = (request: IncomingMessage, response: ServerResponse) => void

/** What the process adds to the settings: addresses and things of the development world, the built console. */
export interface AppExtras {
  inboxUrl?: string
  demoUrl?: string
  samples?: Surroundings['samples']
  /** Folder of the built console. */
  consoleFolder?: string
  version?: string
}

/** The server without its listening: two node handlers and the rooms behind them. */
export type App = Awaited<ReturnType<typeof createApp>>

/** The table of contents: every room, what it needs, and which door it stands behind. */
export async function createApp(config: Config, world: World, extras: AppExtras = {}) {
  const keys = deriveKeys(loadSecret(config.secretKey, config.dataDir, world.random))
  const db = await openDatabase(config.databaseUrl, config.dataDir)

  const users = createUsers(db, world)
  const applications = createApplications(db, keys, world)
  const plugins = config.connectorsDir ? await loadPlugins(config.connectorsDir, world.log) : []
  const connections = createConnections(db, keys, world, createRegistry(plugins, world.log))
  const experience = createExperience(db, world)
  const limits = createLimits(db, keys, world)
  const operators = createOperators(db, keys, limits, world)
  const codes = createCodes(db, keys, world)
  const templates = createTemplates(db, world)
  const delivery = createDelivery({
    db,
    keys,
    world,
    connections,
    timeout: config.sendTimeout,
    async mailTemplate(usageType, locale) {
      const { fallbackLanguage } = (await experience.read()).languageInfo
      return templates.find(usageType, locale, fallbackLanguage)
    },
  })
  const resources = createResources(db, world)
  const hooks = createHooks(db, keys, world, { fetch: guardedFetch(hookReach(config)) })
  const audit = createAudit(db, world, config.auditRetentionDays)
  const activity = createActivity(db, world)
  const phrases = createPhrases(db, world)
  const oidc = await createOidc({
    db,
    keys,
    world,
    config,
    users,
    applications,
    resources,
    observers: { audit, seen: userId => void activity.seen(userId) },
    look: async () => ({
      ...pageLook(await experience.read()),
      ...(extras.inboxUrl && { inboxUrl: extras.inboxUrl }),
    }),
  })
  const visits = createVisits(db, keys, world)
  const { channels } = connections
  const tell = tellHooks(hooks.emit, applications.byId)
  const { interactions, verification } = auditSteps({
    verification: createVerification({
      visits,
      codes,
      delivery,
      experience,
      limits,
      users,
      channels,
      tell,
      world,
    }),
    interactions: createInteractions({
      visits,
      experience,
      users,
      finishLogin: oidc.finishLogin,
      tell,
      world,
    }),
    visits,
    audit,
  })
  const actions = createPageActions({ visits, interactions, verification, users, world })

  const center = createAccountCenter(db)
  const told = tellOfAccounts(hooks.emit)
  const proofs = createProofs({ db, keys, world, codes, delivery, experience, limits, users, tell: told })
  const permissions = createPermissions({ applications, proofs })
  const account = createAccount({ users, experience, center, permissions, proofs, tell: told })
  const door = createAccountDoor({ userOfToken: oidc.userOfToken, center })

  async function interactionOf(context: Context) {
    const interaction = await oidc.interaction(
      context.req.header('cookie'),
      context.req.header('logto-app-id') ?? context.req.query('app_id'),
    )
    audit.note({ applicationId: interaction.clientId })
    return interaction
  }

  /** An app whose requests the audit log can tell apart. */
  function audited() {
    const app = baseApp(world)
    app.use((context, next) => {
      const { ip, userAgent } = callerOf(context, config.trustProxy)
      return audit.during({ ip, userAgent }, next)
    })
    return app
  }

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

  /** The Management API; the same on both doors, only who is let in differs. */
  function mountManagement(mount: Mount): void {
    mountConnectors(mount, connections, delivery)
    mountSignInExperience(mount, experience, connections, { users, phrases })
    mountUserSessions(mount, oidc.sessions)
    mountAccountCenter(mount, center)
    mountRooms(mount, {
      users,
      applications,
      roles: createRoles(db),
      resources,
      experience,
      limits,
      audit,
      activity,
      hooks,
      phrases,
      templates,
      revokeUser: oidc.revokeUser,
    })
    mountVerificationCodes(mount, { codes, delivery, experience, limits })
  }

  function publicDoor() {
    const app = audited()
    openToEveryOrigin(app)
    const mount = new Mount(
      app,
      {
        account: door.guard,
        management: context => oidc.verifyManagementToken(context.req.header('authorization')),
        interaction: async () => undefined,
      },
      config.trustProxy,
      tellOfChanges(hooks.emit, users),
      auditChanges(audit, 'applicationId'),
    )
    mount.add(statusRoutes.getStatus, async () => ({ status: 204 }))
    mountDescriptions(mount, config.endpoint)
    mountPhrases(mount, phrases, experience)
    mountPublicSignInExperience(mount, experience, connections)
    mountExperience(
      mount,
      async ({ http, languages }) => {
        const { uid, clientId, params } = await interactionOf(http)
        const application = await applications.byId(clientId)
        const uiLocales = typeof params.ui_locales === 'string' ? params.ui_locales : undefined
        const messageContext = {
          locale: uiLocales?.split(' ')[0] ?? languages[0] ?? 'en',
          ...(uiLocales !== undefined && { uiLocales }),
          ...(application && { application: { id: application.id, name: application.name } }),
        }
        return { uid, clientId, messageContext }
      },
      interactions,
      verification,
    )
    mountPublicAccountCenter(mount, center)
    mountAccount(mount, account, door)
    mountVerifications(mount, { door, permissions, proofs, users, applications, experience })
    mountMySessions(mount, { sessions: oidc.sessions, door, permissions, center })
    mountManagement(mount)
    mount.refuseOtherMethods()
    mountPages(app, {
      actions,
      visits,
      keys,
      world,
      settings: experience.read,
      async interactionOf(context) {
        const { uid, clientId, params } = await interactionOf(context)
        const application = await applications.byId(clientId)
        return { uid, clientId, params, applicationName: application?.name }
      },
      async consent(context) {
        const interaction = await interactionOf(context)
        // Nobody but its user may let a third party in, and there is no page to ask on yet: so it stays out.
        const application = await applications.byId(interaction.clientId)
        if (!application || application.isThirdParty) throw new ApiError('oidc.access_denied')
        return oidc.grantConsent(interaction)
      },
      trustProxy: config.trustProxy,
      simulated: config.clouds === 'simulated',
      inboxUrl: extras.inboxUrl,
    })
    return app
  }

  function consoleDoor() {
    const app = audited()
    const guard = operatorGuard(operators, config.adminEndpoint)
    const mount = new Mount(
      app,
      { management: guard, operator: guard },
      config.trustProxy,
      tellOfChanges(hooks.emit, users),
      auditChanges(audit, 'operatorId'),
    )
    mount.add(statusRoutes.getStatus, async () => ({ status: 204 }))
    mountConsole(mount, { operators, connections, delivery, experience, around })
    mountManagement(mount)
    mount.refuseOtherMethods()
    if (extras.consoleFolder) mountConsoleSite(app, extras.consoleFolder)
    return app
  }

  const pages = publicDoor()
  const console = consoleDoor()
  const hono = getRequestListener(pages.fetch)
  const publicHandler: NodeHandler = (request, response) => {
    if (/^\/oidc(?:[/?]|$)/.test(request.url ?? ''))
      audit.during(nodeCallerOf(request, config.trustProxy), () => oidc.handle(request, response))
    else void hono(request, response)
  }

  if (config.bootstrap) await applications.bootstrap(config.bootstrap.id, config.bootstrap.secret)
  await delivery.recover()

  return {
    publicHandler,
    consoleHandler: getRequestListener(console.fetch) as NodeHandler,
    /** The two doors without a server, for tests through `request()`. */
    pages,
    console,
    applications,
    connections,
    experience,
    hooks,
    operators,
    users,
    codes,
    oidc,
    /** Forgets what has expired; to be called now and then. */
    async purge(): Promise<void> {
      await Promise.all(
        [codes, limits, visits, operators, delivery, hooks, oidc, audit, activity, proofs].map(room =>
          room.purge(),
        ),
      )
    },
    async close(): Promise<void> {
      await hooks.stop()
      await audit.settled()
      await db.destroy()
    },
  }
}

/** In the development world the application that listens for webhooks runs on this machine too. */
function hookReach({ webhookAllowPrivate, clouds }: Config): Reach {
  if (webhookAllowPrivate) return 'anywhere'
  return clouds === 'simulated' ? 'public-and-this-machine' : 'public'
}
