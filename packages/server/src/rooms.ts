import { createAccount } from './account/account.ts'
import { createAccountCenter } from './account/center.ts'
import { tellOfAccounts, tellOfBlocks, tellOfChange } from './account/events.ts'
import { createAccountGuard } from './account/guard.ts'
import { createPermissions } from './account/permissions.ts'
import { createProofs } from './account/proofs.ts'
import { createActivity } from './activity/activity.ts'
import { createApplications } from './applications/applications.ts'
import { createRoles } from './applications/roles.ts'
import { createAudit } from './audit/audit.ts'
import { createBudgets } from './budgets/budgets.ts'
import { createCaptcha } from './captcha/captcha.ts'
import type { ChallengeRoom } from './challenges/challenges.ts'
import { createLater } from './challenges/later.ts'
import { createCodes } from './codes/codes.ts'
import { type Config, isLoopback } from './config.ts'
import { createConnections } from './connections/connections.ts'
import { createRegistry } from './connections/registry.ts'
import { rowLanguages } from './connections/row-languages.ts'
import type { Wording } from './connections/sending.ts'
import { createTryOuts } from './connections/try-out.ts'
import type { Surroundings } from './console/console.ts'
import { createCosts, keepSums } from './costs/costs.ts'
import { deriveKeys } from './crypto/keys.ts'
import { openDatabase } from './db/database.ts'
import { createReadiness } from './db/readiness.ts'
import { createDelivery } from './delivery/delivery.ts'
import { codePolicy, createExperience } from './experience/experience.ts'
import { messageLanguage } from './experience/message-language.ts'
import { createFeedback } from './feedback/feedback.ts'
import { createFraud } from './fraud/fraud.ts'
import { createHealth } from './health/health.ts'
import { tellOfHealth } from './health/shown.ts'
import { createHooks } from './hooks/hooks.ts'
import { guardedFetch, reachOf } from './http/targets.ts'
import { auditSteps, auditVerification } from './interactions/audited.ts'
import { createBrowsers } from './interactions/browsers.ts'
import { createInteractions } from './interactions/interactions.ts'
import type { PageRoom } from './interactions/page-room.ts'
import { createSteps } from './interactions/steps.ts'
import { createVerification } from './interactions/verification.ts'
import { createLedger } from './ledger/ledger.ts'
import { createLimits } from './limits/limits.ts'
import { lookOfPages } from './look-of-pages.ts'
import {
  hearing,
  meteredCodes,
  meteredLedger,
  tracedDelivery,
  type Watchers,
  watchDatabase,
} from './metering.ts'
import { createMoves } from './moves/moves.ts'
import { findingBuiltIn } from './oidc/built-in-clients.ts'
import { tellOfGrants } from './oidc/grant-limit.ts'
import { createOidc } from './oidc/oidc.ts'
import { createOperators } from './operators/operators.ts'
import { ownSecret } from './own-secret.ts'
import { createPhrases } from './phrases/phrases.ts'
import { loadPlugins } from './plugins/loader.ts'
import { createReceipts } from './receipts/receipts.ts'
import { createResources } from './resources/resources.ts'
import { carrierOf } from './routing/code-length.ts'
import { chanceOf } from './routing/shares.ts'
import { createTellers } from './tellers.ts'
import { createTemplates } from './templates/templates.ts'
import { createTestIdentities } from './test-identities/test-identities.ts'
import { requirePossible } from './users/possible-phone.ts'
import { setUsernameCase } from './users/username-case.ts'
import { createUsers } from './users/users.ts'
import type { World } from './world.ts'

/** What the process adds to the settings: addresses and things of the development world, the built console. */
export interface AppExtras extends Watchers {
  inboxUrl?: string
  demoUrl?: string
  samples?: Surroundings['samples']
  /** Whether the simulated clouds take any number of messages to a number, `+` and country code first. */
  isExempt?: (e164: string) => boolean
  /** Folder of the built console. */
  consoleFolder?: string
  version?: string
}

/** Every room with what it needs of the others. */
export type Rooms = Awaited<ReturnType<typeof createRooms>>

type Ground = Awaited<ReturnType<typeof openGround>>
type Kept = Awaited<ReturnType<typeof createKept>>
type Sending = ReturnType<typeof createSending>
type SignIn = Awaited<ReturnType<typeof createSignIn>>

/**
 * What every room stands on: keys, world, settings and the database.
 *
 * @throws ConfigError when the keys are not those of the database
 */
