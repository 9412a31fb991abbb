import { ApiError } from '../refusals/refusal.ts'
import { type Channel, type ConnectionsRoom, type KeptConnection, keptFrom } from './room.ts'
import type { ConnectionRow, ConnectionRows } from './store.ts'

/**
 * The rows of a channel in their order.
 *
 * @example const [first] = await rowsOfChannel(rows, 'sms')
 */
export const rowsOfChannel = async (rows: ConnectionRows, channel: string): Promise<ConnectionRow[]> =>
  (await rows.list()).filter(row => row.channel === channel)

/**
 * Writes an order of a channel; rows that it leaves out come last, in the order that they have.
 *
 * @example await writeOrder(rows, 'sms', [second.id, first.id])
 */
export async function writeOrder(
  rows: ConnectionRows,
  channel: string,
  ids: readonly string[],
): Promise<void> {
  const all = await rowsOfChannel(rows, channel)
  const place = ({ id }: ConnectionRow) => (ids.includes(id) ? ids.indexOf(id) : ids.length)
  const ordered = all.toSorted((one, other) => place(one) - place(other))
  for (const [position, row] of ordered.entries())
    if (row.position !== position) await rows.update(row.id, { position })
}

const refused = (message: string) =>
  new ApiError('guard.invalid_input', {
    data: { issues: [{ code: 'custom', path: ['ids'], message }], name: 'ZodError' },
    details: `Error in key path "ids": (custom) ${message}`,
  })

/**
 * Puts the connections of a channel into an order. Whoever gives it must know them all, so that nobody's newer
 * connection comes to stand anywhere by chance.
 *
 * @throws ApiError `guard.invalid_input` unless each connection of the channel is named once
 * @example await orderConnections(room, 'sms', [second.id, first.id])
 */
export async function orderConnections(
  room: ConnectionsRoom,
  channel: Channel,
  ids: readonly string[],
): Promise<KeptConnection[]> {
  return room.store.alone(async rows => {
    // What has no connector here is shown to nobody, and stays behind all others.
    const known = (await rowsOfChannel(rows, channel)).filter(row => room.registry.byId(row.connector))
    const missing = known.filter(({ id }) => !ids.includes(id)).map(({ id }) => id)
    const foreign = ids.filter(id => !known.some(row => row.id === id))
    if (foreign.length > 0) throw refused(`names no connection of this channel: ${foreign.join(', ')}`)
    if (missing.length > 0)
      throw refused(`must name every connection of the channel; add ${missing.join(', ')}`)
    if (new Set(ids).size < ids.length) throw refused('must name each connection once')
    await writeOrder(rows, channel, ids)
    return (await rowsOfChannel(rows, channel)).flatMap(row => keptFrom(room, row) ?? [])
  })
}
