import { underOurNames } from '@countersign/connectors/logto'
import {
  type Connector,
  DESTINATIONS,
  type Destination,
  type Issue,
  issuesOf,
  settingsSchema,
} from '@countersign/kit'
import { newShortId } from '../crypto/chance.ts'
import type { Keys } from '../crypto/keys.ts'
import { open, seal } from '../crypto/seal.ts'
import { type Database, isUniqueViolation } from '../db/database.ts'
import { isPlugin } from '../plugins/plugin.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { World } from '../world.ts'
import { createRegistry, type Registry } from './registry.ts'
import { type ConnectionRow, connectionStore } from './store.ts'

export type Channel = Connector['channel']

/** A connector with the configuration that an operator saved. */
export interface Connection {
  id: string
  connector: Connector
  config: Record<string, unknown>
  /** Overrides of name and logo. */
  metadata: Record<string, unknown>
}

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

/**
 * Where text messages can go over a connection. Everywhere, when there is none yet, when its configuration is not
 * whole, or when its connector cannot tell: then the send itself says what is wrong.
 */
function destinationsOf(connection: Connection | undefined): readonly Destination[] {
  const { connector, config } = connection ?? {}
  if (!connector?.destinations || !config) return DESTINATIONS
  const { issues, values } = check(connector, config)
  return issues.length === 0 ? connector.destinations(values as Record<string, never>) : DESTINATIONS
}

/** @throws ApiError `connector.invalid_config` when a configuration could not be saved */
export const requireConfig = (connector: Connector, config: Record<string, unknown>): void =>
  void parseConfig(connector, tidied(connector, config))

/** The room that every use case of connections takes first. */
export interface ConnectionsRoom {
  store: ReturnType<typeof connectionStore>
  keys: Keys
  world: World
  /** The connectors that connections can be made with. */
  registry: Registry
}

/** The members of a connection that is saved: `{ connector: aliyunSms, config: { accessKeyId: … } }`. */
export interface NewConnection {
  connector: Connector
  config?: Record<string, unknown>
  metadata?: Record<string, unknown>
  id?: string
}

const context = (id: string) => `connection/${id}`

const sealed = ({ keys }: ConnectionsRoom, id: string, config: Record<string, unknown>) =>
  seal(keys.seal, JSON.stringify(config), context(id))

/** A row as a connection; undefined while its connector is not here. */
function fromRow({ keys, registry }: ConnectionsRoom, row: ConnectionRow): Connection | undefined {
  const connector = registry.byId(row.connector)
  return (
    connector && {
      id: row.id,
      connector,
      config: JSON.parse(open(keys.seal, row.config, context(row.id))),
      metadata: JSON.parse(row.metadata),
    }
  )
}

/**
 * The connection with an id.
 *
 * @throws ApiError `entity.not_found`
 * @example await getConnection(room, id)
 */
export async function getConnection(room: ConnectionsRoom, id: string): Promise<Connection> {
  const row = await room.store.byId(id)
  const connection = row && fromRow(room, row)
  if (!connection) throw new ApiError('entity.not_found')
  return connection
}

/** The connection that messages of a channel go over: `await connectionOf(room, 'sms')`. */
export async function connectionOf(room: ConnectionsRoom, channel: Channel): Promise<Connection | undefined> {
  const row = await room.store.byChannel(channel)
  return row && fromRow(room, row)
}

/**
 * Every connection whose connector is here.
 *
 * @example await listConnections(room)
 */
export async function listConnections(room: ConnectionsRoom): Promise<Connection[]> {
  return (await room.store.list()).flatMap(row => fromRow(room, row) ?? [])
}

/**
 * Names the destinations of the saved connection for text messages; pages offer only the countries that it serves.
 *
 * @example await servedDestinations(room)
 */
export const servedDestinations = async (room: ConnectionsRoom): Promise<readonly Destination[]> =>
  destinationsOf(await connectionOf(room, 'sms'))

/**
 * Says of each channel whether it has a connection whose connector is here.
 *
 * @example (await channelsOf(room)).sms
 */
export async function channelsOf({ store, registry }: ConnectionsRoom): Promise<Record<Channel, boolean>> {
  const present = (await store.list()).filter(row => registry.byId(row.connector)).map(row => row.channel)
  return { sms: present.includes('sms'), email: present.includes('email') }
}

/**
 * Saves a connection in place of the channel's earlier one.
 *
 * @throws ApiError `connector.invalid_config`
 * @example await saveConnection(room, { connector: aliyunSms, config })
 */
export async function saveConnection(room: ConnectionsRoom, input: NewConnection): Promise<Connection> {
  const { connector } = input
  const config = tidied(connector, input.config ?? {})
  if (input.config) parseConfig(connector, config)
  const id = input.id ?? newShortId(room.world.random)
  const metadata = (withoutEmpty(input.metadata ?? {}) ?? {}) as Record<string, unknown>
  const now = room.world.now()
  try {
    await room.store.replace({
      id,
      connector: connector.id,
      channel: connector.channel,
      config: sealed(room, id, config),
      metadata: JSON.stringify(metadata),
      created_at: now,
      updated_at: now,
    })
  } catch (error) {
    // PostgreSQL's name for the primary key, SQLite's for the column.
    if (isUniqueViolation(error, 'connections_pkey') || isUniqueViolation(error, 'connections.id'))
      throw new ApiError('entity.create_failed', { data: { message: `id "${id}" is already used` } })
    throw error
  }
  return { id, connector, config, metadata }
}

/**
 * Replaces the configuration as a whole.
 *
 * @throws ApiError `entity.not_found`, `connector.invalid_config`
 * @example await updateConfig(room, id, config)
 */
export async function updateConfig(
  room: ConnectionsRoom,
  id: string,
  input: Record<string, unknown>,
): Promise<Connection> {
  const { connector } = await getConnection(room, id)
  const config = tidied(connector, input)
  parseConfig(connector, config)
  const row = await room.store.update(id, sealed(room, id, config), room.world.now())
  const connection = row && fromRow(room, row)
  if (!connection) throw new ApiError('entity.not_found')
  return connection
}

/**
 * Deletes a connection.
 *
 * @throws ApiError `entity.not_found`
 * @example await deleteConnection(room, id)
 */
export async function deleteConnection({ store }: ConnectionsRoom, id: string): Promise<void> {
  if (!(await store.delete(id))) throw new ApiError('entity.not_found')
}

/** Keeps connections, at most one of each channel, with their configurations sealed: each use case in its room. */
export function createConnections(
  db: Database,
  keys: Keys,
  world: World,
  registry: Registry = createRegistry(),
) {
  const room: ConnectionsRoom = { store: connectionStore(db), keys, world, registry }
  return {
    registry,
    list: listConnections.bind(null, room),
    get: getConnection.bind(null, room),
    byChannel: connectionOf.bind(null, room),
    servedDestinations: servedDestinations.bind(null, room),
    channels: channelsOf.bind(null, room),
    save: saveConnection.bind(null, room),
    updateConfig: updateConfig.bind(null, room),
    delete: deleteConnection.bind(null, room),
  }
}

export type Connections = ReturnType<typeof createConnections>
