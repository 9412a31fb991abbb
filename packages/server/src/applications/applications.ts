import type { Application, ApplicationSecret } from '@countersign/api'
import { newId, newSecret } from '../crypto/chance.ts'
import { type Keys, sameText } from '../crypto/keys.ts'
import { open, seal } from '../crypto/seal.ts'
import { type Database, isUniqueViolation } from '../db/database.ts'
import { isOpenToStrangers } from '../identifiers/public-suffix.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { World } from '../world.ts'
import type { ApplicationChange, StoredApplication } from './store.ts'
import * as store from './store.ts'

export { SEARCHED_FIELDS, type StoredApplication } from './store.ts'

export type ApplicationInput = ApplicationChange & { name: string; type: Application['type'] }

/** Types that authenticate with a secret. */
const CONFIDENTIAL: readonly string[] = ['Traditional', 'MachineToMachine']

/** The judgement of a secret that was presented for an application. */
export type SecretCheck = 'right' | 'expired' | 'wrong'

/** The room of applications, which each of its use cases takes first. */
export interface ApplicationRoom {
  db: Database
  keys: Keys
  world: World
  /** Told the name of each secret that was presented and is good. */
  recognized(secretName: string): void
}

/** A secret as it was in another installation, in clear. */
type ImportedSecret = Pick<ApplicationSecret, 'name' | 'value' | 'createdAt' | 'expiresAt'>

/** What a sealed secret is bound to: `context(row.application_id, row.name)`. */
export const context = (applicationId: string, name: string) => `application-secret/${applicationId}/${name}`
const sealed = (
  { keys, world }: ApplicationRoom,
  applicationId: string,
  name: string,
  value: string,
  expiresAt: number | null,
) => ({
  applicationId,
  name,
  value: seal(keys.seal, value, context(applicationId, name)),
  createdAt: world.now(),
  expiresAt,
})

/** @throws ApiError `entity.not_exists_with_id` */
async function get({ db }: ApplicationRoom, id: string): Promise<StoredApplication> {
  const application = await store.byId(db, id)
  if (!application) throw new ApiError('entity.not_exists_with_id')
  return application
}

function checkType({ type, isThirdParty, customClientMetadata }: ApplicationInput): void {
  if (type === 'Protected') throw new ApiError('application.protected_app_metadata_is_required')
  if (type === 'SAML') throw new ApiError('application.saml.use_saml_app_api')
  if (isThirdParty && type === 'MachineToMachine')
    throw new ApiError('application.invalid_third_party_application_type')
  if (customClientMetadata?.isDeviceFlow && type !== 'Native')
    throw new ApiError('application.device_flow_native_only')
  if (isThirdParty && customClientMetadata?.allowTokenExchange)
    throw new ApiError('application.third_party_application_cannot_enable_token_exchange')
}

/** @throws ApiError `guard.invalid_input` for an address whose `*` stands where strangers can get a name */
function requireOwnHosts({ oidcClientMetadata }: Pick<ApplicationChange, 'oidcClientMetadata'>): void {
  for (const field of ['redirectUris', 'postLogoutRedirectUris'] as const)
    for (const [index, address] of (oidcClientMetadata?.[field] ?? []).entries()) {
      if (!address.includes('*') || !isOpenToStrangers(URL.parse(address)?.hostname ?? '')) continue
      const path = ['oidcClientMetadata', field, index]
      const message = `anybody can get a name that ${address} covers; write out a name of yours after the *`
      throw new ApiError('guard.invalid_input', {
        data: { issues: [{ code: 'custom', path, message }], name: 'ZodError' },
        details: `Error in key path "${path.join('.')}": (custom) ${message}`,
      })
    }
}

async function secretsOf({ db, keys }: ApplicationRoom, applicationId: string): Promise<ApplicationSecret[]> {
  const rows = await store.secrets(db, applicationId)
  return rows.map(row => ({
    ...row,
    tenantId: 'default',
    value: open(keys.seal, row.value, context(applicationId, row.name)),
  }))
}

/**
 * Registers an application; confidential types get a first secret.
 *
 * @example await createApplication(room, { name: 'Shop', type: 'SPA' })
 */
export async function createApplication(
  room: ApplicationRoom,
  input: ApplicationInput,
): Promise<StoredApplication> {
  checkType(input)
  requireOwnHosts(input)
  const application: StoredApplication = {
    id: newId(room.world.random),
    description: null,
    oidcClientMetadata: { redirectUris: [], postLogoutRedirectUris: [] },
    customClientMetadata: {},
    customData: {},
    isThirdParty: false,
    isAdmin: false,
    ...withoutUndefined(input),
    createdAt: room.world.now(),
  }
  const secret = CONFIDENTIAL.includes(input.type)
    ? sealed(room, application.id, 'Default secret', newSecret(room.world.random), null)
    : undefined
  await store.insert(room.db, application, secret)
  return application
}

