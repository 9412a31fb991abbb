import { isDeepStrictEqual } from 'node:util'
import type { Connector } from '@countersign/kit'
import { newShortId } from '../crypto/chance.ts'
import { ApiError } from '../refusals/refusal.ts'
import { parseConfig, tidied, withoutEmpty } from './configuration.ts'
import { type Connection, type ConnectionsRoom, fromRow, opened, sealed } from './room.ts'
import type { ConnectionRow, ConnectionRows } from './store.ts'

/**
 * Most connections that a channel keeps. One more takes the place of the one that was switched off longest ago, for
 * clients that save another one time after time must neither fill the table nor fail.
 */
export const MOST_OF_A_CHANNEL = 50

/** The members of a connection that is saved: `{ connector: aliyunSms, config: { accessKeyId: … } }`. */
export interface NewConnection {
  connector: Connector
  config?: Record<string, unknown>
  metadata?: Record<string, unknown>
  id?: string
}

/**
 * Saves a connection and switches it on. The one that its channel had is switched off and kept, unless it says the very
 * same. A connection of the channel and connector with the given id is written over.
 *
 * @throws ApiError `connector.invalid_config`, `entity.create_failed` when the other channel has a connection of this id
 * @example await saveConnection(room, { connector: aliyunSms, config })
 */
export async function saveConnection(room: ConnectionsRoom, input: NewConnection): Promise<Connection> {
  const { connector } = input
  const config = tidied(connector, input.config ?? {})
  if (input.config) parseConfig(connector, config)
  const metadata = (withoutEmpty(input.metadata ?? {}) ?? {}) as Record<string, unknown>
  const id = input.id ?? newShortId(room.world.random)
  const now = room.world.now()
  const row: ConnectionRow = {
    id,
    connector: connector.id,
    channel: connector.channel,
    config: sealed(room, id, config),
    metadata: JSON.stringify(metadata),
    enabled: 1,
    created_at: now,
    updated_at: now,
  }
  await room.store.alone(async rows => {
    const before = await makeRoom(room, rows, row)
    await rows.switchOff(row.channel, now)
    if (before) await rows.update(id, row)
    else await rows.insert(row)
    await deleteNeedless(room, rows, { row, config, metadata })
  })
  return fromRow(room, row)!
}

/**
 * Frees the id of a new row where a connection of another connector has it: that one is kept under another id.
 *
 * @returns whether the row is there already, to be written over
 */
async function makeRoom(room: ConnectionsRoom, rows: ConnectionRows, row: ConnectionRow): Promise<boolean> {
  const there = await rows.byId(row.id)
  if (!there) return false
  if (there.channel !== row.channel)
    throw new ApiError('entity.create_failed', { data: { message: `id "${row.id}" is already used` } })
  if (there.connector === row.connector) return true
  const id = newShortId(room.world.random)
  const config = readable(room, there)
  if (!config) return true
  await rows.update(there.id, { id, config: sealed(room, id, config) })
  return false
}

/** A configuration, unless its key is gone: then it can be neither read nor kept under another id. */
function readable(room: ConnectionsRoom, row: ConnectionRow): Record<string, unknown> | undefined {
  try {
    return opened(room, row)
  } catch {
    return undefined
  }
}

/** Deletes what the new connection says too, and what is too much. */
async function deleteNeedless(
  room: ConnectionsRoom,
  rows: ConnectionRows,
  { row, config, metadata }: { row: ConnectionRow; config: object; metadata: object },
): Promise<void> {
  const others = (await rows.list()).filter(({ id, channel }) => channel === row.channel && id !== row.id)
  const isSame = (other: ConnectionRow) =>
    other.connector === row.connector &&
    isDeepStrictEqual(JSON.parse(other.metadata), metadata) &&
    isDeepStrictEqual(readable(room, other), config)
  const newestFirst = others
    .filter(other => !isSame(other))
    .sort((one, other) => other.updated_at - one.updated_at)
  for (const needless of [...others.filter(isSame), ...newestFirst.slice(MOST_OF_A_CHANNEL - 1)])
    await rows.delete(needless.id)
}

/**
 * Changes a connection: replaces its configuration as a whole, switches it on, which switches off the one that its
 * channel had, or off. Nothing is switched on in the place of one that goes off.
 *
 * @throws ApiError `entity.not_found`, `connector.invalid_config`, also when it is switched on with a configuration
 *   that could not be saved
 * @example await changeConnection(room, id, { enabled: true })
 */
export async function changeConnection(
  room: ConnectionsRoom,
  id: string,
  change: { config?: Record<string, unknown>; enabled?: boolean },
): Promise<Connection> {
  return room.store.alone(async rows => {
    const row = await rows.byId(id)
    const before = row && fromRow(room, row)
    if (!before) throw new ApiError('entity.not_found')
    const config = change.config && tidied(before.connector, change.config)
    const enabled = change.enabled ?? before.enabled
    const goesOn = enabled && !before.enabled
    if (config || goesOn) parseConfig(before.connector, config ?? before.config)
    const now = room.world.now()
    if (goesOn) await rows.switchOff(row.channel, now)
    const after = await rows.update(id, {
      ...(config && { config: sealed(room, id, config) }),
      enabled: Number(enabled),
      updated_at: now,
    })
    return fromRow(room, after!)!
  })
}

/**
 * Deletes a connection, be it on or off. No other is switched on in its place.
 *
 * @throws ApiError `entity.not_found`
 * @example await deleteConnection(room, id)
 */
export async function deleteConnection({ store }: ConnectionsRoom, id: string): Promise<void> {
  if (!(await store.delete(id))) throw new ApiError('entity.not_found')
}