async function openGround(config: Config, world: World, extras: AppExtras) {
  const meter = extras.metrics?.meter
  const { pool, watch } = watchDatabase(meter)
  const db = await openDatabase(config.databaseUrl, config.dataDir, { log: world.log, watch })
  extras.tracing?.keepIn(db, world)
  const keys = await ownSecret(config, db, { trial: false, random: world.random })
    .then(secret => deriveKeys(secret, config.vaultKeys))
    .catch(async error => {
      await db.destroy()
      throw error
    })
  return { keys, world, config, extras, db, meter, pool, readiness: createReadiness(db, world) }
}

/** The console's address, unless it is known to this machine alone while messages are read elsewhere. */
const consoleForOthers = ({ clouds, adminEndpoint }: Config): string | undefined =>
  clouds === 'real' && isLoopback(new URL(adminEndpoint).hostname) ? undefined : adminEndpoint

/** The rooms of what operators and back ends look after: users, applications, connections and the like. */
async function createKept({ keys, world, config, db }: Ground) {
  const { connectorsDir, webhookAllowPrivate, clouds } = config
  const experience = createExperience(db, world, setUsernameCase)
  const users = createUsers(db, world, async () => (await experience.read()).usernamePolicy.caseSensitive)
  const audit = createAudit(db, world, config.auditRetentionDays)
  const applications = createApplications(db, keys, world, name =>
    audit.note({ applicationSecret: { name } }),
  )
  const plugins = connectorsDir ? await loadPlugins(connectorsDir, world.log) : []
  const connections = createConnections(db, keys, world, createRegistry(plugins, world.log))
  const templates = createTemplates(db, world)
  const phrases = createPhrases(db, world)
  return {
    experience,
    users,
    audit,
    applications,
    clientById: findingBuiltIn(applications, config.endpoint),
    roles: createRoles(db),
    connections,
    limits: createLimits(db, keys, world),
    templates,
    resources: createResources(db, world),
    hooks: createHooks(db, keys, world, {
      fetch: guardedFetch(reachOf(webhookAllowPrivate, clouds), 'WEBHOOK_ALLOW_PRIVATE'),
      // In the development world the services are simulated, as the clouds are.
      ...(clouds === 'simulated' && { robots: world.fetch }),
      console: consoleForOthers(config),
    }),
    operators: createOperators(db, keys, audit, world),
    activity: createActivity(db, world),
    phrases,
    messageLanguage: messageLanguage.bind(null, {
      settings: experience.read,
      async spoken(channel) {
        return [
          ...(await phrases.languages()),
          ...(channel === 'email' ? await templates.languages() : []),
          ...(await connections.inUse(channel)).flatMap(({ config }) => rowLanguages(config)),
        ]
      },
    }),
  }
}

/** The rooms that a code goes through, and the challenges that join them. */
function createSending({ keys, world, config, db, extras, meter }: Ground, kept: Kept) {
  const { audit, connections, experience, hooks, limits, templates, users } = kept
  const plain = createLedger({
    db,
    keys,
    world,
    heard: hearing(extras),
    timeout: config.sendTimeout,
    keepDays: config.deliveryRetentionDays,
    connectorOf: connections.registry.byId,
    scene: audit.scene,
    keepSums,
  })
  const ledger = meteredLedger(plain, meter, world.now)
  const health = createHealth({
    db,
    world,
    timeout: config.sendTimeout,
    connections: connections.list,
    ended: ledger.ended,
    telling: tellOfHealth(hooks.telling),
  })
  const wording: Wording = {
    fallbackLanguage: async () => (await experience.read()).languageInfo.fallbackLanguage,
    async mailTemplate(usageType, locale) {
      const { fallbackLanguage } = (await experience.read()).languageInfo
      return templates.find(usageType, locale, fallbackLanguage)
    },
  }
  const leaving = { world, ledger, timeout: config.sendTimeout, ...wording }
  const { tracing } = extras
  const delivery = tracedDelivery(createDelivery({ ...leaving, health, around: tracing?.attempt }), tracing)
  const tryOuts = createTryOuts({
    ...leaving,
    requirePossible: phone => requirePossible(phone, async () => false),
  })
  const testIdentities = createTestIdentities({
    db,
    keys,
    world,
    enabled: config.testIdentities,
    async codeLength(channel) {
      return codePolicy(await experience.read(), carrierOf(await connections.inUse(channel))).length
    },
    ownerOf: async (address, on) => (await (on ? createUsers(on, world) : users).find(address))?.id,
    used: ({ usageType, ...testIdentity }) => audit.record('TestIdentity.Use', { testIdentity, usageType }),
  })
  const codes = meteredCodes(createCodes(db, keys, world, testIdentities.markOf), meter)
  const later = createLater(world)
  const budgets = createBudgets({ db, world, ledger, connections, clientById: kept.clientById, hooks })
  const fraud = createFraud({
    db,
    keys,
    world,
    ledger,
    audit,
    telling: told => hooks.telling('Fraud.Found', () => row => ({ data: told(row) })),
  })
  const challenges: ChallengeRoom = {
    codes,
    delivery,
    connections,
    health,
    experience,
    limits,
    judges: [budgets.judge, fraud.judge],
    isKnown: fraud.isKnown,
    spending: budgets.spending,
    testIdentities,
    ledger,
    later,
    applicationId: () => audit.scene().applicationId,
    isExempt: phone => extras.isExempt?.(`+${phone}`) ?? false,
    chanceOf: ({ canonical }) => chanceOf(keys, canonical, world.now()),
  }
  const validity = async () => codePolicy(await experience.read()).lifetime
  const { endpoint } = config
  const receipts = createReceipts({ db, keys, world, ledger, connections, endpoint, validity })
  const feedback = createFeedback({ db, world, ledger, connections, validity })
  const moves = createMoves({
    db,
    world,
    connections,
    ledger,
    audit,
    rests: async connection => (await health.of(connection)).state !== 'healthy',
  })
  return {
    ledger,
    costs: createCosts(db, ledger, world),
    receipts,
    feedback,
    fraud,
    health,
    moves,
    budgets,
    delivery,
    tryOuts,
    testIdentities,
    codes,
    later,
    challenges,
  }
}