/**
 * Changes an application.
 *
 * @throws ApiError `entity.not_exists_with_id`, `application.*`
 * @example await updateApplication(room, id, { name: 'Store' })
 */
export async function updateApplication(
  room: ApplicationRoom,
  id: string,
  change: ApplicationChange,
): Promise<StoredApplication> {
  const current = await get(room, id)
  if (change.isAdmin && current.type !== 'MachineToMachine') throw new ApiError('application.invalid_type')
  const { isDeviceFlow, allowTokenExchange } = change.customClientMetadata ?? {}
  if (isDeviceFlow !== undefined && isDeviceFlow !== (current.customClientMetadata.isDeviceFlow ?? false))
    throw new ApiError('application.device_flow_not_changeable')
  if (current.isThirdParty && allowTokenExchange)
    throw new ApiError('application.third_party_application_cannot_enable_token_exchange')
  requireOwnHosts(change)
  const wanted = withoutUndefined(change)
  // It cannot change, so whoever writes the other members anew need not repeat it.
  if (wanted.customClientMetadata && current.customClientMetadata.isDeviceFlow !== undefined)
    wanted.customClientMetadata = {
      ...wanted.customClientMetadata,
      isDeviceFlow: current.customClientMetadata.isDeviceFlow,
    }
  if (Object.keys(wanted).length === 0) return current
  return (await store.update(room.db, id, wanted)) ?? get(room, id)
}

/**
 * Adds members to the custom data.
 *
 * @throws ApiError `entity.not_exists_with_id`
 * @example await mergeCustomData(room, id, { tier: 1 })
 */
export async function mergeCustomData(
  room: ApplicationRoom,
  id: string,
  members: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const next = await store.mergeCustomData(room.db, id, members)
  if (!next) throw new ApiError('entity.not_exists_with_id')
  return next
}

/**
 * Deletes an application with its secrets.
 *
 * @throws ApiError `entity.not_exists_with_id`
 * @example await deleteApplication(room, id)
 */
export async function deleteApplication(room: ApplicationRoom, id: string): Promise<void> {
  if (!(await store.remove(room.db, id))) throw new ApiError('entity.not_exists_with_id')
}

/**
 * The secrets in clear, for those who may manage them.
 *
 * @example await readSecrets(room, id)
 */
export async function readSecrets(room: ApplicationRoom, id: string): Promise<ApplicationSecret[]> {
  await get(room, id)
  return secretsOf(room, id)
}

/**
 * Adds a secret and tells it, in clear.
 *
 * @throws ApiError `request.invalid_input`, `application.secret_name_exists`, `entity.db_constraint_violated`
 * @example await addSecret(room, id, 'second', null)
 */
export async function addSecret(
  room: ApplicationRoom,
  id: string,
  name: string,
  expiresAt: number | null,
): Promise<ApplicationSecret> {
  const application = await get(room, id)
  if (!CONFIDENTIAL.includes(application.type)) throw new ApiError('entity.db_constraint_violated')
  if (expiresAt !== null && expiresAt <= room.world.now())
    throw new ApiError('request.invalid_input', { data: { message: 'expiresAt lies in the past' } })
  const value = newSecret(room.world.random)
  const row = sealed(room, id, name, value, expiresAt)
  await namingSecret(() => store.insertSecret(room.db, row))
  return { ...row, tenantId: 'default', value }
}

/**
 * Gives a secret another name.
 *
 * @throws ApiError `entity.not_exists`, `application.secret_name_exists`
 * @example await renameSecret(room, id, 'second', 'spare')
 */
export async function renameSecret(
  room: ApplicationRoom,
  id: string,
  name: string,
  next: string,
): Promise<ApplicationSecret> {
  const secret = (await secretsOf(room, id)).find(each => each.name === name)
  if (!secret) throw new ApiError('entity.not_exists')
  const value = seal(room.keys.seal, secret.value, context(id, next))
  const renamed = await namingSecret(() => store.renameSecret(room.db, id, name, { name: next, value }))
  if (!renamed) throw new ApiError('entity.not_exists')
  return { ...secret, name: next }
}

/**
 * Deletes a secret.
 *
 * @throws ApiError `entity.not_found`
 * @example await deleteSecret(room, id, 'spare')
 */
export async function deleteSecret(room: ApplicationRoom, id: string, name: string): Promise<void> {
  if (!(await store.deleteSecret(room.db, id, name))) throw new ApiError('entity.not_found')
}

