import type { ConnectorFactory, FormItem, Connector as WireConnector } from '@countersign/api'
import { connectors, guideOf, logoOf } from '@countersign/connectors'
import { type Connector, describeSettings, type FieldInfo } from '@countersign/kit'
import type { Connection } from './connections.ts'

/**
 * The translation between our words and Logto's: what we call a connector is a "connector factory" on the
 * wire, what we call a connection is a "connector" there, and the factories have ids of their own. Nothing
 * outside this file knows both.
 */
const FACTORY_IDS: Readonly<Record<string, string>> = {
  'aliyun-sms': 'aliyun-short-message-service',
  'aliyun-dm': 'aliyun-direct-mail',
  'tencent-sms': 'tencent-short-message-service',
}

/** The wire's factory id of a connector. */
export const factoryIdOf = (connector: Connector) => FACTORY_IDS[connector.id] ?? connector.id

/** The connector that a factory id (or our own id) means. */
export function connectorByFactoryId(id: string): Connector | undefined {
  return connectors.find(connector => factoryIdOf(connector) === id)
}

/** The connector of our own id. */
export function connectorById(id: string): Connector | undefined {
  return connectors.find(connector => connector.id === id)
}

const ITEM_TYPES = {
  text: 'Text',
  secret: 'Text',
  multiline: 'MultilineText',
  switch: 'Switch',
  choice: 'Select',
  templates: 'Json',
  regional: 'Json',
  number: 'Number',
  json: 'Json',
} as const satisfies Record<FieldInfo['kind'], FormItem['type']>

function formItem({
  key,
  kind,
  label,
  help,
  placeholder,
  required,
  default: value,
  options,
}: { key: string } & FieldInfo): FormItem {
  return {
    type: ITEM_TYPES[kind],
    key,
    label: label.en,
    required,
    ...(placeholder && { placeholder }),
    ...(help && { description: help.en }),
    ...(kind === 'secret' && { isConfidential: true }),
    ...(value !== undefined && { defaultValue: value }),
    ...(options && { selectItems: options.map(option => ({ value: option.value, title: option.label.en })) }),
  }
}

/** The connector's logo as a data address, as pages show it. */
export const logoAddress = (connector: Connector) =>
  `data:image/svg+xml;base64,${Buffer.from(logoOf(connector.id)).toString('base64')}`

function factoryMembers(connector: Connector) {
  return {
    type: connector.channel === 'sms' ? ('Sms' as const) : ('Email' as const),
    target: connector.id,
    name: connector.name,
    description: connector.description,
    logo: logoAddress(connector),
    logoDark: null,
    readme: guideOf(connector.id, 'en'),
    formItems: describeSettings(connector.settings).map(formItem),
    platform: null,
  }
}

/** A connector as the wire's connector factory. */
export function wireFactory(connector: Connector): ConnectorFactory {
  return { id: factoryIdOf(connector), isDemo: false, ...factoryMembers(connector) }
}

/** A connection as the wire's connector, secrets in clear: only for those who may manage it. */
export function wireConnection({ connector, ...connection }: Connection): WireConnector {
  return {
    id: connection.id,
    connectorId: factoryIdOf(connector),
    ...factoryMembers(connector),
    ...connection.metadata,
    config: connection.config,
    metadata: connection.metadata,
    syncProfile: false,
    enableTokenStorage: false,
    isDemo: false,
    extraInfo: {},
  }
}