/** The rooms of interactions as they are kept, and of OpenID Connect, which they end in. */
async function createSignIn({ keys, world, config, extras, db }: Ground, kept: Kept) {
  const { activity, applications, audit, hooks, resources, users } = kept
  const { backchannelAllowPrivate, clouds } = config
  const interactions = createInteractions(db, keys, world)
  const oidc = await createOidc({
    db,
    keys,
    world,
    config,
    users,
    applications,
    resources,
    interactionJoined: interactions.joined,
    fetch: guardedFetch(reachOf(backchannelAllowPrivate, clouds), 'BACKCHANNEL_ALLOW_PRIVATE'),
    observers: {
      audit,
      seen: userId => void activity.seen(userId),
      tellAlong: tellOfGrants(hooks.telling, applications.byId),
    },
    look: lookOfPages(kept, extras),
  })
  const browsers = createBrowsers(keys, world, { secure: config.endpoint.startsWith('https:') })
  return { interactions, oidc, browsers }
}

/** The rooms of interactions, for hosted pages and for the Experience API. */
function createInteracting(ground: Ground, kept: Kept, sending: Sending, { oidc }: SignIn) {
  const { config, world } = ground
  const { audit, experience, users } = kept
  const { hostname } = new URL(config.endpoint)
  const captcha = createCaptcha({ ...ground, hostname, audit })
  const { tell, tellAlong, tellBlock } = createTellers({ ...kept, ...sending, meter: ground.meter })
  const verification = auditVerification(
    createVerification({
      challenges: sending.challenges,
      ledger: sending.ledger,
      users,
      tell,
      tellBlock,
      world,
    }),
    audit,
  )
  const steps = auditSteps(
    createSteps({
      captcha,
      experience,
      users,
      finishLogin: oidc.finishLogin,
      sessionsEnded: oidc.sessions.clearEnded,
      tell,
      tellAlong,
      world,
    }),
    audit,
  )
  const actions: PageRoom = { captcha, steps, verification, users, world }
  return { captcha, steps, verification, actions }
}

/** The rooms of the account API. */
function createAccounts({ keys, world, db }: Ground, kept: Kept, { challenges }: Sending, { oidc }: SignIn) {
  const { clientById, experience, hooks, users } = kept
  const center = createAccountCenter(db)
  const proofs = createProofs({
    db,
    keys,
    world,
    challenges,
    users,
    tell: tellOfAccounts(hooks.emit),
    tellBlock: tellOfBlocks(hooks.telling),
  })
  const permissions = createPermissions({ applications: { byId: clientById }, proofs })
  const account = createAccount({
    users,
    experience,
    center,
    permissions,
    proofs,
    sessions: oidc.sessions,
    tellChange: tellOfChange(hooks.telling),
  })
  const accountGuard = createAccountGuard({ userOfToken: oidc.userOfToken, center })
  return { center, proofs, permissions, account, accountGuard }
}

/** Makes the rooms, from the lowest rank upwards; what two of one rank need of each other is handed in here. */
export async function createRooms(config: Config, world: World, extras: AppExtras) {
  const ground = await openGround(config, world, extras)
  const kept = await createKept(ground)
  const sending = createSending(ground, kept)
  const signIn = await createSignIn(ground, kept)
  return {
    ...ground,
    ...kept,
    ...sending,
    ...signIn,
    ...createInteracting(ground, kept, sending, signIn),
    ...createAccounts(ground, kept, sending, signIn),
  }
}
