import { underOurNames } from '@countersign/connectors/logto'
import {
  type Connector,
  DESTINATIONS,
  type Destination,
  type Issue,
  issuesOf,
  settingsSchema,
} from '@countersign/kit'
import { isPlugin } from '../plugins/plugin.ts'
import { ApiError } from '../refusals/refusal.ts'

/** Removes nulls, empty strings, empty lists and empty objects at every depth. */
export function withoutEmpty(value: unknown): unknown {
  const isEmpty = (member: unknown) =>
    member === undefined ||
    member === null ||
    member === '' ||
    (typeof member === 'object' && Object.keys(member).length === 0)
  if (Array.isArray(value)) return value.map(withoutEmpty).filter(member => !isEmpty(member))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, member]) => [key, withoutEmpty(member)] as const)
      .filter(([, member]) => !isEmpty(member)),
  )
}

/**
 * A configuration as it is kept and used: nothing empty in it, and under our names what Logto's own connector of the same
 * cloud names otherwise.
 *
 * @example tidied(aliyunDm, { regionId: 'ap-southeast-1', fromAlias: '' }) // { region: 'ap-southeast-1' }
 */
export const tidied = (connector: Connector, config: unknown): Record<string, unknown> =>
  underOurNames(connector, withoutEmpty(config) as Record<string, unknown>, 'ours')

const schemas = new WeakMap<Connector, ReturnType<typeof settingsSchema>>()

/** The schema of a connector's settings, made once: making it costs far more than using it. */
function schemaOf(connector: Connector) {
  let schema = schemas.get(connector)
  if (!schema) {
    schema = settingsSchema(connector.settings)
    schemas.set(connector, schema)
  }
  return schema
}

function check(connector: Connector, config: unknown): { issues: Issue[]; values?: unknown } {
  // A package checks its own, and fills in its own defaults when it sends.
  if (isPlugin(connector)) return { issues: connector.issuesOf(config), values: config }
  const result = schemaOf(connector).safeParse(config)
  return result.success ? { issues: [], values: result.data } : { issues: issuesOf(result.error, config) }
}

/**
 * Checks a configuration against the connector's settings and fills defaults in.
 *
 * @throws ApiError `connector.invalid_config` whose data names every field and what is wrong with it
 */
export function parseConfig(connector: Connector, config: unknown): Record<string, never> {
  const { issues, values } = check(connector, config)
  if (issues.length === 0) return values as Record<string, never>
  throw new ApiError('connector.invalid_config', {
    data: { issues, name: 'ZodError' },
    values: { issues: issues.map(issue => `${issue.path.join('.')} ${issue.message}`).join('; ') },
  })
}

/** @throws ApiError `connector.invalid_config` when a configuration could not be saved */
export const requireConfig = (connector: Connector, config: Record<string, unknown>): void =>
  void parseConfig(connector, tidied(connector, config))

/**
 * Where text messages can go with a configuration: everywhere, when its connector cannot tell. Undefined when it is not
 * whole.
 *
 * @example reachOf(aliyunSms, { …, templates: [{ usageType: 'Generic', templateCode: { china: 'SMS_1' } }] }) // ['china']
 */
export function reachOf(
  connector: Connector,
  config: Record<string, unknown>,
): readonly Destination[] | undefined {
  const { issues, values } = check(connector, config)
  if (issues.length > 0) return undefined
  return connector.destinations?.(values as Record<string, never>) ?? DESTINATIONS
}
