import { type ConnectionHealth, connectionRoutes, connectorRoutes } from '@countersign/api'
import type { Connector, Message, UsageType } from '@countersign/kit'
import type { Mount } from '../http/mount.ts'
import { type Recipient, readRecipient } from '../identifiers/recipient.ts'
import { ApiError } from '../refusals/refusal.ts'
import { issue } from './changing.ts'
import { requireConfig } from './configuration.ts'
import type { Connections } from './connections.ts'
import type { Channel, Connection, KeptConnection } from './room.ts'
import { usualDestinations } from './usual-destinations.ts'
import { summaryOf, wireConnection, wireFactory } from './wire.ts'

/** The code of test messages, as in Logto. */
export const TEST_CODE = '000000'
/** Minutes for which a test message says that its code is good. */
export const TEST_MINUTES = 10

/** A message that shows whether a configuration works. */
interface TestMessage {
  recipient: Recipient
  usageType: UsageType
  payload: Message['payload']
  ip: string | undefined
}

/** The other rooms, as far as the routes of connections need them. */
export interface Around {
  /** How connections work. */
  health: {
    of(connection: KeptConnection): Promise<ConnectionHealth>
    /** @throws ApiError `entity.not_found` */
    override(id: string, state: 'healthy' | 'held'): Promise<void>
  }
  /**
   * Sends a message with a configuration that is not saved.
   *
   * @throws ApiError `connector.*`, whose data tell the whole story, when it did not go out
   */
  sendTest(connector: Connector, config: Record<string, unknown>, message: TestMessage): Promise<void>
  /** @throws ApiError when passwords expire and these channels leave nobody a way to a new one */
  requireWayToNewPassword(channels: Record<Channel, boolean>): Promise<void>
  /** Whether an operator asks, in the console. */
  isOperator(): boolean
  /** Whether there is an application with this id. */
  isApplication(id: string): Promise<boolean>
}

/**
 * A deleted application stays among those of a connection until somebody takes it out: with none left the connection
 * would be for all.
 *
 * @throws ApiError `guard.invalid_input` for an application that there is not, unless the connection named it before
 */
async function requireApplications(
  { isApplication }: Around,
  ids: readonly string[] | null | undefined,
  before: readonly string[] | null = null,
): Promise<void> {
  for (const [index, id] of (ids ?? []).entries())
    if (!before?.includes(id) && !(await isApplication(id)))
      throw issue(`applications.${index}`, `names no application: ${id}`)
}

/** @throws ApiError when passwords expire and nobody could come to a new one without this connection */
async function requireDispensable(
  connections: Connections,
  around: Around,
  { id, channel }: KeptConnection,
): Promise<void> {
  const inUse = (await connections.list()).filter(each => each.channel === channel && each.enabled)
  if (inUse.length === 1 && inUse[0]!.id === id)
    await around.requireWayToNewPassword({ ...(await connections.channels()), [channel]: false })
}

/** Every saved connection, those that are off too. */
export function mountConnections(mount: Mount, connections: Connections, around: Around): void {
  const routes = connectionRoutes
  const summary = async (connection: KeptConnection) =>
    summaryOf(connection, await around.health.of(connection))
  const summaries = (all: KeptConnection[]) => Promise.all(all.map(summary))
  const whole = async (connection: Connection) => ({
    ...(await summary(connection)),
    config: connection.config,
  })
  mount
    .add(routes.listConnections, async () => ({
      status: 200,
      body: await summaries(await connections.list()),
    }))
    .add(routes.createConnection, async ({ body: { connectorId, ...body } }) => {
      const connector = connections.registry.byFactoryId(connectorId)
      if (!connector) throw new ApiError('connector.not_found_with_connector_id')
      await requireApplications(around, body.applications)
      const destinations = body.destinations ?? usualDestinations(connector, body.config)
      const made = await connections.create({ connector, ...body, ...(destinations && { destinations }) })
      return { status: 201, body: await whole(made) }
    })
    .add(routes.orderConnections, async ({ body }) => ({
      status: 200,
      body: await summaries(await connections.order(body.channel, body.ids)),
    }))
    .add(routes.getConnection, async ({ params }) => ({
      status: 200,
      body: await whole(await connections.get(params.id)),
    }))
    .add(routes.updateConnection, async ({ params, body }) => {
      const connection = await connections.get(params.id)
      if (Object.values(body).every(member => member === undefined))
        throw new ApiError('entity.invalid_input')
      await requireApplications(around, body.applications, connection.applications)
      if (body.enabled === false) await requireDispensable(connections, around, connection)
      return { status: 200, body: await whole(await connections.change(params.id, body)) }
    })
    .add(routes.setConnectionHealth, async ({ params, body }) => {
      await around.health.override(params.id, body.state)
      const connection = (await connections.list()).find(({ id }) => id === params.id)
      if (!connection) throw new ApiError('entity.not_found')
      return { status: 200, body: await summary(connection) }
    })
    .add(routes.deleteConnection, async ({ params }) => {
      const leaving = (await connections.list()).find(({ id }) => id === params.id)
      if (leaving) await requireDispensable(connections, around, leaving)
      await connections.delete(params.id)
      return { status: 204 }
    })
}

