import type { Application, ApplicationSecret } from '@countersign/api'
import { newId, newSecret } from '../crypto/chance.ts'
import { type Keys, sameText } from '../crypto/keys.ts'
import { open, seal } from '../crypto/seal.ts'
import { type Database, isUniqueViolation } from '../db/database.ts'
import { isOpenToStrangers } from '../identifiers/public-suffix.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { World } from '../world.ts'
import { type ApplicationChange, applicationStore, type StoredApplication } from './store.ts'

export { SEARCHED_FIELDS, type StoredApplication } from './store.ts'

export type ApplicationInput = ApplicationChange & { name: string; type: Application['type'] }

/** Types that authenticate with a secret. */
const CONFIDENTIAL: readonly string[] = ['Traditional', 'MachineToMachine']

/** How a secret that was presented stands to an application. */
export type SecretCheck = 'right' | 'expired' | 'wrong'

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
  const store = applicationStore(db)
  const context = (applicationId: string, name: string) => `application-secret/${applicationId}/${name}`
  const sealed = (applicationId: string, name: string, value: string, expiresAt: number | null) => ({
    applicationId,
    name,
    value: seal(keys.seal, value, context(applicationId, name)),
    createdAt: world.now(),
    expiresAt,
  })

  async function get(id: string): Promise<StoredApplication> {
    const application = await store.byId(id)
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

  async function secrets(applicationId: string): Promise<ApplicationSecret[]> {
    const rows = await store.secrets(applicationId)
    return rows.map(row => ({
      ...row,
      tenantId: 'default',
      value: open(keys.seal, row.value, context(applicationId, row.name)),
    }))
  }

  return {
    byId: store.byId,
    list: store.list,
    /** @throws ApiError `entity.not_exists_with_id` */
    get,
    /** Registers an application; confidential types get a first secret. */
    async create(input: ApplicationInput): Promise<StoredApplication> {
      checkType(input)
      requireOwnHosts(input)
      const application: StoredApplication = {
        id: newId(world.random),
        description: null,
        oidcClientMetadata: { redirectUris: [], postLogoutRedirectUris: [] },
        customClientMetadata: {},
        customData: {},
        isThirdParty: false,
        isAdmin: false,
        ...withoutUndefined(input),
        createdAt: world.now(),
      }
      const secret = CONFIDENTIAL.includes(input.type)
        ? sealed(application.id, 'Default secret', newSecret(world.random), null)
        : undefined
      await store.insert(application, secret)
      return application
    },
    /** @throws ApiError `entity.not_exists_with_id`, `application.*` */
    async update(id: string, change: ApplicationChange): Promise<StoredApplication> {
      const current = await get(id)
      if (change.isAdmin && current.type !== 'MachineToMachine')
        throw new ApiError('application.invalid_type')
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
      return (await store.update(id, wanted)) ?? get(id)
    },
    /** Adds members to the custom data. @throws ApiError `entity.not_exists_with_id` */
    async mergeCustomData(id: string, members: Record<string, unknown>): Promise<Record<string, unknown>> {
      const next = await store.mergeCustomData(id, members)
      if (!next) throw new ApiError('entity.not_exists_with_id')
      return next
    },
    /** @throws ApiError `entity.not_exists_with_id` */
    async delete(id: string): Promise<void> {
      if (!(await store.delete(id))) throw new ApiError('entity.not_exists_with_id')
    },
    /** The secrets in clear, for those who may manage them. */
    async secrets(id: string): Promise<ApplicationSecret[]> {
      await get(id)
      return secrets(id)
    },
    /** @throws ApiError `request.invalid_input`, `application.secret_name_exists`, `entity.db_constraint_violated` */
    async addSecret(id: string, name: string, expiresAt: number | null): Promise<ApplicationSecret> {
      const application = await get(id)
      if (!CONFIDENTIAL.includes(application.type)) throw new ApiError('entity.db_constraint_violated')
      if (expiresAt !== null && expiresAt <= world.now())
        throw new ApiError('request.invalid_input', { data: { message: 'expiresAt lies in the past' } })
      const value = newSecret(world.random)
      const row = sealed(id, name, value, expiresAt)
      await namingSecret(() => store.insertSecret(row))
      return { ...row, tenantId: 'default', value }
    },
    /** @throws ApiError `entity.not_exists`, `application.secret_name_exists` */
    async renameSecret(id: string, name: string, next: string): Promise<ApplicationSecret> {
      const secret = (await secrets(id)).find(each => each.name === name)
      if (!secret) throw new ApiError('entity.not_exists')
      const value = seal(keys.seal, secret.value, context(id, next))
      const renamed = await namingSecret(() => store.renameSecret(id, name, { name: next, value }))
      if (!renamed) throw new ApiError('entity.not_exists')
      return { ...secret, name: next }
    },
    /** @throws ApiError `entity.not_found` */
    async deleteSecret(id: string, name: string): Promise<void> {
      if (!(await store.deleteSecret(id, name))) throw new ApiError('entity.not_found')
    },
    /** Compares a presented secret with all of the application's, in constant time each. */
    async checkSecret(id: string, presented: string): Promise<SecretCheck> {
      let check: SecretCheck = 'wrong'
      for (const { name, value, expiresAt } of await secrets(id)) {
        if (!sameText(value, presented)) continue
        if (expiresAt === null || expiresAt > world.now()) {
          recognized(name)
          return 'right'
        }
        check = 'expired'
      }
      return check
    },
    /** Makes the machine-to-machine application of automation, or brings it up to date; safe at every start. */
    async bootstrap(id: string, secret: string): Promise<void> {
      const current = await store.byId(id)
      if (current && current.type !== 'MachineToMachine')
        throw new Error(
          `BOOTSTRAP_CLIENT_ID: ${id} is an application of type ${current.type}; choose another id`,
        )
      const row = sealed(id, 'Default secret', secret, null)
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
          createdAt: world.now(),
        }
        try {
          await store.insert(application, row)
          return
        } catch (error) {
          // Another node that started at the same moment made it.
          if (!isUniqueViolation(error, 'applications')) throw error
        }
      }
      await store.update(id, { isAdmin: true })
      await store.replaceSecret(row)
    },
    /**
     * Writes an application as it was in another installation, in one transaction: its id and its secrets stay.
     *
     * @param managementRole has the role that opens the Management API
     * @throws ApiError `application.*` for one that cannot be here; then nothing is written
     */
    async import(
      application: StoredApplication,
      secrets: Pick<ApplicationSecret, 'name' | 'value' | 'createdAt' | 'expiresAt'>[],
      managementRole: boolean,
    ): Promise<void> {
      checkType(application)
      const { id } = application
      const rows = secrets.map(({ name, value, createdAt, expiresAt }) => ({
        ...sealed(id, name, value, expiresAt),
        createdAt,
      }))
      await store.put(application, rows, managementRole)
    },
    /** Makes an application with a given id unless it is there; for the demo application. */
    async ensure(application: StoredApplication): Promise<void> {
      if (await store.byId(application.id)) await store.update(application.id, application)
      else await store.insert(application)
    },
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
