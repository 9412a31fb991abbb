import { isDeepStrictEqual } from 'node:util'
import type { Connector } from '@countersign/kit'
import { newShortId } from '../crypto/chance.ts'
import { ApiError } from '../refusals/refusal.ts'
import { parseConfig, tidied, withoutEmpty } from './configuration.ts'
import { rowsOfChannel, writeOrder } from './order.ts'
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
  /** Where its text messages go if no connection that it takes the place of says so; everywhere where it is left out. */
  destinations?: readonly string[] | undefined
}

/** What operators set beside a connection's settings. */
type Beside = Pick<ConnectionRow, 'name' | 'destinations' | 'applications' | 'share' | 'prices' | 'windows'>

/**
 * Saves a connection in the place of the first of its channel that is on. That one is switched off and kept, unless it
 * says the very same; any others stay as they are. A connection of the channel and connector with the given id is written
 * over. What operators said of it beside its settings is kept where the same connection had some.
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
  const made = newRow(room, { id, connector, config, metadata })
  const row = input.destinations ? { ...made, destinations: JSON.stringify(input.destinations) } : made
  return room.store.alone(async rows => {
    const there = await makeRoom(room, rows, row)
    const all = await rowsOfChannel(rows, row.channel)
    const former = all.find(each => each.enabled === 1)
    if (former && former.id !== id) await rows.update(former.id, { enabled: 0, updated_at: now })
    const same = await deleteNeedless(room, rows, { row, config, metadata })
    const { name, destinations, applications, share, prices, windows }: Beside = there ?? same ?? row
    const saved = { ...row, name, destinations, applications, share, prices, windows }
    if (there) await rows.update(id, saved)
    else await rows.insert(saved)
    const place = former ? all.indexOf(former) : 0
    await writeOrder(
      rows,
      row.channel,
      all
        .map(each => each.id)
        .toSpliced(place, 0, id)
        .filter((each, index) => each !== id || index === place),
    )
    return fromRow(room, saved)!
  })
}

/**
 * Gives the row of a new connection that is on and sends everywhere, for all.
 *
 * @example const row = newRow(room, { id, connector, config, metadata: {} })
 */
export function newRow(
  room: ConnectionsRoom,
  { id, connector, config, metadata }: Required<Omit<NewConnection, 'destinations'>>,
): ConnectionRow {
  const now = room.world.now()
  return {
    id,
    connector: connector.id,
    channel: connector.channel,
    config: sealed(room, id, config),
    metadata: JSON.stringify(metadata),
    enabled: 1,
    name: null,
    position: 0,
    destinations: null,
    prices: null,
    applications: null,
    share: 100,
    feedback: 0,
    windows: null,
    created_at: now,
    updated_at: now,
  }
}

/**
 * Frees the id of a new row where a connection of another connector has it: that one is kept under another id.
 *
 * @returns the row that is there already, to be written over
 */
async function makeRoom(
  room: ConnectionsRoom,
  rows: ConnectionRows,
  row: ConnectionRow,
): Promise<ConnectionRow | undefined> {
  const there = await rows.byId(row.id)
  if (!there) return undefined
  if (there.channel !== row.channel)
    throw new ApiError('entity.create_failed', { data: { message: `id "${row.id}" is already used` } })
  if (there.connector === row.connector) return there
  const id = newShortId(room.world.random)
  const config = readable(room, there)
  if (!config) return there
  await rows.update(there.id, { id, config: sealed(room, id, config) })
  return undefined
}

/** A configuration, unless its key is gone: then it can be neither read nor kept under another id. */
function readable(room: ConnectionsRoom, row: ConnectionRow): Record<string, unknown> | undefined {
  try {
    return opened(room, row)
  } catch {
    return undefined
  }
}

/** Of those that are off, deletes what the new connection says too, which is returned, and what is too much. */
async function deleteNeedless(
  room: ConnectionsRoom,
  rows: ConnectionRows,
  { row, config, metadata }: { row: ConnectionRow; config: object; metadata: object },
): Promise<ConnectionRow | undefined> {
  const others = (await rowsOfChannel(rows, row.channel)).filter(({ id }) => id !== row.id)
  const isSame = (other: ConnectionRow) =>
    other.enabled === 0 &&
    other.connector === row.connector &&
    isDeepStrictEqual(JSON.parse(other.metadata), metadata) &&
    isDeepStrictEqual(readable(room, other), config)
  const same = others.filter(isSame)
  for (const { id } of [...same, ...tooMany(others.filter(other => !isSame(other)))]) await rows.delete(id)
  return same[0]
}

/**
 * Those that must go before one more is saved: the ones that were switched off longest ago.
 *
 * @example for (const { id } of tooMany(all)) await rows.delete(id)
 */
export function tooMany(rows: readonly ConnectionRow[]): ConnectionRow[] {
  return rows
    .filter(({ enabled }) => enabled === 0)
    .sort((one, other) => one.updated_at - other.updated_at)
    .slice(0, Math.max(0, rows.length - (MOST_OF_A_CHANNEL - 1)))
}