/** Connectors and connector factories of the Management API: of each channel the first connection that is on. */
export function mountConnectors(mount: Mount, connections: Connections, around: Around): void {
  const routes = connectorRoutes
  const { registry } = connections
  mount
    .add(routes.listConnectors, async ({ query }) => {
      const all = (await connections.firsts()).map(wireConnection)
      return { status: 200, body: query.target ? all.filter(one => one.target === query.target) : all }
    })
    .add(routes.createConnector, async ({ body }) => {
      const connector = registry.byFactoryId(body.connectorId)
      if (!connector) throw new ApiError('connector.not_found_with_connector_id')
      if (body.config) requireConfig(connector, body.config)
      // Only social connectors have such tokens, and profiles to keep in step: `syncProfile` means nothing here.
      if (body.enableTokenStorage) throw new ApiError('request.feature_not_supported')
      const connection = await connections.save({
        connector,
        ...(body.config && { config: body.config }),
        ...(body.metadata && { metadata: body.metadata }),
        ...(body.id && { id: body.id }),
        // Clients of Logto know no destinations: what they save sends everywhere, as there.
        destinations: around.isOperator() ? usualDestinations(connector, body.config ?? {}) : undefined,
      })
      return { status: 200, body: wireConnection(connection) }
    })
    .add(routes.getConnector, async ({ params }) => ({
      status: 200,
      body: wireConnection(await connections.getFirst(params.id)),
    }))
    .add(routes.updateConnector, async ({ params, body }) => {
      const connection = await connections.getFirst(params.id)
      if (body.config) requireConfig(connection.connector, body.config)
      if (body.metadata) throw new ApiError('connector.cannot_overwrite_metadata_for_non_standard_connector')
      if (body.syncProfile) throw new ApiError('connector.invalid_type_for_syncing_profile')
      if (body.enableTokenStorage) throw new ApiError('request.feature_not_supported')
      if (Object.values(body).every(member => member === undefined))
        throw new ApiError('entity.invalid_input')
      const changed = body.config ? await connections.change(params.id, { config: body.config }) : connection
      return { status: 200, body: wireConnection(changed) }
    })
    .add(routes.deleteConnector, async ({ params }) => {
      await requireDispensable(connections, around, await connections.getFirst(params.id))
      await connections.delete(params.id)
      return { status: 204 }
    })
    .add(routes.testConnector, async ({ params, body }, { ip }) => {
      const to = body.phone ?? body.email
      if (to === undefined) throw new ApiError('guard.invalid_input')
      const connector = registry.byFactoryId(params.factoryId)
      if (!connector) throw new ApiError('connector.not_found', { kind: 'invalid' })
      if ((connector.channel === 'sms') !== (body.phone !== undefined))
        throw new ApiError('connector.unexpected_type')
      await around.sendTest(connector, body.config, {
        recipient: readRecipient({ type: body.phone === undefined ? 'email' : 'phone', value: to }),
        usageType: 'Generic',
        payload: { code: TEST_CODE, minutes: TEST_MINUTES, ...(body.locale && { locale: body.locale }) },
        ip,
      })
      return { status: 204 }
    })
    .add(routes.listConnectorFactories, async () => ({ status: 200, body: registry.all.map(wireFactory) }))
    .add(routes.getConnectorFactory, async ({ params }) => {
      const connector = registry.byFactoryId(params.id)
      if (!connector) throw new ApiError('entity.not_found')
      return { status: 200, body: wireFactory(connector) }
    })
}
