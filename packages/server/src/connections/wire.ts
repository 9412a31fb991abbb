import type {
  ConnectionHealth,
  ConnectionSummary,
  ConnectorFactory,
  Connector as WireConnector,
} from '@countersign/api'
import { guideOf, logoOf } from '@countersign/connectors'
import { factoryIdOf, formItems } from '@countersign/connectors/logto'
import type { Connector } from '@countersign/kit'
import { isPlugin } from '../plugins/plugin.ts'
import type { Connection, KeptConnection } from './room.ts'

// What we call a connector is a "connector factory" on the wire, and what we call a connection is a "connector"
// there: the translation is made here and in the connectors' `logto` folder, and nothing else knows both.

const dataAddress = (svg: string) => `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`

/** For a package whose logo lies on the web or nowhere: the console loads nothing from elsewhere. */
const PLAIN_LOGO = dataAddress(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><rect x="4" y="10" width="40" height="28" rx="4" fill="none" stroke="#868e96" stroke-width="3"/><path d="m6 13 18 14 18-14" fill="none" stroke="#868e96" stroke-width="3"/></svg>',
)

/** The connector's logo as a data address, as the console shows it. */
export function logoAddress(connector: Connector): string {
  if (!isPlugin(connector)) return dataAddress(logoOf(connector.id))
  const { logo } = connector.metadata
  return logo.startsWith('data:') ? logo : PLAIN_LOGO
}

function factoryMembers(connector: Connector) {
  const type = connector.channel === 'sms' ? ('Sms' as const) : ('Email' as const)
  if (isPlugin(connector)) {
    const { id: _, ...metadata } = connector.metadata
    return { ...metadata, type, logoDark: metadata.logoDark ?? null, platform: null }
  }
  return {
    type,
    target: connector.id,
    name: connector.name,
    description: connector.description,
    logo: logoAddress(connector),
    logoDark: null,
    readme: guideOf(connector.id, 'en'),
    formItems: formItems(connector.settings),
    platform: null,
  }
}

/** A connector as the wire's connector factory. */
export function wireFactory(connector: Connector): ConnectorFactory {
  return { id: factoryIdOf(connector), isDemo: false, ...factoryMembers(connector) }
}

/** A connection as the wire's connector, secrets in clear: only for those who may manage it. */
export function wireConnection({
  connector,
  ...connection
}: Pick<Connection, 'id' | 'connector' | 'config' | 'metadata'>): WireConnector {
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

/** A connection in our own list, on or off, without its secrets, with how it works. */
export const summaryOf = (
  {
    id,
    connector,
    channel,
    name,
    enabled,
    destinations,
    applications,
    share,
    feedback,
    windows,
    createdAt,
    updatedAt,
  }: KeptConnection,
  health: ConnectionHealth,
): ConnectionSummary => ({
  id,
  connectorId: factoryIdOf(connector),
  channel,
  name,
  enabled,
  destinations: channel === 'email' ? null : [...destinations],
  applications: applications && [...applications],
  share,
  health,
  feedback: connector.feedback ? feedback : null,
  windows,
  createdAt,
  updatedAt,
})
