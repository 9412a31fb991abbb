import type { HookConfig, HookConfigInput, RobotInput } from '@countersign/api'
import type { Keys } from '../crypto/keys.ts'
import { open, seal } from '../crypto/seal.ts'

/** Where a webhook goes to, as it is stored: with a robot's secret. */
export interface StoredConfig extends Omit<HookConfig, 'robot'> {
  robot?: { form: RobotInput['form']; language: RobotInput['language']; secret?: string } | undefined
}

/**
 * What is stored of a configuration. A secret that is left out is the one of before, as long as the service is the same.
 *
 * @example storedConfig({ url, robot: { form: 'feishu', language: 'en', secret: null } }, undefined)
 */
export function storedConfig(
  { robot, ...config }: HookConfigInput,
  before: StoredConfig | undefined,
): StoredConfig {
  if (!robot) return config
  const { form, language, secret: given } = robot
  const kept = before?.robot?.form === form ? before.robot.secret : undefined
  const secret = given === undefined ? kept : (given ?? undefined)
  return { ...config, robot: { form, language, ...(secret !== undefined && { secret }) } }
}

/**
 * A configuration on the wire: of a secret nothing but that there is one.
 *
 * @example shownConfig(target.config)
 */
export const shownConfig = ({ robot, ...config }: StoredConfig): HookConfig => ({
  ...config,
  ...(robot && { robot: { form: robot.form, language: robot.language, signed: robot.secret !== undefined } }),
})

/** What a sealed configuration is bound to: `configContext(row.id)`. */
export const configContext = (id: string) => `hook-config/${id}`

/**
 * Seals where a webhook goes to.
 *
 * @example sealConfig(keys, id, { url })
 */
export const sealConfig = (keys: Keys, id: string, config: StoredConfig): string =>
  seal(keys.seal, JSON.stringify(config), configContext(id))

/**
 * Opens where a webhook goes to.
 *
 * @example openConfig(keys, row.id, row.config).url
 */
export const openConfig = (keys: Keys, id: string, config: string): StoredConfig =>
  JSON.parse(open(keys.seal, config, configContext(id)))
