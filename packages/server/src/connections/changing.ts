import type { ConnectionWindows } from '@countersign/api'
import type { Connector } from '@countersign/kit'
import { newShortId } from '../crypto/chance.ts'
import type { Along } from '../db/along.ts'
import { ApiError } from '../refusals/refusal.ts'
import { parseConfig, tidied } from './configuration.ts'
import { rowsOfChannel, writeOrder } from './order.ts'
import {
  type Connection,
  type ConnectionsRoom,
  fromRow,
  type KeptConnection,
  keptFrom,
  sealed,
} from './room.ts'
import { MOST_OF_A_CHANNEL, type NewConnection, newRow, tooMany } from './saving.ts'
import type { ConnectionRow } from './store.ts'

/** What can be said of a connection: `{ enabled: true, destinations: ['CN'] }`. */
export interface ConnectionChange {
  name?: string | null
  enabled?: boolean
  /** For text messages only. */
  destinations?: readonly string[]
  /** Those whose messages may go over it; none or null for all. */
  applications?: readonly string[] | null
  /** Percent, from 1 to 100. */
  share?: number
  /** Whether its provider is told if codes were used. */
  feedback?: boolean
  /** How many messages its provider takes for one number; null for what its connector says. */
  windows?: ConnectionWindows | null
  config?: Record<string, unknown>
}

/**
 * What is wrong with a member of what was asked for.
 *
 * @example throw issue('destinations', 'is for text messages')
 */
export const issue = (field: string, message: string): ApiError =>
  new ApiError('guard.invalid_input', {
    data: { issues: [{ code: 'custom', path: field.split('.'), message }], name: 'ZodError' },
    details: `Error in key path "${field}": (custom) ${message}`,
  })

/** The columns of what stands beside the settings. @throws ApiError `guard.invalid_input` */
function columnsOf(
  connector: Connector,
  { name, enabled, destinations, applications, share, feedback, windows }: ConnectionChange,
): Partial<ConnectionRow> {
  if (destinations && connector.channel === 'email')
    throw issue('destinations', 'is for text messages; e-mail goes everywhere, so leave it out')
  if (feedback && !connector.feedback)
    throw issue('feedback', 'is for providers that can be told whether codes were used; leave it out')
  if (windows && !connector.windows)
    throw issue('windows', 'is for providers of which it is known how they count; leave it out')
  return {
    ...(name !== undefined && { name }),
    ...(enabled !== undefined && { enabled: Number(enabled) }),
    ...(destinations && { destinations: JSON.stringify(destinations) }),
    ...(applications !== undefined && {
      applications: applications?.length ? JSON.stringify(applications) : null,
    }),
    ...(share !== undefined && { share }),
    ...(feedback !== undefined && { feedback: Number(feedback) }),
    ...(windows !== undefined && { windows: windows && JSON.stringify(windows) }),
  }
}

/**
 * Saves a connection beside those of its channel that are there, as the last of them unless it is to be the first.
 *
 * @throws ApiError `connector.invalid_config`, `guard.invalid_input`, `entity.create_failed` when as many as a channel
 *   keeps are on
 * @example await createConnection(room, { connector: tencentSms, config, enabled: true })
 */
export async function createConnection(
  room: ConnectionsRoom,
  {
    connector,
    first,
    ...change
  }: Required<Pick<NewConnection, 'connector' | 'config'>> & ConnectionChange & { first?: boolean },
): Promise<Connection> {
  const config = tidied(connector, change.config)
  parseConfig(connector, config)
  const made = newRow(room, { id: newShortId(room.world.random), connector, config, metadata: {} })
  const row = { ...made, ...columnsOf(connector, change) }
  return room.store.alone(async rows => {
    const all = await rowsOfChannel(rows, row.channel)
    const needless = tooMany(all)
    if (all.length - needless.length >= MOST_OF_A_CHANNEL)
      throw new ApiError('entity.create_failed', {
        data: { message: `a channel has at most ${MOST_OF_A_CHANNEL} connections: delete one first` },
      })
    for (const { id } of needless) await rows.delete(id)
    await rows.insert(row)
    const others = all.map(({ id }) => id)
    await writeOrder(rows, row.channel, first ? [row.id, ...others] : others)
    return fromRow(room, row)!
  })
}

/**
 * Changes a connection: replaces its configuration as a whole, names it, says where and for whom it sends and
 * how much, switches it on, beside those of its channel that are on, or off. Nothing is switched on in the place of one that goes off.
 *
 * @throws ApiError `entity.not_found`, `guard.invalid_input`, `connector.invalid_config`, also when it is switched on
 *   with a configuration that could not be saved
 * @example await changeConnection(room, id, { enabled: true })
 */
export async function changeConnection(
  room: ConnectionsRoom,
  id: string,
  change: ConnectionChange,
): Promise<Connection> {
  return room.store.alone(async rows => {
    const row = await rows.byId(id)
    const before = row && fromRow(room, row)
    if (!before) throw new ApiError('entity.not_found')
    const columns = columnsOf(before.connector, change)
    const config = change.config && tidied(before.connector, change.config)
    if (config || (change.enabled && !before.enabled)) parseConfig(before.connector, config ?? before.config)
    // Where nothing was ever put into an order, the order must not depend on what is on.
    await writeOrder(rows, row.channel, [])
    const after = await rows.update(id, {
      ...columns,
      ...(config && { config: sealed(room, id, config) }),
      updated_at: room.world.now(),
    })
    return fromRow(room, after!)!
  })
}

/** How much goes over a connection first, and where it stands among those of its channel. */
export interface Place {
  share: number
  at: 'first' | 'last'
}

/**
 * Gives a connection another share and place. Nothing else of it changes, so it does not count as changed.
 *
 * @throws ApiError `entity.not_found`
 * @example await placeConnection(room, id, { share: 25, at: 'last' }, { write: async tx => note(tx) })
 */
export async function placeConnection(
  room: ConnectionsRoom,
  id: string,
  { share, at }: Place,
  along: Along<KeptConnection>,
): Promise<void> {
  await room.store.alone(async (rows, tx) => {
    const row = await rows.byId(id)
    const kept = row && keptFrom(room, row)
    if (!kept) throw new ApiError('entity.not_found')
    await rows.update(id, { share })
    const others = (await rowsOfChannel(rows, row.channel)).map(each => each.id).filter(each => each !== id)
    await writeOrder(rows, row.channel, at === 'first' ? [id, ...others] : [...others, id])
    await along?.write(tx, { ...kept, share })
  })
  along?.written?.()
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
