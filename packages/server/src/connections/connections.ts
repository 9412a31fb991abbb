import { EVERYWHERE } from '@countersign/api'
import { DESTINATIONS } from '@countersign/kit'
import type { Keys } from '../crypto/keys.ts'
import type { Database } from '../db/database.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { World } from '../world.ts'
import { changeConnection, createConnection, deleteConnection, placeConnection } from './changing.ts'
import { orderConnections } from './order.ts'
import { changePrices } from './prices.ts'
import { createRegistry, type Registry } from './registry.ts'
import {
  type Channel,
  type Connection,
  type ConnectionsRoom,
  fromRow,
  type KeptConnection,
  keptFrom,
} from './room.ts'
import { saveConnection } from './saving.ts'
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
 * The connection with an id, when it is the first of its channel that is on: clients of Logto see no other.
 *
 * @throws ApiError `entity.not_found`, also for one that is off or that comes after the first
 * @example await getFirstConnection(room, id)
 */
export async function getFirstConnection(room: ConnectionsRoom, id: string): Promise<Connection> {
  const connection = await getConnection(room, id)
  if ((await connectionOf(room, connection.channel))?.id !== id) throw new ApiError('entity.not_found')
  return connection
}

/**
 * The connection that messages of a channel go over first.
 *
 * @example await connectionOf(room, 'sms')
 */
export const connectionOf = async (
  room: ConnectionsRoom,
  channel: Channel,
): Promise<Connection | undefined> => (await listConnectionsInUse(room, channel))[0]

/**
 * Every connection whose connector is here, on or off, those of each channel in their order. Nothing is opened, so that
 * one whose key is gone can be found and deleted.
 *
 * @example await listConnections(room)
 */
export async function listConnections(room: ConnectionsRoom): Promise<KeptConnection[]> {
  return (await room.store.list()).flatMap(row => keptFrom(room, row) ?? [])
}

/**
 * The connections that messages go over, those of each channel in their order. One whose key is gone is passed over while
 * there is another one of its channel.
 *
 * @example const [first, ...others] = await listConnectionsInUse(room, 'sms')
 */
export async function listConnectionsInUse(room: ConnectionsRoom, channel?: Channel): Promise<Connection[]> {
  const rows = (await room.store.list()).filter(
    row => row.enabled === 1 && (channel === undefined || row.channel === channel),
  )
  return rows.flatMap(row => {
    try {
      return fromRow(room, row) ?? []
    } catch (error) {
      if (!rows.some(other => other.channel === row.channel && other.id !== row.id)) throw error
      room.world.log('error', 'connection cannot be opened', { connector: row.connector })
      return []
    }
  })
}

/**
 * Of each channel the connection that messages go over first.
 *
 * @example await listFirstConnections(room)
 */
export async function listFirstConnections(room: ConnectionsRoom): Promise<Connection[]> {
  const inUse = await listConnectionsInUse(room)
  return inUse.filter(({ id, channel }) => inUse.find(other => other.channel === channel)?.id === id)
}

/** Whether messages of an application may go over a connection; undefined stands for whichever application. */
const isFor = (applicationId: string | undefined, { applications }: Pick<KeptConnection, 'applications'>) =>
  applicationId === undefined || applications === null || applications.includes(applicationId)

/** Where a connection sends text messages: where it may and its settings can. */
function servedBy({ destinations, ...connection }: Connection): string[] {
  const reach = connection.reach() ?? DESTINATIONS
  return destinations.filter(place => reach.includes(place === 'CN' ? 'china' : 'overseas'))
}

/**
 * Names the destinations of the connections for text messages of an application, or of whichever; pages offer only the
 * countries that they serve. Everywhere, when there is none yet.
 *
 * @example await servedPlaces(room, 'vd5t0rk3xq1z') // ['CN', 'HK']
 */
export async function servedPlaces(
  room: ConnectionsRoom,
  applicationId?: string,
): Promise<readonly string[]> {
  const inUse = (await listConnectionsInUse(room, 'sms')).filter(isFor.bind(null, applicationId))
  return inUse.length === 0 ? EVERYWHERE : [...new Set(inUse.flatMap(servedBy))]
}

/**
 * Says of each channel whether messages of an application, or of whichever, can go over a connection whose connector is
 * here.
 *
 * @example (await channelsOf(room)).sms
 */
export async function channelsOf(
  room: ConnectionsRoom,
  applicationId?: string,
): Promise<Record<Channel, boolean>> {
  const kept = (await listConnections(room)).filter(each => each.enabled && isFor(applicationId, each))
  const has = (channel: Channel) => kept.some(each => each.channel === channel)
  return { sms: has('sms'), email: has('email') }
}

/** Keeps connections with their configurations sealed: each use case in its room. */
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
    getFirst: getFirstConnection.bind(null, room),
    firsts: listFirstConnections.bind(null, room),
    byChannel: connectionOf.bind(null, room),
    servedPlaces: servedPlaces.bind(null, room),
    channels: channelsOf.bind(null, room),
    save: saveConnection.bind(null, room),
    create: createConnection.bind(null, room),
    order: orderConnections.bind(null, room),
    change: changeConnection.bind(null, room),
    place: placeConnection.bind(null, room),
    changePrices: changePrices.bind(null, room),
    delete: deleteConnection.bind(null, room),
  }
}

export type Connections = ReturnType<typeof createConnections>
