import type { Connector } from '@countersign/kit'
import { isPlugin } from '../plugins/plugin.ts'
import { reachOf, tidied } from './configuration.ts'

/**
 * Where text messages of a new connection go as long as nobody says: over the clouds whose connectors are ours to mainland
 * China alone, since messages abroad cost many times as much and are what abuse is after. Undefined stands for everywhere:
 * for connectors of packages, and for settings that reach only numbers abroad.
 *
 * @example usualDestinations(aliyunSms, config) // ['CN']
 */
export function usualDestinations(
  connector: Connector,
  config: Record<string, unknown>,
): readonly string[] | undefined {
  if (connector.channel !== 'sms' || isPlugin(connector)) return undefined
  const reach = reachOf(connector, tidied(connector, config))
  return reach === undefined || reach.includes('china') ? ['CN'] : undefined
}