/**
 * Compares a presented secret with all of the application's, in constant time each.
 *
 * @example (await checkSecret(room, id, presented)) === 'right'
 */
export async function checkSecret(
  room: ApplicationRoom,
  id: string,
  presented: string,
): Promise<SecretCheck> {
  let check: SecretCheck = 'wrong'
  for (const { name, value, expiresAt } of await secretsOf(room, id)) {
    if (!sameText(value, presented)) continue
    if (expiresAt === null || expiresAt > room.world.now()) {
      room.recognized(name)
      return 'right'
    }
    check = 'expired'
  }
  return check
}

/**
 * Makes the machine-to-machine application of automation, or brings it up to date; safe at every start.
 *
 * @example await bootstrapApplication(room, 'automation', secret)
 */
export async function bootstrapApplication(room: ApplicationRoom, id: string, secret: string): Promise<void> {
  const current = await store.byId(room.db, id)
  if (current && current.type !== 'MachineToMachine')
    throw new Error(`BOOTSTRAP_CLIENT_ID: ${id} is an application of type ${current.type}; choose another id`)
  const row = sealed(room, id, 'Default secret', secret, null)
  if (!current) {
    const application: StoredApplication = {
      id,
      name: 'Bootstrap',
      description: 'Made from BOOTSTRAP_CLIENT_ID at start',
      type: 'MachineToMachine',
      oidcClientMetadata: { redirectUris: [], postLogoutRedirectUris: [] },
      customClientMetadata: {},
      customData: {},
      isThirdParty: false,
      isAdmin: true,
      createdAt: room.world.now(),
    }
    try {
      await store.insert(room.db, application, row)
      return
    } catch (error) {
      // Another node that started at the same moment made it.
      if (!isUniqueViolation(error, 'applications')) throw error
    }
  }
  await store.update(room.db, id, { isAdmin: true })
  await store.replaceSecret(room.db, row)
}

/**
 * Writes an application as it was in another installation, in one transaction: its id and its secrets stay.
 *
 * @param managementRole has the role that opens the Management API
 * @throws ApiError `application.*` for one that cannot be here; then nothing is written
 * @example await importApplication(room, application, secrets, true)
 */
export async function importApplication(
  room: ApplicationRoom,
  application: StoredApplication,
  secrets: ImportedSecret[],
  managementRole: boolean,
): Promise<void> {
  checkType(application)
  const { id } = application
  const rows = secrets.map(({ name, value, createdAt, expiresAt }) => ({
    ...sealed(room, id, name, value, expiresAt),
    createdAt,
  }))
  await store.put(room.db, application, rows, managementRole)
}

/**
 * Makes an application with a given id, or brings it up to date; for the demo application, by nodes that start at once too.
 *
 * @example await ensureApplication(room, demo)
 */
export const ensureApplication = (room: ApplicationRoom, application: StoredApplication): Promise<void> =>
  store.ensure(room.db, application)

/**
 * Rules of applications: who may be one, and their secrets, sealed at rest.
 *
 * @param recognized told the name of each secret that was presented and is good
 */
export function createApplications(
  db: Database,
  keys: Keys,
  world: World,
  recognized: (secretName: string) => void = () => {},
) {
  const room: ApplicationRoom = { db, keys, world, recognized }
  return {
    byId: store.byId.bind(null, db),
    list: store.list.bind(null, db),
    onlyOne: store.onlyOne.bind(null, db),
    chosenAlgorithms: store.chosenAlgorithms.bind(null, db),
    get: get.bind(null, room),
    create: createApplication.bind(null, room),
    update: updateApplication.bind(null, room),
    mergeCustomData: mergeCustomData.bind(null, room),
    delete: deleteApplication.bind(null, room),
    secrets: readSecrets.bind(null, room),
    addSecret: addSecret.bind(null, room),
    renameSecret: renameSecret.bind(null, room),
    deleteSecret: deleteSecret.bind(null, room),
    checkSecret: checkSecret.bind(null, room),
    bootstrap: bootstrapApplication.bind(null, room),
    import: importApplication.bind(null, room),
    ensure: ensureApplication.bind(null, room),
  }
}

/** Runs a write of a secret and tells when its name is taken. */
async function namingSecret<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (isUniqueViolation(error, 'application_secrets')) throw new ApiError('application.secret_name_exists')
    throw error
  }
}

export type Applications = ReturnType<typeof createApplications>

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T
}

/** An application on the wire, in Logto's form. */
export function wireApplication({ isAdmin: _, ...application }: StoredApplication): Application {
  return {
    tenantId: 'default',
    ...application,
    protectedAppMetadata: null,
    appLevelAccessControlEnabled: false,
  }
}
