import { DESTINATIONS, type Destination } from '@countersign/kit'
import type { Keys } from '../crypto/keys.ts'
import type { Database } from '../db/database.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { World } from '../world.ts'
import { destinationsWith } from './configuration.ts'
import { createRegistry, type Registry } from './registry.ts'
import {
  type Channel,
  type Connection,
  type ConnectionsRoom,
  fromRow,
  type KeptConnection,
  keptFrom,
} from './room.ts'
import { changeConnection, deleteConnection, saveConnection } from './saving.ts'
import { connectionStore } from './store.ts'

/**
 * The connection with an id, be it on or off.
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

/**
 * The connection with an id, when messages go over it.
 *
 * @throws ApiError `entity.not_found`, also for one that is off
 * @example await getConnectionInUse(room, id)
 */
export async function getConnectionInUse(room: ConnectionsRoom, id: string): Promise<Connection> {
  const connection = await getConnection(room, id)
  if (!connection.enabled) throw new ApiError('entity.not_found')
  return connection
}

/** The connection that messages of a channel go over: `await connectionOf(room, 'sms')`. */
export async function connectionOf(room: ConnectionsRoom, channel: Channel): Promise<Connection | undefined> {
  const row = await room.store.inUse(channel)
  return row && fromRow(room, row)
}

/**
 * Every connection whose connector is here, on or off. Nothing is opened, so that one whose key is gone can be found and
 * deleted.
 *
 * @example await listConnections(room)
 */
export async function listConnections(room: ConnectionsRoom): Promise<KeptConnection[]> {
  return (await room.store.list()).flatMap(row => keptFrom(room, row) ?? [])
}

/**
 * The connections that messages go over, at most one of each channel.
 *
 * @example await listConnectionsInUse(room)
 */
export async function listConnectionsInUse(room: ConnectionsRoom): Promise<Connection[]> {
  const rows = await room.store.list()
  return rows.flatMap(row => (row.enabled === 1 && fromRow(room, row)) || [])
}

/**
 * Names the destinations of the connection for text messages; pages offer only the countries that it serves. Everywhere,
 * when there is none yet.
 *
 * @example await servedDestinations(room)
 */
export async function servedDestinations(room: ConnectionsRoom): Promise<readonly Destination[]> {
  const connection = await connectionOf(room, 'sms')
  return connection ? destinationsWith(connection.connector, connection.config) : DESTINATIONS
}

/**
 * Says of each channel whether messages can go over a connection whose connector is here.
 *
 * @example (await channelsOf(room)).sms
 */
export async function channelsOf({ store, registry }: ConnectionsRoom): Promise<Record<Channel, boolean>> {
  const rows = (await store.list()).filter(row => row.enabled === 1 && registry.byId(row.connector))
  const has = (channel: Channel) => rows.some(row => row.channel === channel)
  return { sms: has('sms'), email: has('email') }
}

/**
 * Keeps connections with their configurations sealed, of which at most one of each channel is on: each use case in its
 * room.
 */
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
    inUse: listConnectionsInUse.bind(null, room),
    get: getConnection.bind(null, room),
    getInUse: getConnectionInUse.bind(null, room),
    byChannel: connectionOf.bind(null, room),
    servedDestinations: servedDestinations.bind(null, room),
    channels: channelsOf.bind(null, room),
    save: saveConnection.bind(null, room),
    change: changeConnection.bind(null, room),
    delete: deleteConnection.bind(null, room),
  }
}

export type Connections = ReturnType<typeof createConnections>
