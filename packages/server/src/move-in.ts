import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { SignInExperiencePatch } from '@countersign/api'
import type { Connector } from '@countersign/kit'
import { createApplications } from './applications/applications.ts'
import { createRoles } from './applications/roles.ts'
import { createAudit } from './audit/audit.ts'
import { readConfig } from './config.ts'
import { createConnections } from './connections/connections.ts'
import { createRegistry } from './connections/registry.ts'
import { deriveKeys, type Keys, vaultKeysOf } from './crypto/keys.ts'
import { placeOf } from './db/address.ts'
import { openDatabase } from './db/database.ts'
import { type Channels, checkPatch } from './experience/check.ts'
import { requireCarried } from './experience/code-length.ts'
import { DEFAULT_EXPERIENCE } from './experience/defaults.ts'
import { createExperience } from './experience/experience.ts'
import { claimImport, createImports } from './imports/imports.ts'
import { openOidcConfigs } from './oidc/configs.ts'
import { createOperators } from './operators/operators.ts'
import { realFetch } from './outside.ts'
import { fileOf, hasSecret, ownSecret } from './own-secret.ts'
import { createPhrases } from './phrases/phrases.ts'
import { loadPlugins } from './plugins/loader.ts'
import { countSealed, resealAll } from './resealing.ts'
import { createResources } from './resources/resources.ts'
import { createTemplates } from './templates/templates.ts'
import { createUserImport, type ImportedWrite, type Written } from './users/import.ts'
import { bringToOneForm, findOldForms } from './users/one-form.ts'
import { setUsernameCase } from './users/username-case.ts'
import { createUsers } from './users/users.ts'
import { jsonLog, realWorld } from './world.ts'

export type { StoredApplication } from './applications/applications.ts'
export { builtInApplication } from './applications/built-in.ts'
export { secretsOf } from './config.ts'
export { parseConfig, tidied, withoutEmpty } from './connections/configuration.ts'
export type { Channels } from './experience/check.ts'
export { bodyOf } from './http/errors.ts'
export { emailKey } from './identifiers/email.ts'
export { normalizePhone, phoneProblem } from './identifiers/phone.ts'
export { CLAIM_LASTS, canonical } from './imports/imports.ts'
export { misreadSettings } from './misread-settings.ts'
export { ApiError } from './refusals/refusal.ts'
export { MANAGEMENT_API, type StoredResource, type StoredScope } from './resources/resources.ts'
export { StartError } from './start-error.ts'
export { startFailure } from './start-failure.ts'
export type { ImportedUser, ImportedWrite } from './users/import.ts'
export { LONGEST_EMAIL, type StoredUser } from './users/users.ts'

/** The rooms that moving in from another installation, and looking after keys and operators need, beside a server that may be running on the same database. */
export type MoveIn = Awaited<ReturnType<typeof openMoveIn>>

/**
 * Opens the installation that `env` describes, as the server's start does: the database, its keys and connector
 * packages. Nothing else of a server is started.
 *
 * @param trial leaves no trace: where there is no database yet, an empty one in memory stands for it
 * @param write takes lines of the log
 * @throws StartError naming every bad setting, or why the database cannot be opened
 */
export async function openMoveIn(
  env: Record<string, string | undefined>,
  { trial, write }: { trial: boolean; write(line: string): void },
) {
  const config = readConfig(env)
  const log = jsonLog(write, Date.now, 'warn')
  const world = realWorld(realFetch, write, 'warn')
  const fresh = !config.databaseUrl && !existsSync(fileOf(config))
  const url = trial && fresh ? 'sqlite::memory:' : config.databaseUrl
  const db = await openDatabase(url, config.dataDir, { log, patient: true })
  let keys: Keys
  try {
    keys = deriveKeys(await ownSecret(config, db, { trial, random: world.random }), config.vaultKeys)
  } catch (error) {
    await db.destroy()
    throw error
  }
  // What is imported is compared with what is here.
  if (!trial) await bringToOneForm(db, world.now(), log)
  const plugins = config.connectorsDir ? await loadPlugins(config.connectorsDir, log) : []
  const experience = createExperience(db, world, setUsernameCase)
  const audit = createAudit(db, world, config.auditRetentionDays)
  const applications = createApplications(db, keys, world)
  const { hashProblem, write: writeImported } = createUserImport(db)
  let assumed: boolean | undefined
  const isCaseSensitive = async () => assumed ?? (await experience.read()).usernamePolicy.caseSensitive
  return {
    /** Where things go, for people; without a password. */
    place: placeOf(config.databaseUrl, resolve(fileOf(config))),
    /** There was no database here before. */
    fresh,
    /** False: the secret is one that nobody keeps, so nothing may be sealed with it. */
    keepsSecret: !trial || hasSecret(config),
    users: createUsers(db, world, isCaseSensitive),
    /** From now on users are found as if the username policy said so: a trial does not change it. */
    assumeUsernameCase(caseSensitive: boolean): void {
      assumed = caseSensitive
    },
    hashProblem,
    /** Writes users, all or none, and remembers together with them in which state each was left. */
    writeUsers: (writes: readonly (ImportedWrite & { state: unknown })[]): Promise<Written> =>
      writeImported(writes, async tx => {
        const imports = createImports(tx, keys)
        for (const { user, state } of writes) await imports.record('users', user.id, state)
      }),
    /** Numbers and addresses of users that stand in an old form, which another user has in that of today. */
    oldForms: () => findOldForms(db, { write: false }),
    applications,
    roles: createRoles(db),
    resources: createResources(db, world),
    connections: createConnections(db, keys, world, createRegistry(plugins, log)),
    experience: {
      ...experience,
      defaults: DEFAULT_EXPERIENCE,
      /** Says what `update` would refuse. @throws ApiError as `update` */
      async check(
        patch: SignInExperiencePatch,
        channels: Channels,
        languages: readonly string[],
        connectors: readonly Connector[],
      ): Promise<void> {
        const stored = await experience.read()
        checkPatch(patch, stored, channels, languages)
        requireCarried(patch, stored, connectors)
      },
    },
    templates: createTemplates(db, world),
    phrases: createPhrases(db, world),
    imports: createImports(db, keys),
    /** The right to import, of which there is one; undefined when another import has it. */
    claim: () => claimImport(db, world),
    /** The keys with which things are sealed; see `VAULT_KEYS`. */
    vault: {
      /** The ids of those that are here; the first seals. */
      keys: vaultKeysOf(keys),
      counted: () => countSealed(db),
      reseal: (progress: (count: number) => void) => resealAll(db, keys.seal, progress),
    },
    configs: openOidcConfigs(db, keys, applications.chosenAlgorithms, world),
    audit,
    operators: createOperators(db, keys, audit, world),
    /** The console's address as browsers see it. */
    adminEndpoint: config.adminEndpoint,
    async close(): Promise<void> {
      await audit.close()
      await db.destroy()
    },
  }
}
